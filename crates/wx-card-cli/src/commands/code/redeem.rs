//! `wx-card code redeem`.

use serde_json::{Value, json};
use wx_card::core::Error;
use wx_card::types::ConsumeCode;
use wx_card::{CodeDetails, CodeState, Redemption};

use super::show_code;
use crate::args::RedeemArgs;
use crate::commands::check;
use crate::failure::{Failure, chain};
use crate::output::{Format, Rows, local_time};
use crate::settings::Settings;

pub(super) async fn run(args: RedeemArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let mut request = ConsumeCode::new(&args.code);
    request.card_id = args.card.card_id;
    // What breaks a rule is found before credentials are asked for.
    check(&request)?;
    let mut redeem = settings.client()?.redeem(&request).query_first(!args.no_query);
    if let Some(patience) = args.patience {
        redeem = redeem.patience(patience);
    }
    let outcome = redeem.await;
    let outcome = outcome.map_err(|error| show_code(&request.code, request.card_id.as_ref())(error.into()))?;
    let printed = format.print(&document(&request, &outcome), || text(&request, &outcome));
    match exit_code(&outcome) {
        0 => printed,
        // What cannot be written makes nothing of this better or worse.
        exit_code => Err(Failure::told_with(exit_code)),
    }
}

/// 0 is for the service's own word alone: a script hands out goods for it.
fn exit_code(outcome: &Redemption) -> u8 {
    if outcome.is_redeemed() {
        0
    } else if outcome.may_have_run() {
        5
    } else {
        3
    }
}

/// The outcome for programs; it always has the same members.
fn document(request: &ConsumeCode, outcome: &Redemption) -> Value {
    let (details, error) = (details(outcome), error(outcome));
    let mut document = json!({
        "outcome": name(outcome),
        "code": request.code,
        "card_id": details.and_then(|details| details.card_id.as_ref()).or(request.card_id.as_ref()),
        "openid": details.and_then(|details| details.openid.as_ref()),
        "confirmed_by": null,
        "by_this_call": null,
        "reason": null,
        "state": state(outcome).map(CodeState::name),
        "begin_time": details.and_then(|details| details.begin_time),
        "end_time": details.and_then(|details| details.end_time),
        "errcode": error.and_then(Error::errcode).map(|errcode| errcode.get()),
        "errmsg": error.and_then(Error::errmsg),
        "rid": error.and_then(Error::rid),
        "attempts": error.map(Error::attempts),
        "may_have_run": outcome.may_have_run(),
        "message": error.map(chain),
        "advice": outcome.advice(),
    });
    let own = match outcome {
        Redemption::Redeemed {
            card_id,
            openid,
            confirmed_by,
            ..
        } => json!({"card_id": card_id, "openid": openid, "confirmed_by": confirmed_by.name()}),
        Redemption::AlreadyRedeemed { by_this_call, .. } => json!({"by_this_call": by_this_call.name()}),
        Redemption::Refused { reason, .. } => json!({"reason": reason.name()}),
        _ => json!({}),
    };
    if let (Value::Object(document), Value::Object(own)) = (&mut document, own) {
        document.extend(own);
    }
    document
}

/// The outcome for people.
fn text(request: &ConsumeCode, outcome: &Redemption) -> String {
    if let Redemption::Redeemed { card_id, openid, .. } = outcome {
        return Rows::new()
            .row("redeemed", &request.code)
            .maybe("card id", card_id.as_ref())
            .maybe("openid", openid.as_ref())
            .text();
    }
    let details = details(outcome);
    Rows::new()
        .row("outcome", headline(outcome))
        .row("code", &request.code)
        .maybe("card id", details.and_then(|details| details.card_id.as_ref()))
        .maybe("openid", details.and_then(|details| details.openid.as_ref()))
        .maybe("state", state(outcome).map(CodeState::name))
        .maybe("valid to", details.and_then(|details| details.end_time).map(local_time))
        .maybe("error", error(outcome).map(chain))
        .row("to do", outcome.advice())
        .text()
}

const fn name(outcome: &Redemption) -> &'static str {
    match outcome {
        Redemption::Redeemed { .. } => "redeemed",
        Redemption::AlreadyRedeemed { .. } => "already_redeemed",
        Redemption::Refused { .. } => "refused",
        _ => "unknown",
    }
}

fn headline(outcome: &Redemption) -> String {
    match outcome {
        Redemption::Redeemed { .. } => "redeemed".to_owned(),
        Redemption::AlreadyRedeemed { by_this_call, .. } => {
            format!("redeemed already; by this call: {}", by_this_call.name())
        }
        Redemption::Refused { reason, .. } => format!("not redeemed: {reason}"),
        _ => "unknown: it may have run".to_owned(),
    }
}

const fn state(outcome: &Redemption) -> Option<&CodeState> {
    match outcome {
        Redemption::Refused { state, .. } | Redemption::Unknown { state, .. } => state.as_ref(),
        _ => None,
    }
}

fn details(outcome: &Redemption) -> Option<&CodeDetails> {
    match outcome {
        Redemption::AlreadyRedeemed { details, .. } => Some(details),
        outcome => state(outcome).map(CodeState::details),
    }
}

const fn error(outcome: &Redemption) -> Option<&Error> {
    match outcome {
        Redemption::AlreadyRedeemed { error, .. } | Redemption::Refused { error, .. } => error.as_ref(),
        Redemption::Unknown { error, .. } => Some(error),
        _ => None,
    }
}
