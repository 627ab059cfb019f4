//! `wx-card doctor`: what stands between this machine and the service, one step after the other.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::DATE;
use http::{Request, Response};
use jiff::fmt::rfc2822;
use wx_card::CardClient;
use wx_card::core::system::SystemClock;
use wx_card::core::{Clock as _, HttpSend as _, TokenKey, TokenKind};
use wx_card::types::GetColors;

use crate::failure::Failure;
use crate::output::Format;
use crate::settings::Settings;
use finding::{Finding, Findings, causes};

mod finding;
mod proxy;

/// A clock that is this far off makes signatures that pages refuse, and tokens that seem older or younger than they are.
const MOST_SKEW: Duration = Duration::from_secs(60);

pub(super) async fn run(settings: &Settings, format: Format) -> Result<(), Failure> {
    let mut findings = Findings::default();
    findings.add(service(settings));
    if !settings.is_embedded() {
        findings.add(proxy::finding());
        if !reach(settings, &mut findings).await {
            return findings.print(format);
        }
    }
    let client = match settings.client() {
        Ok(client) => client,
        Err(failure) => {
            findings.add(Finding::failed("account", failure.text(), failure.next_step()));
            return findings.print(format);
        }
    };
    findings.add(Finding::fine(
        "account",
        format!("{}, its secret from {}", client.app_id(), settings.secret_shown()),
    ));
    findings.add(token_store(settings, client.app_id()).await);
    account(&client, &mut findings).await;
    findings.print(format)
}

/// Which service is called.
fn service(settings: &Settings) -> Finding {
    let address = settings.address();
    if settings.is_embedded() {
        Finding::unusual("service", address, "for the real one leave --sandbox out")
    } else if settings.base_url() == &wx_card::core::BaseUrl::official() {
        Finding::fine("service", address)
    } else {
        Finding::unusual(
            "service",
            address,
            "this is not WeChat; for that leave out --base-url, or the base_url of the profile",
        )
    }
}

/// The way to the service, up to an answer of whatever kind; whether anything can be sent at all.
async fn reach(settings: &Settings, findings: &mut Findings) -> bool {
    let http = match settings.http() {
        Ok(http) => http,
        Err(failure) => {
            let next = "check the proxy's address and the certificates of --ca-file";
            findings.add(Finding::failed("connection", failure.text(), Some(next.to_owned())));
            return false;
        }
    };
    if proxy::named().is_none() {
        findings.add(dns(settings).await);
    }
    let request = Request::get(format!("{}/", settings.base_url())).body(Bytes::new());
    let asked_at = SystemClock::new().now();
    let answer = match request {
        Ok(request) => http.send(request).await.map_err(|error| causes(&error)),
        Err(error) => Err((error.to_string(), None)),
    };
    match answer {
        Ok(answer) => {
            let is_plain = settings.base_url().to_string().starts_with("http://");
            let says = if is_plain {
                "the service answers, without TLS"
            } else {
                "the service answers, and its certificate is good"
            };
            findings.add(Finding::fine("connection", says));
            findings.add(clock(&answer, asked_at));
        }
        Err((text, next)) => findings.add(Finding::failed(
            "connection",
            text,
            next.or_else(|| Some("check the network, the firewall and the proxy".to_owned())),
        )),
    }
    true
}

async fn dns(settings: &Settings) -> Finding {
    let address = settings.base_url().to_string();
    let (scheme, rest) = address.split_once("://").unwrap_or(("https", &address));
    let authority = rest.split('/').next().unwrap_or(rest);
    let port = if scheme == "http" { 80 } else { 443 };
    let with_port = if authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok())
    {
        authority.to_owned()
    } else {
        format!("{authority}:{port}")
    };
    match tokio::net::lookup_host(with_port)
        .await
        .map(|found| found.map(|address| address.ip()).collect::<Vec<_>>())
    {
        Ok(found) if !found.is_empty() => {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            Finding::fine("dns", format!("{authority} is {}", found.join(", ")))
        }
        Ok(_) => Finding::failed(
            "dns",
            format!("{authority} has no address"),
            Some("check its spelling".to_owned()),
        ),
        Err(error) => Finding::failed(
            "dns",
            format!("{authority}: {error}"),
            Some("check the host of --base-url, and the name servers of this machine".to_owned()),
        ),
    }
}

/// This machine's clock beside that of the service.
fn clock(answer: &Response<Bytes>, asked_at: SystemTime) -> Finding {
    let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
    let Some(there) = date.and_then(|date| rfc2822::parse(date).ok()).and_then(|date| {
        let seconds = u64::try_from(date.timestamp().as_second()).ok()?;
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }) else {
        return Finding::unusual(
            "clock",
            "the service does not say what time it is",
            "compare the clock by hand",
        );
    };
    let (ahead, skew) = match asked_at.duration_since(there) {
        Ok(skew) => ("ahead", skew),
        Err(behind) => ("behind", behind.duration()),
    };
    if skew <= MOST_SKEW {
        return Finding::fine("clock", format!("within {} s of the service's", skew.as_secs() + 1));
    }
    Finding::failed(
        "clock",
        format!("{} s {ahead} of the service's", skew.as_secs()),
        Some("set the clock, by NTP: signatures carry the time, and tokens end by it".to_owned()),
    )
}

/// Whether the store can be read.
async fn token_store(settings: &Settings, app_id: &str) -> Finding {
    const NAME: &str = "token store";
    let store = match settings.token_store().open() {
        Ok(Some(store)) => store,
        Ok(None) => return Finding::fine(NAME, "none: each run fetches a token of its own"),
        Err(failure) => return Finding::failed(NAME, failure.text(), failure.next_step()),
    };
    match store.load(&TokenKey::new(app_id, TokenKind::AccessToken)).await {
        Ok(Some(_)) => Finding::fine(NAME, "has a token of this account"),
        Ok(None) => Finding::fine(NAME, "answers, and has no token of this account yet"),
        Err(error) => {
            let (text, _) = causes(&error);
            Finding::failed(
                NAME,
                text,
                Some("check the folder or the Redis of --token-store".to_owned()),
            )
        }
    }
}

/// What the service says to the account.
async fn account(client: &CardClient, findings: &mut Findings) {
    let asked = client.get_colors(&GetColors::new()).await;
    let is_let_in = asked.is_ok();
    findings.add(Finding::of_call(
        "token",
        "accepted, and the account may manage cards",
        asked,
    ));
    if is_let_in {
        let ticket = client.card_ticket().await;
        findings.add(Finding::of_call(
            "card ticket",
            "there; pages can hand out and choose cards",
            ticket,
        ));
        let ticket = client.jsapi_ticket().await;
        findings.add(Finding::of_call(
            "jsapi ticket",
            "there; pages can call wx.config",
            ticket,
        ));
    }
}
