//! Tickets: two kinds that never mix.

use std::time::{Duration, SystemTime};

use wx_core::test_util::Reply;
use wx_core::{Clock as _, ErrCode, ErrorKind, TicketKind};

use crate::{core_over, transcript};

#[tokio::test]
async fn the_two_kinds_are_kept_apart() {
    let (core, script, clock) = core_over([
        Reply::token("A"),
        Reply::ticket("card-1"),
        Reply::ticket("page-1"),
        Reply::token("B"),
        Reply::ticket("page-2"),
        Reply::ticket("card-2"),
    ]);
    for round in ["1", "2"] {
        if round == "2" {
            clock.advance(Duration::from_secs(7200));
            assert_eq!(core.jsapi_ticket().await.unwrap().secret().expose(), "page-2");
        }
        assert_eq!(
            core.card_ticket().await.unwrap().secret().expose(),
            format!("card-{round}")
        );
        assert_eq!(
            core.jsapi_ticket().await.unwrap().secret().expose(),
            format!("page-{round}")
        );
    }
    insta::assert_snapshot!(transcript(&script), @r#"
    POST /cgi-bin/stable_token {"grant_type":"client_credential","appid":"wx0000000000000001","secret":"the-app-secret"}
    GET /cgi-bin/ticket/getticket?type=wx_card&access_token=A
    GET /cgi-bin/ticket/getticket?type=jsapi&access_token=A
    POST /cgi-bin/stable_token {"grant_type":"client_credential","appid":"wx0000000000000001","secret":"the-app-secret"}
    GET /cgi-bin/ticket/getticket?type=jsapi&access_token=B
    GET /cgi-bin/ticket/getticket?type=wx_card&access_token=B
    "#);
}

#[tokio::test]
async fn a_forced_refresh_that_gives_the_same_ticket_does_not_prolong_it() {
    let (core, _, clock) = core_over([Reply::token("A"), Reply::ticket("T"), Reply::ticket("T")]);
    let first = core.card_ticket().await.unwrap().expires_at();
    clock.advance(Duration::from_secs(3600));
    assert_eq!(core.refresh_card_ticket().await.unwrap().expires_at(), first);
}

#[tokio::test]
async fn an_empty_ticket_is_refused_and_not_cached() {
    let (core, _, _) = core_over([Reply::token("A"), Reply::ticket(""), Reply::ticket("T")]);
    let error = core.card_ticket().await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Protocol, Some("ticket")));
    assert_eq!(core.card_ticket().await.unwrap().secret().expose(), "T");
}

#[tokio::test]
async fn a_ticket_refused_for_its_token_is_fetched_with_a_new_one() {
    let (core, script, _) = core_over([
        Reply::token("A"),
        Reply::json(r#"{"errcode":42001,"errmsg":"expired"}"#),
        Reply::token("B"),
        Reply::ticket("T"),
    ]);
    assert_eq!(core.card_ticket().await.unwrap().secret().expose(), "T");
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_ticket_that_cannot_be_had_ran_nothing_and_keeps_no_body() {
    let busy = || Reply::json(r#"{"errcode":-1,"errmsg":"busy","ticket":"T"}"#);
    let (core, _, _) = core_over([Reply::token("A"), busy(), busy(), busy()]);
    let error = core.card_ticket().await.unwrap_err();
    assert_eq!(error.errcode(), Some(ErrCode::BUSY));
    assert_eq!((error.attempts(), error.may_have_run()), (3, false));
    assert!(error.body().is_none());
}

#[tokio::test]
async fn forgetting_fetches_everything_anew() {
    let (core, _, _) = core_over([
        Reply::token("A"),
        Reply::ticket("T"),
        Reply::token("B"),
        Reply::ticket("U"),
    ]);
    core.card_ticket().await.unwrap();
    core.forget_tokens();
    assert_eq!(core.card_ticket().await.unwrap().secret().expose(), "U");
}

#[tokio::test]
async fn nonces_differ_and_are_short_words() {
    let (core, _, _) = core_over([]);
    assert_eq!(core.nonce(), "abcdefghijklmnop");
    assert_eq!(core.nonce(), "qrstuvwxyz234567");
}

#[tokio::test]
async fn a_page_that_reports_a_bad_signature_gets_another_ticket() {
    let (core, script, clock) = core_over([Reply::token("A"), Reply::ticket("old"), Reply::ticket("new")]);
    core.jsapi_ticket().await.unwrap();
    clock.advance(Duration::from_secs(100));
    let signed_at = clock.now();
    clock.advance(Duration::from_secs(5));
    assert!(!core.invalidate_ticket(TicketKind::Card, signed_at), "there is none");
    assert!(core.invalidate_ticket(TicketKind::Jsapi, signed_at));
    assert!(
        !core.invalidate_ticket(TicketKind::Jsapi, signed_at),
        "it is gone already"
    );
    assert_eq!(core.jsapi_ticket().await.unwrap().secret().expose(), "new");
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_report_about_an_older_ticket_leaves_the_new_one() {
    let (core, _, clock) = core_over([Reply::token("A"), Reply::ticket("T")]);
    let long_ago = clock.now() - Duration::from_secs(2);
    core.card_ticket().await.unwrap();
    assert!(!core.invalidate_ticket(TicketKind::Card, long_ago));
    assert!(core.invalidate_ticket(TicketKind::Card, clock.now()));
}

#[tokio::test]
async fn a_report_may_name_any_moment() {
    let (core, _, _) = core_over([Reply::token("A"), Reply::ticket("T")]);
    core.card_ticket().await.unwrap();
    // A page can send any number; this is the last moment that there is.
    let last = SystemTime::UNIX_EPOCH + Duration::from_secs(i64::MAX.unsigned_abs());
    assert!(core.invalidate_ticket(TicketKind::Card, last));
}

#[tokio::test]
async fn reports_are_heeded_once_a_minute() {
    let tickets = (0..3).map(|number| Reply::ticket(&number.to_string()));
    let (core, _, clock) = core_over([Reply::token("A")].into_iter().chain(tickets));
    core.card_ticket().await.unwrap();
    for (seconds, is_heeded) in [(0, true), (59, false), (1, true)] {
        clock.advance(Duration::from_secs(seconds));
        core.card_ticket().await.unwrap();
        assert_eq!(
            core.invalidate_ticket(TicketKind::Card, clock.now()),
            is_heeded,
            "{seconds}"
        );
    }
}

#[tokio::test]
async fn a_reported_ticket_that_comes_again_keeps_its_end() {
    let (core, _, clock) = core_over([Reply::token("A"), Reply::ticket("T"), Reply::ticket("T")]);
    let end = core.card_ticket().await.unwrap().expires_at();
    clock.advance(Duration::from_secs(3600));
    assert!(core.invalidate_ticket(TicketKind::Card, clock.now()));
    assert_eq!(core.card_ticket().await.unwrap().expires_at(), end);
}

#[tokio::test]
async fn the_ticket_of_pages_can_be_refreshed_too() {
    let (core, _, _) = core_over([Reply::token("A"), Reply::ticket("one"), Reply::ticket("two")]);
    assert_eq!(core.jsapi_ticket().await.unwrap().secret().expose(), "one");
    assert_eq!(core.refresh_jsapi_ticket().await.unwrap().secret().expose(), "two");
}
