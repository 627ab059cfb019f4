//! A worker of many: takes codes from its queue and looks each up. All workers share one token, and its quota, in Redis.
//!
//! ```sh
//! WX_APP_ID=… WX_APP_SECRET=… REDIS_URL=rediss://… cargo run -p wx-card-examples --bin worker < codes.txt
//! ```

use std::io;
use std::sync::Arc;

use wx_card::types::GetCode;
use wx_card_examples::account;
use wx_card_examples::settings::Problem;
use wx_store_redis::RedisTokenStore;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a worker hands its results on")]
async fn main() -> Result<(), Problem> {
    // The address may have a password in it, so it is on no command line and in no error.
    let url = std::env::var("REDIS_URL").map_err(|_| "REDIS_URL is not set")?;
    let store = RedisTokenStore::builder(url).prefix("shop").build()?;
    let client = account::from_environment()?.token_store(Arc::new(store)).build();
    for line in io::stdin().lines() {
        let code = line?.trim().to_owned();
        if code.is_empty() {
            continue;
        }
        // Its state is asked for, whatever that is, and not whether it can be redeemed.
        let request = GetCode::new(&*code).check_consume(false);
        match client.get_code(&request).await {
            Ok(answer) => println!("{code} {}", answer.status().map_or("?", |status| status.as_str())),
            // The queue keeps what was not answered.
            Err(error) if error.is_retryable() => return Err(error.into()),
            Err(error) => println!("{code} {error}"),
        }
    }
    Ok(())
}
