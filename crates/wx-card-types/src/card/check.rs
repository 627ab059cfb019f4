//! Rules between the members of a card.

use serde_json::{Map, Value};

use super::body::{CustomCodeMode, is_permanent};
use super::checked::read;
use super::members::Between;
use crate::{Level, Rule};

type Members = Map<String, Value>;

/// Rules between the members of `base_info`.
pub(super) const BASE_INFO: &[Between] = &[
    SHADE,
    LOCATIONS,
    Between {
        field: "use_custom_code",
        level: Level::Error,
        rule: Rule::Form {
            expected: "true where codes are deposited",
        },
        broken: |base_info, field| deposits(base_info) && read(base_info.get(field)) != Some(true),
    },
    Between {
        field: "sku.quantity",
        level: Level::Error,
        rule: Rule::Form {
            expected: "0 where codes are deposited; raise the stock when they are in",
        },
        broken: |base_info, _| {
            deposits(base_info) && number(base_info, "/sku/quantity").is_some_and(|number| number != 0)
        },
    },
    Between {
        field: "sku.quantity",
        level: Level::Warning,
        rule: Rule::Form {
            expected: "more than 0 where the service draws the codes: nobody can take such a card",
        },
        broken: |base_info, _| {
            let draws = !deposits(base_info) && read(base_info.get("use_custom_code")) != Some(true);
            draws && number(base_info, "/sku/quantity") == Some(0)
        },
    },
    LOST_BUTTON,
    PAYING_BUTTON,
    Between {
        field: "get_limit",
        level: Level::Warning,
        rule: Rule::Form {
            expected: "at most 50 where the card follows a payment",
        },
        broken: |base_info, field| read::<i64>(base_info.get(field)).is_some_and(|limit| 50 < limit),
    },
];

/// Rules for what changes in `base_info`.
pub(super) const BASE_INFO_UPDATE: &[Between] = &[
    SHADE,
    LOCATIONS,
    LOST_BUTTON,
    PAYING_BUTTON,
    fixed("bind_openid"),
    fixed("brand_name"),
    fixed("get_custom_code_mode"),
    fixed("sku"),
    fixed("source"),
    fixed("sub_merchant_info"),
    fixed("use_custom_code"),
];

/// A member of `base_info` that stays as it was at creation; an update with it is refused.
const fn fixed(field: &'static str) -> Between {
    Between {
        field,
        level: Level::Error,
        rule: Rule::Form {
            expected: "left out: the service never changes it",
        },
        broken: |base_info, field| is_given(base_info, field),
    }
}

/// A shade is refused (40076), though answers have one.
const SHADE: Between = Between {
    field: "color",
    level: Level::Error,
    rule: Rule::Form {
        expected: "a name such as Color010: a shade stands in answers alone",
    },
    broken: |base_info, field| read::<String>(base_info.get(field)).is_some_and(|color| color.trim().starts_with('#')),
};

const LOCATIONS: Between = Between {
    field: "use_all_locations",
    level: Level::Error,
    rule: Rule::Conflict {
        other: "location_id_list",
    },
    broken: |base_info, field| {
        let some = read::<Vec<Value>>(base_info.get("location_id_list")).is_some_and(|ids| !ids.is_empty());
        some && read(base_info.get(field)) == Some(true)
    },
};

const LOST_BUTTON: Between = Between {
    field: "center_title",
    level: Level::Warning,
    rule: Rule::Missing {
        because: "the button in the middle is not shown without its text",
    },
    broken: |base_info, field| {
        let rest = ["center_sub_title", "center_url", "center_app_brand_user_name"];
        !is_given(base_info, field) && rest.iter().any(|name| is_given(base_info, name))
    },
};

/// The service knows one button: that of the merchant, the one to pay, or the one to redeem oneself (40145, 45046).
const PAYING_BUTTON: Between = Between {
    field: "center_title",
    level: Level::Warning,
    rule: Rule::Conflict {
        other: "pay_info.swipe_card.is_swipe_card",
    },
    broken: |base_info, field| {
        let pays = base_info
            .get("pay_info")
            .and_then(|info| info.pointer("/swipe_card/is_swipe_card"));
        is_given(base_info, field) && read(pays) == Some(true)
    },
};

/// Rules that hold for coupons and tickets, but not for member cards.
pub(super) const COUPON: &[Between] = &[LASTING];

const LASTING: Between = Between {
    field: "base_info.date_info.type",
    level: Level::Error,
    rule: Rule::Form {
        expected: "another type: only member cards are valid for ever",
    },
    broken: |body, _| {
        let date_info = body.get("base_info").and_then(|base_info| base_info.get("date_info"));
        date_info.is_some_and(is_permanent)
    },
};

/// Rules for tickets to sights.
pub(super) const SCENIC_TICKET: &[Between] = &[LASTING, expected("ticket_class")];

/// Rules for cinema tickets.
pub(super) const MOVIE_TICKET: &[Between] = &[LASTING, expected("detail")];

/// What other clients always send; whether the service demands it is not certain.
const fn expected(field: &'static str) -> Between {
    Between {
        field,
        level: Level::Warning,
        rule: Rule::Missing {
            because: "without it the service may refuse the card",
        },
        broken: |body, field| !is_given(body, field),
    }
}

/// Rules for cash coupons; those on amounts are known from coupons that follow a payment (72007, 72008).
pub(super) const CASH: &[Between] = &[
    LASTING,
    Between {
        field: "reduce_cost",
        level: Level::Warning,
        rule: Rule::Form {
            expected: "at least 100 分 where the coupon follows a payment",
        },
        broken: |body, field| read::<i64>(body.get(field)).is_some_and(|fen| (1..100).contains(&fen)),
    },
    Between {
        field: "least_cost",
        level: Level::Warning,
        rule: Rule::Form {
            expected: "more than reduce_cost where the coupon follows a payment",
        },
        broken: |body, field| {
            let reduce_cost = read::<i64>(body.get("reduce_cost"));
            let least_cost = read::<i64>(body.get(field)).filter(|fen| 0 < *fen);
            least_cost
                .zip(reduce_cost)
                .is_some_and(|(least, reduce)| least <= reduce)
        },
    },
];

/// Rules between the members of a member card.
pub(super) const MEMBER_CARD: &[Between] = &[
    Between {
        field: "auto_activate",
        level: Level::Error,
        rule: Rule::Missing {
            because: "it, wx_activate or activate_url says how members activate the card",
        },
        broken: |body, _| ways(body) == (false, false, false),
    },
    Between {
        field: "activate_url",
        level: Level::Error,
        rule: Rule::Conflict { other: "wx_activate" },
        // Where cards activate themselves, the other two are ignored.
        broken: |body, _| ways(body) == (false, true, true),
    },
    FOURTH_FIELD,
];

/// Rules for cards that show values of their own.
pub(super) const CUSTOM_FIELDS: &[Between] = &[FOURTH_FIELD];

/// A card shows three values of its member; the service refuses a fourth (40124).
const FOURTH_FIELD: Between = Between {
    field: "custom_field4",
    level: Level::Error,
    rule: Rule::Form {
        expected: "left out: a card has custom_field1 to custom_field3",
    },
    broken: |body, _| {
        body.iter().any(|(name, value)| {
            let number = name
                .strip_prefix("custom_field")
                .and_then(|number| number.parse::<u32>().ok());
            number.is_some_and(|number| 3 < number) && !value.is_null()
        })
    },
};

/// Which of `auto_activate`, `wx_activate` and `activate_url` a member card has.
fn ways(body: &Members) -> (bool, bool, bool) {
    let says = |name: &str| read(body.get(name)) == Some(true);
    let has_url = read::<String>(body.get("activate_url")).is_some_and(|url| !url.trim().is_empty());
    (says("auto_activate"), says("wx_activate"), has_url)
}

fn deposits(base_info: &Members) -> bool {
    read(base_info.get("get_custom_code_mode")) == Some(CustomCodeMode::Deposit)
}

/// Whether there is a value that says anything.
pub(super) fn is_given(members: &Members, name: &str) -> bool {
    let says_nothing = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    members.get(name).is_some_and(|value| !says_nothing(value))
}

fn number(members: &Members, path: &str) -> Option<i64> {
    let (first, rest) = path.strip_prefix('/')?.split_once('/')?;
    read(members.get(first)?.get(rest))
}
