//! A shell with the command in its path, and a sandbox beside it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// Begins the line that says how a command ended; no program prints it.
const MARK: char = '\u{1e}';
const HOST: &str = "127.0.0.1:";

#[derive(Debug)]
pub(super) struct Shell {
    home: TempDir,
    bash: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    status: i32,
    beside: Vec<Child>,
    /// The free port for each port that the page names.
    ports: BTreeMap<String, u16>,
}

impl Shell {
    pub(super) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = bash(home.path());
        let mut bash = command
            .args(["--noprofile", "--norc"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = bash.stdin.take().unwrap();
        writeln!(input, "exec 2>&1; shopt -s expand_aliases").unwrap();
        let output = BufReader::new(bash.stdout.take().unwrap());
        Self {
            home,
            bash,
            input,
            output,
            status: 0,
            beside: Vec::new(),
            ports: BTreeMap::new(),
        }
    }

    /// How the last command ended.
    pub(super) fn status(&self) -> i32 {
        self.status
    }

    /// Types `command` in; the lines that it prints.
    pub(super) fn run(&mut self, command: &str) -> Vec<String> {
        // In a file it can have lines of any number and cannot eat what is typed after it. Beside the home it is not in the way.
        let file = self.home.path().with_extension("step");
        fs::write(&file, self.ported(command)).unwrap();
        let status = self.status;
        let typed = format!(
            "(exit {status}); . '{}' </dev/null; printf '\\n{MARK}%d\\n' $?",
            file.display()
        );
        writeln!(self.input, "{typed}").unwrap();
        let mut printed = String::new();
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).unwrap();
            if read == 0 {
                // The command has ended the shell.
                self.status = self.bash.wait().unwrap().code().unwrap_or(-1);
                break;
            }
            if let Some(status) = line.strip_prefix(MARK) {
                self.status = status.trim().parse().unwrap();
                break;
            }
            printed.push_str(&line);
        }
        fs::remove_file(file).unwrap();
        // The mark begins a line of its own.
        let printed = printed.strip_suffix('\n').unwrap_or(&printed);
        printed.lines().map(ToOwned::to_owned).collect()
    }

    /// Starts `command` in another terminal; the first line that it prints.
    pub(super) fn start_beside(&mut self, command: &str) -> Vec<String> {
        let command = format!("exec {} 2>&1", self.ported(command));
        let mut child = bash(self.home.path())
            .args(["-c", &command])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        self.beside.push(child);
        self.status = 0;
        line.lines().map(ToOwned::to_owned).collect()
    }

    /// `text` of the page with the ports that stand for those that it names, as far as commands have named them.
    pub(super) fn with_ports(&self, text: &str) -> String {
        self.ports.iter().fold(text.to_owned(), |text, (named, free)| {
            text.replace(&format!("{HOST}{named}"), &format!("{HOST}{free}"))
        })
    }

    fn ported(&mut self, command: &str) -> String {
        for rest in command.split(HOST).skip(1) {
            let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
            // Port 0 already is a free one.
            if !port.is_empty() && port != "0" {
                self.ports.entry(port).or_insert_with(free_port);
            }
        }
        self.with_ports(command)
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        for child in self.beside.iter_mut().chain([&mut self.bash]) {
            // Whoever is gone already needs no end.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Bash with the command in its path and little else from the environment, in the folder that is its home.
fn bash(home: &Path) -> Command {
    let command = Path::new(env!("CARGO_BIN_EXE_wx-card")).parent().unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([command.to_owned()].into_iter().chain(env::split_paths(&path))).unwrap();
    let mut bash = Command::new("bash");
    bash.env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "CST-8")
        .current_dir(home)
        .stdin(Stdio::null());
    bash
}
