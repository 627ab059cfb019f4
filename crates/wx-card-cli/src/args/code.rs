//! `wx-card code …`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use wx_card::types::{CardCode, CardId, EncryptedCode, OpenId};

use super::bulk::{CheckArgs, ImportArgs, VoidArgs};

const REDEEM_EXAMPLES: &str = "\
Examples:
  wx-card code redeem 110201201245
  wx-card code redeem TY2026-0001 --card-id ID --output json > outcome.json";

const IMPORT_EXAMPLES: &str = "\
Examples:
  wx-card code import ID --file codes.csv --report report.csv
  wx-card code import ID --file codes.csv --raise-stock --per-day 50000";

#[derive(Debug, Subcommand)]
pub(crate) enum CodeCommand {
    /// Decrypt a code that a page handed over (Code 解码): POST /card/code/decrypt
    ///
    /// Percent-decode it exactly once before, and mind that + must stay +.
    Decrypt {
        /// The encrypted code (encrypt_code)
        #[arg(value_name = "ENCRYPTED")]
        encrypted: EncryptedCode,
    },
    /// Show the state of a code (查询 Code): POST /card/code/get
    Get {
        /// The code
        code: CardCode,
        #[command(flatten)]
        card: CardIdArg,
        /// Whether a code that cannot be redeemed is an error (40099, 40127, 40056); with false its state is shown
        /// [default: true, by the service]
        #[arg(long, value_name = "true|false")]
        check_consume: Option<bool>,
    },
    /// Redeem a code (核销 Code): POST /card/code/consume
    ///
    /// This sends the one request and tells its answer; `code redeem` also finds out what became of it when the answer
    /// is lost.
    ///
    /// A redeemed code cannot be redeemed again. When the outcome is unknown (exit code 5), look at
    /// `wx-card code get CODE --check-consume false` before trying again.
    Consume {
        /// The code
        code: CardCode,
        #[command(flatten)]
        card: CardIdArg,
    },
    /// Redeem a code at a till (核销流程), at most once and with an answer, by way of /card/code/consume
    ///
    /// It asks for the state of the code, redeems it by one request, and when the
    /// answer to that is lost or unclear asks for the state again until the code is
    /// redeemed or --patience ends. Hand out goods for exit code 0 alone.
    ///
    /// The outcome is the result, so it goes to stdout whatever the exit code is:
    ///   0  redeemed, by this run, by the service's own word
    ///   3  already_redeemed: used before; or refused: the reason says why
    ///   5  unknown: it may have run; once more with the same code is safe
    ///   5  already_redeemed, but the answer to this run was lost: by_this_call is
    ///      likely when the code was good a moment before. No proof that no other
    ///      till was as quick, so a person decides
    ///
    /// What says nothing about the code, such as no connection, is an error on
    /// stderr, with exit code 2, 3 or 4: this run has redeemed nothing.
    ///
    /// With --output json the outcome is {outcome, code, card_id, openid,
    /// confirmed_by, by_this_call, reason, state, begin_time, end_time, errcode,
    /// errmsg, rid, attempts, may_have_run, message, advice}, with null where there
    /// is nothing to say.
    #[command(verbatim_doc_comment, after_help = REDEEM_EXAMPLES)]
    Redeem(RedeemArgs),
    /// Mark a code for a user before redeeming it, or take the mark back (占用 Code): POST /card/code/mark
    ///
    /// For friends cards (朋友的券) only. A mark falls off by itself after about five minutes.
    Mark {
        /// The code
        code: CardCode,
        /// The card that the code belongs to
        #[arg(long, value_name = "ID")]
        card_id: CardId,
        /// The user who is about to redeem it
        #[arg(long, value_name = "O")]
        openid: OpenId,
        /// Take the mark back
        #[arg(long)]
        unmark: bool,
    },
    /// Make a code void (设置卡券失效): POST /card/code/unavailable
    ///
    /// This cannot be taken back.
    Unavailable {
        /// The code
        code: CardCode,
        #[command(flatten)]
        card: CardIdArg,
        /// Why, such as 退款
        #[arg(long, value_name = "R")]
        reason: Option<String>,
    },
    /// Give a coupon another code (更改 Code): POST /card/code/update
    Update {
        /// The code that the coupon has
        old: CardCode,
        /// The code that it shall have, of at most 20 bytes
        new: CardCode,
        #[command(flatten)]
        card: CardIdArg,
    },
    /// Import codes of your own into a card (导入 Code): POST /card/code/deposit
    ///
    /// The card must have been created with use_custom_code, GET_CUSTOM_CODE_MODE_DEPOSIT and a quantity of 0. Raise
    /// its stock afterwards, to at most the number of imported codes. Importing again is safe: codes that are there
    /// already come back as duplicates.
    ///
    /// This is one request, of 1 to 100 codes; `code import` takes any number.
    Deposit(CodesArgs),
    /// Count the codes that were imported into a card (查询导入 Code 数目): POST /card/code/getdepositcount
    Count {
        /// The card
        #[arg(value_name = "ID")]
        card_id: CardId,
    },
    /// Import any number of codes of your own into a card from a file (批量导入 Code), by way of /card/code/deposit
    ///
    /// FILE is CSV or one code a line: the code is the first column, a first line
    /// `code` is a heading. Blanks around a code do not count; empty lines, codes over
    /// 20 bytes and codes that stood there before are not sent, and the report says
    /// so. The order is: create the card with a quantity of 0, have it approved,
    /// import, raise the stock, which --raise-stock does by the number of codes that
    /// are new.
    ///
    /// A journal beside the file knows what was sent. The same command once more goes
    /// on where this one ended, whatever ended it, and sends nothing again that is
    /// done. Ctrl-C finishes what is in flight; a second one ends it at once, which
    /// loses nothing either.
    ///
    /// The outcome is the result, so it goes to stdout whatever the exit code is:
    ///   0  every code is deposited, and the stock raised if asked
    ///   2  the file cannot be read, or is not the one that the journal belongs to
    ///   3  done but for codes that were refused or failed, which --report names; or
    ///      WeChat refuses to go on, as at the end of the day's quota (45009)
    ///   4  ended early, by Ctrl-C, --per-day or for want of a connection, or the
    ///      report could not be written: run it again
    ///   5  it is not known whether the stock is raised; run it again, it looks first
    ///
    /// The report has line,code,outcome,reason. The outcome is one of:
    ///   accepted   by this import
    ///   duplicate  there before this import
    ///   present    there now, but an answer was lost: it may have been there before
    ///   failed     the service did not take it
    ///   refused    not sent, since it breaks a rule
    ///   repeated   not sent, since it stands in an earlier line
    ///   empty      not sent, since nothing stands in the line
    #[command(verbatim_doc_comment, after_help = IMPORT_EXAMPLES)]
    Import(ImportArgs),
    /// Make any number of codes void from a file (批量设置卡券失效), by way of /card/code/unavailable
    ///
    /// This cannot be taken back. File, journal, report and exit codes are those of `code import`. After a refusal the
    /// state of the code is asked for. The outcome in the report is void; already_void; is_void: void now, but an answer
    /// was lost; failed, with the state that did not allow it; refused; repeated; empty.
    Void(VoidArgs),
    /// Say which codes were imported into a card and which were not (核查 Code): POST /card/code/checkcode
    ///
    /// Up to 100 codes are one request, whose answer is printed. Of a longer file, or with --report, it prints how many
    /// there are of each, and the report names them: deposited, missing, refused, repeated, empty. The exit code is 3 if
    /// one is missing then.
    Check(CheckArgs),
}

#[derive(Args, Debug)]
pub(crate) struct CardIdArg {
    /// The card that the code belongs to; required where the merchant chose the codes (use_custom_code)
    #[arg(long, value_name = "ID")]
    pub(crate) card_id: Option<CardId>,
}

#[derive(Args, Debug)]
pub(crate) struct RedeemArgs {
    /// The code
    pub(crate) code: CardCode,
    #[command(flatten)]
    pub(crate) card: CardIdArg,
    /// Do not ask for the state of the code first: one call less, and fewer reasons and no `likely` in the outcome
    #[arg(long)]
    pub(crate) no_query: bool,
    /// How long to ask what became of an unclear outcome; 0 asks once [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = patience)]
    pub(crate) patience: Option<Duration>,
}

/// Longer than anybody waits at a till; whoever asks for more has the wrong unit in mind.
const MAX_PATIENCE_SECONDS: f64 = 600.0;

fn patience(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| String::from("give a number of seconds"))?;
    if (0.0..=MAX_PATIENCE_SECONDS).contains(&seconds) {
        Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
    } else {
        Err(format!("must be 0 to {MAX_PATIENCE_SECONDS} seconds"))
    }
}

#[derive(Args, Debug)]
pub(crate) struct CodesArgs {
    /// The card
    #[arg(value_name = "ID")]
    pub(crate) card_id: CardId,
    /// The codes: 1 to 100, none twice; - alone is stdin, read as --file is
    // None at all is refused by the rules of the request, which name the field.
    #[arg(value_name = "CODE", conflicts_with = "file")]
    pub(crate) codes: Vec<CardCode>,
    /// File with the codes, one a line or in the first column, none twice; - is stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_a_sensible_number_of_seconds() {
        assert_eq!(patience("0"), Ok(Duration::ZERO));
        assert_eq!(patience("2.5"), Ok(Duration::from_millis(2500)));
        assert_eq!(patience("600"), Ok(Duration::from_secs(600)));
        for text in ["", "-1", "NaN", "inf", "601", "soon"] {
            assert!(patience(text).is_err(), "{text}");
        }
    }
}
