//! What kind of card, and what state it is in.

use crate::open_enum::open_enum;

open_enum! {
    /// The kind of a card (卡券类型).
    pub enum CardType {
        /// Boarding pass (飞机票).
        BoardingPass = "BOARDING_PASS",
        /// Bus ticket (汽车票).
        BusTicket = "BUS_TICKET",
        /// Money off a bill (代金券).
        Cash = "CASH",
        /// Percent off a bill (折扣券).
        Discount = "DISCOUNT",
        /// Gift card (礼品卡).
        GeneralCard = "GENERAL_CARD",
        /// Any other coupon (优惠券).
        GeneralCoupon = "GENERAL_COUPON",
        /// Something for nothing (兑换券).
        Gift = "GIFT",
        /// A deal paid for beforehand (团购券).
        Groupon = "GROUPON",
        /// Invoice (电子发票); made by an operation of its own.
        Invoice = "INVOICE",
        /// Red packet (红包), of old.
        LuckyMoney = "LUCKY_MONEY",
        /// Ticket to a meeting (会议门票).
        MeetingTicket = "MEETING_TICKET",
        /// Member card (会员卡).
        MemberCard = "MEMBER_CARD",
        /// Cinema ticket (电影票).
        MovieTicket = "MOVIE_TICKET",
        /// Ticket to a sight (景区门票).
        ScenicTicket = "SCENIC_TICKET",
    }
}

impl CardType {
    /// The member that holds the body of such a card: the word in lower case, known or not.
    #[must_use]
    pub fn body_key(&self) -> String {
        self.as_str().to_ascii_lowercase()
    }
}

open_enum! {
    /// The state of a card (卡券状态).
    ///
    /// Old answers carry a number; it is kept as an unknown word, the meaning of the numbers being documented nowhere.
    pub enum CardStatus {
        /// Deleted.
        Delete = "CARD_STATUS_DELETE" | "CARD_STATUS_USER_DELETE",
        /// Approved and offered on the public platform.
        Dispatch = "CARD_STATUS_DISPATCH" | "CARD_STATUS_USER_DISPATCH",
        /// Waits for review.
        NotVerify = "CARD_STATUS_NOT_VERIFY",
        /// Refused in review; an old page spells the word with two `L`, which is read as this.
        VerifyFail = "CARD_STATUS_VERIFY_FAIL" | "CARD_STATUS_VERIFY_FALL",
        /// Approved.
        VerifyOk = "CARD_STATUS_VERIFY_OK",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_stands_under_the_type_in_lower_case() {
        assert_eq!(CardType::GeneralCoupon.body_key(), "general_coupon");
        assert_eq!(CardType::from("BIKE_RIDE").body_key(), "bike_ride");
    }

    #[test]
    fn the_spellings_of_a_status_are_one() {
        assert_eq!(CardStatus::from("CARD_STATUS_VERIFY_FALL"), CardStatus::VerifyFail);
        assert_eq!(CardStatus::from("CARD_STATUS_USER_DELETE"), CardStatus::Delete);
        assert_eq!(CardStatus::from("CARD_STATUS_USER_DISPATCH"), CardStatus::Dispatch);
    }
}
