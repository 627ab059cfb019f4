//! The soak over real sockets, for as many minutes as it is given.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to whoever runs it"
)]

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use wx_card::CardClient;
use wx_card::core::system::SystemClock;
use wx_card::core::{BaseUrl, Clock, RetryPolicy};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox, Server};
use wx_card_soak::{Pace, Problem, Report, Round, Seeded, Soak, tap};
use wx_http_hyper::HyperClient;

const USAGE: &str = "\
wx-card-soak [--minutes N] [--seed S] [--tills T] [--faults SHARE]

  --minutes N     how long, 1 unless told otherwise
  --seed S        which weather, 1 unless told otherwise
  --tills T       how many redeem at the same time, 64 unless told otherwise
  --faults SHARE  how many of the requests go wrong, 0.2 unless told otherwise";

/// How long a server lives before it is taken away and another comes in its place.
const LIFE_OF_A_SERVER: Duration = Duration::from_millis(1_500);

#[derive(Debug)]
struct Settings {
    minutes: f64,
    seed: u64,
    tills: u64,
    faults: f64,
}

fn main() -> ExitCode {
    let settings = match settings(std::env::args().skip(1)) {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let report = runtime
        .map_err(Problem::from)
        .and_then(|runtime| runtime.block_on(run(&settings)));
    match report {
        Ok(report) => verdict(&settings, &report),
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn settings(mut arguments: impl Iterator<Item = String>) -> Result<Settings, String> {
    let mut settings = Settings {
        minutes: 1.0,
        seed: 1,
        tills: 64,
        faults: 0.2,
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        let bad = |_| format!("{name} {value}: not a number");
        match name.as_str() {
            "--minutes" => settings.minutes = value.parse().map_err(|_| format!("{name} {value}: not a number"))?,
            "--seed" => settings.seed = value.parse().map_err(bad)?,
            "--tills" => settings.tills = value.parse().map_err(bad)?,
            "--faults" => settings.faults = value.parse().map_err(|_| format!("{name} {value}: not a number"))?,
            _ => return Err(format!("there is no option {name}")),
        }
    }
    if !(0.0..1.0).contains(&settings.faults) || settings.tills == 0 || settings.minutes <= 0.0 {
        return Err(String::from(
            "--faults is from 0 up to 1, --tills and --minutes are above 0",
        ));
    }
    Ok(settings)
}

async fn run(settings: &Settings) -> Result<Report, Problem> {
    let random = Seeded::new(settings.seed);
    let sandbox = Sandbox::builder().entropy(random.clone()).build()?;
    let server = sandbox.serve(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let clients = clients(&server.base_url().parse()?, &random)?;
    let soak = Arc::new(Soak::prepare(sandbox.clone(), clients, settings.tills, settings.seed).await?);
    let is_over = Arc::new(AtomicBool::new(false));
    let restarts = tokio::spawn(restart(sandbox, server, Arc::clone(&is_over)));
    let clock = SystemClock::new();
    let end = clock.now() + Duration::from_secs_f64(settings.minutes * 60.0);
    let round = Round::new(settings.tills * 60, settings.faults, Pace::new(80, 2));
    while clock.now() < end {
        soak.play(round).await?;
    }
    is_over.store(true, Ordering::Relaxed);
    // What is still on its way must not run after the ledger is read.
    restarts.await??.kill().await;
    soak.reckon()
}

/// A few clients, each with its own token and its own connections.
fn clients(base_url: &BaseUrl, random: &Seeded) -> Result<Vec<CardClient>, Problem> {
    let policy = RetryPolicy::default()
        .base(Duration::from_millis(5))
        .longest(Duration::from_millis(100))
        .total(Duration::from_secs(2));
    let client = |_| {
        let http = HyperClient::builder()
            .connect_timeout(Duration::from_millis(300))
            .timeout(Duration::from_millis(400))
            .no_proxy()
            .build()?;
        let builder = CardClient::builder(DEFAULT_APP_ID, DEFAULT_APP_SECRET, tap(http));
        let builder = builder.base_url(base_url.clone()).entropy(random.clone());
        Ok(builder.retry(policy.clone()).build())
    };
    (0..4).map(client).collect()
}

/// Takes the server away, with every connection that it has, and puts another in its place, again and again; the last
/// one, when it is over.
async fn restart(sandbox: Sandbox, mut server: Server, is_over: Arc<AtomicBool>) -> Result<Server, Problem> {
    let clock = SystemClock::new();
    loop {
        clock.sleep(LIFE_OF_A_SERVER).await;
        if is_over.load(Ordering::Relaxed) {
            return Ok(server);
        }
        let address = server.address();
        server.kill().await;
        server = serve_again(&sandbox, address, &clock).await?;
    }
}

/// The port may not be free at once.
async fn serve_again(sandbox: &Sandbox, address: SocketAddr, clock: &SystemClock) -> Result<Server, Problem> {
    const TRIES: u32 = 200;
    let mut failure = None;
    for _ in 0..TRIES {
        match sandbox.serve(address).await {
            Ok(server) => return Ok(server),
            Err(error) => failure = Some(error),
        }
        clock.sleep(Duration::from_millis(10)).await;
    }
    Err(failure.map_or_else(|| "the server does not come back".into(), Problem::from))
}

fn verdict(settings: &Settings, report: &Report) -> ExitCode {
    println!("{settings:?}");
    println!(
        "{} codes, {} redeemed, {} tokens",
        report.codes, report.redeemed, report.tokens
    );
    for (deed, told) in &report.told {
        for (claim, tally) in told {
            println!("{deed}: {claim:?}, {} ran and {} did not", tally.ran, tally.did_not);
        }
    }
    println!("faults: {:?}", report.faults);
    for contradiction in &report.contradictions {
        println!("CONTRADICTION {contradiction}");
    }
    if report.contradictions.is_empty() {
        println!("the tills and the ledger agree");
        ExitCode::SUCCESS
    } else {
        println!("{} contradictions", report.contradictions.len());
        ExitCode::FAILURE
    }
}
