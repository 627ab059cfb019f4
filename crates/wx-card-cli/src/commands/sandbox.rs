//! `wx-card sandbox`.

use std::ffi::OsStr;
use std::io::{self, Write as _};

use serde::Serialize;
use tempfile::{Builder, NamedTempFile};
use wx_card::core::Secret;
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox, Server};

use super::server;
use crate::args::{SandboxArgs, ServeArgs};
use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Format, print};

mod play;

/// The line that says that the sandbox is ready.
#[derive(Serialize)]
struct Ready<'a> {
    base_url: String,
    app_id: &'a str,
    app_secret: &'a str,
    control_url: String,
    ca_file: Option<String>,
}

/// Serves, or plays a part in the sandbox whose state is in the file that was `named`.
pub(super) fn run(args: SandboxArgs, named: Option<&OsStr>, format: Format) -> Result<(), Failure> {
    match args.play {
        Some(play) => play::run(play, named.unwrap_or_default(), format),
        None if named.is_some() => Err(Failure::usage(
            "--sandbox: what serves keeps its state in the file of --state-file",
        )),
        None => server()?.block_on(serve(args.serve)),
    }
}

async fn serve(args: ServeArgs) -> Result<(), Failure> {
    if !args.listen.ip().is_loopback() {
        let message = "--listen: the sandbox serves this machine only; give a loopback address, such as 127.0.0.1:8080";
        return Err(Failure::usage(message));
    }
    let accounts: Vec<(&str, &str)> = args.accounts.iter().map(account).collect::<Result<_, _>>()?;
    let sandbox = made(&args, &accounts)?;
    if let Some(file) = &args.faults {
        put_in_force(&sandbox, Source::new(file))?;
    }
    // Asked for before the line is written, so that whoever has read it can end us in an orderly way.
    let stop = stop_signal().map_err(cannot("listen for signals"))?;
    let serving = if args.tls {
        sandbox.serve_tls(args.listen).await
    } else {
        sandbox.serve(args.listen).await
    };
    let server = serving.map_err(cannot(&format!("listen on {}", args.listen)))?;
    // The file goes away with the sandbox, whose certificate authority is of no use any more.
    let ca_file = server
        .ca_pem()
        .map(ca_file)
        .transpose()
        .map_err(cannot("write the CA file"))?;
    let account = accounts
        .first()
        .copied()
        .unwrap_or((DEFAULT_APP_ID, DEFAULT_APP_SECRET));
    announce(&server, account, ca_file.as_ref())?;
    stop.await;
    server.shutdown().await.map_err(cannot("write the state file"))
}

fn made(args: &ServeArgs, accounts: &[(&str, &str)]) -> Result<Sandbox, Failure> {
    let mut builder = Sandbox::builder().manual_review(args.manual_review);
    for (app_id, app_secret) in accounts {
        builder = builder.account(*app_id, *app_secret);
    }
    if let Some(path) = &args.state_file {
        // It is written at the end, when it is too late for a word about it.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let folder = folder.display();
            return Err(Failure::usage(format!(
                "--state-file: {folder}: there is no such folder; make it first"
            )));
        }
        builder = builder.state_file(path);
    }
    let name = args
        .state_file
        .as_ref()
        .map(|path| format!("{}: ", path.display()))
        .unwrap_or_default();
    builder
        .build()
        .map_err(|error| Failure::usage(format!("{name}{error}")))
}

/// Starts with the plan of faults that is in the file.
fn put_in_force(sandbox: &Sandbox, file: Source<'_>) -> Result<(), Failure> {
    let plan = file.json()?;
    // Without its list of rules, the control call would only tell what is in force.
    if plan.get("rules").is_none() {
        return Err(Failure::usage(format!("--faults: {file}: it has no list of rules")));
    }
    let done = sandbox.control("faults", &plan);
    done.map(drop)
        .map_err(|error| Failure::usage(format!("--faults: {file}: {error}")))
}

/// App id and secret out of `APPID:SECRET`; the error does not repeat them.
fn account(text: &Secret) -> Result<(&str, &str), Failure> {
    match text.expose().split_once(':') {
        Some((app_id, app_secret)) if !app_id.is_empty() && !app_secret.is_empty() => Ok((app_id, app_secret)),
        _ => Err(Failure::usage("--account: give it as APPID:SECRET")),
    }
}

fn ca_file(pem: &str) -> io::Result<NamedTempFile> {
    let mut file = Builder::new().prefix("wx-card-sandbox-").suffix(".pem").tempfile()?;
    file.write_all(pem.as_bytes())?;
    file.flush()?;
    Ok(file)
}

fn announce(server: &Server, account: (&str, &str), ca_file: Option<&NamedTempFile>) -> Result<(), Failure> {
    let (app_id, app_secret) = account;
    let ready = Ready {
        base_url: server.base_url(),
        app_id,
        app_secret,
        control_url: server.control_url(),
        ca_file: ca_file.map(|file| file.path().display().to_string()),
    };
    let line = serde_json::to_string(&ready).map_err(|error| Failure::local(error.to_string()))?;
    print(&line)
}

fn cannot(what: &str) -> impl FnOnce(io::Error) -> Failure {
    move |error| Failure::local(format!("cannot {what}: {error}"))
}

/// Comes to its end when the process is asked to end.
#[cfg(unix)]
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use std::future::poll_fn;
    use std::task::Poll;

    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(poll_fn(move |context| {
        if interrupt.poll_recv(context).is_ready() || terminate.poll_recv(context).is_ready() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }))
}

/// Comes to its end when the process is asked to end.
#[cfg(windows)]
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}
