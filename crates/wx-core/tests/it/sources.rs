//! Where the token comes from when it is not the service's own endpoint.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use wx_core::test_util::Reply;
use wx_core::{
    AuthorizerToken, Call, Error, ErrorKind, Grant, Platform, Secret, TicketKind, TokenAsk, TokenSource,
    token_source_fn,
};

use crate::{builder_from, transcript};

const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

fn consume() -> Call {
    Call::post("/card/code/consume", r#"{"code":"1"}"#)
}

#[tokio::test]
async fn a_function_can_be_the_source() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let source = token_source_fn(move |ask| {
        seen.lock().unwrap().push(ask.app_id().to_owned());
        async { Ok(Grant::new("from our server", Duration::from_secs(600))) }
    });
    let (builder, script, clock) = builder_from(source, [OK, OK, OK].map(Reply::json));
    let core = builder.build();
    core.call(&consume()).await.unwrap();
    core.call(&consume()).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), ["wx0000000000000001"]);
    clock.advance(Duration::from_secs(600));
    core.call(&consume()).await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), 2, "after its life it is asked for again");
    insta::assert_snapshot!(transcript(&script), @r#"
    POST /card/code/consume?access_token=from%20our%20server {"code":"1"}
    POST /card/code/consume?access_token=from%20our%20server {"code":"1"}
    POST /card/code/consume?access_token=from%20our%20server {"code":"1"}
    "#);
}

#[tokio::test]
async fn a_source_that_fails_is_told_as_it_says_and_nothing_is_sent() {
    let source = token_source_fn(|_| async { Err(Error::token_source("our token server does not answer")) });
    let (builder, script, _) = builder_from(source, []);
    let error = builder.build().call(&consume()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TokenSource, 0));
    assert!(!error.may_have_run() && error.is_retryable());
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(
        (error.to_string().as_str(), cause.as_str()),
        ("token: the token source failed", "our token server does not answer")
    );
    assert!(script.sent().is_empty());
}

#[tokio::test]
async fn an_empty_grant_is_none() {
    for (token, seconds, cause) in [
        ("", 7200, "the token or ticket is empty"),
        (" ", 7200, "the token or ticket is empty"),
        ("T", 0, "the token or ticket is over already"),
    ] {
        let source = token_source_fn(move |_| async move { Ok(Grant::new(token, Duration::from_secs(seconds))) });
        let (builder, script, _) = builder_from(source, []);
        let error = builder.build().call(&consume()).await.unwrap_err();
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), cause);
        assert!(script.sent().is_empty());
    }
}

/// A token server that hands out tickets too.
#[derive(Debug)]
struct Central;

#[async_trait]
impl TokenSource for Central {
    async fn token(&self, _: TokenAsk) -> Result<Grant, Error> {
        Ok(Grant::new("T", Duration::from_secs(7200)))
    }

    async fn ticket(&self, kind: TicketKind, ask: TokenAsk) -> Result<Grant, Error> {
        match kind {
            TicketKind::Card => Ok(Grant::new("ours", Duration::from_secs(7200))),
            other => ask.ticket(other).await,
        }
    }
}

#[tokio::test]
async fn a_source_can_bring_tickets_or_leave_them_to_the_service() {
    let (builder, script, _) = builder_from(Central, [Reply::ticket("theirs")]);
    let core = builder.build();
    assert_eq!(core.card_ticket().await.unwrap().secret().expose(), "ours");
    assert_eq!(core.jsapi_ticket().await.unwrap().secret().expose(), "theirs");
    insta::assert_snapshot!(transcript(&script), @"GET /cgi-bin/ticket/getticket?type=jsapi&access_token=T");
}

#[tokio::test]
async fn a_refused_token_is_asked_for_again_once() {
    let source = token_source_fn(|_| async { Ok(Grant::new("T", Duration::from_secs(7200))) });
    let refused = || Reply::json(r#"{"errcode":42001,"errmsg":"access_token expired"}"#);
    let (builder, script, _) = builder_from(source, [refused(), refused()]);
    let error = builder.build().call(&consume()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Refused, 2));
    assert_eq!(script.left(), 0);
}

/// A platform with one account, whose refresh tokens are `r-canary-1`, `r-canary-2` ….
#[derive(Debug)]
struct OurPlatform {
    refresh_token: Mutex<Secret>,
    is_broken: bool,
}

impl OurPlatform {
    fn new(is_broken: bool) -> Arc<Self> {
        Arc::new(Self {
            refresh_token: Mutex::new(Secret::new("r-canary-1")),
            is_broken,
        })
    }
}

#[async_trait]
impl Platform for OurPlatform {
    fn app_id(&self) -> &str {
        "wxplatform"
    }

    async fn component_access_token(&self) -> Result<Secret, Error> {
        Ok(Secret::new("c-canary"))
    }

    async fn refresh_token(&self, app_id: &str) -> Result<Secret, Error> {
        assert_eq!(app_id, "wx0000000000000001");
        Ok(self.refresh_token.lock().unwrap().clone())
    }

    async fn save_refresh_token(&self, _: &str, refresh_token: &Secret) -> Result<(), Error> {
        if self.is_broken {
            return Err(Error::token_source("the disk is full"));
        }
        *self.refresh_token.lock().unwrap() = refresh_token.clone();
        Ok(())
    }
}

fn authorized(refresh_token: &str) -> Reply {
    Reply::json(format!(
        r#"{{"authorizer_access_token":"A","expires_in":7200,"authorizer_refresh_token":"{refresh_token}"}}"#
    ))
}

#[tokio::test]
async fn a_platform_calls_with_the_token_of_the_account_that_authorized_it() {
    let platform = OurPlatform::new(false);
    let (builder, script, clock) = builder_from(
        AuthorizerToken::new(platform),
        [
            authorized("r-canary-2"),
            Reply::json(OK),
            authorized("r-canary-2"),
            Reply::json(OK),
        ],
    );
    let core = builder.build();
    core.call(&consume()).await.unwrap();
    clock.advance(Duration::from_secs(7200));
    core.call(&consume()).await.unwrap();
    insta::assert_snapshot!(transcript(&script), @r#"
    POST /cgi-bin/component/api_authorizer_token?component_access_token=c-canary {"component_appid":"wxplatform","authorizer_appid":"wx0000000000000001","authorizer_refresh_token":"r-canary-1"}
    POST /card/code/consume?access_token=A {"code":"1"}
    POST /cgi-bin/component/api_authorizer_token?component_access_token=c-canary {"component_appid":"wxplatform","authorizer_appid":"wx0000000000000001","authorizer_refresh_token":"r-canary-2"}
    POST /card/code/consume?access_token=A {"code":"1"}
    "#);
}

#[tokio::test]
async fn a_refresh_token_that_cannot_be_kept_stops_the_call() {
    let platform = OurPlatform::new(true);
    let (builder, script, _) = builder_from(AuthorizerToken::new(platform), [authorized("r-canary-2")]);
    let error = builder.build().call(&consume()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenSource);
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn secrets_of_a_platform_that_the_service_repeats_are_blotted_out() {
    for code in [40001, 61023, -1] {
        let said = format!(r#"{{"errcode":{code},"errmsg":"no c-canary, no r-canary-1"}}"#);
        let platform = OurPlatform::new(false);
        let replies = (0..3).map(|_| Reply::json(said.clone()));
        let (builder, _, _) = builder_from(AuthorizerToken::new(platform), replies);
        let core = builder.build();
        let error = core.call(&consume()).await.unwrap_err();
        assert_eq!(error.errmsg(), Some("no ***, no ***"));
        assert!(!format!("{error:?} {error} {core:?}").contains("canary"));
        assert!(!error.may_have_run());
    }
}

#[tokio::test]
async fn a_source_may_ask_the_service_itself_and_hide_what_it_sends() {
    let source = token_source_fn(|ask| async move {
        let secret = Secret::new("k+canary");
        let call = Call::post("/ours/token", Bytes::from_static(b"{}")).secret_query("key", &secret);
        Grant::from_answer(&ask.call(call).await?, "token")
    });
    let (builder, script, _) = builder_from(
        source,
        [
            Reply::json(r#"{"errcode":40013,"errmsg":"bad k%2Bcanary or k%2bcanary or k+canary"}"#),
            Reply::json(r#"{"token":"T","expires_in":60}"#),
            Reply::json(OK),
        ],
    );
    let core = builder.build();
    let error = core.call(&consume()).await.unwrap_err();
    assert_eq!(error.errmsg(), Some("bad *** or *** or ***"));
    assert_eq!(error.kind(), ErrorKind::Credential);
    core.forget_tokens();
    core.call(&consume()).await.unwrap();
    insta::assert_snapshot!(transcript(&script), @r#"
    POST /ours/token?key=k%2Bcanary {}
    POST /ours/token?key=k%2Bcanary {}
    POST /card/code/consume?access_token=T {"code":"1"}
    "#);
}
