//! The programs with one account: a till, an import, workers beside each other.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use wx_redis_fixture::Redis;

use crate::bench::{ANNA, Bench};

/// Starts a program with the account of Anna, writes `input` to it, and waits for its end.
fn run(bench: &Bench, program: &str, arguments: &[&str], input: &str, redis: Option<&Redis>) -> Output {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("WX_APP_ID", ANNA)
        .env("WX_APP_SECRET", "the-secret-of-anna")
        .env("WX_BASE_URL", bench.base_url())
        .env("NO_PROXY", "*")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(redis) = redis {
        command.env("REDIS_URL", redis.url());
    }
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A card of Anna's: what the service draws the codes of, or with codes of her own and no stock yet.
async fn card(bench: &Bench, has_own_codes: bool) -> String {
    let mut base_info = json!({"logo_url": "http://mmbiz.qpic.cn/logo", "code_type": "CODE_TYPE_QRCODE",
        "brand_name": "微信餐厅", "title": "十元代金券", "color": "Color010", "notice": "使用时出示此券",
        "description": "每桌限用一张", "sku": {"quantity": 10},
        "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}});
    if has_own_codes {
        base_info["sku"]["quantity"] = json!(0);
        base_info["use_custom_code"] = json!(true);
        base_info["get_custom_code_mode"] = json!("GET_CUSTOM_CODE_MODE_DEPOSIT");
    }
    let body = json!({"card": {"card_type": "CASH", "cash": {"base_info": base_info, "reduce_cost": 1000}}});
    let token = json!({"grant_type": "client_credential", "appid": ANNA, "secret": "the-secret-of-anna"});
    let url = bench.base_url();
    let (_, token) = bench
        .post(&format!("{url}/cgi-bin/stable_token"), &token.to_string())
        .await;
    let token = token["access_token"].as_str().unwrap();
    let url = format!("{url}/card/create?access_token={token}");
    let (_, created) = bench.post(&url, &body.to_string()).await;
    created["card_id"].as_str().unwrap().to_owned()
}

fn taken(bench: &Bench, card: &str) -> String {
    let taken = bench.control("take", &json!({"card_id": card, "openid": "oUser"}));
    taken["code"].as_str().unwrap().to_owned()
}

/// How often a token was asked for.
fn fetches(bench: &Bench) -> u64 {
    bench.ledger("requests")["/cgi-bin/stable_token"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_hands_out_once() {
    let bench = Bench::new().await;
    let card = card(&bench, false).await;
    let code = taken(&bench, &card);
    let scanned = format!("{code}\n\n{code}\n000000000000\n");
    let output = run(&bench, env!("CARGO_BIN_EXE_till"), &[&card], &scanned, None);
    let shown = text(&output);
    let expected =
        format!("{code}: HAND OUT\n{code}: NO: it was used before\n000000000000: NO: nobody holds this code\n");
    assert_eq!(shown, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_runs_twice_deposits_and_raises_once() {
    let bench = Bench::new().await;
    let card = card(&bench, true).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("codes.txt");
    let codes: String = (0..250).map(|code| format!("2026{code:08}\n")).collect();
    std::fs::write(&file, codes).unwrap();
    let arguments = [card.as_str(), file.to_str().unwrap()];
    for _ in 0..2 {
        let output = run(&bench, env!("CARGO_BIN_EXE_import"), &arguments, "", None);
        let shown = text(&output);
        assert!(
            shown.starts_with("250 of 250 lines deposited now or before\n"),
            "{shown}"
        );
    }
    let movements: Vec<Value> = bench.ledger("stock").as_array().unwrap().clone();
    let raised: i64 = movements
        .iter()
        .filter_map(|movement| movement["change"].as_i64())
        .sum();
    assert_eq!(raised, 250, "{movements:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_beside_each_other_have_one_token() {
    let bench = Bench::new().await;
    let card = card(&bench, false).await;
    let code = taken(&bench, &card);
    let redis = Redis::start().unwrap();
    let before = fetches(&bench);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let output = run(
                    &bench,
                    env!("CARGO_BIN_EXE_worker"),
                    &[],
                    &format!("\n{code}\n"),
                    Some(&redis),
                );
                assert_eq!(text(&output), format!("{code} NORMAL\n"));
            });
        }
    });
    assert_eq!(fetches(&bench), before + 1);
}
