//! `/card/…`: cards, the kinds of coupon that users take.

mod body;
mod check;
mod checked;
mod create;
mod delete;
mod get;
mod modifystock;

pub use body::{
    AdvancedInfo, BaseInfo, BaseInfoDetail, BusinessService, Card, CardBody, CardDetail, CardDetailBody, CardStatus,
    CardType, Cash, CashDetail, CodeType, Color, CustomCodeMode, DateInfo, Discount, DiscountDetail, FixTerm,
    FixTimeRange, GeneralCoupon, GeneralCouponDetail, Gift, GiftCardInfo, GiftDetail, Groupon, GrouponDetail, PayInfo,
    Permanent, ShareCard, Sku, SkuDetail, SubMerchantInfo, Summary, SwipeCard, TextImage, TimeLimit, TimeLimitType,
    UntypedCard, UrlNameType, UseCondition,
};
pub use create::{CreateCard, CreateCardResponse};
pub use delete::{DeleteCard, DeleteCardResponse};
pub use get::{GetCard, GetCardResponse};
pub use modifystock::{ModifyStock, ModifyStockResponse};
