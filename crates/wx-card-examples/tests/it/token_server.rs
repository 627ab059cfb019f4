//! The token server, and the source that asks it.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::future::join_all;
use http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use wx_card::CardClient;
use wx_card::core::{BaseUrl, Error, ErrorKind, HttpSend, RetryPolicy, Secret, TokenSource, token_source_fn};
use wx_card::types::GetColors;
use wx_card_examples::from_token_server::FromTokenServer;
use wx_card_examples::token_server::TokenServer;
use wx_card_sandbox::Sandbox;
use wx_core::test_util::ManualClock;
use wx_http_hyper::HyperClient;

use crate::bench::{ANNA, BEN, Bench, KEY};

/// A service with a transport and a source of its own, as if it stood on a machine of its own.
fn service(app_id: &str, server: &str, key: &str, base_url: &str) -> CardClient {
    let http = HyperClient::builder().no_proxy().build().unwrap();
    client(app_id, from(server, key, &http), http, base_url)
}

/// The same with a closure for its source, which cannot ask by force.
fn service_with_closure(app_id: &str, server: &str, key: &str, base_url: &str) -> CardClient {
    let http = HyperClient::builder().no_proxy().build().unwrap();
    let source = from(server, key, &http);
    let source = token_source_fn(move |ask| {
        let source = source.clone();
        async move { source.token(ask).await }
    });
    client(app_id, source, http, base_url)
}

fn from(server: &str, key: &str, http: &HyperClient) -> FromTokenServer {
    FromTokenServer::new(Arc::new(http.clone()), server.parse::<BaseUrl>().unwrap(), key)
}

fn client(app_id: &str, source: impl TokenSource, http: HyperClient, base_url: &str) -> CardClient {
    CardClient::builder(app_id, source, http)
        .base_url(base_url.parse::<BaseUrl>().unwrap())
        .retry(RetryPolicy::off())
        .build()
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_services_have_one_token_an_account() {
    let bench = Bench::new().await;
    let program = bench.start(env!("CARGO_BIN_EXE_token-server"));
    let base_url = bench.base_url();
    let services = [ANNA, BEN].map(|app_id| {
        [0, 1, 2, 3, 4, 5, 6, 7].map(|number| match number % 2 {
            0 => service(app_id, &program.url, KEY, &base_url),
            _ => service_with_closure(app_id, &program.url, KEY, &base_url),
        })
    });
    let get_colors = GetColors::new();
    let calls = services.iter().flatten().flat_map(|service| [service; 25]);
    let answers = join_all(calls.map(|service| service.get_colors(&get_colors))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 2 * 8 * 25);
    assert_eq!(bench.ledger("tokens"), json!({"stable": 2}));
    assert_eq!(bench.ledger("requests")["/cgi-bin/stable_token"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_key_gets_no_token_and_sees_no_secret() {
    let bench = Bench::new().await;
    let program = bench.start(env!("CARGO_BIN_EXE_token-server"));
    let wrong = "a-key-that-is-wrong";
    let error = call(&service(ANNA, &program.url, wrong, &bench.base_url()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenSource);
    assert!(!error.may_have_run());
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("HTTP 401") && !shown.contains(wrong), "{shown}");
    let unknown = service("wx9999999999999999", &program.url, KEY, &bench.base_url());
    assert!(format!("{:?}", call(&unknown).await.unwrap_err()).contains("HTTP 404"));
    let (status, answer) = bench.post(&format!("{}/token/{ANNA}", program.url), "{}").await;
    assert_eq!(
        (status, &answer["error"]),
        (StatusCode::UNAUTHORIZED, &json!("unauthorized"))
    );
    assert_eq!(bench.ledger("tokens"), json!({}));
}

async fn call(service: &CardClient) -> Result<(), Error> {
    service.get_colors(&GetColors::new()).await.map(drop)
}

/// A token server in this process, by a clock that the test moves.
struct ByHand {
    clock: ManualClock,
    sandbox: Sandbox,
    services: [CardClient; 3],
    serving: JoinHandle<()>,
}

impl ByHand {
    async fn new() -> Self {
        let clock = ManualClock::at(1_700_000_000);
        let sandbox = Sandbox::builder()
            .account(ANNA, "secret")
            .clock(clock.clone())
            .build()
            .unwrap();
        let http: Arc<dyn HttpSend> = Arc::new(sandbox.clone());
        let accounts = [(ANNA.to_owned(), Secret::new("secret"))];
        let server = TokenServer::new(accounts, KEY, &BaseUrl::official(), &http, Arc::new(clock.clone()));
        let (url, serving) = serve(server.into_router()).await;
        let services = [(); 3].map(|()| {
            let to_server: Arc<dyn HttpSend> = Arc::new(HyperClient::builder().no_proxy().build().unwrap());
            let source = FromTokenServer::new(to_server, url.parse::<BaseUrl>().unwrap(), KEY);
            CardClient::builder(ANNA, source, Arc::clone(&http))
                .clock(clock.clone())
                .build()
        });
        Self {
            clock,
            sandbox,
            services,
            serving,
        }
    }

    /// How many tokens there have been, and how often the server asked for one.
    fn fetched(&self) -> [u64; 2] {
        let ledger = self.sandbox.control("ledger", &json!({})).unwrap();
        [
            &ledger["tokens"]["stable"],
            &ledger["requests"]["/cgi-bin/stable_token"],
        ]
        .map(|count| count.as_u64().unwrap())
    }
}

impl Drop for ByHand {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(router: Router) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (
        url,
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() }),
    )
}

#[tokio::test]
async fn a_token_that_died_is_replaced_by_force_once_for_all_services() {
    let by_hand = ByHand::new().await;
    for service in &by_hand.services {
        call(service).await.unwrap();
    }
    by_hand.clock.advance(Duration::from_secs(60));
    by_hand.sandbox.control("expire-token", &json!({})).unwrap();
    // The server does not know yet: a call is refused twice, and the next one of that service asks by force.
    for service in &by_hand.services[..2] {
        assert_eq!(call(service).await.unwrap_err().kind(), ErrorKind::Refused);
    }
    for service in &by_hand.services {
        call(service).await.unwrap();
    }
    assert_eq!(by_hand.fetched(), [2, 2], "two asked by force for one and the same");
}

#[tokio::test]
async fn a_token_at_its_end_is_replaced_once_for_all_services() {
    let by_hand = ByHand::new().await;
    for seconds in [0, 7_200, 7_200] {
        by_hand.clock.advance(Duration::from_secs(seconds));
        for service in &by_hand.services {
            call(service).await.unwrap();
        }
    }
    assert_eq!(by_hand.fetched(), [3, 3]);
}
