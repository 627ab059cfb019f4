//! Serves a page on which users take a card and use it.
//!
//! `WX_APP_ID=… WX_APP_SECRET=… cargo run -p wx-card-guide --bin page -- LISTEN ORIGIN CARD_ID [BASE_URL]`

use std::error::Error;

use tokio::net::TcpListener;
use wx_card::CardClient;
use wx_card_guide::page::Page;
use wx_http_hyper::HyperClient;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (listen, origin, card_id, base_url) = match arguments.as_slice() {
        [listen, origin, card_id] => (listen, origin, card_id, None),
        [listen, origin, card_id, base_url] => (listen, origin, card_id, Some(base_url)),
        _ => {
            return Err("give LISTEN ORIGIN CARD_ID [BASE_URL], such as 127.0.0.1:8081 https://shop.example p…".into());
        }
    };
    let (app_id, app_secret) = (std::env::var("WX_APP_ID")?, std::env::var("WX_APP_SECRET")?);
    let mut client = CardClient::builder(app_id, app_secret, HyperClient::new()?);
    if let Some(base_url) = base_url {
        client = client.base_url(base_url.parse()?);
    }
    let page = Page::new(client.build(), card_id, origin);
    let listener = TcpListener::bind(listen).await?;
    say(&format!("http://{}", listener.local_addr()?));
    axum::serve(listener, page.into_router()).await?;
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "whoever starts a program on port 0 must learn the port"
)]
fn say(text: &str) {
    println!("{text}");
}
