//! `POST /card/code/get`: the state of a code.

use crate::open_enum::open_enum;
use crate::wire::wire;
use crate::{CardCode, CardId, Check, Endpoint, Fen, OpenId, OuterStr, UnionId};

wire! {
    /// Asks for the state of one code (查询 Code).
    ///
    /// `POST /card/code/get`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Redeeming_a_coupon_voucher_or_card.html).
    ///
    /// With `check_consume` absent or `true` a code that cannot be redeemed is *refused*:
    /// 40099 redeemed, 40127 deleted, expired, on its way to a friend or void, 40056 unknown or with no user yet.
    /// With `false` the answer is a success whose `user_card_status` tells the state.
    #[doc(alias = "card/code/get")]
    #[doc(alias = "queryCardCode")]
    #[doc(alias = "查询Code")]
    pub struct GetCode {
        /// The code to look up.
        code: CardCode,
    } optional {
        /// The card that the code belongs to; required where the merchant chose the codes (`use_custom_code`).
        card_id: CardId,
        /// Whether to check that the code can be redeemed; the service takes `true` when it is absent.
        check_consume: bool,
    }
}

impl Endpoint for GetCode {
    const PATH: &'static str = "/card/code/get";
    const IDEMPOTENT: bool = true;
    type Response = GetCodeResponse;

    fn check(&self, check: &mut Check) {
        check.filled("code", &self.code);
        check.filled_if_given("card_id", self.card_id.as_ref());
    }
}

wire! {
    /// What the service knows of a code.
    ///
    /// Decide by [`user_card_status`](Self::user_card_status): sources disagree on what
    /// [`can_consume`](Self::can_consume) says of a redeemed code.
    pub answer GetCodeResponse {
        /// The card that the code belongs to.
        card: CodeCard,
    } optional {
        /// The user who holds the code.
        openid: OpenId,
        /// Whether the code can be redeemed.
        can_consume: bool,
        /// The state of the code.
        user_card_status: UserCardStatus,
        /// The scene in which the card was handed out.
        outer_str: OuterStr,
        /// The user across accounts, where the account belongs to a platform account.
        unionid: UnionId,
        /// The user's nickname.
        nickname: String,
        /// Number of the member card.
        membership_number: String,
        /// How many bonus points the member card has (积分).
        bonus: i64,
        /// Balance of the member card, in 分.
        balance: Fen,
        /// What the user filled in when activating the member card.
        user_info: UserInfo,
        /// Picture behind the member card.
        background_pic_url: String,
        /// Order of the gift card.
        order_id: String,
    }
}

impl GetCodeResponse {
    /// The state of the code, wherever the answer has it: enterprise answers have it inside `card`.
    #[must_use]
    pub fn status(&self) -> Option<&UserCardStatus> {
        self.user_card_status.as_ref().or(self.card.user_card_status.as_ref())
    }
}

wire! {
    /// A code's card and life.
    pub struct CodeCard {
        /// The card.
        card_id: CardId,
    } optional {
        /// The code.
        code: CardCode,
        /// When the coupon begins to be valid, in Unix seconds.
        begin_time: i64,
        /// When the coupon ceases to be valid, in Unix seconds.
        end_time: i64,
        /// The state of the code, in enterprise answers.
        user_card_status: UserCardStatus,
        /// Whether the code can be redeemed, in enterprise answers.
        can_consume: bool,
        /// Number of the member card.
        membership_number: String,
        /// How many bonus points the member card has (积分).
        bonus: i64,
        /// Balance of the member card, in 分.
        balance: Fen,
        /// Number of the card.
        card_number: String,
    }
}

open_enum! {
    /// The state of a code (卡券状态).
    pub enum UserCardStatus {
        /// Redeemed.
        Consumed = "CONSUMED",
        /// Deleted by the user.
        Delete = "DELETE",
        /// Past its time.
        Expire = "EXPIRE",
        /// Given to a friend, who took it.
        GiftSucc = "GIFT_SUCC",
        /// Given to a friend, who did not take it in time.
        GiftTimeout = "GIFT_TIMEOUT",
        /// On its way to a friend.
        Gifting = "GIFTING",
        /// In the user's hands, not redeemed.
        Normal = "NORMAL",
        /// Made void by the merchant.
        Unavailable = "UNAVAILABLE",
    }
}

wire! {
    /// What the user filled in when activating a member card.
    #[derive(Default)]
    pub struct UserInfo {
    } optional {
        /// Answers to the service's own questions.
        common_field_list: Vec<FormField>,
        /// Answers to the merchant's questions.
        custom_field_list: Vec<FormField>,
    }
}

wire! {
    /// One answer of a form.
    #[derive(Default)]
    pub struct FormField {
    } optional {
        /// The question, such as `USER_FORM_INFO_FLAG_MOBILE`.
        name: String,
        /// The answer.
        value: String,
        /// The answers, where several can be chosen.
        value_list: Vec<String>,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(GetCode::new("123456789").card_id("card_id_123+").check_consume(true), @r#"
        {
          "code": "123456789",
          "card_id": "card_id_123+",
          "check_consume": true
        }
        "#);
        assert_round_trip::<GetCode>(r#"{"code":"123456789","is_expire_dynamic_code":false}"#);
    }

    #[test]
    fn absent_and_null_are_one() {
        let request: GetCode = serde_json::from_str(r#"{"card_id":null,"code":1,"check_consume":"false"}"#).unwrap();
        assert_eq!(request, GetCode::new("1").check_consume(false));
    }

    #[test]
    fn null_does_not_leave_at_any_depth() {
        let request = GetCode::new("1").extra("later", json!({"a": null, "b": [{"c": null}, null, 1]}));
        assert_eq!(
            serde_json::to_string(&request.extra("null", json!(null))).unwrap(),
            r#"{"code":"1","later":{"b":[{},null,1]}}"#,
        );
    }

    #[test]
    fn the_official_answer_decodes_and_nothing_is_lost() {
        let answer = assert_round_trip::<GetCodeResponse>(
            r#"{"card":{"card_id":"pbLatjk4T4Hx-QFQGL4zGQy27_Qg","begin_time":1457452800,"end_time":1463155199},
                "openid":"obLatjm43RA5C6QfMO5szKYnT3dM","can_consume":true,"nickname":"Fourier",
                "membership_number":"316510891298","bonus":460,
                "user_info":{"common_field_list":[{"name":"USER_FORM_INFO_FLAG_MOBILE","value":"1552xxxx8888"}],
                "custom_field_list":[]},"user_card_status":"NORMAL","seen_tomorrow":[{}]}"#,
        );
        assert_eq!(answer.status(), Some(&UserCardStatus::Normal));
        assert_eq!(answer.bonus, Some(460));
        assert_eq!(answer.extra.keys().collect::<Vec<_>>(), ["seen_tomorrow"]);
    }

    #[test]
    fn the_enterprise_flavour_decodes() {
        let answer: GetCodeResponse = serde_json::from_str(
            r#"{"errcode":0,"card":{"card_id":"p1","can_consume":"false","user_card_status":"CONSUMED"},"openid":"o1"}"#,
        )
        .unwrap();
        assert_eq!(answer.status(), Some(&UserCardStatus::Consumed));
        assert_eq!(answer.card.can_consume, Some(false));
    }

    #[test]
    fn a_surprising_type_does_not_lose_the_rest() {
        let answer = assert_round_trip::<GetCodeResponse>(
            r#"{"card":{"card_id":"p1"},"bonus":{"now":3},"user_info":"none","user_card_status":"FROZEN"}"#,
        );
        assert_eq!(answer.bonus, None);
        assert_eq!(answer.user_info, None);
        assert_eq!(answer.status().map(UserCardStatus::as_str), Some("FROZEN"));
    }

    #[test]
    fn a_number_whose_digits_are_lost_is_no_text() {
        let answer: GetCodeResponse = serde_json::from_str(
            r#"{"card":{"card_id":"p1"},"membership_number":1234567890123456789,"order_id":123456789012345678901}"#,
        )
        .unwrap();
        assert_eq!(answer.membership_number.as_deref(), Some("1234567890123456789"));
        assert_eq!(answer.order_id, None);
        assert!(answer.extra.contains_key("order_id"));
    }

    #[test]
    fn empty_ids_are_refused_here() {
        assert_eq!(invalid(&GetCode::new("")), "code: must not be empty");
    }
}
