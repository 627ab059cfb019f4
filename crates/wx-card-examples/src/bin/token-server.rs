//! Fetches tokens and hands them to other services. The key to it is in the environment, as `TOKEN_SERVER_KEY`.
//!
//! `cargo run -p wx-card-examples --bin token-server -- 127.0.0.1:8081 accounts.json [BASE_URL]`
//!
//! On anything but loopback, put TLS before it: what it answers is as good as the account.

use std::sync::Arc;

use wx_card::core::HttpSend;
use wx_card::core::system::SystemClock;
use wx_card_examples::settings::{Problem, Settings, serve};
use wx_card_examples::token_server::TokenServer;
use wx_http_hyper::HyperClient;

#[tokio::main]
async fn main() -> Result<(), Problem> {
    let settings = Settings::from_args(std::env::args().skip(1))?;
    let key = std::env::var("TOKEN_SERVER_KEY").map_err(|_| "TOKEN_SERVER_KEY is not set")?;
    let http: Arc<dyn HttpSend> = Arc::new(HyperClient::new()?);
    let clock = Arc::new(SystemClock::new());
    let server = TokenServer::new(settings.accounts, key, &settings.base_url, &http, clock);
    serve(settings.listen, server.into_router()).await
}
