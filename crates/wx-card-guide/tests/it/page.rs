//! The page of the guide on handing out cards, with a phone that is the sandbox.

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wx_card::CardClient;
use wx_card::core::HttpSend as _;
use wx_card::types::{
    BaseInfo, CardId, Cash, CodeType, Color, CreateCard, DateInfo, Fen, GetCode, Sku, UserCardStatus,
};
use wx_card_guide::page::Page;
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_http_hyper::HyperClient;

const ORIGIN: &str = "https://shop.example";
const URL: &str = "https://shop.example/?from=menu";

/// The server of the page, and a user with a phone.
struct World {
    client: CardClient,
    sandbox: Sandbox,
    browser: HyperClient,
    url: String,
}

impl World {
    async fn new() -> Self {
        let sandbox = Sandbox::new();
        let client = CardClient::new(DEFAULT_APP_ID, DEFAULT_APP_SECRET, sandbox.clone());
        let card_id = create(&client).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Page::new(client.clone(), card_id, ORIGIN).into_router();
        drop(tokio::spawn(async move { axum::serve(listener, router).await }));
        let browser = HyperClient::new().unwrap();
        Self {
            client,
            sandbox,
            browser,
            url,
        }
    }

    async fn ask(&self, request: http::request::Builder, body: String) -> (StatusCode, String) {
        let request = request.header("content-type", "application/json");
        let answer = self
            .browser
            .send(request.body(Bytes::from(body)).unwrap())
            .await
            .unwrap();
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        (answer.status(), text)
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = Request::post(format!("{}{path}", self.url));
        let (status, text) = self.ask(request, body.to_string()).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What the phone makes of what the page hands to the JS-SDK.
    fn phone(&self, call: &str, mut handed: Value) -> Value {
        handed["openid"] = "oAlice".into();
        self.sandbox.control(call, &handed).unwrap()
    }
}

/// A card of which there are ten.
async fn create(client: &CardClient) -> CardId {
    let base_info = BaseInfo::new(
        "http://mmbiz.qpic.cn/mmbiz/logo/0",
        "微信餐厅",
        CodeType::Qrcode,
        "十元代金券",
        Color::Color010,
        "使用时向服务员出示此券",
        "每桌限用一张",
        Sku::new(10),
        DateInfo::days(30),
    );
    let card = CreateCard::new(Cash::new(base_info, Fen::from_yuan(10)));
    client.create_card(&card).await.unwrap().card_id
}

#[tokio::test]
async fn a_user_takes_the_card_on_the_page_and_uses_it_there() {
    let world = World::new().await;
    let mut config = world.post("/sign", &json!({"url": URL})).await["config"].take();
    config["url"] = URL.into();
    assert_eq!(
        world.sandbox.control("js-config", &config).unwrap()["errMsg"],
        "config:ok"
    );

    let taken = world.phone("add-card", world.post("/card", &json!({})).await);
    let chosen = world.phone("choose-card", world.post("/choice", &json!({})).await);
    let code = &chosen["card_list"][0]["encrypt_code"];
    assert_eq!(code, &taken["encrypt_code"]);
    let redeemed = world.post("/redeem", &json!({"encrypt_code": code})).await;
    assert_eq!(redeemed, json!({"redeemed": true, "said": "已核销"}));
    let again = world.post("/redeem", &json!({"encrypt_code": code})).await;
    assert_eq!(again, json!({"redeemed": false, "said": "此券已使用过"}));
}

#[tokio::test]
async fn the_coupon_of_another_card_is_not_redeemed_here() {
    let world = World::new().await;
    let other = create(&world.client).await;
    let taken = world.phone("take", json!({"card_id": other}));
    let redeemed = world
        .post("/redeem", &json!({"encrypt_code": taken["encrypt_code"]}))
        .await;
    assert_eq!(redeemed["redeemed"], false);
    let state = world
        .client
        .get_code(&GetCode::new(taken["code"].as_str().unwrap()))
        .await;
    assert_eq!(state.unwrap().status(), Some(&UserCardStatus::Normal));
}

#[tokio::test]
async fn pages_of_others_are_not_signed() {
    let world = World::new().await;
    for url in ["https://shop.example.evil.example/", "https://evil.example/", ""] {
        let request = Request::post(format!("{}/sign", world.url));
        let (status, _) = world.ask(request, json!({"url": url}).to_string()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{url}");
    }
}

#[tokio::test]
async fn a_report_of_a_bad_signature_is_heeded_once_a_ticket() {
    let world = World::new().await;
    let signed = world.post("/sign", &json!({"url": URL})).await;
    let report = json!({"ticket": "jsapi", "timestamp": signed["config"]["timestamp"]});
    assert_eq!(world.post("/bad-signature", &report).await["heeded"], true);
    assert_eq!(world.post("/bad-signature", &report).await["heeded"], false);

    let card = world.post("/card", &json!({})).await;
    // What the page does with the text that it hands to `wx.addCard`.
    let card_ext: Value = serde_json::from_str(card["cardExt"].as_str().unwrap()).unwrap();
    let timestamp: u32 = card_ext["timestamp"].as_str().unwrap().parse().unwrap();
    let report = json!({"ticket": "card", "timestamp": u32::MAX});
    assert_eq!(world.post("/bad-signature", &report).await["heeded"], false);
    let report = json!({"ticket": "card", "timestamp": timestamp});
    assert_eq!(world.post("/bad-signature", &report).await["heeded"], true);
}

#[tokio::test]
async fn the_guides_show_the_page_that_is_served() {
    let world = World::new().await;
    let (status, served) = world.ask(Request::get(&world.url), String::new()).await;
    assert_eq!(status, StatusCode::OK);
    for language in ["en", "zh"] {
        let path: PathBuf = [
            env!("CARGO_MANIFEST_DIR"),
            "..",
            "..",
            "docs",
            "guide",
            language,
            "distribute.md",
        ]
        .iter()
        .collect();
        let guide = fs::read_to_string(path).unwrap();
        let shown = guide
            .split("```html\n")
            .nth(1)
            .and_then(|rest| rest.split("```").next());
        assert_eq!(shown, Some(served.as_str()), "docs/guide/{language}/distribute.md");
    }
}
