//! Depositing, redeeming and changing codes.

use serde_json::json;
use wx_card::core::ErrCode;
use wx_card::types::{
    CardCode, CardId, CheckCodes, ConsumeCode, DecryptCode, DepositCodes, Deposited, EncryptedCode, GetCode,
    GetDepositCount, MakeCodeUnavailable, MarkCode, ModifyStock, UpdateCode, UserCardStatus,
};

use super::stage::Stage;
use crate::failure::Failure;

/// How many codes the merchant deposits: two full batches and a half one.
const CODES: u64 = 250;

/// A user's coupon, as the page hands it over.
pub(super) struct Coupon {
    pub(super) openid: &'static str,
    pub(super) encrypt_code: EncryptedCode,
}

fn code(number: u64) -> CardCode {
    CardCode::new(format!("2026{number:08}"))
}

/// Deposits the codes, counts and checks them, and raises the stock to their number.
pub(super) async fn deposit(stage: &mut Stage, card_id: &CardId) -> Result<(), Failure> {
    let client = stage.client.clone();
    let codes: Vec<CardCode> = (1..=CODES).map(code).collect();
    let mut stored = 0;
    for batch in codes.chunks(DepositCodes::MAX_CODES) {
        let request = DepositCodes::new(card_id, batch.iter().cloned());
        let ends = batch
            .first()
            .zip(batch.last())
            .map(|(first, last)| format!("{first} to {last}"));
        let sent = format!("{} codes, {}", batch.len(), ends.unwrap_or_default());
        let came = |answer: &wx_card::types::DepositCodesResponse| {
            let count = |list: &Option<Deposited>| list.as_ref().map_or(0, Deposited::count);
            let (stored, known) = (count(&answer.succ_code), count(&answer.duplicate_code));
            format!(
                "{stored} stored, {known} there already, {} failed",
                count(&answer.fail_code)
            )
        };
        let answer = stage.call(&sent, client.deposit_codes(&request), came).await?;
        stored += answer.succ_code.as_ref().map_or(0, Deposited::count);
    }
    stage.expect(stored == CODES, "all codes are stored")?;
    let request = GetDepositCount::new(card_id);
    let came = |answer: &wx_card::types::GetDepositCountResponse| format!("{}", answer.count);
    let counted = stage
        .call("how many are there?", client.get_deposit_count(&request), came)
        .await?;
    stage.expect(counted.count == CODES, "the count is that of the codes deposited")?;
    let request = CheckCodes::new(card_id, [code(1), code(CODES), code(CODES + 1)]);
    let came = |answer: &wx_card::types::CheckCodesResponse| {
        format!("{} there, {} not", answer.exist_code.len(), answer.not_exist_code.len())
    };
    let checked = stage
        .call("two of them and a stranger", client.check_codes(&request), came)
        .await?;
    stage.expect(checked.not_exist_code == [code(CODES + 1)], "the stranger is not there")?;
    let request = ModifyStock::increase(card_id, CODES);
    stage
        .call(&format!("{CODES} coupons more"), client.modify_stock(&request), |_| {
            String::from("done")
        })
        .await?;
    Ok(())
}

/// Decrypts, queries and redeems a coupon, and sees it refused the second time.
pub(super) async fn redeem(stage: &mut Stage, card_id: &CardId, coupon: &Coupon) -> Result<(), Failure> {
    let client = stage.client.clone();
    let request = DecryptCode::new(coupon.encrypt_code.clone());
    let came = |answer: &wx_card::types::DecryptCodeResponse| format!("code {}", answer.code);
    let code = stage
        .call("the code as the page has it", client.decrypt_code(&request), came)
        .await?
        .code;
    let request = GetCode::new(&code).card_id(card_id);
    let came = |answer: &wx_card::types::GetCodeResponse| match answer.status() {
        Some(status) => format!(
            "{status}, held by {}",
            answer.openid.as_ref().map_or("nobody", AsRef::as_ref)
        ),
        None => String::from("no status"),
    };
    let state = stage
        .call("can it be redeemed?", client.get_code(&request), came)
        .await?;
    stage.expect(
        state.status() == Some(&UserCardStatus::Normal),
        "a new coupon is usable",
    )?;
    let request = ConsumeCode::new(&code).card_id(card_id);
    let came = |answer: &wx_card::types::ConsumeCodeResponse| format!("redeemed for {}", answer.openid);
    let redeemed = stage
        .call(&format!("redeem {code}"), client.consume_code(&request), came)
        .await?;
    stage.expect(redeemed.openid == coupon.openid, "it is redeemed for whoever holds it")?;
    stage
        .refused(
            &format!("redeem {code} again"),
            client.consume_code(&request),
            ErrCode::CODE_CONSUMED,
        )
        .await
}

/// Gives a coupon another code, marks another, and makes one void.
pub(super) async fn change(stage: &mut Stage, card_id: &CardId) -> Result<(), Failure> {
    let client = stage.client.clone();
    let openid = "oDemoUser00000000000000000002";
    let code = take(stage, card_id, openid)?;
    let new_code = CardCode::new("2026-renamed");
    let request = UpdateCode::new(&code, &new_code).card_id(card_id);
    let sent = format!("{code} becomes {new_code}");
    stage
        .call(&sent, client.update_code(&request), |_| String::from("done"))
        .await?;
    let request = MarkCode::new(&new_code, card_id, openid, true);
    let sent = format!("{new_code} is about to be redeemed by its holder");
    stage
        .call(&sent, client.mark_code(&request), |_| {
            String::from("marked for five minutes")
        })
        .await?;
    let request = MakeCodeUnavailable::new(&new_code).card_id(card_id).reason("退款");
    stage
        .call(
            &format!("{new_code} is void, 退款"),
            client.make_code_unavailable(&request),
            |_| String::from("done"),
        )
        .await?;
    let request = ConsumeCode::new(&new_code).card_id(card_id);
    stage
        .refused(
            &format!("redeem {new_code}"),
            client.consume_code(&request),
            ErrCode::CODE_NOT_USABLE,
        )
        .await
}

fn take(stage: &mut Stage, card_id: &CardId, openid: &str) -> Result<CardCode, Failure> {
    let came = |answer: &serde_json::Value| format!("code {}", answer["code"].as_str().unwrap_or_default());
    let taken = stage.control(
        "take",
        "another user takes the card",
        &json!({"card_id": card_id, "openid": openid}),
        came,
    )?;
    Ok(CardCode::new(taken["code"].as_str().unwrap_or_default()))
}
