//! What the words of a refusal tell: the request's id, the missing member, the caller's address.

use std::net::IpAddr;

use super::Error;
use crate::{ErrCode, Explanation};

impl Error {
    /// What the error code means and what to do about it, in English and Chinese; it depends on which call was answered.
    ///
    /// `None` where the service answered with no code, or with one that is not known here.
    #[must_use]
    pub fn explanation(&self) -> Option<&'static Explanation> {
        self.0.refusal.as_ref()?.explanation
    }

    /// What to do about the error code, in English; [`explanation`](Self::explanation) has it in Chinese too.
    ///
    /// It knows nothing of what was called: where [`may_have_run`](Self::may_have_run), find out first what became of it.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        self.explanation().map(|explanation| explanation.advice)
    }

    /// The service's id of the request, which its support asks for.
    ///
    /// Older parts of the service end their message in a `hint: […]` in its place, which stays in
    /// [`errmsg`](Self::errmsg).
    #[must_use]
    pub fn rid(&self) -> Option<&str> {
        rid(self.errmsg()?)
    }

    /// The caller's address as the service sees it, from a refusal that is about that address (40164, 61004 and their
    /// like): the one to put on the account's IP list. An IPv4 address that is written as IPv6 comes as IPv4.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        match self.errcode()? {
            ErrCode::IP_NOT_ALLOWED
            | ErrCode::IP_NOT_LISTED
            | ErrCode::IP_NOT_REGISTERED
            | ErrCode::IP_NEEDS_ADMIN
            | ErrCode::IP_WAITS_FOR_ADMIN
            | ErrCode::IP_REFUSED_FOR_A_DAY
            | ErrCode::IP_REFUSED_FOR_AN_HOUR => ip(self.errmsg()?),
            _ => None,
        }
    }

    /// Path of the member that 41011 misses, as the service words it.
    pub(super) fn missing_member(&self) -> Option<&str> {
        match self.errcode()? {
            ErrCode::MISSING_FIELD => missing_member(self.errmsg()?),
            _ => None,
        }
    }
}

fn rid(errmsg: &str) -> Option<&str> {
    let mut text = errmsg;
    while let Some((before, id)) = text.rsplit_once("rid:") {
        // Not the end of another word, such as `grid:`.
        if !before.ends_with(char::is_alphanumeric) {
            return id.split_whitespace().next();
        }
        text = before;
    }
    None
}

/// The first address in the text. It stands alone, before a comma, or behind a label and a colon.
fn ip(errmsg: &str) -> Option<IpAddr> {
    errmsg
        .split(|letter: char| letter.is_whitespace() || ",;，；".contains(letter))
        .map(|word| word.trim_matches(['(', ')', '[', ']', '.']))
        .find_map(|word| {
            let behind_label = || word.split_once(':').and_then(|(_, word)| word.parse().ok());
            word.parse().ok().or_else(behind_label)
        })
        .map(|ip: IpAddr| ip.to_canonical())
}

/// The last word that is a path. The id of the request, which is another each time, may stand before or after it.
fn missing_member(errmsg: &str) -> Option<&str> {
    let mut path = None;
    let mut words = errmsg.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "hint:" | "rid:" => drop(words.next()),
            _ => {
                let word = word.rsplit('!').next().unwrap_or(word);
                path = is_path(word).then_some(word).or(path);
            }
        }
    }
    path
}

/// Whether it looks like `m_data.base_info().title`, and not like a word of the sentence.
fn is_path(word: &str) -> bool {
    let begins = word.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let ends = word.ends_with(|letter: char| letter.is_ascii_alphanumeric() || "_)]".contains(letter));
    let in_between = |letter: char| letter.is_ascii_alphanumeric() || "_.()[]".contains(letter);
    begins && ends && word.chars().all(in_between) && word.contains(['.', '_', '('])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_the_request_stands_behind_its_label() {
        for (errmsg, expected) in [
            (
                "invalid code, this code has consumed. rid: 60891646-03eed615-7f6889ef",
                Some("60891646-03eed615-7f6889ef"),
            ),
            ("api unauthorized rid:6-0-7", Some("6-0-7")),
            ("invalid args. rid: 1-2-3 m_data.title", Some("1-2-3")),
            ("hint: [Na1y7a0585ent3] rid: 1-2-3", Some("1-2-3")),
            ("rid: 1 rid: 2", Some("2")),
            ("(rid: 1) in a grid: 2", Some("1)")),
            ("in a grid: 2", None),
            ("invalid code hint: [Na1y7a0585ent3]", None),
            ("rid:", None),
            ("rid: ", None),
            ("", None),
        ] {
            assert_eq!(rid(errmsg), expected, "{errmsg}");
        }
    }

    #[test]
    fn the_missing_member_is_the_path_in_the_message() {
        for (errmsg, expected) in [
            (
                "missing required fields! please check document and request json! hint: [DbUV3a0983ent1] \
                 m_data.base_info().title",
                Some("m_data.base_info().title"),
            ),
            (
                "missing required fields! please check document and request json! m_data.base_info().sku() rid: 6-0-7",
                Some("m_data.base_info().sku()"),
            ),
            ("请检查 JSON！ m_data.deal_detail rid:6.0_7", Some("m_data.deal_detail")),
            (
                "request json!m_data.list[0].text hint: [a.b]",
                Some("m_data.list[0].text"),
            ),
            ("missing required fields! m_data rid: a.b_c", Some("m_data")),
            ("request json! m_data.title hint: a.b", Some("m_data.title")),
            (
                "missing required fields! please check document and request json! rid: 6-0-7",
                None,
            ),
            ("missing required fields! please check document and request json!", None),
            ("see e.g. the document.", None),
            ("hint:", None),
            ("", None),
        ] {
            assert_eq!(missing_member(errmsg), expected, "{errmsg}");
        }
    }

    #[test]
    fn the_address_is_read_in_either_version() {
        for (errmsg, expected) in [
            (
                "invalid ip 101.81.67.16 ipv6 ::ffff:101.81.67.16, not in whitelist rid: 66b2251b-59e5467f-4220f10e",
                Some("101.81.67.16"),
            ),
            (
                "invalid ip 101.81.67.16, not in whitelist hint: [vEJBZa04161512]",
                Some("101.81.67.16"),
            ),
            (
                "invalid ip 2408:8207:5458::1, not in whitelist",
                Some("2408:8207:5458::1"),
            ),
            ("invalid ip ::ffff:10.0.0.1, not in whitelist", Some("10.0.0.1")),
            (
                "access clientip is not registered requestIP: 10.0.0.1 rid: 1-2-3",
                Some("10.0.0.1"),
            ),
            ("access clientip is not registered requestIP:10.0.0.1", Some("10.0.0.1")),
            ("access clientip is not registered requestIP:2408::1.", Some("2408::1")),
            ("ip [2408::1] (10.0.0.1)", Some("2408::1")),
            ("invalid ip 8.149.x.x, not in whitelist", None),
            ("invalid ip 256.0.0.1, not in whitelist", None),
            ("invalid ip, not in whitelist", None),
            ("invalid ip 1.2.3.4.5 : :x x: ,", None),
            ("", None),
        ] {
            let expected = expected.map(|ip| ip.parse::<IpAddr>().unwrap());
            assert_eq!(ip(errmsg), expected, "{errmsg}");
        }
    }

    /// Every text of four of these pieces: what a hostile server writes must not end the program.
    #[test]
    fn no_text_panics_and_what_is_found_stands_in_the_text() {
        const PIECES: [&str; 12] = [
            "rid:", "hint:", "[", "!", " ", ".", "::", "1.2.3.4", "m_", "()", "\u{7f8e}", "\0\n",
        ];
        for number in 0..PIECES.len().pow(4) {
            let digits = (0..4).map(|place| number / PIECES.len().pow(place) % PIECES.len());
            let text: String = digits.map(|digit| PIECES[digit]).collect();
            for found in [rid(&text), missing_member(&text)].into_iter().flatten() {
                assert!(text.contains(found) && !found.contains(char::is_whitespace), "{text:?}");
            }
            assert!(ip(&text).is_none() || text.contains(['.', ':']), "{text:?}");
        }
    }
}
