//! What it takes to adopt: packages, time to build, size, and the command's start.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::measure;

/// Starts of the command that are measured together: the kernel counts in hundredths of a second.
const STARTS: u32 = 100;

/// One line of the table.
struct Row {
    shown: &'static str,
    package: &'static str,
    /// The program that it builds, and by which profile it is handed out.
    program: Option<(&'static str, &'static str)>,
}

const fn row(shown: &'static str, package: &'static str) -> Row {
    Row {
        shown,
        package,
        program: None,
    }
}

const ROWS: [Row; 7] = [
    row("wx-card-types", "wx-card-types"),
    row("wx-card", "wx-card"),
    Row {
        program: Some(("wx-card-lean", "release")),
        ..row("three calls over wx-card + wx-http-hyper", "wx-card-lean")
    },
    Row {
        program: Some(("wx-card-lean-reqwest", "release")),
        ..row("the same by hand over reqwest", "wx-card-lean-reqwest")
    },
    row("wx-store-redis", "wx-store-redis"),
    row("wx-card-sandbox", "wx-card-sandbox"),
    Row {
        program: Some(("wx-card", "dist")),
        ..row("the command wx-card-cli", "wx-card-cli")
    },
];

const HEAD: &str = "\
## To adopt

Packages are those of the normal tree, the crate itself included; builds are clean, with all packages there already.
Of programs the size is that of the stripped one: the three by `release`, the command by the profile `dist`.

| what | packages | build, dev | build, release | program |
| --- | --- | --- | --- | --- |
";

/// A table of the page, and a line about the command.
pub(crate) fn tables() -> Result<String, Box<dyn Error>> {
    let mut page = String::from(HEAD);
    for row in ROWS {
        let line = row.line()?;
        eprint!("{line}");
        page.push_str(&line);
    }
    let start = start()?;
    write!(
        page,
        "\n`wx-card sign values --ticket …` starts, signs and ends within {:.1} ms of CPU.\n",
        start.as_secs_f64() * 1e3
    )?;
    Ok(page)
}

impl Row {
    fn line(&self) -> Result<String, Box<dyn Error>> {
        // A crate that only stands for two others is none of those that one takes.
        let own = usize::from(self.package.starts_with("wx-card-lean"));
        let packages = packages(self.package)? - own;
        let [dev, release] = ["dev", "release"].map(|profile| self.build(profile));
        let ((dev, _), (release, stripped)) = (dev?, release?);
        let size = match self.program {
            Some((_, "dist")) => self.build("dist")?.1,
            _ => stripped,
        };
        let size = size.map_or_else(String::new, |bytes| format!("{:.1} MB", bytes / 1e6));
        let (dev, release) = (dev.as_secs_f64(), release.as_secs_f64());
        Ok(format!(
            "| {} | {packages} | {dev:.0} s | {release:.0} s | {size} |\n",
            self.shown
        ))
    }

    /// How long a clean build takes, and the bytes of the program.
    fn build(&self, profile: &str) -> Result<(Duration, Option<f64>), Box<dyn Error>> {
        let target = std::env::temp_dir().join(format!("wx-card-bench-{}", std::process::id()));
        let began = measure::now();
        let status = Command::new("cargo")
            .args([
                "build",
                "--locked",
                "--quiet",
                "--package",
                self.package,
                "--profile",
                profile,
            ])
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .status()?;
        let took = measure::now() - began;
        let bytes = self.program.and_then(|(program, _)| bytes(&target, profile, program));
        std::fs::remove_dir_all(&target)?;
        if status.success() {
            Ok((took, bytes))
        } else {
            Err(format!("{} does not build by {profile}", self.package).into())
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "it is shown in megabytes")]
fn bytes(target: &Path, profile: &str, program: &str) -> Option<f64> {
    let file = target.join(profile).join(program).metadata();
    file.ok().map(|file| file.len() as f64)
}

fn packages(name: &str) -> Result<usize, Box<dyn Error>> {
    let mut command = Command::new("cargo");
    command.args([
        "tree",
        "--locked",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        name,
    ]);
    let output = command.stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let name_and_version = |line: &'_ str| line.split(" (").next().unwrap_or_default().to_owned();
    let packages: BTreeSet<String> = text.lines().map(name_and_version).collect();
    Ok(packages.iter().filter(|package| !package.is_empty()).count())
}

fn start() -> Result<Duration, Box<dyn Error>> {
    let program = std::env::current_exe()?.with_file_name("wx-card");
    let before = measure::cpu_of_children()?;
    for _ in 0..STARTS {
        let output = Command::new(&program)
            .args([
                "sign",
                "values",
                "pFS7Fjg8kV1IdDz01r4SQwMkuCKc",
                "--ticket",
                "a-made-up-ticket",
            ])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
    }
    Ok((measure::cpu_of_children()? - before) / STARTS)
}
