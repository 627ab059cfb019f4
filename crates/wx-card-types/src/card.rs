//! `/card/…`: cards, the kinds of coupon that users take.
//!
//! # What does not compile
//!
//! A range of dates with a number of days, or the other way round:
//!
//! ```compile_fail
//! wx_card_types::FixTimeRange::new(1, 2).fixed_term(30);
//! ```
//!
//! ```compile_fail
//! wx_card_types::FixTerm::new(30).begin_timestamp(1);
//! ```
//!
//! Members that only answers have, on creation:
//!
//! ```compile_fail
//! wx_card_types::Sku::new(1).total_quantity(1);
//! ```
//!
//! ```compile_fail
//! fn create(base_info: wx_card_types::BaseInfo) {
//!     base_info.status("CARD_STATUS_VERIFY_OK");
//! }
//! ```
//!
//! Members that the service never changes, in an update; for the stock there is [`ModifyStock`]:
//!
//! ```compile_fail
//! wx_card_types::BaseInfoUpdate::new().brand_name("微信餐厅");
//! ```
//!
//! ```compile_fail
//! wx_card_types::BaseInfoUpdate::new().sku(wx_card_types::Sku::new(1));
//! ```
//!
//! ```compile_fail
//! wx_card_types::BaseInfoUpdate::new().use_custom_code(true);
//! ```
//!
//! An amount that does not say whether it counts 分 or yuan:
//!
//! ```compile_fail
//! fn create(base_info: wx_card_types::BaseInfo) {
//!     wx_card_types::Cash::new(base_info, 10);
//! }
//! ```
//!
//! Beside each of them, what does:
//!
//! ```
//! use wx_card_types::{BaseInfo, BaseInfoUpdate, Cash, Fen, FixTerm, FixTimeRange, Sku};
//!
//! FixTimeRange::new(1, 2).end_timestamp = 3;
//! FixTerm::new(30).fixed_begin_term(1).end_timestamp(1);
//! Sku::new(1).quantity = 2;
//! BaseInfoUpdate::new().notice("使用时出示此券");
//! fn create(base_info: BaseInfo) {
//!     Cash::new(base_info.source("微信"), Fen::from_yuan(10));
//! }
//! ```

mod batchget;
mod body;
mod check;
mod checked;
mod create;
mod delete;
mod get;
mod getcolors;
mod limit;
mod members;
mod modifystock;
mod rules;
mod update;

pub use batchget::{BatchGetCards, BatchGetCardsResponse};
pub use body::{
    AdvancedInfo, BaseInfo, BaseInfoDetail, BaseInfoUpdate, BoardingPass, BoardingPassDetail, BoardingPassUpdate,
    BonusRule, BusinessService, Card, CardBody, CardDetail, CardDetailBody, CardStatus, CardType, CardUpdate, Cash,
    CashDetail, CashUpdate, CodeType, Color, ColorValue, CustomCell, CustomCodeMode, CustomField, DateInfo,
    DiscountCoupon, DiscountCouponDetail, DiscountCouponUpdate, FieldNameType, FixTerm, FixTimeRange, FlightTime,
    GeneralCard, GeneralCardDetail, GeneralCardUpdate, GeneralCoupon, GeneralCouponDetail, GeneralCouponUpdate, Gift,
    GiftCardInfo, GiftDetail, GiftUpdate, Groupon, GrouponDetail, GrouponUpdate, LuckyMoney, LuckyMoneyDetail,
    LuckyMoneyUpdate, MeetingTicket, MeetingTicketDetail, MeetingTicketUpdate, MemberCard, MemberCardDetail,
    MemberCardUpdate, MovieTicket, MovieTicketDetail, MovieTicketUpdate, MsgCardCell, MsgOperation, MsgUrlCell,
    PayInfo, Permanent, ScenicTicket, ScenicTicketDetail, ScenicTicketUpdate, ShareCard, Sku, SkuDetail, SubCardType,
    SubMerchantInfo, Summary, SwipeCard, TextImage, TimeLimit, TimeLimitType, UntypedCard, UrlNameType, UseCondition,
};
pub use create::{CreateCard, CreateCardResponse};
pub use delete::{DeleteCard, DeleteCardResponse};
pub use get::{GetCard, GetCardResponse};
pub use getcolors::{GetColors, GetColorsResponse, NamedColor};
pub use modifystock::{ModifyStock, ModifyStockResponse};
pub use rules::{CardRule, card_rules};
pub use update::{UpdateCard, UpdateCardResponse};
