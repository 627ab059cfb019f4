//! `wx-card code import`, `void` and `check`: any number of codes.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use futures_util::Stream;
use futures_util::stream::{self, StreamExt as _};
use tokio::sync::{mpsc, oneshot};
use wx_card::bulk::{Bulk, BulkKind, BulkLine, RateLimit};
use wx_card::types::{CheckCodes, GetDepositCount, MakeCodeUnavailable};

use super::csv::FirstColumn;
use crate::args::{BulkArgs, CheckArgs, ImportArgs, InputArgs, VoidArgs};
use crate::commands::{check as check_rules, sandbox};
use crate::failure::Failure;
use crate::output::{self, Format};
use crate::settings::Settings;
use journal::FileJournal;
use progress::{Progress, Reading};
use report::Report;

mod journal;
mod limit;
mod outcome;
mod progress;
mod report;

/// Lines that are handed over at a time, and so many times ahead.
const LINES: usize = 512;
const AHEAD: usize = 8;

pub(super) async fn import(args: ImportArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    check_rules(&GetDepositCount::new(&args.card_id))?;
    let client = settings.client()?;
    let bulk = client
        .deposit(&args.card_id)
        .verify(!args.no_verify)
        .raise_stock(args.raise_stock);
    let InputArgs { file, journal } = args.input;
    let journal = journal::path(&file, journal);
    if args.raise_stock && journal.is_none() {
        return Err(Failure::usage(
            "--raise-stock: codes from stdin need a --journal too: without one, what a run that ended early has deposited \
             looks like older codes, and the stock is not raised by it",
        ));
    }
    let input = Input::open(&file)?;
    report::keep_apart(args.bulk.report.as_deref(), &[Some(&file), journal.as_deref()])?;
    // Whoever has the journal may write the report too.
    let bulk = journaled(bulk, journal.as_deref())?;
    let limit = limit::limit(&args.bulk, settings, &client)?;
    let run = Run::new(BulkKind::Deposit, &args.bulk, limit, &input, format)?;
    let bulk = run.prepared(bulk)?;
    let report = bulk.run(input.lines()).await;
    run.finish(outcome::deposit(&report, journal.as_deref(), format))
}

pub(super) async fn void(args: VoidArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let mut sample = MakeCodeUnavailable::new("0");
    sample.card_id.clone_from(&args.card.card_id);
    check_rules(&sample)?;
    let client = settings.client()?;
    let mut bulk = client.void_codes();
    if let Some(card_id) = args.card.card_id {
        bulk = bulk.card_id(card_id);
    }
    if let Some(reason) = args.reason {
        bulk = bulk.reason(reason);
    }
    let InputArgs { file, journal } = args.input;
    let journal = journal::path(&file, journal);
    let input = Input::open(&file)?;
    report::keep_apart(args.bulk.report.as_deref(), &[Some(&file), journal.as_deref()])?;
    // Whoever has the journal may write the report too.
    let bulk = journaled(bulk, journal.as_deref())?;
    let limit = limit::limit(&args.bulk, settings, &client)?;
    let run = Run::new(BulkKind::Void, &args.bulk, limit, &input, format)?;
    let bulk = run.prepared(bulk)?;
    let report = bulk.run(input.lines()).await;
    run.finish(outcome::void(&report, journal.as_deref(), format))
}

pub(super) async fn check(args: CheckArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let file = match &args.codes.file {
        Some(file) => Input::open(file)?,
        None => return super::list::check(args.codes, settings, format).await,
    };
    let (file, few) = file.peek()?;
    if let Some(text) = few.filter(|_| args.bulk.report.is_none()) {
        return super::list::check_text(&args.codes, text, settings, format).await;
    }
    if format.is_for_lists() {
        return Err(Failure::usage(
            "--output: of more than 100 codes each has its line in the file that --report names",
        ));
    }
    check_rules(&CheckCodes::new(&args.codes.card_id, ["0"]))?;
    let client = settings.client()?;
    report::keep_apart(args.bulk.report.as_deref(), &[args.codes.file.as_deref()])?;
    let limit = limit::limit(&args.bulk, settings, &client)?;
    let run = Run::new(BulkKind::Check, &args.bulk, limit, &file, format)?;
    let bulk = run.prepared(client.check_all_codes(&args.codes.card_id))?;
    let report = bulk.run(file.lines()).await;
    run.finish(outcome::check(&report, format))
}

/// What is around a run: its report, its progress, its limit.
struct Run {
    report: Option<Report>,
    progress: std::cell::Cell<Option<Progress>>,
    limit: Option<Arc<dyn RateLimit>>,
    in_flight: usize,
    format: Format,
}

impl Run {
    fn new(
        kind: BulkKind,
        args: &BulkArgs,
        limit: Option<Arc<dyn RateLimit>>,
        input: &Input,
        format: Format,
    ) -> Result<Self, Failure> {
        let report = args
            .report
            .as_deref()
            .map(|path| Report::create(path, kind))
            .transpose()?;
        let progress = Progress::new(format, Arc::clone(&input.reading), input.length);
        Ok(Self {
            report,
            progress: Some(progress).into(),
            limit,
            in_flight: args.in_flight.into(),
            format,
        })
    }

    /// `bulk` with all that is around it.
    fn prepared<T>(&self, bulk: Bulk<T>) -> Result<Bulk<T>, Failure> {
        let mut bulk = bulk.in_flight(self.in_flight).until(interrupt(self.format)?);
        if let Some(limit) = &self.limit {
            bulk = bulk.limit(Arc::clone(limit));
        }
        if let Some(mut progress) = self.progress.take() {
            bulk = bulk.on_progress(move |counts| progress.tell(counts));
        }
        if let Some(report) = self.report.clone() {
            bulk = bulk.on_line(move |line| report.add(line));
        }
        Ok(bulk)
    }

    /// Ends the report; the outcome is `told`, whatever becomes of that.
    fn finish(&self, told: Result<(), Failure>) -> Result<(), Failure> {
        match &self.report {
            Some(report) => report.finish().and(told),
            None => told,
        }
    }
}

fn journaled<T>(bulk: Bulk<T>, path: Option<&Path>) -> Result<Bulk<T>, Failure> {
    Ok(match path {
        Some(path) => bulk.journal(FileJournal::open(path)?),
        None => bulk,
    })
}

/// Comes when the process is asked to end; when it is asked once more, it ends.
fn interrupt(format: Format) -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let cannot = |error: io::Error| Failure::local(format!("cannot listen for signals: {error}"));
    let first = sandbox::stop_signal().map_err(cannot)?;
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        first.await;
        // Nobody listens any more when the run is over.
        let _ = tell.send(());
        output::tell(
            format,
            "finishing what is in flight; once more ends it at once, which loses nothing",
        );
        if let Ok(second) = sandbox::stop_signal() {
            second.await;
            std::process::exit(4);
        }
    });
    Ok(async move {
        // That nobody can ask any more is no reason to stop.
        if told.await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// A file with codes.
struct Input {
    reader: Box<dyn Read + Send>,
    reading: Arc<Reading>,
    length: Option<u64>,
}

impl Input {
    /// Opens `path`; `-` is stdin.
    fn open(path: &Path) -> Result<Self, Failure> {
        let (reader, length): (Box<dyn Read + Send>, _) = if path.as_os_str() == "-" {
            (Box::new(io::stdin()), None)
        } else {
            let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
            let (metadata, file) = opened.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
            if metadata.is_dir() {
                return Err(Failure::usage(format!("{}: is a directory", path.display())));
            }
            (Box::new(file), metadata.is_file().then_some(metadata.len()))
        };
        Ok(Self {
            reader,
            reading: Arc::default(),
            length,
        })
    }

    /// Everything that is in it, if that is not more than the codes of one request; it can be read all the same.
    fn peek(mut self) -> Result<(Self, Option<Vec<u8>>), Failure> {
        /// More than 100 codes of any length that a code may have.
        const MOST: u64 = 64 * 1024;
        let mut begin = Vec::new();
        let read = self.reader.by_ref().take(MOST).read_to_end(&mut begin);
        read.map_err(|error| Failure::usage(format!("the codes: {error}")))?;
        let lines = begin.iter().filter(|byte| **byte == b'\n').count();
        let is_whole = (begin.len() as u64) < MOST && lines <= CheckCodes::MAX_CODES;
        let few = is_whole.then(|| begin.clone());
        self.reader = Box::new(Cursor::new(begin).chain(self.reader));
        Ok((self, few))
    }

    /// Its lines, read on a thread of their own, so that requests go on while a pipe is slow.
    fn lines(self) -> impl Stream<Item = io::Result<BulkLine>> + Send {
        let (sender, receiver) = mpsc::channel(AHEAD);
        std::thread::spawn(move || {
            let mut records = FirstColumn::new(io::BufReader::with_capacity(64 * 1024, self.reader));
            loop {
                let mut lines = Vec::with_capacity(LINES);
                lines.extend(records.by_ref().take(LINES));
                self.reading.advance(lines.len(), records.position());
                if lines.is_empty() || sender.blocking_send(lines).is_err() {
                    return;
                }
            }
        });
        let pieces = stream::unfold(receiver, |mut receiver| async {
            let lines = receiver.recv().await?;
            Some((stream::iter(lines), receiver))
        });
        pieces.flatten()
    }
}
