//! What a card is made of, and the kinds that have types here.

mod advanced_info;
mod base_info;
mod card_type;
mod color;
mod date_info;
mod kind;
mod untyped;

use std::borrow::Cow;

use serde_core::de::{Deserialize, Deserializer, Error as _, MapAccess};
use serde_core::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use self::kind::{card, kinds};
use super::check;
use super::checked::{Checked as _, Limit, checked, read};
use crate::Check;
use crate::wire::{Name, Read, Reading, Wire};

pub use advanced_info::{
    AdvancedInfo, BusinessService, ShareCard, Summary, TextImage, TimeLimit, TimeLimitType, UseCondition,
};
pub use base_info::{
    BaseInfo, BaseInfoDetail, CodeType, CustomCodeMode, GiftCardInfo, PayInfo, Sku, SkuDetail, SubMerchantInfo,
    SwipeCard, UrlNameType,
};
pub use card_type::{CardStatus, CardType};
pub use color::Color;
pub(super) use date_info::is_permanent;
pub use date_info::{DateInfo, FixTerm, FixTimeRange, Permanent};
pub use untyped::UntypedCard;

// One row a kind: the body on creation, named like the variant of `CardType`; the body in answers; what only this kind
// has.
kinds! {
    /// A deal paid for beforehand (团购券).
    Groupon, GrouponDetail {
        /// What the deal is (团购详情).
        deal_detail: String [3072 bytes, 1024 characters],
    }
    also check::coupon;

    /// Money off a bill (代金券).
    Cash, CashDetail {
        /// How much is off, in 分 (减免金额).
        reduce_cost: i64 [at least 1],
    } optional {
        /// What must be spent at least, in 分 (起用金额).
        least_cost: i64 [at least 0],
    }
    also check::coupon;

    /// Percent off a bill (折扣券).
    Discount, DiscountDetail {
        /// How many percent are off (打折额度): 30 leaves 70 percent to pay, 七折.
        discount: i64 [1 to 99],
    }
    also check::coupon;

    /// Something for nothing (兑换券).
    Gift, GiftDetail {
        /// What the user gets (兑换内容).
        gift: String [3072 bytes, 1024 characters],
    }
    also check::coupon;

    /// Any other coupon (优惠券).
    GeneralCoupon, GeneralCouponDetail {
        /// What the coupon is good for (优惠详情).
        default_detail: String [3072 bytes, 1024 characters],
    }
    also check::coupon;
}
