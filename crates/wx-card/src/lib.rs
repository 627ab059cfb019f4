//! Client for every operation of the WeChat card and coupon API (微信卡券).

mod client;
mod decode;

pub use client::{CardClient, CardClientBuilder, SignedValues};
pub use wx_card_types as types;
pub use wx_core as core;
