//! The sandbox as a server: how fast it is, how much memory it takes, how soon it is there.

use std::error::Error;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::time::Duration;

use serde_json::json;
use wx_card::CardClient;
use wx_card::types::{
    BaseInfo, Cash, CodeType, Color, CreateCard, CustomCodeMode, DateInfo, DepositCodes, Fen, ModifyStock, Sku,
};
use wx_card_sandbox::Sandbox;

use crate::client::{APP_ID, CODE, SECRET};
use crate::measure;
use crate::rounds::Server;

/// Serves a sandbox until its input ends: its address, a card whose codes are deposited, an empty line.
pub(crate) async fn serve() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().account(APP_ID, SECRET).build()?;
    let server = sandbox.serve((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let client = CardClient::new(APP_ID, SECRET, sandbox.clone());
    let info = BaseInfo::new(
        "http://mmbiz.qpic.cn/mmbiz/logo/0",
        "微信餐厅",
        CodeType::Qrcode,
        "十元代金券",
        Color::Color010,
        "使用时向服务员出示此券",
        "每桌限用一张，不可与其他优惠同享",
        Sku::new(0),
        DateInfo::days(30),
    );
    let info = info.use_custom_code(true).get_custom_code_mode(CustomCodeMode::Deposit);
    let card = CreateCard::new(Cash::new(info, Fen::from_yuan(10)));
    let card_id = client.create_card(&card).await?.card_id;
    // One code is a user's, so that it can be queried.
    client
        .deposit_codes(&DepositCodes::new(card_id.clone(), [CODE]))
        .await?;
    client.modify_stock(&ModifyStock::increase(card_id.clone(), 1)).await?;
    sandbox.control(
        "take",
        &json!({"card_id": card_id, "openid": "oFS7Fjl0WsZ9AMZqrI80nbIq8xrA"}),
    )?;
    print!("{}\n{card_id}\n\n", server.base_url());
    std::io::stdout().flush()?;
    std::future::pending().await
}

/// What is measured of it.
pub(crate) struct Measured {
    pub(crate) start: Duration,
    pub(crate) queries_a_second_of_cpu: f64,
    pub(crate) kib_empty: u64,
    pub(crate) kib_with_a_million: u64,
}

/// Measures a sandbox in a process of its own.
pub(crate) fn measured(millis: u32) -> Result<Measured, Box<dyn Error>> {
    let began = measure::now();
    let server = Server::start(&["sandbox"])?;
    let start = measure::now() - began;
    let kib_empty = measure::resident_kib(server.id())?;
    let before = measure::cpu_of(server.id())?;
    let queries = server.run(&["client", "ours", "http", "query", "64", &millis.to_string()])?;
    let cpu = measure::cpu_of(server.id())? - before;
    server.run(&["deposit", "ours", "1000000", "16"])?;
    Ok(Measured {
        start,
        // Those of the warming up too: they cost the server as much.
        queries_a_second_of_cpu: queries["all_calls"].as_f64().unwrap_or(f64::NAN) / cpu.as_secs_f64(),
        kib_empty,
        kib_with_a_million: measure::resident_kib(server.id())?,
    })
}
