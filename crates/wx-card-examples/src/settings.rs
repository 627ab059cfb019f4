//! What the programs are told on their command line, and how they serve.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use wx_card::core::{BaseUrl, Secret};

/// Whatever keeps a program from running.
pub type Problem = Box<dyn Error + Send + Sync>;

/// Settings of a service: `LISTEN ACCOUNTS [BASE_URL]`.
#[non_exhaustive]
pub struct Settings {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// App ids and their secrets.
    pub accounts: BTreeMap<String, Secret>,
    /// Where WeChat is, or a sandbox.
    pub base_url: BaseUrl,
}

impl Settings {
    /// Reads them; `ACCOUNTS` is a file with a JSON object from app id to app secret.
    ///
    /// # Errors
    ///
    /// When one is missing or cannot be read; no secret is in the error.
    pub fn from_args(arguments: impl IntoIterator<Item = String>) -> Result<Self, Problem> {
        let mut arguments = arguments.into_iter();
        let (Some(listen), Some(accounts)) = (arguments.next(), arguments.next()) else {
            return Err("give LISTEN ACCOUNTS [BASE_URL], such as 127.0.0.1:8080 accounts.json".into());
        };
        let accounts = std::fs::read(accounts)?;
        Ok(Self {
            listen: listen.parse()?,
            accounts: serde_json::from_slice(&accounts)
                .map_err(|_| "the file of accounts is no JSON object from app id to app secret")?,
            base_url: match arguments.next() {
                Some(base_url) => base_url.parse()?,
                None => BaseUrl::official(),
            },
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("accounts", &self.accounts.len())
            .finish_non_exhaustive()
    }
}

/// Serves until it is stopped, and says on the standard output where.
///
/// # Errors
///
/// When the port cannot be had.
pub async fn serve(listen: SocketAddr, router: Router) -> Result<(), Problem> {
    let listener = TcpListener::bind(listen).await?;
    say(&format!("http://{}", listener.local_addr()?));
    axum::serve(listener, router).await?;
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "whoever starts a program on port 0 must learn the port"
)]
fn say(text: &str) {
    println!("{text}");
}
