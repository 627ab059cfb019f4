//! Which official page has the rules of what.

const CREATE: &str = "Create a Coupon, Voucher or Card";
const DISTRIBUTE: &str = "Distributing Coupons, Vouchers and Cards";
const GIFT_CARD: &str = "Gift Cards";
const MANAGE: &str = "Managing Coupons, Vouchers and Cards";
const MEMBER_CARD: &str = "Create a Membership Card";
const REDEEM: &str = "Redeeming a Coupon, Voucher or Card";
const TICKETS: &str = "Special Tickets";
const UPLOAD: &str = "Upload Graphic Message Picture";

/// The page of each operation.
const OPERATIONS: [(&str, &str); 24] = [
    ("/card/batchget", MANAGE),
    ("/card/code/checkcode", DISTRIBUTE),
    ("/card/code/consume", REDEEM),
    ("/card/code/decrypt", REDEEM),
    ("/card/code/deposit", DISTRIBUTE),
    ("/card/code/get", REDEEM),
    ("/card/code/getdepositcount", DISTRIBUTE),
    ("/card/code/mark", REDEEM),
    ("/card/code/unavailable", MANAGE),
    ("/card/code/update", MANAGE),
    ("/card/create", CREATE),
    ("/card/delete", MANAGE),
    ("/card/get", MANAGE),
    ("/card/landingpage/create", DISTRIBUTE),
    ("/card/modifystock", MANAGE),
    ("/card/mpnews/gethtml", DISTRIBUTE),
    ("/card/paycell/set", CREATE),
    ("/card/qrcode/create", DISTRIBUTE),
    ("/card/selfconsumecell/set", CREATE),
    ("/card/testwhitelist/set", DISTRIBUTE),
    ("/card/update", MANAGE),
    ("/card/user/getcardlist", MANAGE),
    ("/card/getcolors", CREATE),
    ("/cgi-bin/media/uploadimg", UPLOAD),
];

/// The kinds of cards that have pages of their own, by the member with their body.
const KINDS: [(&str, &str); 6] = [
    ("boarding_pass", TICKETS),
    ("general_card", GIFT_CARD),
    ("meeting_ticket", TICKETS),
    ("member_card", MEMBER_CARD),
    ("movie_ticket", TICKETS),
    ("scenic_ticket", TICKETS),
];

/// Name of the official page that has the rules of `field` in a request to `operation`.
pub(crate) fn page(operation: &str, field: &str) -> Option<&'static str> {
    let (_, page) = OPERATIONS.iter().find(|(path, _)| *path == operation)?;
    // What the cards of all kinds have in common stands on the common page.
    let mut members = field.split('.');
    let body = members.find(|member| *member != "card").unwrap_or_default();
    let of_the_kind = !matches!(members.next(), Some("base_info" | "advanced_info"));
    let kind = KINDS.iter().find(|(key, _)| *key == body && of_the_kind);
    Some(kind.map_or(page, |(_, page)| page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_its_own_has_its_own_page() {
        let cases = [
            ("/card/create", "card.member_card.prerogative", Some(MEMBER_CARD)),
            ("/card/create", "card.member_card.base_info.title", Some(CREATE)),
            ("/card/update", "member_card.prerogative", Some(MEMBER_CARD)),
            ("/card/create", "card.cash.reduce_cost", Some(CREATE)),
            ("/card/create", "card", Some(CREATE)),
            ("/card/code/consume", "code", Some(REDEEM)),
            ("/card/tomorrow", "code", None),
        ];
        for (operation, field, expected) in cases {
            assert_eq!(page(operation, field), expected, "{operation} {field}");
        }
    }
}
