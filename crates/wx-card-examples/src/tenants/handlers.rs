//! What each path does.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use wx_card::core::TicketKind;
use wx_card::types::ConsumeCode;
use wx_card::types::sign::{AddCard, AddCardPayload, JsConfigPayload};
use wx_card::{CardClient, Redemption};

use super::Tenants;
use crate::answer::Failure;

type Body<T> = Result<Json<T>, JsonRejection>;
type Answer<T> = Result<Json<T>, Failure>;

impl Tenants {
    fn client(&self, app_id: &str) -> Result<&CardClient, Failure> {
        self.clients.get(app_id).ok_or_else(Failure::unknown_account)
    }
}

#[derive(Deserialize)]
pub(super) struct Page {
    url: String,
    card_id: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Signed {
    config: JsConfigPayload,
    #[serde(skip_serializing_if = "Option::is_none")]
    add_card: Option<AddCardPayload>,
}

/// What the page at `url` needs to use the JS-SDK, and to offer a card.
pub(super) async fn sign(
    State(tenants): State<Arc<Tenants>>,
    Path(app_id): Path<String>,
    page: Body<Page>,
) -> Answer<Signed> {
    let client = tenants.client(&app_id)?;
    let Json(page) = page?;
    let config = client.sign_js_config(page.url).await?;
    let add_card = match page.card_id {
        Some(card_id) => Some(client.sign_add_card(&AddCard::new(card_id)).await?),
        None => None,
    };
    Ok(Json(Signed { config, add_card }))
}

#[derive(Deserialize)]
pub(super) struct Coupon {
    code: String,
    card_id: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Redeemed {
    outcome: &'static str,
    hand_out_goods: bool,
    advice: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Redeems a code at most once, and says what the till does next.
pub(super) async fn redeem(
    State(tenants): State<Arc<Tenants>>,
    Path(app_id): Path<String>,
    coupon: Body<Coupon>,
) -> Answer<Redeemed> {
    let client = tenants.client(&app_id)?;
    let Json(coupon) = coupon?;
    let mut request = ConsumeCode::new(coupon.code);
    if let Some(card_id) = coupon.card_id {
        request = request.card_id(card_id);
    }
    let redemption = client.redeem(&request).await?;
    let (outcome, reason) = match &redemption {
        Redemption::Redeemed { .. } => ("redeemed", None),
        Redemption::AlreadyRedeemed { .. } => ("already_redeemed", None),
        Redemption::Refused { reason, .. } => ("refused", Some(reason.to_string())),
        _ => ("unknown", None),
    };
    Ok(Json(Redeemed {
        outcome,
        hand_out_goods: redemption.is_redeemed(),
        advice: redemption.advice(),
        reason,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ticket {
    Card,
    Jsapi,
}

#[derive(Deserialize)]
pub(super) struct BadSignature {
    ticket: Ticket,
    timestamp: u64,
}

#[derive(Serialize)]
pub(super) struct Dropped {
    dropped: bool,
}

/// A page reports "invalid signature", with the time that stood in what it was given.
///
/// Anybody can send this, true or not: the client heeds one report a minute, and none of a ticket that it has no more.
pub(super) async fn bad_signature(
    State(tenants): State<Arc<Tenants>>,
    Path(app_id): Path<String>,
    report: Body<BadSignature>,
) -> Answer<Dropped> {
    let client = tenants.client(&app_id)?;
    let Json(report) = report?;
    let kind = match report.ticket {
        Ticket::Card => TicketKind::Card,
        Ticket::Jsapi => TicketKind::Jsapi,
    };
    // Nothing was signed at a time that is yet to come.
    let signed_at = UNIX_EPOCH
        .checked_add(Duration::from_secs(report.timestamp))
        .filter(|signed_at| *signed_at <= client.core().now());
    let dropped = signed_at.is_some_and(|signed_at| client.invalidate_ticket(kind, signed_at));
    Ok(Json(Dropped { dropped }))
}
