//! One process of a fleet: a client that does what it is told on stdin, a line of JSON at a time, and says on stdout
//! what came of it.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to whoever runs it"
)]

mod clock;
mod connect;
mod narrow;
mod order;
mod settings;
mod tally;
mod worker;

use std::error::Error;
use std::io::{self, BufRead};
use std::process::ExitCode;
use std::thread;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use clock::MovedClock;
use settings::Settings;
use worker::Worker;

/// What stands in the way of a worker.
type Problem = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let settings = match Settings::read(std::env::args().skip(1), |name| std::env::var(name).ok()) {
        Ok(Some(settings)) => settings,
        Ok(None) => {
            println!("{}", settings::USAGE);
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("{problem}\n\n{}", settings::USAGE);
            return ExitCode::from(2);
        }
    };
    // Two threads, so that callers of one process race for its cache.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let worked = runtime
        .map_err(Problem::from)
        .and_then(|runtime| runtime.block_on(work(&settings)));
    match worked {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Does what it is told until nobody is left to tell it anything.
async fn work(settings: &Settings) -> Result<(), Problem> {
    let clock = MovedClock::by(settings.clock_offset);
    let client = connect::client(settings, clock.clone())?;
    let mut worker = Worker::new(client, clock);
    let mut lines = lines();
    say(&json!({"ready": true}));
    while let Some(line) = lines.recv().await {
        let answer = match serde_json::from_str(&line) {
            Ok(order) => worker.obey(order).await,
            Err(error) => json!({"error": error.to_string()}),
        };
        say(&answer);
    }
    Ok(())
}

/// The lines of stdin. It is read by a thread, because it cannot be waited for.
fn lines() -> UnboundedReceiver<String> {
    let (sender, receiver) = unbounded_channel();
    thread::spawn(move || {
        // Whoever started the worker has gone when there are no more: so it ends with them.
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn say(answer: &Value) {
    println!("{answer}");
}
