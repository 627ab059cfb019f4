//! Whole lives of cards over the sandbox in process.

use std::sync::Arc;

use serde_json::{Value, json};
use wx_card::CardClient;
use wx_card::core::{ClassicToken, StableToken, TokenSource};
use wx_card::types::sign::{AddCard, ChooseCard};
use wx_card::types::{
    BaseInfo, CardId, Cash, CheckCodes, ConsumeCode, CreateCard, CustomCodeMode, DecryptCode, DepositCodes, Fen,
    GetCard, GetCode, GetDepositCount, MakeCodeUnavailable, ModifyStock, UpdateCode, UserCardStatus,
};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_core::ErrCode;

use crate::base_info;

fn start() -> (CardClient, Sandbox) {
    let sandbox = Sandbox::new();
    (
        CardClient::new(DEFAULT_APP_ID, DEFAULT_APP_SECRET, sandbox.clone()),
        sandbox,
    )
}

async fn create(client: &CardClient, base_info: BaseInfo) -> CardId {
    client
        .create_card(&CreateCard::new(Cash::new(base_info, Fen::from_yuan(10))))
        .await
        .unwrap()
        .card_id
}

fn take(sandbox: &Sandbox, card_id: &CardId, openid: &str) -> Value {
    sandbox
        .control("take", &json!({"card_id": card_id, "openid": openid}))
        .unwrap()
}

#[tokio::test]
async fn a_coupon_is_taken_queried_redeemed_once_and_never_again() {
    let (client, sandbox) = start();
    let card_id = create(&client, base_info(10)).await;
    let taken = take(&sandbox, &card_id, "oUser");
    let encrypted = taken["encrypt_code"].as_str().unwrap();
    let code = client.decrypt_code(&DecryptCode::new(encrypted)).await.unwrap().code;
    assert_eq!(code, taken["code"].as_str().unwrap());
    let state = client.get_code(&GetCode::new(&code)).await.unwrap();
    assert_eq!(state.status(), Some(&UserCardStatus::Normal));

    let redeemed = client.consume_code(&ConsumeCode::new(&code)).await.unwrap();
    assert_eq!(
        (redeemed.card.card_id, redeemed.openid.as_str()),
        (card_id.clone(), "oUser")
    );
    let again = client.consume_code(&ConsumeCode::new(&code)).await.unwrap_err();
    assert_eq!(
        (again.errcode(), again.may_have_run()),
        (Some(ErrCode::CODE_CONSUMED), false)
    );
    let state = client
        .get_code(&GetCode::new(&code).check_consume(false))
        .await
        .unwrap();
    assert_eq!(state.status(), Some(&UserCardStatus::Consumed));

    let detail = client.get_card(&GetCard::new(&card_id)).await.unwrap().card;
    let sku = detail.base_info().unwrap().sku.clone().unwrap();
    assert_eq!((sku.quantity, sku.total_quantity), (Some(9), Some(10)));
}

#[tokio::test]
async fn deposited_codes_are_counted_checked_and_bound_the_stock() {
    let (client, sandbox) = start();
    let base_info = base_info(0)
        .use_custom_code(true)
        .get_custom_code_mode(CustomCodeMode::Deposit);
    let card_id = create(&client, base_info).await;
    let deposit = |codes: &[&str]| DepositCodes::new(&card_id, codes.iter().copied());
    let done = client.deposit_codes(&deposit(&["11", "12"])).await.unwrap();
    assert_eq!(done.succ_code.unwrap().count(), 2);
    let done = client.deposit_codes(&deposit(&["12", "13"])).await.unwrap();
    assert_eq!(done.duplicate_code.unwrap().count(), 1);
    assert_eq!(
        client
            .get_deposit_count(&GetDepositCount::new(&card_id))
            .await
            .unwrap()
            .count,
        3
    );
    let checked = client
        .check_codes(&CheckCodes::new(&card_id, ["11", "99"]))
        .await
        .unwrap();
    assert_eq!(
        (checked.exist_code, checked.not_exist_code),
        (vec!["11".into()], vec!["99".into()])
    );

    let too_many = client.modify_stock(&ModifyStock::new(&card_id, 4)).await.unwrap_err();
    assert_eq!(too_many.errcode(), Some(ErrCode::STOCK_OVER_DEPOSIT));
    client.modify_stock(&ModifyStock::new(&card_id, 3)).await.unwrap();
    let taken = take(&sandbox, &card_id, "oUser");
    let code = taken["code"].as_str().unwrap();
    client
        .update_code(&UpdateCode::new(code, "new-code").card_id(&card_id))
        .await
        .unwrap();
    client
        .make_code_unavailable(&MakeCodeUnavailable::new("new-code").card_id(&card_id))
        .await
        .unwrap();
    let refused = client
        .consume_code(&ConsumeCode::new("new-code").card_id(&card_id))
        .await
        .unwrap_err();
    assert_eq!(refused.errcode(), Some(ErrCode::CODE_NOT_USABLE));
}

#[tokio::test]
async fn phones_take_what_was_signed_and_nothing_else() {
    let (client, sandbox) = start();
    let card_id = create(&client, base_info(10)).await;
    let payload = client.sign_add_card(&AddCard::new(&card_id)).await.unwrap();
    let mut page = serde_json::to_value(&payload).unwrap();
    page["openid"] = json!("oUser");
    sandbox.control("add-card", &page).unwrap();
    page["cardExt"] = json!(payload.card_ext().replace(payload.nonce_str(), "another"));
    sandbox.control("add-card", &page).unwrap_err();

    let choice = ChooseCard::new(client.app_id()).card_id(&card_id);
    let mut page = serde_json::to_value(client.sign_choose_card(&choice).await.unwrap()).unwrap();
    page["openid"] = json!("oUser");
    let cards = sandbox.control("choose-card", &page).unwrap();
    assert_eq!(cards["card_list"].as_array().map(Vec::len), Some(1));
    page["cardId"] = json!("p-another");
    sandbox.control("choose-card", &page).unwrap_err();
}

#[tokio::test]
async fn tokens_that_die_early_are_replaced_unnoticed() {
    let sources: [Arc<dyn TokenSource>; 2] = [
        Arc::new(StableToken::new(DEFAULT_APP_SECRET)),
        Arc::new(ClassicToken::new(DEFAULT_APP_SECRET)),
    ];
    for source in sources {
        let sandbox = Sandbox::new();
        let client = CardClient::new(DEFAULT_APP_ID, source, sandbox.clone());
        let card_id = create(&client, base_info(10)).await;
        sandbox.control("expire-token", &json!({})).unwrap();
        let taken = take(&sandbox, &card_id, "oUser");
        let code = taken["code"].as_str().unwrap();
        client.consume_code(&ConsumeCode::new(code)).await.unwrap();
        let ledger = sandbox.control("ledger", &json!({})).unwrap();
        let redeemed = &ledger["codes"][0];
        assert_eq!((&redeemed["accepted"], &redeemed["refused"]), (&json!(1), &json!(0)));
    }
}
