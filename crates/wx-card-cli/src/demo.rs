//! `wx-card demo`: the life of a card, from its creation to its end, over a real connection.

use std::net::{Ipv4Addr, SocketAddr};

use wx_card::CardClient;
use wx_card::core::BaseUrl;
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox, Server};
use wx_http_hyper::{HyperClient, Roots};

use crate::failure::Failure;
use crate::output::{Format, print};

mod cards;
mod codes;
mod distribution;
mod recorder;
mod stage;

use recorder::Recorder;
use stage::Stage;

/// Plays the whole life; the first surprise ends it with a failure. It shows the bodies where it is `verbose`.
pub(crate) async fn run(verbose: bool, format: Format) -> Result<(), Failure> {
    if format.is_json() {
        return Err(Failure::usage(
            "the demo tells a story to people; leave --output json to the other commands",
        ));
    }
    let sandbox = Sandbox::builder()
        .manual_review(true)
        .build()
        .map_err(cannot("make the sandbox"))?;
    let server = sandbox
        .serve_tls(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        .await
        .map_err(cannot("serve on loopback"))?;
    let recorder = Recorder::new(connect(&server)?);
    let client = client(&server, recorder.clone())?;
    print(&format!(
        "The life of a card, against a sandbox at {} that enforces the rules.\n\
         TLS is verified: the client trusts the sandbox's own authority and no other.\n",
        server.base_url(),
    ))?;

    let mut stage = Stage::new(client, sandbox, recorder, verbose);
    cards::begin(&mut stage).await?;
    let logo = cards::logo(&mut stage).await?;
    let card_id = cards::create(&mut stage, &logo).await?;
    codes::deposit(&mut stage, &card_id).await?;
    distribution::share(&mut stage, &card_id).await?;
    let coupons = distribution::sign(&mut stage, &card_id).await?;
    codes::redeem(&mut stage, &card_id, &coupons).await?;
    codes::change(&mut stage, &card_id).await?;
    cards::manage(&mut stage, &card_id).await?;
    cards::end(&mut stage, &card_id).await?;
    stage.summary()?;
    server.shutdown().await.map_err(cannot("shut down the sandbox"))
}

/// The hyper backend, trusting nobody but the sandbox.
fn connect(server: &Server) -> Result<HyperClient, Failure> {
    let ca_pem = server.ca_pem().unwrap_or_default();
    let built = HyperClient::builder()
        .roots(Roots::OnlyAdded)
        .add_root_pem(ca_pem)
        .no_proxy()
        .build();
    built.map_err(|error| Failure::local(format!("cannot make the client: {error}")))
}

fn client(server: &Server, http: Recorder) -> Result<CardClient, Failure> {
    let base_url: BaseUrl = server
        .base_url()
        .parse()
        .map_err(|error| Failure::local(format!("the sandbox has no base URL: {error}")))?;
    Ok(CardClient::builder(DEFAULT_APP_ID, DEFAULT_APP_SECRET, http)
        .base_url(base_url)
        .build())
}

fn cannot(what: &'static str) -> impl FnOnce(std::io::Error) -> Failure {
    move |error| Failure::local(format!("cannot {what}: {error}"))
}
