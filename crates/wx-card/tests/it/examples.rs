//! The example program, against the sandbox on loopback.

#[path = "../../examples/own_transport.rs"]
#[expect(dead_code, reason = "a test has no command line to read")]
mod own_transport;

use serde_json::json;
use wx_card::types::{Cash, CreateCard, Fen, GetCode, UploadImage, UserCardStatus};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};

use crate::base_info;

/// On one thread with the server: a transport that blocked it would wait for itself.
#[tokio::test]
async fn a_transport_of_ones_own_sends_all_that_a_request_has() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let base_url = server.base_url().parse().unwrap();
    let client = own_transport::client(base_url, DEFAULT_APP_ID.to_owned(), DEFAULT_APP_SECRET.into());

    let card = CreateCard::new(Cash::new(base_info(10), Fen::from_yuan(10)));
    let card_id = client.create_card(&card).await.unwrap().card_id;
    let taken = json!({"card_id": card_id, "openid": "oUser"});
    let taken = sandbox.control("take", &taken).unwrap();
    let state = client
        .get_code(&GetCode::new(taken["code"].as_str().unwrap()))
        .await
        .unwrap();
    assert_eq!(state.status(), Some(&UserCardStatus::Normal));

    // The form of a picture says in a header where its parts end.
    let png = b"\x89PNG\r\n\x1a\n".to_vec();
    client.upload_image(&UploadImage::new(png)).await.unwrap();
    server.shutdown().await.unwrap();
}
