//! `wx-card user …`.

use wx_card::types::{GetUserCardList, GetUserCardListResponse};

use super::perform;
use crate::args::UserCommand;
use crate::failure::Failure;
use crate::output::{Format, Table};
use crate::settings::Settings;

pub(super) async fn run(command: UserCommand, settings: &Settings, format: Format) -> Result<(), Failure> {
    let UserCommand::Cards { openid, card_id } = command;
    let mut request = GetUserCardList::new(openid);
    request.card_id = card_id;
    let answer = perform(settings, &request).await?;
    format.print_list(
        &answer,
        || listed(&answer),
        || {
            if answer.card_list.is_empty() {
                String::from("the user has no coupon that can be used now")
            } else {
                listed(&answer).text()
            }
        },
    )
}

fn listed(answer: &GetUserCardListResponse) -> Table {
    let mut table = Table::new(&["CODE", "CARD ID"]);
    for card in &answer.card_list {
        table.row(&[card.code.as_str(), card.card_id.as_str()]);
    }
    table
}
