//! A till over reqwest.
//!
//! It starts a sandbox of its own, or takes the base URL of one: `cargo run -p wx-http-examples --example reqwest [BASE_URL]`.

#[path = "shared/till.rs"]
mod till;

use std::error::Error;
use std::time::Duration;

use wx_http_examples::on_reqwest::ReqwestHttp;

const TIMEOUT: Duration = Duration::from_secs(15);
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    till::run(ReqwestHttp::new(TIMEOUT, MAX_BODY_BYTES, None)?).await
}
