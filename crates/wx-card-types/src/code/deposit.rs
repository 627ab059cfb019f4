//! `POST /card/code/deposit`: import the merchant's own codes.

use serde_core::de::{MapAccess, SeqAccess};
use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

use super::{MAX_CODES, check_codes};
use crate::wire::{Read, Reading, Wire, wire};
use crate::{CardCode, CardId, Check, Endpoint};

wire! {
    /// Imports codes of the merchant's own into a card (导入 Code).
    ///
    /// `POST /card/code/deposit`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Distributing_Coupons_Vouchers_and_Cards.html).
    ///
    /// The card must have been created with `use_custom_code`, `GET_CUSTOM_CODE_MODE_DEPOSIT` and a quantity of 0.
    /// The stock is raised after the import, to at most the number of imported codes.
    ///
    /// Codes that are there already come back in `duplicate_code`, so importing again what failed is safe.
    ///
    /// Refused with 40109 for more than 100 codes, 40110 for an empty one, 40111 for a repeated one,
    /// 40073 when the card is none.
    ///
    /// ```
    /// use wx_card_types::DepositCodes;
    ///
    /// let request = DepositCodes::new("pDF3iY0_dVjb_Pua96MMewA96qvA", ["11111", "22222"]);
    /// assert_eq!(
    ///     serde_json::to_string(&request)?,
    ///     r#"{"card_id":"pDF3iY0_dVjb_Pua96MMewA96qvA","code":["11111","22222"]}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[doc(alias = "card/code/deposit")]
    #[doc(alias = "cardCodeDeposit")]
    #[doc(alias = "导入code")]
    pub struct DepositCodes without new {
        /// The card that the codes shall belong to.
        card_id: CardId,
        /// The codes: 1 to [`MAX_CODES`](Self::MAX_CODES), none empty, none twice.
        code: Vec<CardCode>,
    }
}

impl DepositCodes {
    /// Most codes of one request.
    pub const MAX_CODES: usize = MAX_CODES;

    /// Takes the card and its codes.
    #[must_use]
    pub fn new(card_id: impl Into<CardId>, codes: impl IntoIterator<Item: Into<CardCode>>) -> Self {
        Self {
            card_id: card_id.into(),
            code: codes.into_iter().map(Into::into).collect(),
            extra: serde_json::Map::new(),
        }
    }
}

impl Endpoint for DepositCodes {
    const PATH: &'static str = "/card/code/deposit";
    // The second delivery changes nothing, but it names as duplicates what the first one imported.
    const IDEMPOTENT: bool = true;
    type Response = DepositCodesResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
        check_codes(check, &self.code);
    }
}

wire! {
    /// What became of the codes.
    ///
    /// The service may leave all three out; [`GetDepositCount`](crate::GetDepositCount) and
    /// [`CheckCodes`](crate::CheckCodes) then tell.
    #[derive(Default)]
    pub answer DepositCodesResponse {
    } optional {
        /// Imported.
        succ_code: Deposited,
        /// There already, be it from an earlier delivery of the same request.
        duplicate_code: Deposited,
        /// Not imported; may be sent again.
        fail_code: Deposited,
    }
}

/// Codes of one outcome: the documentation has their number, the service lists them.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Deposited {
    /// The codes.
    Codes(Vec<CardCode>),
    /// How many they are.
    Count(u64),
}

impl Deposited {
    /// How many codes they are.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self {
            Self::Codes(codes) => codes.len().try_into().unwrap_or(u64::MAX),
            Self::Count(count) => *count,
        }
    }

    /// The codes, where the service has listed them.
    #[must_use]
    pub fn codes(&self) -> &[CardCode] {
        match self {
            Self::Codes(codes) => codes,
            Self::Count(_) => &[],
        }
    }

    /// A value without a list around it is a count if it can be one, and else the only code.
    fn from_bare(text: &str) -> Self {
        match text.parse::<u64>() {
            Ok(count) if count <= MAX_CODES as u64 && count.to_string() == text => Self::Count(count),
            _ => Self::Codes(vec![CardCode::from(text)]),
        }
    }
}

impl From<Vec<CardCode>> for Deposited {
    fn from(codes: Vec<CardCode>) -> Self {
        Self::Codes(codes)
    }
}

impl Serialize for Deposited {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Codes(codes) => codes.serialize(serializer),
            Self::Count(count) => count.serialize(serializer),
        }
    }
}

impl Wire for Deposited {
    const EXPECTED: &'static str = "a list of codes or their number";

    fn from_u64(value: u64) -> Reading<Self> {
        Reading::Value(Self::from_bare(&value.to_string()))
    }

    fn from_str(value: &str) -> Reading<Self> {
        match value.trim() {
            "" => Reading::Absent,
            text => Reading::Value(Self::from_bare(text)),
        }
    }

    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Reading<Self>, A::Error> {
        Ok(Vec::from_seq(seq)?.map(Self::Codes))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Reading<Self>, A::Error> {
        Ok(Vec::from_map(map)?.map(Self::Codes))
    }
}

impl<'de> Deserialize<'de> for Deposited {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::<Self>::required(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(DepositCodes::new("p1", vec![String::from("11111")]), @r#"
        {
          "card_id": "p1",
          "code": [
            "11111"
          ]
        }
        "#);
        let request = assert_round_trip::<DepositCodes>(
            r#"{"card_id":"pDF3iY0_dVjb_Pua96MMewA96qvA","code":["11111","22222","33333","44444","55555"]}"#,
        );
        assert_eq!(request.validate(), Ok(()));
    }

    #[test]
    fn the_official_answer_tells_nothing() {
        let answer: DepositCodesResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_eq!(answer, DepositCodesResponse::default());
    }

    #[test]
    fn listed_codes_decode() {
        let answer = assert_round_trip::<DepositCodesResponse>(
            r#"{"succ_code":["11111","22222"],"duplicate_code":["33333"],"fail_code":[]}"#,
        );
        let succ_code = answer.succ_code.unwrap();
        assert_eq!(succ_code.count(), 2);
        assert_eq!(succ_code.codes(), [CardCode::from("11111"), CardCode::from("22222")]);
        assert_eq!(answer.fail_code.unwrap().count(), 0);
    }

    #[test]
    fn counts_and_single_codes_decode() {
        fn read(json: &str) -> Option<Deposited> {
            let answer: DepositCodesResponse = serde_json::from_str(&format!(r#"{{"succ_code":{json}}}"#)).unwrap();
            answer.succ_code
        }
        let one_code = |code: &str| Some(Deposited::Codes(vec![code.into()]));
        for count in ["5", r#""5""#, r#"" 5 ""#] {
            assert_eq!(read(count), Some(Deposited::Count(5)), "{count}");
        }
        assert_eq!(read("100"), Some(Deposited::Count(100)));
        assert_eq!(read("101"), one_code("101"));
        assert_eq!(read(r#""005""#), one_code("005"));
        assert_eq!(read(r#""A1""#), one_code("A1"));
        assert_eq!(read("[11111,null]"), one_code("11111"));
        assert_eq!(read("{}"), Some(Deposited::Codes(Vec::new())));
        assert_eq!(read("null"), None);
        assert_eq!(read(r#""""#), None);
        assert_eq!(read("true"), None);
    }

    #[test]
    fn what_does_not_fit_is_kept() {
        assert_round_trip::<DepositCodesResponse>(r#"{"succ_code":3,"fail_code":true}"#);
    }

    #[test]
    fn a_batch_that_the_service_refuses_is_refused_here() {
        assert_eq!(
            invalid(&DepositCodes::new("", [""; 0])),
            "card_id: must not be empty; code: has 0 items, must have 1 to 100",
        );
        assert_eq!(
            invalid(&DepositCodes::new("p1", ["1", "", "1"])),
            "code[1]: must not be empty; code[2]: repeats item 0",
        );
        let codes = |count: u32| (0..count).map(|code| code.to_string());
        assert_eq!(DepositCodes::new("p1", codes(100)).validate(), Ok(()));
        assert_eq!(
            invalid(&DepositCodes::new("p1", codes(101))),
            "code: has 101 items, must have 1 to 100",
        );
    }
}
