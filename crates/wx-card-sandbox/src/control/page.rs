//! Pages: what a phone does with the payloads that a page hands over, signatures first.

use serde_json::{Value, json};
use sha1_smol::Sha1;
use wx_card_types::UserCardStatus;

use super::{Failure, required};
use crate::fields::{member, text};
use crate::reason::{CARD_EXT_INVALID, SIGNATURE_INVALID};
use crate::state::{self, Ctx, Take};

/// `wx.addCard`: checks `cardExt` and its signature, then takes the card.
pub(super) fn add_card(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    let card_id = required(body, "cardId")?;
    let card_ext = match member(body, "cardExt") {
        Some(Value::String(card_ext)) => serde_json::from_str(card_ext).map_err(|_| CARD_EXT_INVALID)?,
        Some(card_ext) => card_ext.clone(),
        None => return Err(Failure::member("cardExt", "must be given")),
    };
    if !card_ext.is_object() || text(&card_ext, "timestamp").is_none() {
        return Err(CARD_EXT_INVALID.into());
    }
    let signed = |name| text(&card_ext, name).unwrap_or_default();
    let values = [
        card_id.clone(),
        signed("timestamp"),
        signed("nonce_str"),
        signed("code"),
        signed("openid"),
    ];
    verify(ctx, &values, text(&card_ext, "signature").as_deref())?;
    let take = Take {
        card_id,
        openid: required(body, "openid")?,
        code: text(&card_ext, "code"),
        offered_to: text(&card_ext, "openid"),
        outer_str: text(&card_ext, "outer_str"),
    };
    Ok(state::take(ctx, take)?)
}

/// `wx.chooseCard`: checks the signature, then lets the user choose among the matching cards they can use.
pub(super) fn choose_card(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    let given = |name| text(body, name).unwrap_or_default();
    if text(body, "signType").is_some_and(|sign_type| sign_type != "SHA1") {
        return Err(SIGNATURE_INVALID.into());
    }
    let (card_id, card_type) = (given("cardId"), given("cardType"));
    let values = [
        text(body, "appId").unwrap_or_else(|| ctx.app_id.to_owned()),
        given("shopId"),
        card_type.clone(),
        card_id.clone(),
        required(body, "timestamp")?,
        required(body, "nonceStr")?,
    ];
    verify(ctx, &values, text(body, "cardSign").as_deref())?;
    let openid = required(body, "openid")?;
    let hand = ctx.account.hands.get(&openid).into_iter().flatten();
    let cards = hand.filter_map(|(held_id, code)| {
        let card = ctx.account.cards.get(held_id)?;
        let held = card.codes.get(code)?;
        let fits = (card_id.is_empty() || card_id == *held_id)
            && (card_type.is_empty() || card_type == card.card_type)
            && held.openid == openid
            && held.status_at(ctx.now) == UserCardStatus::Normal;
        fits.then(|| json!({"card_id": held_id, "encrypt_code": held.encrypted}))
    });
    Ok(json!({"card_list": cards.collect::<Vec<_>>()}))
}

/// `wx.config`: checks the signature with the other ticket and its other rule.
pub(super) fn js_config(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    let (nonce, timestamp) = (required(body, "nonceStr")?, required(body, "timestamp")?);
    let url = required(body, "url")?;
    let url = url.split('#').next().unwrap_or_default();
    let Some(ticket) = ctx.account.credentials.living_ticket_at("jsapi", ctx.now) else {
        return Err(SIGNATURE_INVALID.into());
    };
    let signed = format!("jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}");
    compare(
        &Sha1::from(signed).digest().to_string(),
        text(body, "signature").as_deref(),
    )?;
    Ok(json!({"errMsg": "config:ok"}))
}

/// Checks a signature of the card ticket: the values and the ticket, sorted by their bytes, hashed without separator.
fn verify<const N: usize>(ctx: &Ctx<'_>, values: &[String; N], signature: Option<&str>) -> Result<(), Failure> {
    let Some(ticket) = ctx.account.credentials.living_ticket_at("wx_card", ctx.now) else {
        return Err(SIGNATURE_INVALID.into());
    };
    let mut values: Vec<&str> = values.iter().map(String::as_str).chain([ticket]).collect();
    values.sort_unstable();
    compare(&Sha1::from(values.concat()).digest().to_string(), signature)
}

fn compare(expected: &str, signature: Option<&str>) -> Result<(), Failure> {
    if signature == Some(expected) {
        Ok(())
    } else {
        Err(SIGNATURE_INVALID.into())
    }
}
