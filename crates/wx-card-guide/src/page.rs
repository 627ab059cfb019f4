//! A page on which users take a card and use it, and the server that signs for it.
//!
//! | request | body | answer |
//! | --- | --- | --- |
//! | `GET /` | | the page |
//! | `POST /sign` | `url` of the page | `config` for `wx.config` |
//! | `POST /card` | | an entry of the `cardList` of `wx.addCard` |
//! | `POST /choice` | | what `wx.chooseCard` takes |
//! | `POST /redeem` | `encrypt_code` that `wx.chooseCard` answered | `redeemed`, and what is `said` to the user |
//! | `POST /bad-signature` | `ticket` (`card` or `jsapi`), `timestamp` that was signed | whether it is `heeded` |

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use wx_card::core::{Error, TicketKind};
use wx_card::types::sign::{AddCard, AddCardPayload, ChooseCard, ChooseCardPayload, JsConfigPayload};
use wx_card::types::{CardId, ConsumeCode, DecryptCode};
use wx_card::{CardClient, Redemption};

/// What is served.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The account.
    pub client: CardClient,
    /// The card that users take.
    pub card_id: CardId,
    /// Where users reach the page, such as `https://shop.example`: nothing else is signed.
    pub origin: String,
}

impl Page {
    /// A page of `client` for users of `origin`, on which they take `card_id`.
    pub fn new(client: CardClient, card_id: impl Into<CardId>, origin: impl Into<String>) -> Self {
        Self {
            client,
            card_id: card_id.into(),
            origin: origin.into(),
        }
    }

    /// The service.
    pub fn into_router(self) -> Router {
        Router::new()
            .route("/", get(async || Html(include_str!("page.html"))))
            .route("/sign", post(sign))
            .route("/card", post(card))
            .route("/choice", post(choice))
            .route("/redeem", post(redeem))
            .route("/bad-signature", post(bad_signature))
            .with_state(Arc::new(self))
    }

    /// Whether `url` is one of ours; a browser says it, and a browser can say anything.
    fn is_ours(&self, url: &str) -> bool {
        url.strip_prefix(&self.origin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }
}

type ThePage = State<Arc<Page>>;
type Answer<T> = Result<Json<T>, (StatusCode, String)>;

/// An error of the library shows no secret, so its text can be handed on as it is.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
fn told(error: Error) -> (StatusCode, String) {
    (StatusCode::BAD_GATEWAY, error.to_string())
}

#[derive(Deserialize)]
struct Where {
    url: String,
}

#[derive(Serialize)]
struct Signed {
    config: JsConfigPayload,
}

async fn sign(State(page): ThePage, Json(Where { url }): Json<Where>) -> Answer<Signed> {
    if !page.is_ours(&url) {
        return Err((StatusCode::FORBIDDEN, "that is no page of ours".to_owned()));
    }
    let config = page.client.sign_js_config(url).await.map_err(told)?;
    Ok(Json(Signed { config }))
}

async fn card(State(page): ThePage) -> Answer<AddCardPayload> {
    let card = AddCard::new(&page.card_id).outer_str("page");
    page.client.sign_add_card(&card).await.map(Json).map_err(told)
}

async fn choice(State(page): ThePage) -> Answer<ChooseCardPayload> {
    let choice = ChooseCard::new(page.client.app_id()).card_id(&page.card_id);
    page.client.sign_choose_card(&choice).await.map(Json).map_err(told)
}

#[derive(Deserialize)]
struct Chosen {
    encrypt_code: String,
}

#[derive(Serialize)]
struct Redeemed {
    redeemed: bool,
    said: String,
}

async fn redeem(State(page): ThePage, Json(chosen): Json<Chosen>) -> Answer<Redeemed> {
    let decrypt = DecryptCode::new(chosen.encrypt_code);
    let code = page.client.decrypt_code(&decrypt).await.map_err(told)?.code;
    // A browser can send the code of any card: only one of this card is worth what this page gives for it.
    let request = ConsumeCode::new(code).card_id(&page.card_id);
    let redemption = page.client.redeem(&request).await.map_err(told)?;
    let said = match &redemption {
        Redemption::Redeemed { .. } => "已核销".to_owned(),
        Redemption::AlreadyRedeemed { .. } => "此券已使用过".to_owned(),
        Redemption::Refused { reason, .. } => format!("此券不可用：{reason}"),
        _ => "尚未确认，请稍后再试同一张券".to_owned(),
    };
    Ok(Json(Redeemed {
        redeemed: redemption.is_redeemed(),
        said,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ticket {
    Card,
    Jsapi,
}

#[derive(Deserialize)]
struct Report {
    ticket: Ticket,
    timestamp: u32,
}

#[derive(Serialize)]
struct Heeded {
    heeded: bool,
}

/// Anybody can send this, true or not: the client heeds one report a minute, and none of a ticket that it has no more.
async fn bad_signature(State(page): ThePage, Json(report): Json<Report>) -> Json<Heeded> {
    let kind = match report.ticket {
        Ticket::Card => TicketKind::Card,
        Ticket::Jsapi => TicketKind::Jsapi,
    };
    let signed_at = UNIX_EPOCH + Duration::from_secs(report.timestamp.into());
    // Nothing was signed at a time that is yet to come.
    let heeded = signed_at <= page.client.core().now() && page.client.invalidate_ticket(kind, signed_at);
    Json(Heeded { heeded })
}
