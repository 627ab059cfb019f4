//! Requests as other clients write them: every one of these is as good as ours.

use http::Method;
use serde_json::Value;

use crate::bench::{ALICE, Bench, bench, coupon, send, with_deposit};

/// A code of a card that draws its codes.
fn taken(bench: &Bench) -> (String, String) {
    let card_id = bench.card(&serde_json::json!({}));
    let (code, _) = bench.take(&card_id, ALICE);
    (card_id, code)
}

fn good(bench: &Bench, path: &str, body: &str) -> Value {
    let answer = bench.post(path, body);
    assert_eq!(answer["errcode"], 0, "{path} {body} {answer}");
    answer
}

#[test]
fn an_absent_card_id_is_written_in_three_ways() {
    let bench = bench();
    let (_, code) = taken(&bench);
    for body in [
        // WxJava
        format!(r#"{{"card_id":null,"code":"{code}","check_consume":true}}"#),
        // easywechat
        format!(r#"{{"code":"{code}","check_consume":true,"card_id":""}}"#),
        // wechatpy
        format!(r#"{{"code": "{code}", "check_consume": false}}"#),
        // chanxuehong/wechat
        format!(r#"{{"code":"{code}"}}"#),
    ] {
        assert_eq!(good(&bench, "/card/code/get", &body)["openid"], ALICE);
    }
    for body in [
        format!(r#"{{"openid":"{ALICE}","card_id":null}}"#),
        format!(r#"{{"openid":"{ALICE}","card_id":""}}"#),
        format!(r#"{{"openid": "{ALICE}"}}"#),
    ] {
        assert_eq!(
            good(&bench, "/card/user/getcardlist", &body)["card_list"][0]["code"],
            code.as_str()
        );
    }
    // The npm clients send null.
    good(
        &bench,
        "/card/code/consume",
        &format!(r#"{{"code":"{code}","card_id":null}}"#),
    );
}

#[test]
fn a_card_of_wxjava_with_all_its_defaults_is_made() {
    let bench = bench();
    let body = r##"{"card":{"card_type":"GROUPON","groupon":{"deal_detail":"双人套餐","base_info":{
        "logo_url":"http://mmbiz.qpic.cn/mmbiz/0","code_type":"CODE_TYPE_QRCODE","brand_name":"微信餐厅",
        "is_pay_and_qrcode":false,"title":"132元双人火锅套餐","color":"Color010","notice":"使用时向服务员出示此券",
        "description":"line\u2028one","sku":{"quantity":100000000,"total_quantity":100000000},
        "date_info":{"type":"DATE_TYPE_FIX_TIME_RANGE","begin_timestamp":1397577600,"end_timestamp":1472724261},
        "use_custom_code":false,"bind_openid":false,"use_all_locations":true,"location_id_list":["123","12321"],
        "get_limit":1,"use_limit":50,"can_share":false,"can_give_friend":false,"need_push_on_view":false},
        "advanced_info":{"use_condition":{"can_use_with_other_discount":false},
        "abstract":{"abstract":"a","icon_url_list":"http://mmbiz.qpic.cn/mmbiz/0"}}}}}"##;
    let card_id = good(&bench, "/card/create", body)["card_id"].clone();
    let detail = good(&bench, "/card/get", &format!(r#"{{"card_id":{card_id}}}"#));
    let base_info = &detail["card"]["groupon"]["base_info"];
    assert_eq!(base_info["sku"]["quantity"], 100_000_000);
    assert_eq!(base_info["use_all_locations"], true);
}

#[test]
fn escaped_slashes_empty_objects_as_lists_and_doubles_are_taken() {
    let bench = bench();
    // easywechat escapes slashes and writes an empty object as a list.
    let mut request = coupon(&serde_json::json!({}));
    request["card"]["cash"]["advanced_info"] = serde_json::json!([]);
    let body = request.to_string().replace('/', r"\/");
    good(&bench, "/card/create", &body);
    // WxJava has amounts as doubles.
    request["card"]["cash"]["least_cost"] = serde_json::json!(3000.0);
    good(&bench, "/card/create", &request.to_string());
}

#[test]
fn a_change_is_written_in_several_shapes() {
    let bench = bench();
    let card_id = bench.card(&serde_json::json!({"location_id_list": [1]}));
    for (body, stores) in [
        // easywechat: an empty object as a list
        (
            r#"{"base_info":{"title":"新","pay_info":[],"location_id_list":["123"]}}"#,
            "[123]",
        ),
        // WxJava: stores as text
        (
            r#"{"base_info":{"service_phone":"020","use_all_locations":true,"location_id_list":["123","12321"]}}"#,
            "[123,12321]",
        ),
        // Senparc: one text for all stores, members that nobody set
        (
            r#"{"base_info":{"location_id_list":"0","title":null,"get_limit":"3","can_share":"true"},"reduce_cost":100.0}"#,
            "[]",
        ),
        // The dates of a card that is sent back whole, with what only answers have.
        (
            r##"{"base_info":{"id":"p1","status":"CARD_STATUS_VERIFY_OK","create_time":1,"update_time":1,
            "date_info":{"type":2,"fixed_term":"30","fixed_begin_term":0,"begin_timestamp":0,"end_timestamp":0}}}"##,
            "[]",
        ),
    ] {
        let body = format!(r#"{{"card_id":" {card_id} ","cash":{body}}}"#);
        good(&bench, "/card/update", &body);
        let detail = good(&bench, "/card/get", &format!(r#"{{"card_id":"{card_id}"}}"#));
        let base_info = &detail["card"]["cash"]["base_info"];
        assert_eq!(base_info["location_id_list"].to_string(), stores, "{body}");
    }
}

#[test]
fn cards_are_listed_in_several_shapes() {
    let bench = bench();
    let card_id = bench.card(&serde_json::json!({}));
    for body in [
        // easywechat: a word in the place of the list
        r#"{"offset":0,"count":10,"status_list":"CARD_STATUS_VERIFY_OK"}"#,
        // wechatpy
        r#"{"offset": 0, "count": 10}"#,
        // chanxuehong/wechat
        r#"{"offset":0,"count":10,"status_list":["CARD_STATUS_VERIFY_OK"]}"#,
        // Senparc: numbers as text, no list
        r#"{"offset":"0","count":"10","status_list":null}"#,
    ] {
        let answer = good(&bench, "/card/batchget", body);
        assert_eq!(answer["card_id_list"], serde_json::json!([card_id]), "{body}");
        assert_eq!(answer["total_num"], 1, "{body}");
    }
}

#[test]
fn qr_codes_are_asked_for_in_several_shapes() {
    let bench = bench();
    let (card_id, _) = taken(&bench);
    for body in [
        // WxJava: is_unique_code always
        format!(
            r#"{{"action_name":"QR_CARD","expire_seconds":1800,"action_info":{{"card":{{"is_unique_code":false,"card_id":"{card_id}","outer_str":"1"}}}}}}"#
        ),
        // chanxuehong/wechat: the life twice
        format!(
            r#"{{"action_name":"QR_CARD","expire_seconds":1800,"action_info":{{"card":{{"card_id":"{card_id}","expire_seconds":1800,"is_unique_code":false,"outer_id":1}}}}}}"#
        ),
        // wechat-api: null for none
        format!(
            r#"{{"action_name":"QR_CARD","expire_seconds":null,"action_info":{{"card":{{"card_id":"{card_id}"}}}}}}"#
        ),
        // PowerWeChat: both shapes, one of them null
        format!(
            r#"{{"action_name":"QR_CARD","action_info":{{"card":{{"card_id":"{card_id}"}},"multiple_card":null}}}}"#
        ),
        // Senparc: the life as text
        format!(
            r#"{{"action_name":"QR_CARD","expire_seconds":"1800","action_info":{{"card":{{"card_id":"{card_id}","code":"","openid":""}}}}}}"#
        ),
    ] {
        good(&bench, "/card/qrcode/create", &body);
    }
}

#[test]
fn the_rest_is_taken_as_it_comes() {
    let bench = bench();
    let (card_id, code) = taken(&bench);
    let deposit = bench.card(&with_deposit());
    let calls = [
        // Blanks around ids, as in the official sample.
        ("/card/code/getdepositcount", format!(r#"{{"card_id":" {deposit} "}}"#)),
        // Codes as numbers.
        (
            "/card/code/deposit",
            format!(r#"{{"card_id":"{deposit}","code":[11111,22222]}}"#),
        ),
        // Senparc: both numbers, and truth as text.
        (
            "/card/modifystock",
            format!(r#"{{"card_id":"{card_id}","increase_stock_value":5,"reduce_stock_value":0}}"#),
        ),
        (
            "/card/code/mark",
            format!(r#"{{"code":"{code}","card_id":"{card_id}","openid":"{ALICE}","is_mark":"true"}}"#),
        ),
        // wechatpy: both lists, one of them empty.
        (
            "/card/testwhitelist/set",
            format!(r#"{{"openid": ["{ALICE}"], "username": []}}"#),
        ),
        // WxJava: flags that nobody set.
        (
            "/card/selfconsumecell/set",
            format!(r#"{{"card_id":"{card_id}","is_open":true,"need_verify_cod":null,"need_remark_amount":null}}"#),
        ),
        ("/card/code/unavailable", format!(r#"{{"card_id":"","code":"{code}"}}"#)),
    ];
    for (path, body) in calls {
        good(&bench, path, &body);
    }
}

#[test]
fn the_old_npm_clients_wrong_member_is_no_new_code() {
    let bench = bench();
    let (card_id, code) = taken(&bench);
    let body = format!(r#"{{"code":"{code}","card_id":"{card_id}","newcode":"1"}}"#);
    assert_eq!(bench.post("/card/code/update", &body)["errcode"], 41011);
}

#[test]
fn the_order_of_parameters_makes_no_difference() {
    let bench = bench();
    let tickets = ["type=wx_card&access_token=T", "access_token=T&type=wx_card"].map(|query| {
        let target = format!("/cgi-bin/ticket/getticket?{}", query.replace('T', &bench.token));
        send(&bench.sandbox, Method::GET, &target, "").1["ticket"].clone()
    });
    assert!(tickets[0].is_string());
    assert_eq!(tickets[0], tickets[1]);
}
