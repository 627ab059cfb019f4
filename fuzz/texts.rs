//! What the fuzz targets over texts and signatures do with their bytes; the tests of `wx-card-types` do the same with
//! the corpus.

use serde_json::Value;
use wx_card_types::{
    AddCard, AppId, CardCode, CardExt, CardId, ChooseCard, ChooseCardPayload, Date, Discount, Fen, JsConfig,
    JsConfigPayload, Signature, WebUrl, signature,
};

use crate::decoders::settles;

/// Reads `bytes` as each of the things that are written as one text or one number.
pub(crate) fn text(bytes: &[u8]) -> bool {
    let numbers = (settles::<Fen>(bytes), settles::<Discount>(bytes));
    if let (Some(fen), Some(discount)) = numbers {
        assert_eq!(fen.get(), discount.get());
        assert_eq!(Fen::parse_yuan(&fen.to_string()), Ok(fen));
        assert!(!discount.to_string().is_empty());
        moment(fen.get());
    }
    let Ok(text) = str::from_utf8(bytes) else {
        return false;
    };
    let mut is_read = numbers.0.is_some();
    if let Ok(date) = text.parse::<Date>() {
        assert_eq!(date.to_string(), text);
        assert_eq!(Date::at(date.first_second()), Some(date));
        assert_eq!(Date::at(date.last_second()), Some(date));
        is_read = true;
    }
    if let Ok(fen) = Fen::parse_yuan(text) {
        assert_eq!(Fen::parse_yuan(&fen.to_string()), Ok(fen));
        is_read = true;
    }
    if let Ok(signature) = text.parse::<Signature>() {
        assert_eq!(signature.as_str(), text);
        is_read = true;
    }
    let url = WebUrl::new(text);
    assert_eq!(WebUrl::new(url.as_str()), url);
    is_read
}

/// The day of a moment has the moment in it.
fn moment(seconds: i64) {
    if let Some(date) = Date::at(seconds) {
        assert!((date.first_second()..=date.last_second()).contains(&seconds), "{date}");
        assert_eq!(date.to_string().parse(), Ok(date));
    }
}

/// What is not to be seen in anything that is made with it.
const TICKET: &str = "Ticket-0123456789-abcdefghijklmnopqrstuvwxyz";

/// Reads the lines of `bytes` as what a page is signed for, and checks that whoever checks it agrees.
///
/// Says whether all three kinds of pages could be signed.
pub(crate) fn sign(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    if text.contains(TICKET) {
        // A fuzzer finds it by and by, and then it is in what is made, as is all else that the page has brought.
        return false;
    }
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let timestamp = line().parse().unwrap_or(1_700_000_000);
    let page = Page {
        timestamp,
        nonce: line(),
        ids: [line(), line(), line(), line()],
        extra: (line(), line()),
    };
    // A ticket of the fuzzer's own may be anything, so that only the other one is looked for.
    let other = line();
    for ticket in [TICKET, other] {
        let ids = page.ids;
        let signed = signature(&ids, timestamp, page.nonce, ticket);
        let [a, b, c, d] = ids;
        assert_eq!(signature(&[d, c, b, a, ""], timestamp, page.nonce, ticket), signed);
        assert_eq!(signed.is_err(), ticket.trim() != ticket || ticket.is_empty());
    }
    let signed = [page.adds_a_card(), page.chooses_a_card(), page.is_configured()];
    signed.iter().all(|signed| *signed)
}

/// What a page is signed for.
struct Page<'a> {
    timestamp: i64,
    nonce: &'a str,
    ids: [&'a str; 4],
    extra: (&'a str, &'a str),
}

impl Page<'_> {
    fn adds_a_card(&self) -> bool {
        let [card_id, code, openid, outer_str] = self.ids;
        let (name, value) = self.extra;
        let card = AddCard::new(card_id)
            .code(code)
            .openid(openid)
            .outer_str(outer_str)
            .extra(name, value);
        let Ok(payload) = card.sign_at(self.timestamp, self.nonce, TICKET) else {
            return false;
        };
        let json: Value = serde_json::from_str(payload.card_ext()).unwrap();
        assert_eq!(json["nonce_str"], self.nonce);
        assert_eq!(json["outer_str"], outer_str);
        assert_eq!(json.get("code").is_some(), !code.is_empty());
        assert_eq!(json[name], value);
        // The library takes blanks around ids away on reading, pages do not.
        if [code, openid].iter().all(|id| id.trim() == *id) {
            let ext: CardExt = serde_json::from_str(payload.card_ext()).unwrap();
            assert!(ext.is_signed_with(&CardId::from(card_id), TICKET));
            assert!(!ext.is_signed_with(&CardId::from(card_id), "another"));
            assert_eq!(ext.code, Some(CardCode::from(code)).filter(|code| !code.is_empty()));
        }
        is_silent(&format!("{payload:?} {json}"));
        true
    }

    fn chooses_a_card(&self) -> bool {
        let [app_id, card_id, card_type, location_id] = self.ids;
        let (name, value) = self.extra;
        let choice = ChooseCard::new(app_id)
            .card_id(card_id)
            .card_type(card_type)
            .location_id(location_id)
            .extra(name, value);
        let Ok(payload) = choice.sign_at(self.timestamp, self.nonce, TICKET) else {
            return false;
        };
        let json = serde_json::to_string(&payload).unwrap();
        assert!(payload.is_signed_with(&AppId::from(app_id), TICKET));
        if self.ids.iter().all(|id| id.trim() == *id) {
            let again: ChooseCardPayload = serde_json::from_str(&json).unwrap();
            assert!(again.is_signed_with(&AppId::from(app_id), TICKET), "{json}");
        }
        is_silent(&format!("{payload:?} {json}"));
        true
    }

    fn is_configured(&self) -> bool {
        let [app_id, host, path, query] = self.ids;
        let (name, value) = self.extra;
        let url = format!("https://{host}/{path}?{query}");
        let config = JsConfig::new(app_id, url.as_str()).extra(name, value);
        let Ok(payload) = config.sign_at(self.timestamp, self.nonce, TICKET) else {
            return false;
        };
        let json = serde_json::to_string(&payload).unwrap();
        let again: JsConfigPayload = serde_json::from_str(&json).unwrap();
        assert!(again.is_signed_with(&url, TICKET), "{json}");
        assert!(again.is_signed_with(&format!("{url}#there"), TICKET) || url.contains('#'));
        is_silent(&format!("{payload:?} {json}"));
        true
    }
}

/// The ticket is in nothing that a page or a log gets.
fn is_silent(shown: &str) {
    assert!(!shown.contains(TICKET), "{shown}");
}
