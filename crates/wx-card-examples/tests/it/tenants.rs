//! The service for many accounts.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use wx_card::CardClient;
use wx_card::types::{BaseInfo, Cash, CodeType, Color, CreateCard, DateInfo, Fen, Sku};

use crate::bench::{ANNA, BEN, Bench, CARL, Program, WRONG_SECRET};

const PAGE: &str = "https://shop.example/coupons";

impl Bench {
    fn tenants(&self) -> Program {
        self.start(env!("CARGO_BIN_EXE_tenants"))
    }

    /// A card of the account, and a code of it in a user's hands.
    async fn card(&self, app_id: &str, secret: &str) -> (String, String) {
        let client = CardClient::new(app_id, secret, self.sandbox.clone());
        let base_info = BaseInfo::new(
            "http://mmbiz.qpic.cn/logo",
            "微信餐厅",
            CodeType::Qrcode,
            "十元代金券",
            Color::Color010,
            "使用时出示此券",
            "每桌限用一张",
            Sku::new(10),
            DateInfo::days(30),
        );
        let card = CreateCard::new(Cash::new(base_info, Fen::from_yuan(10)));
        let card_id = client.create_card(&card).await.unwrap().card_id.to_string();
        let taken = self.control(
            "take",
            &json!({"app_id": app_id, "card_id": card_id, "openid": "oUser"}),
        );
        (card_id, taken["code"].as_str().unwrap().to_owned())
    }

    async fn told(&self, program: &Program, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(&format!("{}{path}", program.url), &body.to_string()).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }

    /// Whether a phone takes `config` for the page of the account.
    fn takes(&self, app_id: &str, config: &Value) -> bool {
        let mut config = config.clone();
        config["url"] = PAGE.into();
        config["appId"] = app_id.into();
        self.sandbox.control("js-config", &config).is_ok()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_sign_and_redeem_side_by_side_and_do_not_mix() {
    let bench = Bench::new().await;
    let program = bench.tenants();
    let accounts = [
        (ANNA, BEN, bench.card(ANNA, "the-secret-of-anna").await),
        (BEN, ANNA, bench.card(BEN, "the-secret-of-ben").await),
    ];
    for (own, other, (card_id, code)) in &accounts {
        let signed = bench
            .told(
                &program,
                &format!("/{own}/sign"),
                &json!({"url": PAGE, "card_id": card_id}),
            )
            .await;
        assert_eq!(signed["config"]["appId"], **own);
        assert!(bench.takes(own, &signed["config"]));
        assert!(
            !bench.takes(other, &signed["config"]),
            "it is signed for one account only"
        );

        let mut offer = signed["add_card"].clone();
        offer["openid"] = "oUser".into();
        offer["app_id"] = (*own).into();
        let added = bench.control("add-card", &offer);

        let coupon = json!({"code": code});
        let elsewhere = bench.told(&program, &format!("/{other}/redeem"), &coupon).await;
        assert_eq!(
            (&elsewhere["outcome"], &elsewhere["hand_out_goods"]),
            (&json!("refused"), &json!(false))
        );
        let here = bench.told(&program, &format!("/{own}/redeem"), &coupon).await;
        assert_eq!(
            (&here["outcome"], &here["hand_out_goods"]),
            (&json!("redeemed"), &json!(true))
        );
        let again = bench.told(&program, &format!("/{own}/redeem"), &coupon).await;
        assert_eq!(
            (&again["outcome"], &again["hand_out_goods"]),
            (&json!("already_redeemed"), &json!(false))
        );
        let with_card = json!({"code": added["code"], "card_id": card_id});
        assert_eq!(
            bench.told(&program, &format!("/{own}/redeem"), &with_card).await["outcome"],
            "redeemed"
        );
    }
    assert_eq!(bench.ledger("tokens"), json!({"stable": 2}), "one an account");
    assert_eq!(bench.ledger("tickets"), json!({"jsapi": 2, "wx_card": 2}));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_told_in_json_and_shows_no_secret() {
    let bench = Bench::new().await;
    let program = bench.tenants();
    let page = json!({"url": PAGE}).to_string();
    let cases = [
        (
            "/wx9999999999999999/sign",
            &*page,
            StatusCode::NOT_FOUND,
            "unknown_account",
        ),
        ("/wx1111111111111111", "{}", StatusCode::NOT_FOUND, "unknown_path"),
        (
            "/wx1111111111111111/sign",
            "{\"url\":",
            StatusCode::BAD_REQUEST,
            "invalid",
        ),
        (
            "/wx1111111111111111/redeem",
            "{}",
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
        ),
        (
            "/wx1111111111111111/redeem",
            r#"{"code":""}"#,
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
        ),
        (
            "/wx3333333333333333/sign",
            &*page,
            StatusCode::SERVICE_UNAVAILABLE,
            "credential",
        ),
    ];
    for (path, body, status, error) in cases {
        let (told, answer) = bench.post(&format!("{}{path}", program.url), body).await;
        assert_eq!((told, &answer["error"]), (status, &json!(error)), "{path}: {answer}");
        assert!(
            answer["message"].as_str().is_some_and(|message| !message.is_empty()),
            "{answer}"
        );
        assert!(!answer.to_string().contains(WRONG_SECRET), "{answer}");
    }
    let get = Request::get(format!("{}/{ANNA}/sign", program.url)).body(Bytes::new());
    let (told, answer) = bench.ask(get.unwrap()).await;
    assert_eq!(
        (told, &answer["error"]),
        (StatusCode::METHOD_NOT_ALLOWED, &json!("wrong_method"))
    );
    let (_, answer) = bench.post(&format!("{}/{CARL}/sign", program.url), &page).await;
    assert_eq!((&answer["errcode"], &answer["retry"]), (&json!(40125), &json!(false)));
    assert_eq!(
        bench.ledger("requests")["/cgi-bin/stable_token"],
        1,
        "a wrong secret is not tried again at once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_reports_a_bad_signature_gets_another_ticket() {
    let bench = Bench::new().await;
    let program = bench.tenants();
    let (sign, report) = (format!("/{ANNA}/sign"), format!("/{ANNA}/bad-signature"));
    let page = json!({"url": PAGE});
    let signed = bench.told(&program, &sign, &page).await;
    let timestamp = &signed["config"]["timestamp"];
    assert!(timestamp.is_u64(), "{signed}");
    let fetches = || bench.ledger("requests")["/cgi-bin/ticket/getticket"].clone();
    assert_eq!(fetches(), 1);

    for (body, dropped) in [
        (json!({"ticket": "jsapi", "timestamp": u64::MAX}), false),
        (json!({"ticket": "jsapi", "timestamp": i64::MAX}), false),
        (json!({"ticket": "jsapi", "timestamp": 1_000_000_000}), false),
        (json!({"ticket": "card", "timestamp": timestamp}), false),
        (json!({"ticket": "jsapi", "timestamp": timestamp}), true),
    ] {
        assert_eq!(bench.told(&program, &report, &body).await["dropped"], dropped, "{body}");
    }
    bench.told(&program, &sign, &page).await;
    assert_eq!(fetches(), 2);
    let again = json!({"ticket": "jsapi", "timestamp": timestamp});
    assert_eq!(
        bench.told(&program, &report, &again).await["dropped"],
        false,
        "once a minute"
    );
}
