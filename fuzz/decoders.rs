//! What the fuzz targets run; a test of `wx-card-types` runs the same over changed samples.

use serde_json::Value;
use wx_card_types::{Card, CardDetail, CreateCard, Endpoint as _};

/// Decodes `bytes` as a card, and holds what decodes to what holds for every card.
///
/// Says whether the bytes are a card to be created.
pub(crate) fn card(bytes: &[u8]) -> bool {
    if let Ok(detail) = serde_json::from_slice::<CardDetail>(bytes) {
        let once = serde_json::to_value(&detail).unwrap();
        let again: CardDetail = serde_json::from_value(once.clone()).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), once);
    }
    let Ok(card) = serde_json::from_slice::<Card>(bytes) else {
        return false;
    };
    let request = CreateCard::new(card);
    let once: Value = serde_json::to_value(&request).unwrap();
    let again: CreateCard = serde_json::from_value(once.clone()).unwrap();
    assert_eq!(serde_json::to_value(&again).unwrap(), once);
    assert_eq!(again.findings(), request.findings());
    true
}
