//! What the server answers.

/// A usual answer to the query of a code.
pub(crate) const GET_CODE: &str = r#"{"errcode":0,"errmsg":"ok","card":{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","begin_time":1404205036,"end_time":1404205036},"openid":"oFS7Fjl0WsZ9AMZqrI80nbIq8xrA","can_consume":true,"user_card_status":"NORMAL"}"#;

/// The one to redeeming it.
pub(crate) const CONSUME_CODE: &str = r#"{"errcode":0,"errmsg":"ok","card":{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc"},"openid":"oFS7Fjl0WsZ9AMZqrI80nbIq8xrA"}"#;

const TOKEN: &str = r#"{"access_token":"84_kDZnNqxgq1jVKs7tcSxZ8Wdyu3gsbBZSXmGpXkAHw0oV1nVwqGQ1cGJ4fYkVtRrZxN8pO0uS3eT6wXyBzCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz","expires_in":7200}"#;

const TICKET: &str = r#"{"errcode":0,"errmsg":"ok","ticket":"IpK_1T69hDhZkLQTlwsAX-ZV5dMhuSGXWDBCwwgJqO6JBeTX0ZVQuMm2VBzVRZ5h0Nq1bLe0jWgnwLs4bcNFuA","expires_in":7200}"#;

/// The body for a request to `path`.
pub(crate) fn answer_to(path: &str) -> &'static [u8] {
    match path {
        "/card/code/get" => GET_CODE,
        "/card/code/consume" => CONSUME_CODE,
        "/cgi-bin/stable_token" => TOKEN,
        "/cgi-bin/ticket/getticket" => TICKET,
        _ => r#"{"errcode":0,"errmsg":"ok"}"#,
    }
    .as_bytes()
}
