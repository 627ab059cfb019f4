//! What the command says: help, errors, codes, completions, manual pages.

use crate::run::{Run, bare, file, finish};

fn run(args: &[&str]) -> Run {
    finish(bare(args))
}

#[test]
fn help_says_the_same_as_ever() {
    let commands: [&[&str]; 14] = [
        &[],
        &["card"],
        &["code"],
        &["share"],
        &["sign"],
        &["code", "redeem"],
        &["code", "import"],
        &["card", "create"],
        &["share", "qrcode"],
        &["sandbox"],
        &["whoami"],
        &["doctor"],
        &["errcode"],
        &["profile"],
    ];
    for command in commands {
        let help = run(&[command, &["--help"]].concat());
        let name = format!(
            "help_{}",
            if command.is_empty() {
                "wx-card".to_owned()
            } else {
                command.join("_")
            }
        );
        insta::assert_snapshot!(name, help.text());
    }
}

#[test]
fn errors_say_the_same_as_ever_and_what_to_do() {
    let runs: [&[&str]; 10] = [
        &["cadr", "list"],
        &["card", "lst"],
        &["card", "list"],
        &["card", "list", "--app-id", "wx1"],
        &["card", "list", "--output", "xml"],
        &["card", "get"],
        &["card", "list", "--profile", "shop"],
        &["code", "consume", "1", "--output", "csv"],
        &["card", "list", "--base-url", "http://example.com"],
        &["errcode", "0"],
    ];
    let told: Vec<String> = runs
        .iter()
        .map(|args| {
            let run = run(args);
            assert_eq!(run.code, 2, "{run:?}");
            format!("$ wx-card {}\n{}", args.join(" "), run.stderr)
        })
        .collect();
    insta::assert_snapshot!("errors", told.join("\n"));
}

#[test]
fn a_code_is_explained_in_both_languages() {
    insta::assert_snapshot!("errcode_40099", run(&["errcode", "40099"]).text());
    insta::assert_snapshot!("errcode_40001", run(&["errcode", "40001"]).text());
    insta::assert_snapshot!("errcode_1", run(&["errcode", "1"]).text());
    let busy = run(&["errcode", "-1", "--output", "json"]).json();
    assert_eq!(busy["class"], "busy");
    let all = run(&["errcode", "--output", "json"]).json();
    assert!(all.as_array().unwrap().len() > 150);
    for slip in ["4OO99", "", "99999999999999999999"] {
        assert!(
            run(&["errcode", slip])
                .complaint(2)
                .contains("such as 40099; `wx-card errcode` lists"),
            "{slip}"
        );
    }
    assert!(run(&["errcode"]).text().lines().any(|line| line.starts_with("40164 ")));
}

#[test]
fn shells_and_man_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["completions", shell]);
        assert!(script.text().contains("whoami"), "{shell}");
    }
    assert!(run(&["man"]).text().contains(".TH wx-card 1"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("man");
    run(&["man", "--dir", path.to_str().unwrap()]).text();
    for page in ["wx-card.1", "wx-card-code-redeem.1", "wx-card-doctor.1"] {
        assert!(
            std::fs::read_to_string(path.join(page))
                .unwrap()
                .contains(".SH SYNOPSIS"),
            "{page}"
        );
    }
}

#[test]
fn bash_completes_commands_options_and_values() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("wx-card.bash");
    std::fs::write(&script, run(&["completions", "bash"]).text()).unwrap();
    // What bash does when the tab key is hit after these words.
    let press_tab = r#"source "$0"; function=$(complete -p wx-card); function=${function##* -F }; function=${function%% *}
        COMP_WORDS=(wx-card "$@") COMP_CWORD=$#; $function wx-card "${COMP_WORDS[$#]}" "${COMP_WORDS[$#-1]}"
        echo "${COMPREPLY[@]}""#;
    for (words, expected) in [
        (&["who"][..], "whoami"),
        (&["card", "li"], "list"),
        (&["card", "list", "--outp"], "--output"),
        (&["card", "list", "--output", ""], "text json table csv"),
        (&["code", "redeem", "--pat"], "--patience"),
        (&["card", "pay-cell", "--prof"], "--profile"),
        (&["--output", "json", "card", "temp"], "template"),
    ] {
        let mut bash = std::process::Command::new("bash");
        bash.args(["-c", press_tab]).arg(&script).args(words);
        assert_eq!(finish(bash).text().trim_end(), expected, "{words:?}");
    }
}

#[test]
fn the_quiet_tell_results_and_errors_alone() {
    let mut body = run(&["card", "template", "cash", "--output", "json"]).json();
    body["card"]["cash"]["base_info"]["get_limits"] = 1.into();
    let body = file(&body.to_string());
    let folder = tempfile::tempdir().unwrap();
    let state = format!("--sandbox={}", folder.path().join("state.json").display());
    let args = ["card", "create", body.path().to_str().unwrap(), &state];
    let told = run(&args);
    assert!(told.stderr.contains("is get_limit meant?"), "{told:?}");
    let quiet = run(&[&args[..], &["--quiet"]].concat());
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""), "{quiet:?}");
    assert!(quiet.stdout.starts_with("card id"), "{quiet:?}");
    assert_eq!(run(&["errcode", "-1", "--quiet", "--verbose"]).code, 2);
}
