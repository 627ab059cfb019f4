#![doc = include_str!("../README.md")]
//!
//! # By task
//!
//! | task | methods of [`CardClient`] |
//! | --- | --- |
//! | make and change a card | [`create_card`](CardClient::create_card), [`get_card`](CardClient::get_card), [`update_card`](CardClient::update_card), [`get_colors`](CardClient::get_colors), [`modify_stock`](CardClient::modify_stock), [`delete_card`](CardClient::delete_card) |
//! | upload its pictures | [`upload_image`](CardClient::upload_image) |
//! | find a card | [`list_cards`](CardClient::list_cards), [`batch_get_cards`](CardClient::batch_get_cards) |
//! | switch on what a card can do | [`set_pay_cell`](CardClient::set_pay_cell), [`set_self_consume_cell`](CardClient::set_self_consume_cell) |
//! | give it codes of one's own | [`deposit_codes`](CardClient::deposit_codes), [`get_deposit_count`](CardClient::get_deposit_count), [`check_codes`](CardClient::check_codes) |
//! | any number of codes from a file: deposit them, make them void, ask for them | [`deposit`](CardClient::deposit), [`void_codes`](CardClient::void_codes), [`check_all_codes`](CardClient::check_all_codes) |
//! | try it before its approval | [`set_test_whitelist`](CardClient::set_test_whitelist) |
//! | hand it out | [`create_qr_code`](CardClient::create_qr_code), [`create_landing_page`](CardClient::create_landing_page), [`get_mpnews_html`](CardClient::get_mpnews_html), [`sign_add_card`](CardClient::sign_add_card) |
//! | redeem it at a till | [`redeem`](CardClient::redeem): at most once, with an answer; [`code_state`](CardClient::code_state) |
//! | redeem it step by step | [`decrypt_code`](CardClient::decrypt_code), [`get_code`](CardClient::get_code), [`consume_code`](CardClient::consume_code), [`sign_choose_card`](CardClient::sign_choose_card), [`mark_code`](CardClient::mark_code) |
//! | look after coupons in users' hands | [`get_user_card_list`](CardClient::get_user_card_list), [`update_code`](CardClient::update_code), [`make_code_unavailable`](CardClient::make_code_unavailable) |
//! | let a page use the JS-SDK | [`sign_js_config`](CardClient::sign_js_config) |
//! | find out what became of a call that may have run | [`redeem`](CardClient::redeem), [`modify_stock_to`](CardClient::modify_stock_to), [`create_card_once`](CardClient::create_card_once) do it themselves |
//! | anything else | [`send`](CardClient::send), [`upload`](CardClient::upload), [`call`](CardClient::call) |

pub mod bulk;
mod check_all;
mod client;
mod code_state;
mod confirmed;
mod create_once;
mod decode;
mod deposit;
mod list;
mod patience;
mod redeem;
mod stock;
mod void;

pub use check_all::CheckAllCodes;
pub use client::{CardClient, CardClientBuilder, SignedValues};
pub use code_state::{CodeDetails, CodeState};
pub use confirmed::ConfirmedBy;
pub use create_once::{CreateOnce, CreateOutcome};
pub use deposit::{Deposit, DepositReport, StockRaise};
pub use redeem::{ByThisCall, Redeem, Redemption, RefusalReason};
pub use stock::StockOutcome;
pub use void::VoidCodes;
pub use wx_card_types as types;
pub use wx_core as core;

/// The examples of the project's front pages are compiled with the tests.
#[cfg(doctest)]
mod front_pages {
    #[doc = include_str!("../../../README.md")]
    mod english {}

    #[doc = include_str!("../../../README.zh-CN.md")]
    mod chinese {}
}
