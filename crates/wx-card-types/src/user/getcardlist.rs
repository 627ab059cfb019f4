//! `POST /card/user/getcardlist`: which cards a user has.

use crate::wire::wire;
use crate::{CardCode, CardId, Check, Endpoint, OpenId};

wire! {
    /// Asks which of the account's cards one user has and can use now (获取用户已领取卡券).
    ///
    /// `POST /card/user/getcardlist`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Managing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 40003 when the user is none of the account's.
    #[doc(alias = "card/user/getcardlist")]
    #[doc(alias = "getUserCardList")]
    #[doc(alias = "获取用户已领取卡券")]
    pub struct GetUserCardList {
        /// The user.
        openid: OpenId,
    } optional {
        /// The only card to tell of; all cards when it is absent.
        card_id: CardId,
    }
}

impl Endpoint for GetUserCardList {
    const PATH: &'static str = "/card/user/getcardlist";
    const IDEMPOTENT: bool = true;
    type Response = GetUserCardListResponse;

    fn check(&self, check: &mut Check) {
        check.filled("openid", &self.openid);
        check.filled_if_given("card_id", self.card_id.as_ref());
    }
}

wire! {
    /// The user's cards.
    pub answer GetUserCardListResponse {
        /// One entry for each coupon in the user's hands.
        card_list: Vec<UserCard>,
    } optional {
        /// Whether friends cards (朋友的券) are among them.
        has_share_card: bool,
    }
}

wire! {
    /// One coupon in a user's hands.
    pub struct UserCard {
        /// Its code.
        code: CardCode,
        /// Its card.
        card_id: CardId,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(GetUserCardList::new("12312313"), @r#"
        {
          "openid": "12312313"
        }
        "#);
        assert_round_trip::<GetUserCardList>(r#"{"openid":"12312313","card_id":"xxxxxxxxxx"}"#);
    }

    #[test]
    fn a_null_card_is_none() {
        let request: GetUserCardList = serde_json::from_str(r#"{"openid":"o1","card_id":null}"#).unwrap();
        assert_eq!(request, GetUserCardList::new("o1"));
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer = assert_round_trip::<GetUserCardListResponse>(
            r#"{"card_list":[{"code":"xxx1434079154","card_id":"xxxxxxxxxx"},
                {"code":"xxx1434079155","card_id":"xxxxxxxxxx"}],"has_share_card":true}"#,
        );
        assert_eq!(answer.card_list[1], UserCard::new("xxx1434079155", "xxxxxxxxxx"));
        assert_eq!(answer.has_share_card, Some(true));
    }

    #[test]
    fn a_user_without_cards_has_an_empty_list() {
        for answer in [r#"{"errcode":0,"card_list":[]}"#, r#"{"card_list":{}}"#] {
            let answer: GetUserCardListResponse = serde_json::from_str(answer).unwrap();
            assert_eq!(answer.card_list, []);
        }
    }

    #[test]
    fn an_answer_without_the_list_is_no_success() {
        let error = serde_json::from_str::<GetUserCardListResponse>(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap_err();
        assert!(error.to_string().starts_with("missing field `card_list`"), "{error}");
    }

    #[test]
    fn empty_ids_are_refused_here() {
        assert_eq!(
            invalid(&GetUserCardList::new("").card_id("")),
            "openid: must not be empty; card_id: must not be empty",
        );
    }
}
