//! `POST /card/testwhitelist/set`: say who may take cards before their approval.

use crate::wire::wire;
use crate::{Check, Endpoint, OpenId, Rule, Username};

wire! {
    /// Says which users may take the account's cards before their approval (设置测试白名单).
    ///
    /// `POST /card/testwhitelist/set`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Distributing_Coupons_Vouchers_and_Cards.html).
    ///
    /// The call *replaces* the list: whoever is not named is no longer on it. There is no call that reads it.
    ///
    /// ```
    /// use wx_card_types::{OpenId, SetTestWhitelist, Username};
    ///
    /// let openid = ["o1Pj9jmZvxxxxxxxxxULW2mA"].map(OpenId::new);
    /// let request = SetTestWhitelist::new().openid(openid).username([Username::new("afdvvf")]);
    /// assert_eq!(
    ///     serde_json::to_string(&request)?,
    ///     r#"{"openid":["o1Pj9jmZvxxxxxxxxxULW2mA"],"username":["afdvvf"]}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[doc(alias = "card/testwhitelist/set")]
    #[doc(alias = "addTestWhiteList")]
    #[doc(alias = "设置测试白名单")]
    #[derive(Default)]
    pub struct SetTestWhitelist {
    } optional {
        /// Users by their id; with `username` at most [`MAX_USERS`](Self::MAX_USERS).
        openid: Vec<OpenId>,
        /// Users by the WeChat id that they chose themselves.
        username: Vec<Username>,
    }
}

impl SetTestWhitelist {
    /// Most users on the list, by either id.
    pub const MAX_USERS: usize = 10;
}

impl Endpoint for SetTestWhitelist {
    const PATH: &'static str = "/card/testwhitelist/set";
    // The list is replaced as a whole.
    const IDEMPOTENT: bool = true;
    type Response = SetTestWhitelistResponse;

    fn check(&self, check: &mut Check) {
        let openids = self.openid.as_deref().unwrap_or_default();
        let usernames = self.username.as_deref().unwrap_or_default();
        // An empty list that is given says "nobody" and passes; to give neither is a slip that could clear the list.
        if self.openid.is_none() && self.username.is_none() {
            let because = "the call replaces the list; give an empty one, or usernames, to say who is on it";
            check.violation("openid", Rule::Missing { because });
        }
        check.count(
            "openid and username",
            openids.len() + usernames.len(),
            0,
            Self::MAX_USERS,
        );
        check.distinct("openid", openids);
        check.distinct("username", usernames);
    }
}

wire! {
    /// Who is on the list now; the documentation has none of the members.
    #[derive(Default)]
    pub answer SetTestWhitelistResponse {
    } optional {
        /// How many users are on the list.
        white_list_size: u64,
    } lists {
        /// Users who were found by their id.
        success_openid: OpenId,
        /// Users who were found by their WeChat id.
        success_username: Username,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    fn openids(count: u32) -> Vec<OpenId> {
        (0..count).map(|user| OpenId::new(format!("o{user}"))).collect()
    }

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(SetTestWhitelist::new().openid(openids(1)), @r#"
        {
          "openid": [
            "o0"
          ]
        }
        "#);
        let request = assert_round_trip::<SetTestWhitelist>(
            r#"{"openid":["o1Pj9jmZvwSyyyyyyBa4aULW2mA","o1Pj9jmZvxxxxxxxxxULW2mA"],"username":["afdvvf","abcd"]}"#,
        );
        assert_eq!(request.validate(), Ok(()));
    }

    #[test]
    fn an_empty_list_is_sent_and_an_absent_one_is_not() {
        let request = SetTestWhitelist::new().username([]);
        assert_eq!(request.validate(), Ok(()));
        assert_eq!(serde_json::to_string(&request).unwrap(), r#"{"username":[]}"#);
    }

    #[test]
    fn both_answers_decode() {
        let official: SetTestWhitelistResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_eq!(official, SetTestWhitelistResponse::default());
        let live: SetTestWhitelistResponse = serde_json::from_str(
            r#"{"errcode":0,"errmsg":"ok","white_list_size":1,"success_openid":["o0"],"success_username":null}"#,
        )
        .unwrap();
        let expected = SetTestWhitelistResponse::new()
            .white_list_size(1_u64)
            .success_openid(openids(1));
        assert_eq!(live, expected);
    }

    #[test]
    fn a_list_that_cannot_be_read_is_kept() {
        assert_round_trip::<SetTestWhitelistResponse>(
            r#"{"white_list_size":2,"success_openid":["o1",{"openid":"o2"}],"success_username":{"0":"n1"}}"#,
        );
    }

    #[test]
    fn a_list_that_the_service_refuses_is_refused_here() {
        let six = SetTestWhitelist::new().openid(openids(6));
        let names = |count: u32| {
            (0..count)
                .map(|user| Username::new(format!("n{user}")))
                .collect::<Vec<_>>()
        };
        assert_eq!(six.clone().username(names(4)).validate(), Ok(()));
        assert_eq!(
            invalid(&six.username(names(5))),
            "openid and username: has 11 items, must have 0 to 10",
        );
        assert_eq!(
            invalid(&SetTestWhitelist::new().openid(["o1", "", "o1"].map(OpenId::new))),
            "openid[1]: must not be empty; openid[2]: repeats item 0",
        );
        assert_eq!(
            invalid(&SetTestWhitelist::new()),
            "openid: must be given: the call replaces the list; give an empty one, or usernames, to say who is on it",
        );
    }
}
