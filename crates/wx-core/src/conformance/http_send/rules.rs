//! The rules, each with the clause of the contract that it stands for.

pub(super) use crate::conformance::rule::Rule;
use crate::conformance::rule::rules;

rules! {
    REQUEST_AS_GIVEN, "request-as-given", 1,
        "method, path and query, host, headers and the whole body arrive as they were given";
    SENDS_ONCE, "sends-once", 1,
        "a request arrives once, whatever the answer, and whatever breaks once a byte of it was written";
    LOST_CONNECTION, "lost-connection", 1,
        "after a kept connection was closed, the next call succeeds or fails honestly, and the one after it succeeds";
    EVERY_STATUS, "every-status-is-an-answer", 2,
        "an answer of any status comes back as `Ok`, with its body";
    NO_REDIRECT, "no-redirect-is-followed", 2,
        "a redirect comes back as it is, and nobody calls where it points to";
    WHOLE_BODY, "whole-body", 3,
        "the body comes back whole and byte for byte, however its end is marked";
    INTERIM, "interim-answers-are-passed-over", 3,
        "answers of 1xx are not the answer";
    CONTENT_CODING, "content-coding", 3,
        "a body in a coding that was asked for comes back decoded; one that was not asked for is left as it is, or \
         decoded without its header";
    CUT, "cut-is-a-failure", 3,
        "when the connection ends before the answer is complete, there is no `Ok`";
    NOT_HTTP, "not-http-is-a-failure", 3,
        "what cannot be read as an answer is no `Ok`";
    TIME, "bounds-its-time", 4,
        "a call ends soon after its time is over, however the server is silent or slow";
    BODY_SIZE, "bounds-the-body", 4,
        "a body of exactly the limit comes back; a longer one is a failure of kind `Response`, and not a shorter body";
    SHOWS_NOTHING, "shows-nothing", 5,
        "no URI, header or body stands in the transport's `Debug` or in any link of an error's chain";
    REACHED, "reached-is-honest", 6,
        "once a byte of the request arrived, `reached()` is true";
    KINDS, "kinds-are-told", 6,
        "a closed port is `Connect`; silence is `Timeout`, or `Interrupted` where that cannot be told";
    OWN_ANSWER, "own-answer", 7,
        "every call gets the answer to its own request, with many at once and after calls that went wrong";
    DROPPED, "dropped-call", 7,
        "a call that is dropped half way leaves the transport usable";
    NO_PANIC, "no-panic", 7,
        "a call ends with an answer or an error, not with a panic";
}
