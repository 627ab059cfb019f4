//! Ours and bare in turns, each in a process of its own, against one server.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// What the rounds of one case came to.
pub(crate) struct Outcome {
    rounds: Vec<(Value, Value)>,
}

impl Outcome {
    /// Runs so many rounds of the program with these words, in which `WHO` is ours or bare; who begins changes from one to
    /// the next.
    pub(crate) fn of(server: &Server, rounds: u32, words: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut outcome = Self { rounds: Vec::new() };
        for round in 0..rounds {
            outcome.add(server, round, words)?;
        }
        Ok(outcome)
    }

    /// The same, with a server that is new for each round.
    pub(crate) fn of_new(server: &[&str], rounds: u32, words: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut outcome = Self { rounds: Vec::new() };
        for round in 0..rounds {
            outcome.add(&Server::start(server)?, round, words)?;
        }
        Ok(outcome)
    }

    fn add(&mut self, server: &Server, round: u32, words: &[&str]) -> Result<(), Box<dyn Error>> {
        let run = |who: &'static str| {
            let words: Vec<&str> = words
                .iter()
                .map(|word| if *word == "WHO" { who } else { word })
                .collect();
            server.run(&words)
        };
        let pair = if round.is_multiple_of(2) {
            let ours = run("ours")?;
            (ours, run("bare")?)
        } else {
            let bare = run("bare")?;
            (run("ours")?, bare)
        };
        self.rounds.push(pair);
        Ok(())
    }

    /// The median of `member`, ours and bare.
    pub(crate) fn medians(&self, member: &str) -> (f64, f64) {
        let of =
            |pick: fn(&(Value, Value)) -> &Value| median(self.rounds.iter().map(|pair| number(pick(pair), member)));
        (of(|pair| &pair.0), of(|pair| &pair.1))
    }

    /// Ours by bare: the median of the rounds' ratios, the least and the greatest.
    pub(crate) fn ratio(&self, member: &str) -> String {
        let ratios = || {
            self.rounds
                .iter()
                .map(|(ours, bare)| number(ours, member) / number(bare, member))
        };
        let least = ratios().fold(f64::INFINITY, f64::min);
        let greatest = ratios().fold(0.0, f64::max);
        format!("{:.2} ({least:.2}–{greatest:.2})", median(ratios()))
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
pub(crate) struct Server {
    child: Child,
    base: String,
    /// What else it has said: the certificate to trust, or the card to use.
    rest: String,
}

impl Server {
    /// Runs the program with these words until it has said where it serves: its address, more, an empty line.
    pub(crate) fn start(words: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("the server has no output")?).lines();
        let mut lines = lines.map_while(Result::ok).take_while(|line| !line.is_empty());
        let base = lines.next().ok_or("the server did not start")?;
        let rest = lines.map(|line| line + "\n").collect();
        Ok(Self { child, base, rest })
    }

    /// Runs the program with these words and this address; what it prints is JSON.
    pub(crate) fn run(&self, words: &[&str]) -> Result<Value, Box<dyn Error>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(words)
            .arg(&self.base)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(self.rest.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        let measured: Value = serde_json::from_slice(&output.stdout)?;
        if measured["failed"] != 0 {
            return Err(format!("{words:?}: calls failed: {measured}").into());
        }
        Ok(measured)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
