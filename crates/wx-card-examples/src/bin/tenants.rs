//! Signs and redeems for many accounts.
//!
//! `cargo run -p wx-card-examples --bin tenants -- 127.0.0.1:8080 accounts.json [BASE_URL]`

use std::sync::Arc;

use wx_card::core::system::SystemClock;
use wx_card::core::{HttpSend, MemoryTokenStore, TokenStore};
use wx_card_examples::settings::{Problem, Settings, serve};
use wx_card_examples::tenants::Tenants;
use wx_http_hyper::HyperClient;

#[tokio::main]
async fn main() -> Result<(), Problem> {
    let settings = Settings::from_args(std::env::args().skip(1))?;
    let http: Arc<dyn HttpSend> = Arc::new(HyperClient::new()?);
    // Where there are replicas of this service, one that all of them reach stands here, such as that on Redis.
    let store: Arc<dyn TokenStore> = Arc::new(MemoryTokenStore::new(Arc::new(SystemClock::new())));
    let tenants = Tenants::new(settings.accounts, &settings.base_url, &http, &store);
    serve(settings.listen, tenants.into_router()).await
}
