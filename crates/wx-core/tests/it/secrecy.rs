//! No secret in any `Debug`, `Display`, error chain or log line, whatever fails.

use std::error::Error as StdError;
use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use wx_core::test_util::{FixedEntropy, ManualClock, Reply, Script};
use wx_core::{Call, ClassicToken, Core, Error, SendErrorKind, StableToken, TokenSource};

use crate::core_over;

/// Every secret of these tests contains it.
const CANARY: &str = "canary";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn assert_silent(what: &str, text: &str) {
    assert!(!text.contains(CANARY), "{what} shows a secret: {text}");
}

fn assert_error_silent(error: &Error) {
    assert_silent("Debug", &format!("{error:?} {error:#?}"));
    let mut link: Option<&dyn StdError> = Some(error);
    while let Some(error) = link {
        assert_silent("the chain", &format!("{error} {error:?}"));
        link = error.source();
    }
}

/// Failures that may meet any of the three calls: token, ticket, operation.
///
/// A message of the server repeats what the request has `sent`.
fn failures(sent: &str) -> Vec<Reply> {
    let refusal = |errcode: i64| Reply::json(format!(r#"{{"errcode":{errcode},"errmsg":"no {sent} rid: 1"}}"#));
    let mut replies = vec![
        refusal(42001),
        refusal(40001),
        refusal(-1),
        Reply::json(r#"{"errcode":0,"access_token":["token-canary"],"ticket":7,"expires_in":"secret-canary"}"#),
        Reply::json(r#"{"access_token":"token-canary","ticket":"ticket-canary"}"#),
        Reply::json(r#"{"access_token":"token-canary","ticket":"ticket-canary""#),
        Reply::http(
            502,
            "text/html",
            "<html>token-canary secret-canary ticket-canary</html>",
        ),
        Reply::http(302, "text/html;token-canary", ""),
        Reply::json(""),
    ];
    replies.extend(
        [
            SendErrorKind::Connect,
            SendErrorKind::Interrupted,
            SendErrorKind::Request,
            SendErrorKind::Response,
            SendErrorKind::Timeout,
        ]
        .map(Reply::failure),
    );
    replies
}

fn core(replies: Vec<Reply>, source: Arc<dyn TokenSource>) -> Core {
    Core::builder(
        "wx0000000000000001",
        source,
        Arc::new(Script::new(replies)),
        Arc::new(ManualClock::at(0)),
        Arc::new(FixedEntropy::new()),
    )
    .build()
}

#[tokio::test]
async fn nothing_secret_is_ever_shown() {
    // With one subscriber alone, threads without it would switch log lines off for this one too.
    let _another = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let call = Call::post("/card/code/consume", r#"{"code":"1"}"#);
    let sources: [Arc<dyn TokenSource>; 2] = [
        Arc::new(StableToken::new("secret-canary")),
        Arc::new(ClassicToken::new("secret-canary")),
    ];
    for source in sources {
        let refused = || Reply::json(r#"{"errcode":42001,"errmsg":"token-canary"}"#);
        for (failure, of_token_call) in failures("token-canary").into_iter().zip(failures("secret-canary")) {
            for replies in [
                vec![of_token_call.clone()],
                vec![Reply::token("token-canary"), failure],
                vec![Reply::token("token-canary"), refused(), of_token_call],
            ] {
                let core = core(replies.clone(), Arc::clone(&source));
                if let Err(error) = core.call(&call).await {
                    assert_error_silent(&error);
                }
                assert_silent("Core", &format!("{core:?}"));
                let core = self::core(replies, Arc::clone(&source));
                match core.card_ticket().await {
                    Ok(ticket) => assert_silent("CardTicket", &format!("{ticket:?}")),
                    Err(error) => assert_error_silent(&error),
                }
                assert_silent("Core", &format!("{core:?}"));
            }
        }
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/card/code/consume"), "the log was captured: {log}");
    assert_silent("the log", &log);
}

#[tokio::test]
async fn a_token_that_comes_back_as_it_stood_in_the_url_or_as_a_media_type_is_blotted_out() {
    let (core, _, _) = core_over([
        Reply::token("canary+/="),
        Reply::json(r#"{"errcode":47001,"errmsg":"no /card/get?access_token=canary%2B%2F%3D nor canary+/="}"#),
        Reply::http(200, "canary+/=; charset=utf-8", "<html>"),
    ]);
    let call = Call::post("/card/get", "{}");
    let error = core.call(&call).await.unwrap_err();
    assert_eq!(error.errmsg(), Some("no /card/get?access_token=*** nor ***"));
    let error = core.call(&call).await.unwrap_err();
    assert_eq!(error.content_type(), Some("***"));
}
