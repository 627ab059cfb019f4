//! `wx-card card list` and `colors`.

use futures_util::TryStreamExt as _;
use wx_card::types::{BatchGetCards, BatchGetCardsResponse, CardId, GetColors};

use crate::args::ListArgs;
use crate::commands::perform;
use crate::failure::Failure;
use crate::output::{Format, Table, printable};
use crate::settings::Settings;

pub(super) async fn run(args: ListArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let ListArgs { status_list, all } = args;
    let answer = if all {
        let cards: Vec<CardId> = settings.client()?.list_cards(&status_list).try_collect().await?;
        let mut answer = BatchGetCardsResponse::default();
        answer.total_num = u64::try_from(cards.len()).ok();
        answer.card_id_list = cards;
        answer
    } else {
        let mut request = BatchGetCards::new(0_u32, BatchGetCards::MAX_COUNT);
        request.status_list = (!status_list.is_empty()).then_some(status_list);
        perform(settings, &request).await?
    };
    format.print_list(&answer, || table(&answer), || listed(&answer))
}

fn table(answer: &BatchGetCardsResponse) -> Table {
    let mut table = Table::new(&["CARD ID"]);
    for card_id in &answer.card_id_list {
        table.row(&[card_id.as_str()]);
    }
    table
}

/// An id a line, and how many of how many that were.
fn listed(answer: &BatchGetCardsResponse) -> String {
    let count = answer.card_id_list.len();
    let mut lines: Vec<String> = answer
        .card_id_list
        .iter()
        .map(|card_id| printable(card_id.as_str()))
        .collect();
    let total = answer.total_num.filter(|total| usize::try_from(*total) != Ok(count));
    lines.push(match (count, total) {
        (0, None) => String::from("no card"),
        (1, None) => String::from("1 card"),
        (_, None) => format!("{count} cards"),
        (_, Some(total)) => format!("{count} of {total} cards; --all lists every one"),
    });
    lines.join("\n")
}

pub(super) async fn colors(settings: &Settings, format: Format) -> Result<(), Failure> {
    let answer = perform(settings, &GetColors::new()).await?;
    let table = || {
        let mut table = Table::new(&["NAME", "SHADE"]);
        for color in &answer.colors {
            table.row(&[color.name.as_str(), color.value.as_str()]);
        }
        table
    };
    format.print_list(&answer, table, || table().text())
}
