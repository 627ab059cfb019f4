//! The client over a script and over the sandbox.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answers;
mod bulk;
mod code_state;
mod create_once;
mod disturbed;
mod every_operation;
mod examples;
mod images;
mod life_of_a_card;
mod list;
mod matrix;
mod matrix_world;
mod redeem;
mod secrecy;
mod signing;
mod stock;

use wx_card::CardClient;
use wx_card::types::{BaseInfo, CodeType, Color, DateInfo, Sku};
use wx_core::test_util::{FixedEntropy, ManualClock, Reply, Script};

/// A client over a script, at a fixed moment, with fixed randomness.
fn client_over(replies: impl IntoIterator<Item = Reply>) -> (CardClient, Script) {
    let script = Script::new(replies);
    let client = CardClient::builder("wx0000000000000001", "the-app-secret", script.clone())
        .clock(ManualClock::at(1_700_000_000))
        .entropy(FixedEntropy::new())
        .build();
    (client, script)
}

/// What a card with `quantity` coupons has in common with all others.
fn base_info(quantity: i64) -> BaseInfo {
    BaseInfo::new(
        "http://mmbiz.qpic.cn/logo",
        "微信餐厅",
        CodeType::Qrcode,
        "十元代金券",
        Color::Color010,
        "使用时出示此券",
        "每桌限用一张",
        Sku::new(quantity),
        DateInfo::days(30),
    )
}
