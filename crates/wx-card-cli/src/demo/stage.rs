//! Where the demo takes place: it runs a step, shows it and counts it.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use serde_json::Value;
use wx_card::CardClient;
use wx_card::core::{ErrCode, Error};
use wx_card_sandbox::Sandbox;

use super::recorder::{Exchange, Recorder};
use crate::failure::Failure;
use crate::output::{Rows, print};

/// Longest body that `--verbose` shows whole, in characters.
const SHOWN: usize = 1200;

pub(super) struct Stage {
    pub(super) client: CardClient,
    sandbox: Sandbox,
    recorder: Recorder,
    verbose: bool,
    steps: u32,
    calls: BTreeMap<String, u32>,
    spent: Duration,
    played: u32,
    refusals: u32,
}

impl Stage {
    pub(super) fn new(client: CardClient, sandbox: Sandbox, recorder: Recorder, verbose: bool) -> Self {
        Self {
            client,
            sandbox,
            recorder,
            verbose,
            steps: 0,
            calls: BTreeMap::new(),
            spent: Duration::ZERO,
            played: 0,
            refusals: 0,
        }
    }

    /// Makes a call that must succeed; `sent` says in a few words what goes out, `came` what comes back.
    pub(super) async fn call<T>(
        &mut self,
        sent: &str,
        call: impl Future<Output = Result<T, Error>>,
        came: impl FnOnce(&T) -> String,
    ) -> Result<T, Failure> {
        let answer = call.await?;
        self.show(sent, &came(&answer))?;
        Ok(answer)
    }

    /// Makes a call that the service must refuse with `errcode`.
    pub(super) async fn refused<T>(
        &mut self,
        sent: &str,
        call: impl Future<Output = Result<T, Error>>,
        errcode: ErrCode,
    ) -> Result<(), Failure> {
        let error = match call.await {
            Err(error) if error.errcode() == Some(errcode) => error,
            Err(error) => return Err(error.into()),
            Ok(_) => {
                return Err(surprise(&format!(
                    "{sent}: done, but it must be refused with {errcode}"
                )));
            }
        };
        self.refusals += 1;
        let errmsg = error.errmsg().unwrap_or_default();
        self.show(sent, &format!("refused, as it must be: {errcode} {errmsg}"))
    }

    /// Plays what somebody else does: a user with a phone, a reviewer.
    pub(super) fn control(
        &mut self,
        name: &str,
        who: &str,
        body: &Value,
        came: impl FnOnce(&Value) -> String,
    ) -> Result<Value, Failure> {
        let done = self.sandbox.control(name, body);
        let answer = done.map_err(|error| surprise(&format!("{who}: {error}")))?;
        self.played += 1;
        self.step(&format!("POST /_sandbox/{name}"), who, &came(&answer), None)?;
        Ok(answer)
    }

    /// Plays what must not succeed.
    pub(super) fn control_refused(&mut self, name: &str, who: &str, body: &Value) -> Result<(), Failure> {
        match self.sandbox.control(name, body) {
            Ok(_) => Err(surprise(&format!("{who}: done, but it must be refused"))),
            Err(error) => {
                (self.played, self.refusals) = (self.played + 1, self.refusals + 1);
                self.step(
                    &format!("POST /_sandbox/{name}"),
                    who,
                    &format!("refused, as it must be: {error}"),
                    None,
                )
            }
        }
    }

    /// Shows a result that needed no call of its own.
    pub(super) fn note(&mut self, what: &str, sent: &str, came: &str) -> Result<(), Failure> {
        // What had to be fetched for it stands before it.
        self.fetched()?;
        self.step(what, sent, came, None)
    }

    /// Requires `holds`, and says what was expected otherwise.
    pub(super) fn expect(&self, holds: bool, what: &str) -> Result<(), Failure> {
        if holds { Ok(()) } else { Err(surprise(what)) }
    }

    /// Counts the calls.
    pub(super) fn summary(&self) -> Result<(), Failure> {
        let mut rows = Rows::new();
        for (path, count) in &self.calls {
            rows = rows.row(path, count);
        }
        let calls: u32 = self.calls.values().sum();
        let seconds = self.spent.as_secs_f64();
        print(&format!(
            "\n{}\n{calls} calls to {} paths in {:.1} ms, {:.2} ms each on average.\n\
             {} steps were played for users and reviewers; {} things were refused, each as it must be.",
            rows.text(),
            self.calls.len(),
            seconds * 1e3,
            seconds * 1e3 / f64::from(calls.max(1)),
            self.played,
            self.refusals,
        ))
    }

    /// Shows the exchanges of one call; all but the last fetched what it needs.
    fn show(&mut self, sent: &str, came: &str) -> Result<(), Failure> {
        let mut exchanges = self.recorder.take();
        let last = exchanges.pop();
        self.show_fetched(exchanges)?;
        let Some(exchange) = last else {
            return Err(surprise(&format!("{sent}: nothing was sent")));
        };
        self.show_exchange(&exchange, sent, came)
    }

    fn fetched(&mut self) -> Result<(), Failure> {
        let exchanges = self.recorder.take();
        self.show_fetched(exchanges)
    }

    fn show_fetched(&mut self, exchanges: Vec<Exchange>) -> Result<(), Failure> {
        for exchange in exchanges {
            let sent = if exchange.request.is_empty() {
                "type and token"
            } else {
                "app id and secret (hidden)"
            };
            let seconds = member(&exchange.answer, "expires_in");
            self.show_exchange(
                &exchange,
                sent,
                &format!("a secret (hidden) that serves for {seconds} s"),
            )?;
        }
        Ok(())
    }

    fn show_exchange(&mut self, exchange: &Exchange, sent: &str, came: &str) -> Result<(), Failure> {
        *self.calls.entry(exchange.path.clone()).or_default() += 1;
        self.spent += exchange.elapsed;
        let what = format!("{} {}", exchange.method, exchange.path);
        self.step(&what, sent, came, Some(exchange.elapsed))?;
        if self.verbose {
            let is_secret = exchange.path.starts_with("/cgi-bin/");
            if !exchange.request.is_empty() {
                print(&format!("      > {}", shown(&exchange.request, is_secret)))?;
            }
            print(&format!("      < {}", shown(&exchange.answer, is_secret)))?;
        }
        Ok(())
    }

    fn step(&mut self, what: &str, sent: &str, came: &str, elapsed: Option<Duration>) -> Result<(), Failure> {
        self.steps += 1;
        let time = elapsed.map_or_else(String::new, |elapsed| {
            format!("  ({:.2} ms)", elapsed.as_secs_f64() * 1e3)
        });
        print(&format!("{:>3}  {what:<36}  {sent}\n      → {came}{time}", self.steps))
    }
}

/// The demo went another way than it must.
fn surprise(what: &str) -> Failure {
    Failure::local(format!("the demo did not go as it must: {what}"))
}

fn member(answer: &[u8], name: &str) -> String {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    answer.get(name).map(ToString::to_string).unwrap_or_default()
}

/// A body in one line, secrets hidden; the middle of a long one is left out.
fn shown(body: &[u8], is_secret: bool) -> String {
    let mut json: Value = match serde_json::from_slice(body) {
        Ok(json) => json,
        Err(_) => return format!("{} bytes that are not JSON", body.len()),
    };
    if is_secret && let Some(members) = json.as_object_mut() {
        for name in ["secret", "access_token", "ticket"] {
            if let Some(secret) = members.get_mut(name) {
                *secret = Value::from("***");
            }
        }
    }
    let text = json.to_string();
    match text.char_indices().nth(SHOWN) {
        None => text,
        Some((cut, _)) => {
            let head = text.get(..cut).unwrap_or_default();
            format!("{head}… ({} bytes in all)", text.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_long_bodies_cut() {
        let token = br#"{"access_token":"canary","expires_in":7200}"#;
        assert_eq!(shown(token, true), r#"{"access_token":"***","expires_in":7200}"#);
        let long = format!(r#"{{"code":"{}"}}"#, "码".repeat(2000));
        assert!(shown(long.as_bytes(), false).ends_with("… (6011 bytes in all)"));
    }
}
