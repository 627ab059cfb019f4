//! `code redeem` and `card stock --to`, while a proxy between the command and the sandbox cuts connections.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::run::{Run, command, finish};
use crate::world::World;

const OPENID: &str = "oUser0000000000000000000001A";
const CONSUME: &str = "/card/code/consume";
const GET: &str = "/card/code/get";
const STOCK: &str = "/card/modifystock";

/// What the proxy does to one request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Cut {
    /// Nothing.
    Not,
    /// The service gets it and answers; the proxy hangs up instead of passing that on.
    AfterApplying,
    /// The proxy hangs up; the service gets nothing.
    BeforeApplying,
    /// The service gets it and answers; the proxy passes on half of that.
    MidAnswer,
    /// The service gets it; the proxy says that it does not know what became of it.
    Busy,
}

/// A proxy in front of a sandbox. It takes one request for each connection.
struct Proxy {
    base_url: String,
    plan: Arc<Mutex<Vec<(&'static str, Cut)>>>,
}

impl Proxy {
    /// Cuts the requests for the paths of `plan`, in order; all others pass.
    fn before(world: &World, plan: &[(&'static str, Cut)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let service: SocketAddr = world.base_url().strip_prefix("http://").unwrap().parse().unwrap();
        let plan = Arc::new(Mutex::new(plan.to_vec()));
        let shared = Arc::clone(&plan);
        // It ends with the process of the test: nobody connects to it by then.
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || pass(&stream, service, &shared));
            }
        });
        Self { base_url, plan }
    }

    fn run(&self, args: &[&str]) -> Run {
        finish(command(&[&["--base-url", &self.base_url], args].concat()))
    }

    fn json(&self, args: &[&str]) -> Run {
        self.run(&[args, &["--output", "json"]].concat())
    }

    /// Whether everything that was planned has happened.
    fn is_done(&self) -> bool {
        self.plan.lock().unwrap().is_empty()
    }
}

/// Passes one request on, and what comes of it back, unless it is to be cut.
fn pass(mut client: &TcpStream, service: SocketAddr, plan: &Mutex<Vec<(&'static str, Cut)>>) {
    let Some(request) = request(client) else {
        return;
    };
    let text = String::from_utf8_lossy(&request).into_owned();
    let target = text.split(' ').nth(1).unwrap();
    let path = target.split('?').next().unwrap();
    let cut = {
        let mut plan = plan.lock().unwrap();
        let at = plan.iter().position(|(planned, _)| *planned == path);
        at.map_or(Cut::Not, |at| plan.remove(at).1)
    };
    if cut == Cut::BeforeApplying {
        return;
    }
    let mut upstream = TcpStream::connect(service).unwrap();
    // One request a connection, so that the end of the answer is the end of the stream.
    let request = text.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    upstream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).unwrap();
    match cut {
        Cut::Not => client.write_all(&answer).unwrap(),
        Cut::MidAnswer => client.write_all(&answer[..answer.len() - 9]).unwrap(),
        Cut::Busy => {
            let busy = r#"{"errcode":-1,"errmsg":"system error"}"#;
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                busy.len()
            );
            client.write_all((head + busy).as_bytes()).unwrap();
        }
        Cut::AfterApplying | Cut::BeforeApplying => {}
    }
    drop(client.shutdown(Shutdown::Both));
}

/// The whole of one request; none where the other side only tried.
fn request(mut stream: &TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            if end + 4 + length <= bytes.len() {
                return Some(bytes);
            }
        }
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
    }
}

/// The outcome on stdout of a run that ended with `code`; stderr says nothing beside it.
fn outcome(run: &Run, code: i32) -> Value {
    assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{run:?}");
    let outcome: Value = serde_json::from_str(&run.stdout).unwrap();
    let members: Vec<&String> = outcome.as_object().unwrap().keys().collect();
    let expected = [
        "advice",
        "attempts",
        "begin_time",
        "by_this_call",
        "card_id",
        "code",
        "confirmed_by",
        "end_time",
        "errcode",
        "errmsg",
        "may_have_run",
        "message",
        "openid",
        "outcome",
        "reason",
        "rid",
        "state",
    ];
    assert_eq!(members, expected);
    assert_eq!(outcome["may_have_run"], code == 5 || code == 0);
    outcome
}

/// How many redeem calls for `code` the service has accepted.
fn accepted(world: &World, code: &str) -> u64 {
    let ledger = world.control("ledger", &json!({}));
    let codes = ledger["codes"].as_array().unwrap();
    codes
        .iter()
        .filter(|entry| entry["code"] == code)
        .map(|entry| entry["accepted"].as_u64().unwrap())
        .sum()
}

#[test]
fn a_code_is_redeemed_once_and_then_it_is_used() {
    let world = World::new();
    let id = world.groupon();
    let code = world.take(&id, OPENID);
    let redeemed = outcome(&world.json(&["code", "redeem", &code]), 0);
    assert_eq!(redeemed["outcome"], "redeemed");
    assert_eq!(
        (&redeemed["card_id"], &redeemed["openid"], &redeemed["confirmed_by"]),
        (&json!(id), &json!(OPENID), &json!("answer"))
    );
    let again = outcome(&world.json(&["code", "redeem", &code]), 3);
    assert_eq!(
        (&again["outcome"], &again["by_this_call"], &again["errcode"]),
        (&json!("already_redeemed"), &json!("no"), &Value::Null)
    );
    let again = outcome(&world.json(&["code", "redeem", &code, "--no-query"]), 3);
    assert_eq!(
        (&again["by_this_call"], &again["errcode"], &again["card_id"]),
        (&json!("unknown"), &json!(40099), &json!(id))
    );
    assert_eq!((world.requests(CONSUME), accepted(&world, &code)), (2, 1));

    let code = world.take(&id, OPENID);
    let text = world.run(&["code", "redeem", &code]);
    assert_eq!(
        text.text(),
        format!("redeemed  {code}\ncard id   {id}\nopenid    {OPENID}\n")
    );
    let again = world.run(&["code", "redeem", &code]);
    assert_eq!((again.code, again.stderr.as_str()), (3, ""), "{again:?}");
    assert!(
        again
            .stdout
            .starts_with("outcome   redeemed already; by this call: no\n"),
        "{again:?}"
    );
    assert!(
        again.stdout.contains("\nto do     The coupon was redeemed before: "),
        "{again:?}"
    );
}

#[test]
fn a_code_that_cannot_be_used_is_refused_with_the_reason() {
    let world = World::new();
    let id = world.cash_coupon();
    world.json(&["code", "deposit", &id, "first"]).json();
    world.json(&["card", "stock", &id, "+1"]).json();
    let code = world.take(&id, OPENID);
    // A code of the merchant's own is found by its card alone.
    let refused = outcome(&world.json(&["code", "redeem", &code]), 3);
    assert_eq!(
        (&refused["outcome"], &refused["reason"], &refused["errcode"]),
        (&json!("refused"), &json!("not_held"), &json!(40056))
    );
    world.control("user-delete", &json!({"card_id": id, "code": code}));
    let refused = outcome(&world.json(&["code", "redeem", &code, "--card-id", &id]), 3);
    assert_eq!(
        (&refused["reason"], &refused["state"]),
        (&json!("deleted"), &json!("deleted"))
    );
    let text = world.run(&["code", "redeem", &code, "--card-id", &id]);
    assert!(
        text.stdout
            .starts_with("outcome   not redeemed: the customer has deleted the coupon\n"),
        "{text:?}"
    );
    assert_eq!(world.requests(CONSUME), 0);
}

#[test]
fn an_answer_that_is_cut_off_is_found_out() {
    for cut in [Cut::AfterApplying, Cut::MidAnswer, Cut::Busy] {
        let world = World::new();
        let code = world.take(&world.groupon(), OPENID);
        let proxy = Proxy::before(&world, &[(CONSUME, cut)]);
        let found = outcome(&proxy.json(&["code", "redeem", &code]), 5);
        assert_eq!(
            (&found["outcome"], &found["by_this_call"]),
            (&json!("already_redeemed"), &json!("likely")),
            "{cut:?}"
        );
        assert_eq!((world.requests(CONSUME), world.requests(GET)), (1, 2), "{cut:?}");
        assert_eq!(accepted(&world, &code), 1);
        assert!(proxy.is_done());

        let code = world.take(&world.groupon(), OPENID);
        let proxy = Proxy::before(&world, &[(CONSUME, cut)]);
        let found = outcome(&proxy.json(&["code", "redeem", &code, "--no-query"]), 5);
        assert_eq!(
            (&found["outcome"], &found["by_this_call"]),
            (&json!("already_redeemed"), &json!("unknown")),
            "{cut:?}"
        );
        assert_eq!((world.requests(CONSUME), accepted(&world, &code)), (2, 1), "{cut:?}");
    }
}

#[test]
fn a_request_that_got_lost_is_unknown_and_once_more_is_safe() {
    let world = World::new();
    let code = world.take(&world.groupon(), OPENID);
    let proxy = Proxy::before(&world, &[(CONSUME, Cut::BeforeApplying)]);
    let args = ["code", "redeem", &code, "--patience", "0"];
    let unknown = outcome(&proxy.json(&args), 5);
    assert_eq!(
        (&unknown["outcome"], &unknown["state"]),
        (&json!("unknown"), &json!("redeemable"))
    );
    assert!(
        unknown["advice"]
            .as_str()
            .unwrap()
            .contains("redeem the same code once more"),
        "{unknown}"
    );
    assert_eq!((world.requests(CONSUME), accepted(&world, &code)), (0, 0));
    assert_eq!(outcome(&proxy.json(&args), 0)["outcome"], "redeemed");
    assert_eq!((world.requests(CONSUME), accepted(&world, &code)), (1, 1));
}

#[test]
fn a_question_that_is_cut_off_is_asked_again() {
    let world = World::new();
    let code = world.take(&world.groupon(), OPENID);
    let plan = [
        (GET, Cut::MidAnswer),
        (CONSUME, Cut::AfterApplying),
        (GET, Cut::AfterApplying),
    ];
    let proxy = Proxy::before(&world, &plan);
    let found = outcome(&proxy.json(&["code", "redeem", &code]), 5);
    assert_eq!(found["by_this_call"], "likely");
    assert_eq!((world.requests(CONSUME), accepted(&world, &code)), (1, 1));
    assert!(proxy.is_done());
}

#[test]
fn what_says_nothing_about_the_code_is_an_error_and_nothing_ran() {
    // Bound and let go, so that nobody listens there.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let base_url = format!("http://{address}");
    let down = finish(command(&[
        "--base-url",
        &base_url,
        "--output",
        "json",
        "code",
        "redeem",
        "1",
    ]));
    assert_eq!(down.error(4)["kind"], "transport");
    let world = World::new();
    assert_eq!(world.json(&["code", "redeem", ""]).error(2)["field"], "code");
    assert_eq!(
        world.json(&["code", "redeem", "1", "--patience", "-1"]).error(2)["kind"],
        "usage"
    );
    assert!(world.is_untouched());
}

#[test]
fn the_stock_is_set_and_an_answer_that_is_cut_off_is_found_out() {
    let world = World::new();
    let id = world.groupon();
    let set = |to: &str| world.json(&["card", "stock", &id, "--to", to]).json();
    assert_eq!(
        set("500"),
        json!({"outcome": "unchanged", "from": 500, "to": 500, "confirmed_by": "query"})
    );
    assert_eq!(
        set("450"),
        json!({"outcome": "changed", "from": 500, "to": 450, "confirmed_by": "answer"})
    );
    assert_eq!(world.requests(STOCK), 1);
    for cut in [Cut::AfterApplying, Cut::MidAnswer, Cut::Busy] {
        let proxy = Proxy::before(&world, &[(STOCK, cut)]);
        let told = proxy.run(&["card", "stock", &id, "--to", "600"]);
        assert_eq!(
            told.text(),
            format!("the stock of card {id} was 450 and is 600 now\n"),
            "{cut:?}"
        );
        assert!(proxy.is_done());
        set("450");
    }
    assert_eq!(world.requests(STOCK), 7);
    let text = world.run(&["card", "stock", &id, "--to", "450"]);
    assert_eq!(text.text(), format!("the stock of card {id} is 450 already\n"));
    for args in [
        &["card", "stock", "p1"][..],
        &["card", "stock", "p1", "+1", "--to", "2"],
    ] {
        assert_eq!(world.json(args).error(2)["kind"], "usage");
    }
    assert_eq!(
        world.json(&["card", "stock", "pNone", "--to", "2"]).error(3)["errcode"],
        40073
    );
}
