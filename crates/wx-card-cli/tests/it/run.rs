//! Running the command.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The account that every run has, unless it says otherwise.
pub(crate) const APP_ID: &str = "wx0000000000000001";
/// Its secret, which no output may contain.
pub(crate) const APP_SECRET: &str = "canary-app-secret";

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The only document on stdout.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        assert_eq!(self.stderr, "", "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The text on stdout of a run that is done.
    pub(crate) fn text(&self) -> &str {
        assert_eq!(self.code, 0, "{self:?}");
        assert_eq!(self.stderr, "", "{self:?}");
        &self.stdout
    }

    /// The error on stderr of a run that ended with `code`, as JSON; it always has the same members.
    pub(crate) fn error(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        let error: Value = serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let members = [
            "kind",
            "message",
            "errcode",
            "errmsg",
            "rid",
            "attempts",
            "may_have_run",
            "field",
            "path",
            "advice",
        ];
        for member in members {
            assert!(error.get(member).is_some(), "{member}: {error}");
        }
        assert_eq!(error["may_have_run"], code == 5, "{error}");
        error
    }

    /// The text on stderr of a run that ended with `code`.
    pub(crate) fn complaint(&self, code: i32) -> &str {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        &self.stderr
    }
}

/// The command with the account of the tests and nothing else from the environment.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = bare(args);
    command.env("WX_APP_ID", APP_ID).env("WX_APP_SECRET", APP_SECRET);
    command
}

/// The command with nothing from the environment but a time zone.
pub(crate) fn bare(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wx-card"));
    command.args(args).env_clear().env("TZ", "CST-8").stdin(Stdio::null());
    command
}

/// Runs to the end.
pub(crate) fn finish(mut command: Command) -> Run {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let run = Run {
        code: output.status.code().unwrap(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    for output in [&run.stdout, &run.stderr] {
        assert!(!output.contains("canary"), "{run:?}");
    }
    run
}

/// Runs to the end, with `input` on stdin.
pub(crate) fn finish_with(mut command: Command, input: &str) -> Run {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(input.as_bytes()).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    command.stdin(file);
    finish(command)
}

/// A file with `content`; it lives as long as what is returned.
pub(crate) fn file(content: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

/// The path of one of the examples.
pub(crate) fn example(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "examples", name].iter().collect();
    path.to_str().unwrap().to_owned()
}
