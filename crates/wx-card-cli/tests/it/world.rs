//! A sandbox in this process, and the command against it.

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wx_card_sandbox::{Sandbox, Server};

use crate::run::{APP_ID, APP_SECRET, Run, command, example, finish, finish_with};

/// A sandbox with the account of the tests.
pub(crate) struct World {
    sandbox: Sandbox,
    base_url: String,
    _server: Server,
    // Dropped last: the server needs it.
    _runtime: Runtime,
}

impl World {
    pub(crate) fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = Sandbox::builder().account(APP_ID, APP_SECRET).build().unwrap();
        let server = runtime.block_on(sandbox.serve(([127, 0, 0, 1], 0).into())).unwrap();
        Self {
            sandbox,
            base_url: server.base_url(),
            _server: server,
            _runtime: runtime,
        }
    }

    /// Runs the command for people.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(command(&self.with_base_url(args)))
    }

    /// Runs the command for programs.
    pub(crate) fn json(&self, args: &[&str]) -> Run {
        self.run(&[args, &["--output", "json"]].concat())
    }

    /// Runs the command for programs, with `input` on stdin.
    pub(crate) fn json_with(&self, args: &[&str], input: &str) -> Run {
        let args = [args, &["--output", "json"]].concat();
        finish_with(command(&self.with_base_url(&args)), input)
    }

    fn with_base_url<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        [&["--base-url", &self.base_url], args].concat()
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Plays a user or a reviewer.
    pub(crate) fn control(&self, name: &str, body: &Value) -> Value {
        self.sandbox.control(name, body).unwrap()
    }

    /// How many requests came for `path`.
    pub(crate) fn requests(&self, path: &str) -> u64 {
        self.control("ledger", &json!({}))["requests"][path]
            .as_u64()
            .unwrap_or(0)
    }

    /// Whether anything was sent at all.
    pub(crate) fn is_untouched(&self) -> bool {
        self.control("ledger", &json!({}))["requests"] == json!({})
    }

    /// A card that draws its own codes.
    pub(crate) fn groupon(&self) -> String {
        self.created("groupon.json")
    }

    /// A card whose codes are deposited.
    pub(crate) fn cash_coupon(&self) -> String {
        self.created("cash-coupon.json")
    }

    fn created(&self, name: &str) -> String {
        let answer = self.json(&["card", "create", &example(name)]).json();
        answer["card_id"].as_str().unwrap().to_owned()
    }

    /// A user takes `card_id`; this is the code.
    pub(crate) fn take(&self, card_id: &str, openid: &str) -> String {
        let taken = self.control("take", &json!({"card_id": card_id, "openid": openid}));
        taken["code"].as_str().unwrap().to_owned()
    }
}
