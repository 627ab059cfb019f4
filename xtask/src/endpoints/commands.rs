//! Which command runs which operation, as the command's own help says.

use std::collections::BTreeMap;

use crate::source::{Tree, is_word};

/// The commands by the API path that their help names: `… : POST /card/get` above `Get` in `CardCommand`
/// makes `card get` the command of `/card/get`.
pub(super) fn commands(tree: &Tree) -> BTreeMap<&str, String> {
    let mut commands = BTreeMap::new();
    for source in tree.rust("crates/wx-card-cli/src/args") {
        let (mut group, mut path) = (None, None);
        for line in source.text.lines().map(str::trim) {
            if let Some((_, name)) = line.split_once("enum ") {
                group = name.split_once("Command").map(|(group, _)| kebab(group));
            } else if line.starts_with("///") {
                let named = [": POST ", ": GET "].iter().find_map(|method| line.split_once(method));
                path = named.map(|(_, path)| path).or(path);
            } else if line.starts_with(char::is_uppercase) {
                let name = line.split(|c| !is_word(c)).next().unwrap_or("");
                if let (Some(group), Some(path)) = (&group, path.take()) {
                    commands.insert(path, format!("{group} {}", kebab(name)));
                }
            }
        }
    }
    commands
}

/// `PayCell` as clap shows it: `pay-cell`.
fn kebab(name: &str) -> String {
    super::lowered(name, '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_from_their_help() {
        let args = "\
//! Commands.

pub(crate) enum CardCommand {
    /// Show a card: POST /card/get
    Get {
        /// The card
        id: CardId,
    },
    /// List the colors: GET /card/getcolors
    Colors,
    /// Let users pay: POST /card/paycell/set
    ///
    /// Or no longer.
    #[command(alias = \"pay\")]
    PayCell(PayCellArgs),
    /// No call.
    Other,
}
";
        let tree = Tree::of(&[("crates/wx-card-cli/src/args/card.rs", args)]);
        let commands: Vec<_> = commands(&tree).into_iter().collect();
        let expected = [
            ("/card/get", "card get"),
            ("/card/getcolors", "card colors"),
            ("/card/paycell/set", "card pay-cell"),
        ];
        assert_eq!(commands, expected.map(|(path, command)| (path, command.to_owned())));
    }
}
