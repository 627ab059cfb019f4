//! No token in anything that is shown.

use std::error::Error as _;
use std::fs;

use wx_core::{TokenKey, TokenKind, TokenStore as _};

use crate::{key, store_in, token};

const CANARY: &str = "canary-token";

#[tokio::test]
async fn no_token_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path());
    assert!(store.save_if_newer(&key(), &token(CANARY, 1)).await.unwrap());
    let text = fs::read_to_string(store.path(&key())).unwrap();
    assert!(text.contains(CANARY));
    let mut shown = format!("{store:?} {:?}", store.load(&key()).await);
    // What was saved stands where a folder should be, and the other way round.
    let ticket = TokenKey::new(key().app_id, TokenKind::CardTicket);
    fs::create_dir(store.path(&ticket)).unwrap();
    let on_a_file = store_in(&store.path(&key()));
    for error in [
        store.load(&ticket).await.unwrap_err(),
        store.save_if_newer(&ticket, &token(CANARY, 2)).await.unwrap_err(),
        on_a_file.prepare().unwrap_err(),
    ] {
        shown += &format!("{error} {error:?} {:?}", error.source());
    }
    assert!(!shown.contains(CANARY), "{shown}");
}
