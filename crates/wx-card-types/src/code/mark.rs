//! `POST /card/code/mark`: reserve a code of a friends card for one user.

use crate::wire::wire;
use crate::{CardCode, CardId, Check, Endpoint, OpenId};

wire! {
    /// Marks one code of a friends card for one user, or takes the mark back (Mark Code, 占用 Code).
    ///
    /// `POST /card/code/mark`. It stands in the documentation of friends cards (朋友的券), of which today's pages have little left.
    ///
    /// Several friends hold one friends card; a code must be marked for one of them before a page redeems it,
    /// or the redeem is refused with 43018.
    /// A mark falls off by itself after about five minutes.
    ///
    /// Refused with 40146 when the code is marked for somebody else, 40056 or 40127 when it cannot be used.
    #[doc(alias = "card/code/mark")]
    #[doc(alias = "markCardCode")]
    #[doc(alias = "Mark Code")]
    #[doc(alias = "占用Code")]
    pub struct MarkCode {
        /// The code to mark.
        code: CardCode,
        /// The card that the code belongs to.
        card_id: CardId,
        /// The user who is about to redeem it; only the same user's mark can be taken back.
        openid: OpenId,
        /// `true` to mark, `false` to take the mark back.
        is_mark: bool,
    }
}

impl Endpoint for MarkCode {
    const PATH: &'static str = "/card/code/mark";
    // The same user may mark twice, and a mark of another user's is never taken away.
    const IDEMPOTENT: bool = true;
    type Response = MarkCodeResponse;

    fn check(&self, check: &mut Check) {
        check.filled("code", &self.code);
        check.filled("card_id", &self.card_id);
        check.filled("openid", &self.openid);
    }
}

wire! {
    /// The code is marked, or no longer.
    #[derive(Default)]
    pub answer MarkCodeResponse {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(MarkCode::new("114567897765", "p1", "o1", false), @r#"
        {
          "code": "114567897765",
          "card_id": "p1",
          "openid": "o1",
          "is_mark": false
        }
        "#);
        assert_round_trip::<MarkCode>(
            r#"{"code":"114567897765","card_id":"pbxxxxxxxxhjahkdjad","openid":"obcdkalgsdklkdooooooo","is_mark":true}"#,
        );
    }

    #[test]
    fn the_flag_may_come_as_text() {
        let request: MarkCode =
            serde_json::from_str(r#"{"code":114567897765,"card_id":"p1","openid":"o1","is_mark":"true"}"#).unwrap();
        assert_eq!(request, MarkCode::new("114567897765", "p1", "o1", true));
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: MarkCodeResponse = serde_json::from_str(r#"{"errcode":0, "errmsg":"ok"}"#).unwrap();
        assert_eq!(answer, MarkCodeResponse::new());
    }

    #[test]
    fn empty_ids_are_refused_here() {
        assert_eq!(
            invalid(&MarkCode::new("", "", "", true)),
            "code: must not be empty; card_id: must not be empty; openid: must not be empty",
        );
    }
}
