//! Ours and bare in turns, each in a process of its own, against one server.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// One line of the table of calls.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    pub(crate) protocol: &'static str,
    pub(crate) case: &'static str,
    pub(crate) in_flight: u32,
}

/// What the rounds of one load came to.
pub(crate) struct Outcome {
    rounds: Vec<(Value, Value)>,
}

impl Load {
    /// Runs `rounds` of `millis` each; who begins changes from one to the next.
    pub(crate) fn run(self, rounds: u32, millis: u32) -> Result<Outcome, Box<dyn Error>> {
        let server = Server::start(self.protocol)?;
        let mut outcome = Outcome { rounds: Vec::new() };
        for round in 0..rounds {
            let pair = if round % 2 == 0 {
                let ours = self.client("ours", millis, &server)?;
                (ours, self.client("bare", millis, &server)?)
            } else {
                let bare = self.client("bare", millis, &server)?;
                (self.client("ours", millis, &server)?, bare)
            };
            outcome.rounds.push(pair);
        }
        Ok(outcome)
    }

    fn client(self, who: &str, millis: u32, server: &Server) -> Result<Value, Box<dyn Error>> {
        let numbers = [self.in_flight.to_string(), millis.to_string()];
        let [in_flight, millis] = numbers.each_ref().map(String::as_str);
        let mut child = Command::new(std::env::current_exe()?)
            .args(["client", who, self.protocol, self.case, in_flight, millis, &server.base])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(server.pem.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        let measured: Value = serde_json::from_slice(&output.stdout)?;
        if measured["failed"] != 0 {
            return Err(format!("{who}: calls failed: {measured}").into());
        }
        Ok(measured)
    }
}

impl Outcome {
    /// The median of `member`, ours and bare.
    pub(crate) fn medians(&self, member: &str) -> (f64, f64) {
        let of =
            |pick: fn(&(Value, Value)) -> &Value| median(self.rounds.iter().map(|pair| number(pick(pair), member)));
        (of(|pair| &pair.0), of(|pair| &pair.1))
    }

    /// Ours by bare: the median of the rounds' ratios, the least and the greatest.
    pub(crate) fn ratio(&self, member: &str) -> (f64, f64, f64) {
        let ratios = || {
            self.rounds
                .iter()
                .map(|(ours, bare)| number(ours, member) / number(bare, member))
        };
        let least = ratios().fold(f64::INFINITY, f64::min);
        let greatest = ratios().fold(0.0, f64::max);
        (median(ratios()), least, greatest)
    }
}

fn number(measured: &Value, member: &str) -> f64 {
    measured[member].as_f64().unwrap_or(f64::NAN)
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A server in a process of its own, which ends with this value.
struct Server {
    child: Child,
    base: String,
    pem: String,
}

impl Server {
    fn start(protocol: &str) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", protocol])
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("the server has no output")?).lines();
        let mut lines = lines.map_while(Result::ok).take_while(|line| !line.is_empty());
        let base = lines.next().ok_or("the server did not start")?;
        let pem = lines.map(|line| line + "\n").collect();
        Ok(Self { child, base, pem })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
