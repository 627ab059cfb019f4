//! The page with the numbers: docs/performance.md.

use std::error::Error;
use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::rounds::{Load, Outcome};
use crate::{criterion, lean};

const HEAD: &str = "\
# Performance

Made by `cargo xtask bench`; do not edit.
Ratios within one run are what counts: absolute numbers move from machine to machine and from hour to hour.

*Bare* is hyper-util's client with the same TLS and the same pool, which sends the same bytes, ready made, and reads the answer without looking at it.
Ours fetches, keeps and adds the token, encodes the request, reads the envelope, decodes the answer into its type, and would have repeated what may be repeated.
Client and server are processes of their own with one thread each, on one machine; ours and bare take turns, and each number is the median of the rounds.
";

const LOADS: [Load; 12] = [
    load("http", "query", 1),
    load("http", "query", 16),
    load("http", "query", 64),
    load("http", "query", 256),
    load("http", "consume", 1),
    load("http", "consume", 16),
    load("http", "consume", 64),
    load("http", "consume", 256),
    load("https", "query", 1),
    load("https", "query", 16),
    load("https", "query", 64),
    load("h2", "query", 64),
];

const fn load(protocol: &'static str, case: &'static str, in_flight: u32) -> Load {
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
        let line = line(load, &load.run(rounds, millis)?)?;
        eprint!("{line}");
        page.push_str(&line);
    }
    page.push_str(MICRO);
    for timed in criterion::read()? {
        let (name, nanos) = (&timed.name, timed.nanos);
        writeln!(page, "| {name} | {nanos:.0} | {} |", thousands(1e9 / nanos))?;
    }
    write!(page, "\n{}\n{}", allocations()?, lean::tables()?)?;
    Ok(page)
}

const CALLS: &str = "
## Calls

In brackets the least and the greatest ratio of a round.
CPU is the client's user and system time.

| protocol | call | in flight | calls/s | bare | ratio | CPU a call | bare | ratio | p50 ratio | p99 ratio | peak memory | bare |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

const MICRO: &str = "
## Without the network

| what | ns | a second |
| --- | --- | --- |
";

fn line(load: Load, outcome: &Outcome) -> Result<String, Box<dyn Error>> {
    let (ours, bare) = outcome.medians("per_second");
    let (cpu, bare_cpu) = outcome.medians("cpu_nanos");
    let (peak, bare_peak) = outcome.medians("peak_kib");
    let ratio = |member| {
        let (median, least, greatest) = outcome.ratio(member);
        format!("{median:.2} ({least:.2}–{greatest:.2})")
    };
    Ok(format!(
        "| {} | {} | {} | {} | {} | {} | {:.1} µs | {:.1} µs | {} | {} | {} | {:.1} MB | {:.1} MB |\n",
        load.protocol,
        load.case,
        load.in_flight,
        thousands(ours),
        thousands(bare),
        ratio("per_second"),
        cpu / 1e3,
        bare_cpu / 1e3,
        ratio("cpu_nanos"),
        ratio("p50_nanos"),
        ratio("p99_nanos"),
        peak / 1024.0,
        bare_peak / 1024.0,
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
