//! A bulk import: deposits the codes of a file, resumes where it was ended, and raises the stock once.
//!
//! ```sh
//! WX_APP_ID=… WX_APP_SECRET=… cargo run -p wx-card-examples --bin import -- CARD_ID codes.txt
//! ```
//!
//! `wx-card code import` is the same and more, ready made; this is for a service that does it by itself.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::ExitCode;

use futures_util::stream;
use wx_card::bulk::{BulkLine, BulkOutcome, LocalRateLimit};
use wx_card_examples::account;
use wx_card_examples::journal::FileJournal;
use wx_card_examples::settings::Problem;

#[tokio::main]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a job tells whoever runs it how it went"
)]
async fn main() -> Result<ExitCode, Problem> {
    let mut arguments = std::env::args().skip(1);
    let (Some(card_id), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("give CARD_ID FILE".into());
    };
    let client = account::from_environment()?.build();
    // Several machines share a limit in Redis instead: `RedisTokenStore::rate_limit`.
    let limit = LocalRateLimit::new(client.core()).per_second(20);
    let report = client
        .deposit(card_id)
        .in_flight(4)
        .limit(limit)
        .journal(FileJournal::beside(Path::new(&file))?)
        .raise_stock(true)
        .on_line(|line| match line.outcome {
            BulkOutcome::Done | BulkOutcome::Before | BulkOutcome::Present => {}
            outcome => eprintln!("line {}: {}: {outcome:?}", line.line, line.code),
        })
        .until(async {
            // Finishes what is in flight. Where Ctrl-C cannot be heard, nothing ends the run early.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .run(stream::iter(lines(Path::new(&file))?))
        .await;

    let counts = report.bulk.counts;
    println!(
        "{} of {} lines deposited now or before",
        counts.done + counts.before + counts.present,
        counts.lines
    );
    if let Some(stop) = &report.bulk.stop {
        println!("ended early: {stop:?}; run it again");
        return Ok(ExitCode::from(4));
    }
    println!("stock: {:?}", report.stock);
    Ok(ExitCode::SUCCESS)
}

/// The lines of `file` with their numbers.
fn lines(file: &Path) -> io::Result<impl Iterator<Item = io::Result<BulkLine>> + Send> {
    let lines = BufReader::new(File::open(file)?).lines().zip(1..);
    Ok(lines.map(|(line, number)| Ok(BulkLine::new(number, line?))))
}
