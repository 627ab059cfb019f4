//! `POST /card/code/decrypt`: turn an encrypted code into the code.

use crate::wire::wire;
use crate::{CardCode, Check, EncryptedCode, Endpoint, Rule};

wire! {
    /// Decrypts a code that a page or a JS-SDK call handed over (Code 解码).
    ///
    /// `POST /card/code/decrypt`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Redeeming_a_coupon_voucher_or_card.html).
    ///
    /// Refused with 40075 when the text cannot be decrypted, 40056 or 40116 when the code in it is none.
    #[doc(alias = "card/code/decrypt")]
    #[doc(alias = "decryptCardCode")]
    #[doc(alias = "Code解码")]
    pub struct DecryptCode {
        /// The encrypted code, percent-decoded exactly once.
        encrypt_code: EncryptedCode,
    }
}

impl Endpoint for DecryptCode {
    const PATH: &'static str = "/card/code/decrypt";
    const IDEMPOTENT: bool = true;
    type Response = DecryptCodeResponse;

    fn check(&self, check: &mut Check) {
        check.filled("encrypt_code", &self.encrypt_code);
        // The text is base 64: a blank is a `+` that was decoded twice, a percent sign was not decoded at all.
        if self.encrypt_code.as_str().trim().contains([' ', '%']) {
            let expected = "percent-decoded exactly once, with every + kept";
            check.violation("encrypt_code", Rule::Form { expected });
        }
    }
}

wire! {
    /// The code in the clear.
    pub answer DecryptCodeResponse {
        /// The code, to be looked up or redeemed.
        code: CardCode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    const OFFICIAL: &str = r#"{"encrypt_code":"XXIzTtMqCxwOaawoE91+VJdsFmv7b8g0VZIZkqf4GWA60Fzpc8ksZ/5ZZ0DVkXdE"}"#;

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(DecryptCode::new("XXIzTtMq+/=="), @r#"
        {
          "encrypt_code": "XXIzTtMq+/=="
        }
        "#);
        let request = assert_round_trip::<DecryptCode>(OFFICIAL);
        assert_eq!(request.validate(), Ok(()));
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: DecryptCodeResponse =
            serde_json::from_str(r#"{"errcode":0,"errmsg":"ok","code":"751234212312"}"#).unwrap();
        assert_eq!(answer, DecryptCodeResponse::new("751234212312"));
        let number: DecryptCodeResponse = serde_json::from_str(r#"{"code":751234212312}"#).unwrap();
        assert_eq!(number, answer);
    }

    #[test]
    fn an_answer_without_a_code_is_no_success() {
        for answer in ["{}", r#"{"errcode":0,"errmsg":"ok"}"#, r#"{"code":null}"#] {
            let error = serde_json::from_str::<DecryptCodeResponse>(answer).unwrap_err();
            assert!(error.to_string().starts_with("missing field `code`"), "{error}");
        }
    }

    #[test]
    fn damage_from_percent_decoding_is_refused_here() {
        assert_eq!(invalid(&DecryptCode::new("")), "encrypt_code: must not be empty");
        for damaged in ["XXIzTtMq VJds", "XXIzTtMq%2BVJds"] {
            assert_eq!(
                invalid(&DecryptCode::new(damaged)),
                "encrypt_code: must be percent-decoded exactly once, with every + kept",
            );
        }
    }
}
