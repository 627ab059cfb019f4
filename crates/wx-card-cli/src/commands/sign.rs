//! `wx-card sign …`.

use std::time::UNIX_EPOCH;

use serde::Serialize;
use wx_card::core::Secret;
use wx_card::types::sign::{
    AddCard, AddCardPayload, ChooseCard, ChooseCardPayload, JsConfig, JsConfigPayload, signature,
};
use wx_card::types::{Invalid, Signature};

use crate::args::{Seal, SignCommand};
use crate::failure::Failure;
use crate::output::{Format, Rows, local_time};
use crate::settings::{Settings, offline_core};

/// Which ticket signs.
#[derive(Clone, Copy)]
enum Kind {
    Card,
    Jsapi,
}

/// All that is signed beside the values.
struct Signer {
    timestamp: i64,
    nonce: String,
    ticket: Secret,
}

/// What `sign values` signs.
struct Values(Vec<String>);

/// What `sign values` hands on, under the names that the JS-SDK has for it.
#[derive(Serialize)]
struct SignedValues {
    timestamp: i64,
    #[serde(rename = "nonceStr")]
    nonce_str: String,
    signature: Signature,
}

pub(super) async fn run(command: SignCommand, settings: &Settings, format: Format) -> Result<(), Failure> {
    match command {
        SignCommand::AddCard {
            card_id,
            code,
            openid,
            outer_str,
            seal,
        } => {
            let mut card = AddCard::new(card_id);
            (card.code, card.openid, card.outer_str) = (code, openid, outer_str);
            let signer = Signer::new(seal, Kind::Card, settings, &card, AddCard::sign_at).await?;
            add_card(&signer.sign(&card, AddCard::sign_at)?, format)
        }
        SignCommand::ChooseCard {
            card_id,
            card_type,
            location_id,
            seal,
        } => {
            let mut choice = ChooseCard::new(settings.app_id()?);
            (choice.card_id, choice.card_type, choice.location_id) = (card_id, card_type, location_id);
            let signer = Signer::new(seal, Kind::Card, settings, &choice, ChooseCard::sign_at).await?;
            choose_card(&signer.sign(&choice, ChooseCard::sign_at)?, format)
        }
        SignCommand::JsConfig { url, seal } => {
            let config = JsConfig::new(settings.app_id()?, url);
            let signer = Signer::new(seal, Kind::Jsapi, settings, &config, JsConfig::sign_at).await?;
            js_config(&signer.sign(&config, JsConfig::sign_at)?, format)
        }
        SignCommand::Values { values, seal } => {
            let values = Values(values);
            let signer = Signer::new(seal, Kind::Card, settings, &values, Values::sign_at).await?;
            signed_values(&signer.sign(&values, Values::sign_at)?, format)
        }
    }
}

/// How something is signed at a moment, with a nonce and a ticket.
type Sign<T, P> = fn(&T, i64, String, &str) -> Result<P, Invalid>;

impl Signer {
    /// Takes what was given and gets the rest; `sign` is tried before anything is fetched, to find what breaks a rule.
    async fn new<T: Sync, P>(
        seal: Seal,
        kind: Kind,
        settings: &Settings,
        what: &T,
        sign: Sign<T, P>,
    ) -> Result<Self, Failure> {
        let core = offline_core();
        let now = core.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let timestamp = seal.timestamp.unwrap_or(i64::try_from(now).unwrap_or(i64::MAX));
        let nonce = seal.nonce.unwrap_or_else(|| core.nonce());
        let ticket = match seal.ticket {
            Some(ticket) => ticket,
            None => {
                let any_ticket = "any";
                sign(what, timestamp, nonce.clone(), any_ticket).map_err(refused)?;
                fetch(kind, settings).await?
            }
        };
        Ok(Self {
            timestamp,
            nonce,
            ticket,
        })
    }

    fn sign<T, P>(&self, what: &T, sign: Sign<T, P>) -> Result<P, Failure> {
        sign(what, self.timestamp, self.nonce.clone(), self.ticket.expose()).map_err(refused)
    }
}

async fn fetch(kind: Kind, settings: &Settings) -> Result<Secret, Failure> {
    let client = settings.client()?;
    Ok(match kind {
        Kind::Card => client.card_ticket().await?.secret().clone(),
        Kind::Jsapi => client.jsapi_ticket().await?.secret().clone(),
    })
}

impl Values {
    fn sign_at(&self, timestamp: i64, nonce: String, ticket: &str) -> Result<SignedValues, Invalid> {
        let values: Vec<&str> = self.0.iter().map(String::as_str).collect();
        let signature = signature(&values, timestamp, &nonce, ticket)?;
        Ok(SignedValues {
            timestamp,
            nonce_str: nonce,
            signature,
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the error is used up")]
fn refused(invalid: Invalid) -> Failure {
    let (field, message) = (invalid.field(), invalid.to_string());
    // A failure puts the field in front of what it says, as the error does.
    let rule = message
        .strip_prefix(field)
        .and_then(|rest| rest.strip_prefix(": "))
        .unwrap_or(&message);
    Failure::invalid(field, rule)
}

fn add_card(payload: &AddCardPayload, format: Format) -> Result<(), Failure> {
    format.print(payload, || {
        Rows::new()
            .row("cardId", payload.card_id())
            .row("cardExt", payload.card_ext())
            .row("signed at", local_time(payload.timestamp()))
            .text()
    })
}

fn choose_card(payload: &ChooseCardPayload, format: Format) -> Result<(), Failure> {
    format.print(payload, || {
        moment(payload.timestamp)
            .row("nonceStr", &payload.nonce_str)
            .row("signType", &payload.sign_type)
            .row("cardSign", payload.card_sign)
            .maybe("shopId", payload.shop_id.as_ref())
            .maybe("cardType", payload.card_type.as_ref())
            .maybe("cardId", payload.card_id.as_ref())
            .text()
    })
}

fn js_config(payload: &JsConfigPayload, format: Format) -> Result<(), Failure> {
    format.print(payload, || {
        moment(payload.timestamp)
            .row("appId", &payload.app_id)
            .row("nonceStr", &payload.nonce_str)
            .row("signature", payload.signature)
            .text()
    })
}

fn signed_values(values: &SignedValues, format: Format) -> Result<(), Failure> {
    format.print(values, || {
        moment(values.timestamp)
            .row("nonceStr", &values.nonce_str)
            .row("signature", values.signature)
            .text()
    })
}

/// The number is what the page needs; what it says stands beside it.
fn moment(timestamp: i64) -> Rows {
    Rows::new().row("timestamp", format!("{timestamp}  ({})", local_time(timestamp)))
}
