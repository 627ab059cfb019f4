//! Tests of `POST /card/qrcode/create`.

use super::*;
use crate::test_util::{assert_round_trip, invalid};

const OFFICIAL: &str = r#"{"action_name":"QR_CARD","expire_seconds":1800,"action_info":{
    "card":{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","code":"198374613512","openid":"oFS7Fjl0WsZ9AMZqrI80nbIq8xrA",
    "is_unique_code":false,"outer_str":"12b"},
    "multiple_card":{"card_list":[
    {"card_id":"p1Pj9jgj3BcomSgtuW8B1wl-wo88","code":"2392583481","outer_str":"12b"},
    {"card_id":"p1Pj9jgj3BcomSgtuW8B1wl-wo98","code":"2392583482","outer_str":"12b"}]}}}"#;

const OFFICIAL_MULTIPLE: &str = r#"{"action_name":"QR_MULTIPLE_CARD","action_info":{"multiple_card":{"card_list":[
    {"card_id":"p1Pj9jgj3BcomSgtuW8B1wl-wo88","code":"2392583481","outer_str":"12b"},
    {"card_id":"p1Pj9jgj3BcomSgtuW8B1wl-wo98","code":"2392583482","outer_str":"12b"}]}}}"#;

#[test]
fn request_for_one_card_on_the_wire() {
    insta::assert_json_snapshot!(CreateQrCode::new("p1"), @r#"
    {
      "action_name": "QR_CARD",
      "action_info": {
        "card": {
          "card_id": "p1"
        }
      }
    }
    "#);
}

#[test]
fn request_for_several_cards_on_the_wire() {
    insta::assert_json_snapshot!(CreateQrCode::multiple([QrCard::new("p1").code("1"), QrCard::new("p2")]), @r#"
    {
      "action_name": "QR_MULTIPLE_CARD",
      "action_info": {
        "multiple_card": {
          "card_list": [
            {
              "card_id": "p1",
              "code": "1"
            },
            {
              "card_id": "p2"
            }
          ]
        }
      }
    }
    "#);
}

#[test]
fn the_official_requests_round_trip() {
    let both = assert_round_trip::<CreateQrCode>(OFFICIAL);
    assert_eq!(both.validate(), Ok(()));
    assert_eq!(both.cards(), [both.action_info.card.clone().unwrap()]);
    let multiple = assert_round_trip::<CreateQrCode>(OFFICIAL_MULTIPLE);
    assert_eq!(multiple.validate(), Ok(()));
    assert_eq!(multiple.cards().len(), 2);
}

#[test]
fn other_clients_requests_decode() {
    let request: CreateQrCode = serde_json::from_str(
        r#"{"action_name":"QR_CARD","expire_seconds":"1800",
            "action_info":{"card":{"card_id":"p1","openid":null,"outer_id":"7"},"multiple_card":null}}"#,
    )
    .unwrap();
    assert_eq!(
        request,
        CreateQrCode::new(QrCard::new("p1").outer_id(7)).expire_seconds(1800)
    );
    assert_eq!(request.lifetime(), Some(1800));
}

#[test]
fn the_lifetime_may_stand_inside_the_card() {
    for inside in [r#""1800""#, "1800"] {
        let json = format!(
            r#"{{"action_name":"QR_CARD","action_info":{{"card":{{"card_id":"p1","expire_seconds":{inside}}}}}}}"#
        );
        let request = assert_round_trip::<CreateQrCode>(&json);
        assert_eq!((request.expire_seconds, request.lifetime()), (None, Some(1800)));
    }
    assert_eq!(CreateQrCode::new("p1").lifetime(), None);
}

#[test]
fn the_official_answer_decodes_without_its_blanks() {
    let answer: CreateQrCodeResponse = serde_json::from_str(
        r#"{"errcode":0,"errmsg":"ok",
            "ticket":"gQHB8DoAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL0JIV3lhX3psZmlvSDZmWGVMMTZvAAIEsNnKVQMEIAMAAA==",
            "expire_seconds":1800,"url":"http://weixin.qq.com/q/BHWya_zlfioH6fXeL16o ",
            "show_qrcode_url":" https://mp.weixin.qq.com/cgi-bin/showqrcode?  ticket=gQH98DoAAA%3D%3D"}"#,
    )
    .unwrap();
    assert_eq!(answer.expire_seconds, Some(1800));
    assert_eq!(answer.url, "http://weixin.qq.com/q/BHWya_zlfioH6fXeL16o");
    assert_eq!(
        answer.show_qrcode_url.as_ref().map(WebUrl::as_str),
        Some("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQH98DoAAA%3D%3D"),
    );
    assert!(answer.picture_url().as_str().ends_with("VQMEIAMAAA%3D%3D"));
}

#[test]
fn an_answer_without_ticket_or_url_is_no_success() {
    for (answer, missing) in [
        ("{}", "missing field `ticket`"),
        (r#"{"ticket":"t","url":" "}"#, "missing field `url`"),
        (r#"{"url":"http://weixin.qq.com/q/1"}"#, "missing field `ticket`"),
    ] {
        let error = serde_json::from_str::<CreateQrCodeResponse>(answer).unwrap_err();
        assert!(error.to_string().starts_with(missing), "{error}");
    }
}

#[test]
fn a_lifetime_out_of_bounds_is_refused_here() {
    for seconds in [60, 1800] {
        assert_eq!(CreateQrCode::new("p1").expire_seconds(seconds).validate(), Ok(()));
    }
    for seconds in [59, 1801, 0, -60] {
        assert_eq!(
            invalid(&CreateQrCode::new("p1").expire_seconds(seconds)),
            format!("expire_seconds: is {seconds}, must be 60 to 1800"),
        );
    }
    let inside = QrCard::new("p1").extra("expire_seconds", 10);
    assert_eq!(
        invalid(&CreateQrCode::new(inside)),
        "expire_seconds: is 10, must be 60 to 1800",
    );
}

#[test]
fn the_action_must_have_its_cards() {
    let mut one = CreateQrCode::new("p1");
    one.action_name = QrAction::MultipleCard;
    assert_eq!(
        invalid(&one),
        "action_info.multiple_card: must be given: action_name is QR_MULTIPLE_CARD",
    );
    let mut several = CreateQrCode::multiple(["p1"]);
    several.action_name = QrAction::Card;
    assert_eq!(
        invalid(&several),
        "action_info.card: must be given: action_name is QR_CARD"
    );
}

#[test]
fn cards_that_the_service_refuses_are_refused_here() {
    assert_eq!(
        invalid(&CreateQrCode::new(QrCard::new("").code("").openid(" "))),
        "action_info.card.card_id: must not be empty; action_info.card.code: must not be empty; \
         action_info.card.openid: must not be empty",
    );
    assert_eq!(
        invalid(&CreateQrCode::multiple(["p1", ""])),
        "action_info.multiple_card.card_list[1].card_id: must not be empty",
    );
    assert_eq!(
        invalid(&CreateQrCode::multiple([""; 0])),
        "action_info.multiple_card.card_list: must not be empty",
    );
    let many = CreateQrCode::multiple(["p1"; 6]);
    assert_eq!(many.validate(), Ok(()));
    assert_eq!(many.findings().len(), 1, "a warning");
}

#[test]
fn a_card_is_made_of_its_id_however_it_is_held() {
    let id = CardId::new("p1");
    let request = CreateQrCode::new("p1");
    assert_eq!(CreateQrCode::new(&id), request);
    assert_eq!(CreateQrCode::new(id), request);
}
