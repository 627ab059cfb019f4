//! What the server answers.

/// A usual answer to the query of a code.
pub const GET_CODE: &str = r#"{"errcode":0,"errmsg":"ok","card":{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","begin_time":1404205036,"end_time":1404205036},"openid":"oFS7Fjl0WsZ9AMZqrI80nbIq8xrA","can_consume":true,"user_card_status":"NORMAL"}"#;

/// The one to redeeming it.
pub const CONSUME_CODE: &str = r#"{"errcode":0,"errmsg":"ok","card":{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc"},"openid":"oFS7Fjl0WsZ9AMZqrI80nbIq8xrA"}"#;

const TOKEN: &str = r#"{"access_token":"84_kDZnNqxgq1jVKs7tcSxZ8Wdyu3gsbBZSXmGpXkAHw0oV1nVwqGQ1cGJ4fYkVtRrZxN8pO0uS3eT6wXyBzCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz","expires_in":7200}"#;

const TICKET: &str = r#"{"errcode":0,"errmsg":"ok","ticket":"IpK_1T69hDhZkLQTlwsAX-ZV5dMhuSGXWDBCwwgJqO6JBeTX0ZVQuMm2VBzVRZ5h0Nq1bLe0jWgnwLs4bcNFuA","expires_in":7200}"#;

/// The path under which the server tells how many tokens it has given.
pub const TOKENS_FETCHED: &str = "/bench/tokens-fetched";

/// The body for a request to `path`.
#[must_use]
pub fn answer_to(path: &str) -> &'static [u8] {
    match path {
        "/card/code/get" => GET_CODE,
        "/card/code/consume" => CONSUME_CODE,
        "/cgi-bin/stable_token" => TOKEN,
        "/cgi-bin/ticket/getticket" => TICKET,
        _ => r#"{"errcode":0,"errmsg":"ok"}"#,
    }
    .as_bytes()
}

/// A card with everything in it that a merchant writes: about 20 KB.
#[must_use]
pub fn card_detail() -> String {
    let text_image_list: Vec<_> = (0..60)
        .map(|number| {
            serde_json::json!({
                "image_url": format!("http://mmbiz.qpic.cn/mmbiz/p98FjXy8LacgHxp3sJ3vn97bGLz0ib0Sfz1bjiaoOYA027iasqSG0sjpiby4vce3AtaPu6cIhBHkt6IjlkY9YnDsfw/{number}"),
                "text": "此菜品迎合大众口味，老少皆宜，营养均衡，欢迎品尝",
            })
        })
        .collect();
    serde_json::json!({
        "errcode": 0,
        "errmsg": "ok",
        "card": {
            "card_type": "GROUPON",
            "groupon": {
                "base_info": {
                    "id": "pFS7Fjg8kV1IdDz01r4SQwMkuCKc",
                    "logo_url": "http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZJkmG8xXhiaHqkKSVMMWeN3hLut7X7hicFNjakmxibMLGWpXrEXB33367o7zHN0CwngnQY7zb7g/0",
                    "code_type": "CODE_TYPE_TEXT",
                    "brand_name": "微信餐厅",
                    "title": "132元双人火锅套餐",
                    "date_info": {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1_397_577_600, "end_timestamp": 1_422_724_261},
                    "color": "#10AD61",
                    "notice": "使用时向服务员出示此券",
                    "description": "不可与其他优惠同享\n如需团购券发票，请在消费时向商户提出",
                    "location_id_list": [123, 12321, 345_345],
                    "status": "CARD_STATUS_VERIFY_OK",
                    "sku": {"quantity": 499, "total_quantity": 500},
                    "create_time": 1_397_577_600,
                },
                "deal_detail": "以下锅底2选1（有菌王锅、麻辣锅、大骨锅、番茄锅、清补凉锅、酸菜鱼锅可选）",
                "advanced_info": {"text_image_list": text_image_list},
            },
        },
    })
    .to_string()
}
