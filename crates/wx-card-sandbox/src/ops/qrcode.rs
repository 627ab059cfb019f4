//! `/card/qrcode/create`: a QR code that hands out cards.

use wx_card_types::{CreateQrCode, CreateQrCodeResponse, QrCard};

use crate::reason::{
    ACTION_INFO_INVALID, CARD_LIST_TOO_LONG, CARD_STATUS_INVALID, CODE_INVALID, CODE_MISSING, OPENID_MISSING, STOCK_OUT,
};
use crate::refusal::Refusal;
use crate::state::{CardStatus, Ctx, Scan, ScanCard};

/// How long a code lives that was made without saying: what the service was seen to answer, in seconds.
const DEFAULT_SECONDS: i64 = 7_776_000;

pub(crate) fn create(ctx: &mut Ctx<'_>, request: &CreateQrCode) -> Result<CreateQrCodeResponse, Refusal> {
    // A text that is no number is kept aside by the type.
    if request.extra.contains_key("expire_seconds") {
        return Err(ACTION_INFO_INVALID.into());
    }
    let given = request.lifetime();
    let range = CreateQrCode::MIN_EXPIRE_SECONDS..=CreateQrCode::MAX_EXPIRE_SECONDS;
    if given.is_some_and(|seconds| !range.contains(&seconds)) {
        return Err(ACTION_INFO_INVALID.into());
    }
    let cards = request.cards();
    if !request.action_name.is_known() || cards.is_empty() {
        return Err(ACTION_INFO_INVALID.into());
    }
    if CreateQrCode::MAX_CARDS < cards.len() {
        return Err(CARD_LIST_TOO_LONG.into());
    }
    let cards = cards
        .iter()
        .map(|card| scan_card(ctx, card))
        .collect::<Result<_, _>>()?;
    let seconds = given.unwrap_or(DEFAULT_SECONDS);
    let (ticket, name) = (ctx.ids.qr_ticket(), ctx.ids.qr_name());
    let scan = Scan {
        cards,
        expires_at: ctx.now + seconds,
    };
    // Now and then, and ever more rarely, the dead ones are forgotten.
    if ctx.account.scans.len().is_power_of_two() {
        let now = ctx.now;
        ctx.account.scans.retain(|_, scan| now < scan.expires_at);
    }
    ctx.account.scans.insert(ticket.clone(), scan);
    let picture = format!(
        "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={}",
        ticket.replace('=', "%3D")
    );
    Ok(
        CreateQrCodeResponse::new(ticket, format!("http://weixin.qq.com/q/{name}").as_str())
            .expire_seconds(seconds)
            .show_qrcode_url(picture.as_str()),
    )
}

/// One card behind the code, checked against what the card demands.
fn scan_card(ctx: &mut Ctx<'_>, card: &QrCard) -> Result<ScanCard, Refusal> {
    let filled = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let scan = ScanCard {
        card_id: card.card_id.to_string(),
        code: filled(card.code.as_ref().map(AsRef::as_ref)),
        openid: filled(card.openid.as_ref().map(AsRef::as_ref)),
        outer_str: filled(card.outer_str.as_ref().map(AsRef::as_ref)),
        is_unique_code: card.is_unique_code.unwrap_or(false),
    };
    let offered = ctx.account.distributable_card(&scan.card_id)?;
    match &scan.code {
        None if offered.needs_code() => return Err(CODE_MISSING.into()),
        Some(code) if offered.codes.contains_key(code) => return Err(CODE_INVALID.into()),
        _ => {}
    }
    if offered.is_bound() && scan.openid.is_none() {
        return Err(OPENID_MISSING.into());
    }
    if scan.is_unique_code && offered.status != CardStatus::Approved {
        return Err(CARD_STATUS_INVALID.into());
    }
    if scan.is_unique_code && offered.stock.quantity <= 0 {
        return Err(STOCK_OUT.into());
    }
    Ok(scan)
}
