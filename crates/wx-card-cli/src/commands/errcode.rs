//! `wx-card errcode`: what the service means by a number.

use serde::Serialize;
use wx_card::core::{ErrClass, ErrCode, Explanation};

use crate::args::ErrcodeArgs;
use crate::failure::Failure;
use crate::output::{Format, Rows, Table};

/// A code in words.
#[derive(Serialize)]
struct Explained {
    errcode: i64,
    name: Option<&'static str>,
    class: &'static str,
    sent_again: &'static str,
    #[serde(flatten)]
    words: Option<Words>,
    /// What it means when the token call answers with it, where that is something else.
    of_token_call: Option<Words>,
}

#[derive(Serialize)]
struct Words {
    meaning: &'static str,
    advice: &'static str,
    meaning_zh: &'static str,
    advice_zh: &'static str,
}

impl From<&'static Explanation> for Words {
    fn from(explanation: &'static Explanation) -> Self {
        Self {
            meaning: explanation.gloss,
            advice: explanation.advice,
            meaning_zh: explanation.gloss_zh,
            advice_zh: explanation.advice_zh,
        }
    }
}

pub(super) fn run(args: &ErrcodeArgs, format: Format) -> Result<(), Failure> {
    let Some(errcode) = args.errcode.map(ErrCode::new) else {
        let all: Vec<Explained> = ErrCode::known().map(explained).collect();
        return format.print_list(&all, || table(&all), || table(&all).text());
    };
    if errcode == ErrCode::OK {
        return Err(Failure::invalid("errcode", "0 is no error: it is done"));
    }
    let explained = explained(errcode);
    format.print_list(
        &explained,
        || table(std::slice::from_ref(&explained)),
        || text(&explained),
    )
}

fn explained(errcode: ErrCode) -> Explained {
    let (words, of_token_call) = (errcode.explain(), errcode.explain_of_token_call());
    Explained {
        errcode: errcode.get(),
        name: errcode.name(),
        class: errcode.class().as_str(),
        sent_again: sent_again(errcode.class()),
        words: words.map(Words::from),
        of_token_call: of_token_call.filter(|other| words != Some(*other)).map(Words::from),
    }
}

/// What the client does about it by itself.
const fn sent_again(class: ErrClass) -> &'static str {
    match class {
        ErrClass::Busy => "it may have run; sent again only where that does no harm",
        ErrClass::Token => "it did not run; sent once more with a fresh token",
        ErrClass::Throttle => "it did not run; sent again in the next minute where there is time for that",
        ErrClass::Credential | ErrClass::Permission => "it did not run; not sent again, a person has to see to it",
        ErrClass::Quota => "it did not run; not sent again before the quota is renewed",
        _ => "it did not run; not sent again, the same request is refused again",
    }
}

fn text(explained: &Explained) -> String {
    let name = explained
        .name
        .unwrap_or("has no name here: go by the errmsg that came with it");
    let rows = Rows::new().row("errcode", format!("{} {name}", explained.errcode));
    let rows = words(rows, explained.words.as_ref());
    let rows = rows
        .row("class", explained.class)
        .row("the client", explained.sent_again);
    let Some(of_token_call) = &explained.of_token_call else {
        return rows.text();
    };
    let of_token_call = words(Rows::new(), Some(of_token_call)).text();
    format!("{}\nwhen asking for a token:\n{of_token_call}", rows.text())
}

fn words(rows: Rows, words: Option<&Words>) -> Rows {
    let Some(words) = words else {
        return rows;
    };
    rows.row("means", words.meaning)
        .row("do", words.advice)
        .row("含义", words.meaning_zh)
        .row("怎么办", words.advice_zh)
}

fn table(all: &[Explained]) -> Table {
    let mut table = Table::new(&["ERRCODE", "CLASS", "MEANING", "ADVICE"]);
    for explained in all {
        let errcode = explained.errcode.to_string();
        let (meaning, advice) = explained
            .words
            .as_ref()
            .map_or(("", ""), |words| (words.meaning, words.advice));
        table.row(&[&errcode, explained.class, meaning, advice]);
    }
    table
}
