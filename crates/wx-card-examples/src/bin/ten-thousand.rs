//! Measures what an account costs: ten thousand clients over one transport, each with its token and both tickets.
//!
//! `cargo run -p wx-card-examples --bin ten-thousand` prints the bytes of the heap that an account takes.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use peak_alloc::PeakAlloc;
use wx_card::CardClient;
use wx_card::core::system::SystemClock;
use wx_card::core::{HttpSend, MemoryTokenStore, TokenStore, http_send_fn};
use wx_card::types::GetColors;
use wx_card_examples::settings::Problem;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const ACCOUNTS: usize = 10_000;

/// As long as WeChat says that a token may become.
const TOKEN: usize = 512;

/// As long as tickets have been seen.
const TICKET: usize = 86;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Problem> {
    let http: Arc<dyn HttpSend> = Arc::new(http_send_fn(|request| async move { Ok(answer(&request)) }));
    // The first client pays for what is made once a process.
    let first = client(0, &http, None).await?;

    let before = HEAP.current_usage();
    let mut clients = Vec::with_capacity(ACCOUNTS);
    for number in 0..ACCOUNTS {
        clients.push(client(number, &http, None).await?);
    }
    say("alone", HEAP.current_usage() - before);
    drop(clients);

    let store: Arc<dyn TokenStore> = Arc::new(MemoryTokenStore::new(Arc::new(SystemClock::new())));
    let before = HEAP.current_usage();
    let mut clients = Vec::with_capacity(ACCOUNTS);
    for number in 0..ACCOUNTS {
        clients.push(client(number, &http, Some(&store)).await?);
    }
    say("with a store in memory", HEAP.current_usage() - before);
    drop((clients, first));
    Ok(())
}

/// A client that has called, signed for a page and signed for a card.
async fn client(
    number: usize,
    http: &Arc<dyn HttpSend>,
    store: Option<&Arc<dyn TokenStore>>,
) -> Result<CardClient, Problem> {
    let app_id = format!("wx{number:016x}");
    let mut builder = CardClient::builder(app_id, "0123456789abcdef0123456789abcdef", Arc::clone(http));
    if let Some(store) = store {
        builder = builder.token_store(Arc::clone(store));
    }
    let client = builder.build();
    client.get_colors(&GetColors::new()).await?;
    client.card_ticket().await?;
    client.jsapi_ticket().await?;
    Ok(client)
}

/// What the service answers, without anything that it would have to remember.
fn answer(request: &Request<Bytes>) -> Response<Bytes> {
    let body = match request.uri().path() {
        "/cgi-bin/stable_token" => format!(r#"{{"access_token":"{}","expires_in":7200}}"#, "t".repeat(TOKEN)),
        "/cgi-bin/ticket/getticket" => {
            format!(
                r#"{{"errcode":0,"errmsg":"ok","ticket":"{}","expires_in":7200}}"#,
                "k".repeat(TICKET)
            )
        }
        _ => r#"{"errcode":0,"errmsg":"ok","colors":[]}"#.to_owned(),
    };
    Response::new(Bytes::from(body))
}

#[expect(clippy::print_stdout, reason = "a measurement is for whoever asks for it")]
fn say(what: &str, bytes: usize) {
    println!("{} bytes an account, {what}", bytes / ACCOUNTS);
}
