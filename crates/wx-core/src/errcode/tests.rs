//! The tables: complete, in order, in two languages, and in the documentation.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::*;

const PAGE: &str = "../../docs/errors.md";

/// Every code that the documentation of cards, of tokens and of the account names.
const NAMED: &[i64] = &[
    -1, 40001, 40002, 40003, 40005, 40009, 40013, 40014, 40033, 40035, 40039, 40048, 40053, 40056, 40062, 40066, 40070,
    40071, 40072, 40073, 40075, 40076, 40078, 40079, 40080, 40093, 40097, 40098, 40099, 40100, 40101, 40107, 40109,
    40110, 40111, 40112, 40116, 40122, 40124, 40125, 40126, 40127, 40130, 40131, 40135, 40136, 40137, 40139, 40140,
    40141, 40142, 40143, 40144, 40145, 40146, 40147, 40148, 40149, 40150, 40151, 40153, 40158, 40164, 40165, 40166,
    40168, 40173, 40174, 40178, 40243, 41001, 41002, 41004, 41005, 41009, 41011, 41012, 41013, 41014, 41015, 41016,
    41017, 42001, 42007, 43001, 43002, 43003, 43004, 43009, 43010, 43011, 43012, 43013, 43015, 43017, 43018, 44002,
    45002, 45009, 45011, 45021, 45022, 45023, 45025, 45029, 45030, 45031, 45033, 45035, 45036, 45039, 45040, 45041,
    45042, 45043, 45044, 45045, 45046, 45053, 45054, 45055, 45061, 45095, 45102, 45103, 45104, 45154, 45155, 45156,
    45160, 45501, 47001, 47002, 48001, 48004, 48006, 48009, 48012, 50001, 50002, 50004, 50007, 61004, 61007, 61024,
    61500, 61501, 65104, 65105, 65106, 65107, 65115, 65116, 65118, 71001, 71002, 71003, 71004, 71005, 71006, 71007,
    71008, 72001, 72002, 72003, 72004, 72005, 72006, 72007, 72008, 72009, 72010, 72011, 72012, 72014, 72016, 72019,
    72020, 72021, 72022, 72026, 72032, 72033, 72034, 72066, 89501, 89503, 89506, 89507,
];

const INTRODUCTION: &str = "\
<!-- Made by the test `the_page_of_errors_is_current` of `wx-core`; do not edit. -->
# Error codes 错误码

What the service answers as `errcode`, what it means and what to do.
服务返回的 `errcode`、它的含义，以及应该怎么做。

In code, `Error::errcode()` has the number, `Error::class()` what it asks of the caller, and `Error::explanation()` the \
words below; the constants are those of `ErrCode`.
`Error::field()` has the path that 41011 names, `Error::ip()` the address that 40164 and its like name, `Error::rid()` \
the id that the service's support asks for.
代码里，`Error::errcode()` 给出数字，`Error::class()` 给出类别，`Error::explanation()` 给出下面的文字；\
常量都定义在 `ErrCode` 上。
`Error::field()` 给出 41011 指明的路径，`Error::ip()` 给出 40164 等错误里的 IP，`Error::rid()` 给出客服需要的请求 ID。

| class 类别 | means | 含义 |
| --- | --- | --- |
";

const CLASSES: &[(ErrClass, &str, &str)] = &[
    (
        ErrClass::Busy,
        "the call may have run; it is repeated only where that is harmless",
        "请求可能已经执行；只有重复执行无害的请求才会重试",
    ),
    (
        ErrClass::Credential,
        "app id, secret, account or address is not accepted; a person has to mend it",
        "AppID、密钥、帐号或 IP 不被接受，需要人来处理",
    ),
    (
        ErrClass::Permission,
        "this account or card may not use this API or feature, or it is switched off; a person has to see to it",
        "公众号或卡券没有这个接口或功能的权限，或它已被停用，需要人来处理",
    ),
    (
        ErrClass::Quota,
        "the quota of the day or the month is used up",
        "当日或当月的额度已用完",
    ),
    (
        ErrClass::Refused,
        "the request, or the state of the card or code, is refused; the same request will be refused again",
        "请求本身、卡券或 code 的状态被拒绝，原样重发没有用",
    ),
    (
        ErrClass::Throttle,
        "too many calls in this minute; the next minute will do",
        "这一分钟调用过多，下一分钟即可",
    ),
    (
        ErrClass::Token,
        "the token is not accepted and nothing ran; a new one is fetched and the call sent once more",
        "token 不被接受，请求没有执行；会重新获取 token 并再发一次",
    ),
];

const TITLES: [&str; 6] = [
    "Token, account and permission 凭证、帐号与权限",
    "Load and quotas 负载与额度",
    "Form of the request 请求的形式",
    "Cards 卡券",
    "Codes and stock 卡券 code 与库存",
    "Members, gifts and stores 会员、礼品与门店",
];

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().flat_map(|table| table.iter())
}

fn explanations() -> impl Iterator<Item = (i64, &'static Explanation)> {
    rows().flat_map(|row| {
        [Some(&row.explanation), row.of_token_call.as_ref()]
            .into_iter()
            .flatten()
            .map(|explanation| (row.code.get(), explanation))
    })
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

#[test]
fn every_named_code_is_explained_and_no_other() {
    assert_eq!(NAMED.len(), 189);
    for code in NAMED {
        assert!(ErrCode::new(*code).explain().is_some(), "{code} is not explained");
    }
    let explained: BTreeSet<i64> = rows().map(|row| row.code.get()).collect();
    assert_eq!(explained, NAMED.iter().copied().collect());
}

#[test]
fn no_code_and_no_name_stands_twice_and_each_table_ascends() {
    for table in TABLES {
        assert!(table.is_sorted_by(|one, next| one.code < next.code));
    }
    let codes: BTreeSet<ErrCode> = rows().map(|row| row.code).collect();
    assert_eq!(codes.len(), rows().count());
    // Whoever reads a gloss shall know which code it is.
    for gloss in [
        |row: &'static Row| row.explanation.gloss,
        |row: &'static Row| row.explanation.gloss_zh,
    ] {
        let glosses: BTreeSet<&str> = rows().map(gloss).collect();
        assert_eq!(glosses.len(), codes.len());
    }
}

#[test]
fn english_is_ascii_and_chinese_is_chinese_and_both_are_short() {
    for (code, explanation) in explanations() {
        let Explanation {
            gloss,
            gloss_zh,
            advice,
            advice_zh,
        } = *explanation;
        for (text, longest) in [(gloss, 80), (gloss_zh, 80), (advice, 120), (advice_zh, 120)] {
            assert!((2..=longest).contains(&text.chars().count()), "{code}: {text}");
            assert_eq!(text.trim(), text, "{code}");
            assert!(!text.ends_with(['.', '。', '!', '！', ';', '；']), "{code}: {text}");
            assert!(!text.contains(['|', '\n']), "{code}: it would break the page: {text}");
        }
        for text in [gloss, advice] {
            assert!(text.is_ascii(), "{code}: {text}");
        }
        for text in [gloss_zh, advice_zh] {
            assert!(text.chars().any(is_chinese), "{code}: {text}");
        }
    }
}

#[test]
fn a_code_without_a_name_keeps_its_number_and_is_refused() {
    for number in [i64::MIN, -2, 0, 1, 40000, 99999, i64::MAX] {
        let code = ErrCode::new(number);
        assert_eq!((code.get(), code.to_string()), (number, number.to_string()));
        assert_eq!((code.explain(), code.explain_of_token_call()), (None, None));
        assert_eq!(code.class(), ErrClass::Refused);
    }
}

#[test]
fn the_same_number_means_two_things() {
    let code = ErrCode::INVALID_CREDENTIAL;
    assert_eq!(code.class(), ErrClass::Token);
    assert_eq!(code.class_of_token_call(), ErrClass::Credential);
    assert_eq!(
        code.explain().unwrap().gloss,
        "the access token is not valid or not the latest"
    );
    assert_eq!(code.explain_of_token_call().unwrap().gloss, "the app secret is wrong");
    // Where the official lists disagree, both meanings stand in one gloss.
    for (code, one, other) in [(40072, "code type", "location id"), (40125, "secret", "app id")] {
        let gloss = ErrCode::new(code).explain().unwrap().gloss;
        assert!(gloss.contains(one) && gloss.contains(other), "{gloss}");
        assert_eq!(ErrCode::new(code).explain_of_token_call(), ErrCode::new(code).explain());
    }
}

/// All codes of a class that is not [`ErrClass::Refused`]: these decide what is repeated, so each is written down.
#[test]
fn classes() {
    let classes: &[(ErrClass, &[i64])] = &[
        (ErrClass::Busy, &[-1]),
        (ErrClass::Token, &[40001, 40014, 42001, 48012]),
        (ErrClass::Throttle, &[45011]),
        (ErrClass::Quota, &[45009, 45040, 45104, 48006]),
        (
            ErrClass::Credential,
            &[
                40002, 40013, 40125, 40164, 40243, 41001, 41002, 41004, 42007, 45035, 50002, 50004, 50007, 61004,
                61024, 89501, 89503, 89506, 89507,
            ],
        ),
        (
            ErrClass::Permission,
            &[
                43009, 43010, 43011, 43012, 43013, 43015, 45030, 45042, 45045, 45102, 45103, 45160, 45501, 48001,
                48004, 48009, 50001, 61007, 72016, 72021,
            ],
        ),
    ];
    for row in rows() {
        let class = classes
            .iter()
            .find(|(_, codes)| codes.contains(&row.code.get()))
            .map_or(ErrClass::Refused, |(class, _)| *class);
        assert_eq!(row.code.class(), class, "{}", row.code);
        let of_token_call = match class {
            ErrClass::Busy | ErrClass::Quota | ErrClass::Throttle => class,
            _ => ErrClass::Credential,
        };
        assert_eq!(row.code.class_of_token_call(), of_token_call, "{}", row.code);
    }
    assert_eq!(ErrCode::new(99999).class_of_token_call(), ErrClass::Credential);
}

fn rendered() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (class, english, chinese) in CLASSES {
        writeln!(page, "| `{class:?}` | {english} | {chinese} |").unwrap();
    }
    page.push_str(
        "\nA number that is not below is `Refused`, and keeps the service's own words.\n\
         不在下表中的数字一律是 `Refused`，并保留服务返回的原文。\n",
    );
    assert_eq!(TITLES.len(), TABLES.len());
    for (title, table) in TITLES.iter().zip(TABLES) {
        writeln!(page, "\n## {title}\n").unwrap();
        page.push_str("| code | constant | class | means | what to do | 含义 | 怎么办 |\n");
        page.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
        for row in *table {
            line(&mut page, row, row.class, "", &row.explanation);
            if let Some(explanation) = &row.of_token_call {
                let class = row.code.class_of_token_call();
                line(&mut page, row, class, ", token call 获取 token 时", explanation);
            }
        }
    }
    page
}

fn line(page: &mut String, row: &Row, class: ErrClass, call: &str, explanation: &Explanation) {
    let Row { code, name, .. } = row;
    let Explanation {
        gloss,
        gloss_zh,
        advice,
        advice_zh,
    } = explanation;
    writeln!(
        page,
        "| {code}{call} | `{name}` | {class:?} | {gloss} | {advice} | {gloss_zh} | {advice_zh} |"
    )
    .unwrap();
}

/// `UPDATE_DOCS=1 cargo test -p wx-core` writes the page.
#[test]
fn the_page_of_errors_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let rendered = rendered();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &rendered).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == rendered,
        "{} is not current; set UPDATE_DOCS=1 and run this test again",
        path.display(),
    );
}
