//! The page with the numbers: docs/performance.md.

use std::error::Error;
use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::rounds::{Outcome, Server};
use crate::{criterion, lean, sandbox};

const HEAD: &str = "\
# Performance

Made by `cargo xtask bench`; do not edit.
Ratios within one run are what counts: absolute numbers move from machine to machine and from hour to hour.

*Bare* is hyper-util's client with the same TLS and the same pool, which sends the same bytes, ready made, and reads the answer without looking at it.
Ours fetches, keeps and adds the token, encodes the request, reads the envelope, decodes the answer into its type, and would have repeated what may be repeated.
Client and server are processes of their own with one thread each, on one machine; ours and bare take turns, and each number is the median of the rounds.
";

const LOADS: [Load; 12] = [
    load("http", "query", "1"),
    load("http", "query", "16"),
    load("http", "query", "64"),
    load("http", "query", "256"),
    load("http", "consume", "1"),
    load("http", "consume", "16"),
    load("http", "consume", "64"),
    load("http", "consume", "256"),
    load("https", "query", "1"),
    load("https", "query", "16"),
    load("https", "query", "64"),
    load("h2", "query", "64"),
];

const fn load(protocol: &'static str, case: &'static str, in_flight: &'static str) -> Load {
    Load {
        protocol,
        case,
        in_flight,
    }
}

/// Measures everything, and gives back the page.
pub(crate) fn write(rounds: u32, millis: u32) -> Result<String, Box<dyn Error>> {
    let mut page = String::from(HEAD);
    write!(page, "\n{}\n", machine()?)?;
    page.push_str(CALLS);
    for load in LOADS {
        let line = load.line(&load.run(rounds, millis)?);
        eprint!("{line}");
        page.push_str(&line);
    }
    page.push_str(&many(rounds, millis)?);
    page.push_str(&cold(rounds)?);
    page.push_str(&deposits(rounds)?);
    page.push_str(&sandbox(millis)?);
    page.push_str(MICRO);
    for timed in criterion::read()? {
        let (name, nanos) = (&timed.name, timed.nanos);
        writeln!(page, "| {name} | {nanos:.0} | {} |", thousands(1e9 / nanos))?;
    }
    write!(page, "\n{}\n{}", allocations()?, lean::tables()?)?;
    page.push_str(AIMS);
    Ok(page)
}

const CALLS: &str = "
## Calls

In brackets the least and the greatest ratio of a round.
CPU is the client's user and system time.

| protocol | call | in flight | calls/s | bare | ratio | CPU a call | bare | ratio | p50 ratio | p99 ratio | peak memory | bare |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

const MANY: &str = "
## Ten thousand at once

So many calls are in flight all the time. Ours has 512 of them under way, unless told otherwise, and the others wait for their turn; bare has a connection for each.

| ours | bare | ratio | KB a call | bare |
| --- | --- | --- | --- | --- |
";

const COLD: &str = "
## A cold start

So many callers query at once with a client that has no token yet; bare has one fetch it first.
The time is until all have their answer, and a connection each is a part of it.

| callers | ours | bare | ratio | tokens fetched |
| --- | --- | --- | --- | --- |
";

const DEPOSITS: &str = "
## A million codes

Codes of 12 characters into the sandbox, 100 a request; bare sends the same bodies, made before.
Ours reads lines, finds those that stand there twice, makes the bodies and reads what became of each code.

| in flight | requests/s | bare | ratio | a million in | peak memory |
| --- | --- | --- | --- | --- | --- |
";

const MICRO: &str = "
## Without the network

| what | ns | a second |
| --- | --- | --- |
";

const AIMS: &str = "
## Where it stops

| aimed at | what lies between |
| --- | --- |
| 0.88 of bare's calls a second and 1.15 of its CPU over plain HTTP, 0.95 over TLS | A redemption is about there, a query three hundredths short; over TLS a query is six to eight short. Bare takes some 26,000 instructions a call, ours 8,000 more: 5,000 read the answer into its type and check it on the way, the rest encodes, finds the token, bounds the answer's time and length, and opens the span of the call. Reading less of an answer would be faster, and would keep less of what the service said. hyper-util's pool of connections takes 5,000 of both; one of our own would take less, and would be one more pool to be wrong in the moment in which a connection breaks. |
| a signature in 1.6 of the time of its hash, 3 million payloads a second | It depends on how fast the processor's instructions for the hash are beside its others. Sorting the texts, hashing them piece by piece and writing 40 digits is the rest. One buffer for all pieces gained nothing, and would hold the ticket once more. |
";

/// One line of the table of calls.
#[derive(Clone, Copy)]
struct Load {
    protocol: &'static str,
    case: &'static str,
    in_flight: &'static str,
}

impl Load {
    fn run(self, rounds: u32, millis: u32) -> Result<Outcome, Box<dyn Error>> {
        let server = Server::start(&["serve", self.protocol])?;
        let millis = millis.to_string();
        let words = ["client", "WHO", self.protocol, self.case, self.in_flight, &millis];
        Outcome::of(&server, rounds, &words)
    }

    fn line(self, outcome: &Outcome) -> String {
        let (ours, bare) = outcome.medians("per_second");
        let (cpu, bare_cpu) = outcome.medians("cpu_nanos");
        let (peak, bare_peak) = outcome.medians("peak_kib");
        format!(
            "| {} | {} | {} | {} | {} | {} | {:.1} µs | {:.1} µs | {} | {} | {} | {:.1} MB | {:.1} MB |\n",
            self.protocol,
            self.case,
            self.in_flight,
            thousands(ours),
            thousands(bare),
            outcome.ratio("per_second"),
            cpu / 1e3,
            bare_cpu / 1e3,
            outcome.ratio("cpu_nanos"),
            outcome.ratio("p50_nanos"),
            outcome.ratio("p99_nanos"),
            peak / 1024.0,
            bare_peak / 1024.0,
        )
    }
}

/// More calls in flight than anybody has connections for.
fn many(rounds: u32, millis: u32) -> Result<String, Box<dyn Error>> {
    const CALLS: &str = "10000";
    let outcome = load("http", "query", CALLS).run(rounds, millis)?;
    let (ours, bare) = outcome.medians("per_second");
    let (peak, bare_peak) = outcome.medians("peak_kib");
    let calls: f64 = CALLS.parse()?;
    Ok(format!(
        "{MANY}| {} | {} | {} | {:.1} | {:.1} |\n",
        thousands(ours),
        thousands(bare),
        outcome.ratio("per_second"),
        peak / calls,
        bare_peak / calls,
    ))
}

/// A start with many callers and no token.
fn cold(rounds: u32) -> Result<String, Box<dyn Error>> {
    let mut page = String::from(COLD);
    for callers in ["64", "1000"] {
        let server = Server::start(&["serve", "http"])?;
        let outcome = Outcome::of(&server, rounds * 4, &["cold", "WHO", callers])?;
        let (ours, bare) = outcome.medians("nanos");
        let (tokens, _) = outcome.medians("tokens");
        let ratio = outcome.ratio("nanos");
        writeln!(
            page,
            "| {callers} | {:.1} ms | {:.1} ms | {ratio} | {tokens} |",
            ours / 1e6,
            bare / 1e6
        )?;
    }
    Ok(page)
}

/// A million codes, and once ten million.
fn deposits(rounds: u32) -> Result<String, Box<dyn Error>> {
    let mut page = String::from(DEPOSITS);
    for in_flight in ["4", "16"] {
        let words = ["deposit", "WHO", "1000000", in_flight];
        let outcome = Outcome::of_new(&["sandbox"], rounds, &words)?;
        let (ours, bare) = outcome.medians("per_second");
        let (seconds, _) = outcome.medians("seconds");
        let (peak, _) = outcome.medians("peak_kib");
        let line = format!(
            "| {in_flight} | {} | {} | {} | {seconds:.2} s | {:.1} MB |\n",
            thousands(ours),
            thousands(bare),
            outcome.ratio("per_second"),
            peak / 1024.0,
        );
        eprint!("{line}");
        page.push_str(&line);
    }
    let ten_million = Server::start(&["sandbox"])?.run(&["deposit", "ours", "10000000", "4"])?;
    let peak = ten_million["peak_kib"].as_f64().ok_or("there is no peak")?;
    let seconds = ten_million["seconds"].as_f64().ok_or("there is no time")?;
    writeln!(
        page,
        "\nTen million, once: {seconds:.1} s, with a peak of {:.0} MB.",
        peak / 1024.0
    )?;
    Ok(page)
}

fn sandbox(millis: u32) -> Result<String, Box<dyn Error>> {
    let measured = sandbox::measured(millis)?;
    let megabytes = |kib: u64| f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0;
    Ok(format!(
        "\n## The sandbox\n\n\
        It answers {} queries a second of one core over loopback, is there {:.1} ms after it was called, takes {:.1} MB \
        with nothing in it and {:.1} MB with a million codes.\n",
        thousands(measured.queries_a_second_of_cpu),
        measured.start.as_secs_f64() * 1e3,
        megabytes(measured.kib_empty),
        megabytes(measured.kib_with_a_million),
    ))
}

/// A number a person reads: 12.3 k, 4.56 M.
fn thousands(number: f64) -> String {
    if number >= 1e6 {
        format!("{:.2} M", number / 1e6)
    } else {
        format!("{:.1} k", number / 1e3)
    }
}

fn machine() -> Result<String, Box<dyn Error>> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model.trim());
    let cores = std::thread::available_parallelism()?;
    let rustc = Command::new("rustc").arg("--version").output()?;
    let rustc = String::from_utf8_lossy(&rustc.stdout).trim().to_owned();
    Ok(format!("Measured on {cores} cores of {model}, with {rustc}."))
}

/// What the program beside this one counts.
fn allocations() -> Result<String, Box<dyn Error>> {
    let program = std::env::current_exe()?.with_file_name("wx-card-allocations");
    let counted: Value = serde_json::from_slice(&Command::new(program).output()?.stdout)?;
    let mut lines = String::from(
        "## Allocations a call\n\nWithout those of the transport.\n\n| call | blocks | bytes |\n| --- | --- | --- |\n",
    );
    for (name, counted) in counted.as_object().into_iter().flatten() {
        writeln!(lines, "| {name} | {} | {} |", counted["blocks"], counted["bytes"])?;
    }
    Ok(lines)
}
