//! That nothing of a card is lost, whatever stands in it, and that no bytes stop the decoder.

use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};
use wx_card_types::{CardDetail, CardUpdate, CreateCard, GetCardResponse, UpdateCard};

use crate::decoders;

const CASH: &str = include_str!("../samples/card-create.request.cash.json");
const MEMBER_CARD: &str = include_str!("../samples/card-create.request.member-card.json");
const ANSWER: &str = include_str!("../samples/card-get.response.json");
const SAMPLES: [&str; 6] = [
    CASH,
    MEMBER_CARD,
    ANSWER,
    include_str!("../samples/card-create.request.boarding-pass.json"),
    include_str!("../samples/card-create.request.general-card.json"),
    include_str!("../samples/card-create.request.groupon.json"),
];

/// Any JSON but `null`, which never leaves, and numbers that two machines write differently.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,6}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The paths of the objects in `value`.
fn objects(value: &Value) -> Vec<String> {
    fn walk(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.push(path.to_owned());
                members
                    .iter()
                    .for_each(|(name, value)| walk(value, &format!("{path}/{name}"), found));
            }
            Value::Array(items) => {
                (0..)
                    .zip(items)
                    .for_each(|(index, item): (usize, _)| walk(item, &format!("{path}/{index}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found
}

/// The paths of the numbers in `value`.
fn numbers(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Number(_) => vec![path.to_owned()],
        Value::Object(members) => {
            let numbers = members
                .iter()
                .map(|(name, value)| numbers(value, &format!("{path}/{name}")));
            numbers.flatten().collect()
        }
        Value::Array(items) => {
            let numbers = items
                .iter()
                .enumerate()
                .map(|(index, item)| numbers(item, &format!("{path}/{index}")));
            numbers.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// What leaves when `json` came, as a request and as an answer.
fn rewritten(json: &Value) -> [Value; 2] {
    let request: CreateCard = serde_json::from_value(json.clone()).unwrap();
    let answer: GetCardResponse = serde_json::from_value(json.clone()).unwrap();
    [
        serde_json::to_value(request).unwrap(),
        serde_json::to_value(answer).unwrap(),
    ]
}

/// The body of `json`, which is that of a card.
fn body(json: &Value) -> &Value {
    let card_type = json["card"]["card_type"].as_str().unwrap();
    &json["card"][card_type.to_ascii_lowercase()]
}

/// What leaves of the body of `json` when it came as a change; it has a type as one.
fn changed(json: &Value) -> Value {
    let key = json["card"]["card_type"].as_str().unwrap().to_ascii_lowercase();
    let change = json!({"card_id": "p1", &key: body(json)});
    let request: UpdateCard = serde_json::from_value(change).unwrap();
    assert!(!matches!(request.card, CardUpdate::Untyped(_)), "{json}");
    serde_json::to_value(request).unwrap()[key].take()
}

/// A sample as it leaves: numbers of old and texts for numbers are what they mean by then.
fn settled(sample: &str) -> Value {
    let mut json: Value = serde_json::from_str(sample).unwrap();
    json.as_object_mut().unwrap().retain(|name, _| name == "card");
    let [settled, _] = rewritten(&json);
    settled
}

proptest! {
    #[test]
    fn a_member_without_a_name_is_kept_at_every_level(
        sample in 0..SAMPLES.len(),
        place in any::<prop::sample::Index>(),
        name in "x_[a-z]{1,8}",
        value in json_value(),
    ) {
        let mut json = settled(SAMPLES[sample]);
        let objects = objects(&json);
        // A member beside the card is none of the card's.
        let place = &objects[1..][place.index(objects.len() - 1)];
        json.pointer_mut(place).unwrap().as_object_mut().unwrap().insert(name, value);
        let [request, answer] = rewritten(&json);
        prop_assert_eq!(&request, &json, "{}", place);
        prop_assert_eq!(&answer, &json, "{}", place);
        prop_assert_eq!(&changed(&json), body(&json), "{}", place);
    }

    #[test]
    fn a_value_of_any_type_is_kept_or_settles_in_any_member(
        sample in 0..SAMPLES.len(),
        place in any::<prop::sample::Index>(),
        member in any::<prop::sample::Index>(),
        value in json_value(),
    ) {
        let mut json = settled(SAMPLES[sample]);
        let objects = objects(&json["card"]);
        let object = json["card"].pointer_mut(&objects[place.index(objects.len())]).unwrap();
        let members = object.as_object_mut().unwrap();
        if let Some(name) = members.keys().nth(member.index(members.len().max(1))).cloned() {
            if name == "card_type" {
                return Ok(());
            }
            members.insert(name, value);
        }
        let [request, answer] = rewritten(&json);
        prop_assert_eq!(&rewritten(&request)[0], &request);
        prop_assert_eq!(&rewritten(&answer)[1], &answer);
    }

    #[test]
    fn a_word_of_tomorrow_is_kept_wherever_words_stand(word in "[A-Z][A-Z_]{0,15}[0-9]") {
        let mut json = settled(CASH);
        let places = ["base_info/code_type", "base_info/color", "base_info/get_custom_code_mode",
            "base_info/url_name_type", "advanced_info/business_service/0", "advanced_info/time_limit/0/type"];
        for place in places {
            let (object, name) = place.rsplit_once('/').unwrap();
            let object = json["card"]["cash"].pointer_mut(&format!("/{object}")).unwrap();
            match object {
                Value::Array(items) => items[0] = json!(word),
                object => object[name] = json!(word),
            }
        }
        let [request, answer] = rewritten(&json);
        prop_assert_eq!(&request, &json);
        prop_assert_eq!(&answer, &json);
    }

    #[test]
    fn a_kind_of_tomorrow_is_kept(word in "[A-Z][A-Z_]{0,15}[0-9]", body in json_value()) {
        let json = json!({"card": {"card_type": word, word.to_ascii_lowercase(): body}});
        let [request, answer] = rewritten(&json);
        prop_assert_eq!(&request, &json);
        prop_assert_eq!(&answer, &json);
    }
}

#[test]
fn null_never_leaves_however_deep_it_stands() {
    for sample in SAMPLES {
        let mut json = settled(sample);
        if sample == CASH {
            // Dates that the library does not know are kept as they are, but for this.
            json["card"]["cash"]["base_info"]["date_info"] = json!({"type": "DATE_TYPE_OF_TOMORROW"});
        }
        for place in objects(&json).iter().skip(1) {
            let mut odd = json.clone();
            let object = odd.pointer_mut(place).unwrap().as_object_mut().unwrap();
            object.insert(String::from("x_new"), json!([1, {"a": null, "b": [{"c": null}]}]));
            let mut kept = odd.clone();
            *kept.pointer_mut(&format!("{place}/x_new")).unwrap() = json!([1, {"b": [{}]}]);
            let [request, answer] = rewritten(&odd);
            assert_eq!(request, kept, "{place}");
            assert_eq!(answer, kept, "{place}");
            assert_eq!(&changed(&odd), body(&kept), "{place}");
        }
    }
    let change = json!({"card_id": "p1", "x_new": [{"a": null}], "csah": {"b": null}});
    let change: UpdateCard = serde_json::from_value(change).unwrap();
    let kept = json!({"card_id": "p1", "x_new": [{}], "csah": {}});
    assert_eq!(serde_json::to_value(change).unwrap(), kept);
}

#[test]
fn every_number_may_come_as_text_or_with_a_point() {
    let mut tried = 0;
    for sample in SAMPLES {
        let json = settled(sample);
        for place in numbers(&json, "") {
            // Stores and places are whatever the service says they are.
            if place.contains("area_code_list") {
                continue;
            }
            let number = json.pointer(&place).unwrap().as_i64().unwrap();
            let with_a_point = Number::from_f64(format!("{number}.0").parse().unwrap()).unwrap();
            for form in [
                json!(number.to_string()),
                Value::Number(with_a_point),
                json!(format!(" {number} ")),
            ] {
                let mut changed = json.clone();
                *changed.pointer_mut(&place).unwrap() = form.clone();
                // What only answers have has a type in answers alone.
                let shapes = if sample == ANSWER { 1..2 } else { 0..2 };
                for written in &rewritten(&changed)[shapes] {
                    assert_eq!(written, &json, "{place}: {form}");
                }
                tried += 1;
            }
        }
    }
    assert!(100 < tried, "{tried} forms");
}

#[test]
fn no_mutation_of_a_sample_stops_the_decoder() {
    // A small generator of one's own, so that the test does the same everywhere.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(bound).unwrap()).unwrap()
    };
    let mut decoded = 0;
    for sample in SAMPLES {
        let card: Map<String, Value> = serde_json::from_str(sample).unwrap();
        let bytes = serde_json::to_vec(&card["card"]).unwrap();
        for _ in 0..400 {
            let mut bytes = bytes.clone();
            for _ in 0..=next(3) {
                mutate(&mut bytes, &mut next);
            }
            decoded += usize::from(decoders::card(&bytes));
        }
        assert!(decoders::card(&bytes));
    }
    assert!(100 < decoded, "only {decoded} mutations are JSON");
    assert!(serde_json::from_str::<CardDetail>("{}").is_err());
}

/// Changes `bytes` a little, as a fuzzer would.
fn mutate(bytes: &mut Vec<u8>, next: &mut impl FnMut(usize) -> usize) {
    const PIECES: [&str; 12] = [
        "null",
        "{}",
        "[]",
        "\"\"",
        "-1",
        "1e400",
        "18446744073709551616",
        "true",
        "\"1\"",
        "{\"type\":1}",
        "[[[[]]]]",
        "\\u0000",
    ];
    let at = next(bytes.len());
    match next(4) {
        0 => bytes[at] = u8::try_from(next(256)).unwrap(),
        1 => bytes.truncate(at.max(1)),
        2 => {
            let end = (at + next(16)).min(bytes.len());
            bytes.drain(at..end);
        }
        // After a colon stands a value: another in its place is often JSON still.
        _ => {
            let piece = PIECES[next(PIECES.len())];
            if let Some(colon) = bytes[at..].iter().position(|byte| *byte == b':') {
                let start = at + colon + 1;
                let length = bytes[start..]
                    .iter()
                    .position(|byte| b",}".contains(byte))
                    .unwrap_or_default();
                bytes.splice(start..start + length, piece.bytes());
            }
        }
    }
    if bytes.is_empty() {
        bytes.push(b' ');
    }
}
