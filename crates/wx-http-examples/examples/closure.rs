//! A till over a closure, which calls ureq.
//!
//! It starts a sandbox of its own, or takes the base URL of one: `cargo run -p wx-http-examples --example closure [BASE_URL]`.

#[path = "shared/till.rs"]
mod till;

use std::error::Error;
use std::time::Duration;

use wx_http_examples::on_ureq::ureq_http;

const TIMEOUT: Duration = Duration::from_secs(15);
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    till::run(ureq_http(TIMEOUT, MAX_BODY_BYTES, None)?).await
}
