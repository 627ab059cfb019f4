//! `/card/…`: cards, the kinds of coupon that users take.

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
