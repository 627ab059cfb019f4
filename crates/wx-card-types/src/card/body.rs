//! What a card is made of, and the kinds that have types here.

mod advanced_info;
mod base_info;
mod card_type;
mod color;
mod date_info;
mod flight_time;
mod kind;
mod member_card;
mod untyped;

use std::borrow::Cow;

use serde_core::de::{Deserialize, Deserializer, Error as _, MapAccess};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use self::kind::{bodies, card, checks, kinds};
use super::check;
use super::checked::{Checked as _, checked, read};
use super::limit::Limit;
use super::rules::CardRule;
use crate::wire::{Name, Read, Reading, Wire, WithoutNulls};
use crate::{Check, Discount, Fen};

pub use advanced_info::{
    AdvancedInfo, BusinessService, ShareCard, Summary, TextImage, TimeLimit, TimeLimitType, UseCondition,
};
pub use base_info::{
    BaseInfo, BaseInfoDetail, BaseInfoUpdate, CodeType, CustomCodeMode, GiftCardInfo, PayInfo, Sku, SkuDetail,
    SubMerchantInfo, SwipeCard, UrlNameType,
};
pub use card_type::{CardStatus, CardType};
pub use color::{Color, ColorValue};
pub(super) use date_info::is_permanent;
pub use date_info::{DateInfo, FixTerm, FixTimeRange, Permanent};
pub use flight_time::FlightTime;
pub use member_card::{
    BonusRule, CustomCell, CustomField, FieldNameType, MsgCardCell, MsgOperation, MsgUrlCell, SubCardType,
};
pub use untyped::UntypedCard;

/// All members of an object; what is `null` among them stays to be left out by whoever writes them.
pub(super) fn members<'de, A: MapAccess<'de>>(mut map: A) -> Result<Map<String, Value>, A::Error> {
    let mut members = Map::new();
    while let Some(Name(name)) = map.next_key()? {
        members.insert(name.into_owned(), map.next_value()?);
    }
    Ok(members)
}

// One row a kind: the variant of `CardType`; the body on creation, in answers and in updates; what only this kind has.
kinds! {
    /// A deal paid for beforehand (团购券).
    Groupon: Groupon, GrouponDetail, GrouponUpdate {
        /// What the deal is (团购详情).
        #[doc(alias = "团购详情")] deal_detail: String [3072 bytes, 1024 characters],
    }
    also check::COUPON, also_update check::COUPON;

    /// Money off a bill (代金券).
    Cash: Cash, CashDetail, CashUpdate {
        /// How much is off (减免金额).
        #[doc(alias = "减免金额")] reduce_cost: Fen [at least 1],
    } optional {
        /// What must be spent at least (起用金额).
        #[doc(alias = "起用金额")] least_cost: Fen [at least 0],
    }
    also check::CASH, also_update check::CASH;

    /// Percent off a bill (折扣券).
    Discount: DiscountCoupon, DiscountCouponDetail, DiscountCouponUpdate {
        /// How much of the price is off (打折额度).
        #[doc(alias = "打折额度")] discount: Discount [1 to 99],
    }
    also check::COUPON, also_update check::COUPON;

    /// Something for nothing (兑换券).
    Gift: Gift, GiftDetail, GiftUpdate {
        /// What the user gets (兑换内容).
        #[doc(alias = "兑换内容")] gift: String [3072 bytes, 1024 characters],
    }
    also check::COUPON, also_update check::COUPON;

    /// Any other coupon (优惠券).
    GeneralCoupon: GeneralCoupon, GeneralCouponDetail, GeneralCouponUpdate {
        /// What the coupon is good for (优惠详情).
        #[doc(alias = "优惠详情")] default_detail: String [3072 bytes, 1024 characters],
    }
    also check::COUPON, also_update check::COUPON;

    /// The card of a member (会员卡).
    ///
    /// It needs one way of activation: [`auto_activate`](Self::auto_activate), [`wx_activate`](Self::wx_activate) or
    /// [`activate_url`](Self::activate_url); where cards activate themselves, the other two are ignored.
    MemberCard: MemberCard, MemberCardDetail, MemberCardUpdate {
        /// What members get (特权说明).
        #[doc(alias = "特权说明")] prerogative: String [3072 bytes, 1024 characters],
        /// Whether the card shows bonus points (显示积分); once it does, it always does (40135).
        #[doc(alias = "显示积分")] supply_bonus: bool,
        /// Whether the card shows stored money (支持储值); needs a permission (43010).
        #[doc(alias = "支持储值")] supply_balance: bool,
    } optional {
        /// Picture behind the card (背景图), 1000 by 600 pixels, as the upload of images answers it.
        #[doc(alias = "背景图")] background_pic_url: String [image],
        /// Whether the card is active as soon as it is taken (自动激活); the other ways are then ignored.
        #[doc(alias = "自动激活")] auto_activate: bool,
        /// Whether users activate the card with one tap (一键激活), by the form that is set for the card.
        #[doc(alias = "一键激活")] wx_activate: bool,
        /// The page on which users activate the card (激活链接).
        #[doc(alias = "激活链接")] activate_url: String [128 bytes],
        /// Whether a page follows the form of the activation with one tap (跳转型一键激活).
        #[doc(alias = "跳转型一键激活")] wx_activate_after_submit: bool,
        /// The page that follows, with its `http://` or `https://` (激活后跳转的链接).
        #[doc(alias = "激活后跳转的链接")] wx_activate_after_submit_url: String,
        /// Mini program in which users activate the card (激活跳转的小程序): its original id and `@app`.
        #[doc(alias = "激活跳转的小程序")] activate_app_brand_user_name: String [128 bytes],
        /// Page in the mini program in which users activate the card (激活跳转的小程序页面).
        #[doc(alias = "激活跳转的小程序页面")] activate_app_brand_pass: String [128 bytes],
        /// Where the bonus points lead (积分跳转链接).
        #[doc(alias = "积分跳转链接")] bonus_url: String [128 bytes],
        /// Mini program to which the bonus points lead (积分跳转的小程序): its original id and `@app`.
        #[doc(alias = "积分跳转的小程序")] bonus_app_brand_user_name: String [128 bytes],
        /// Page in the mini program to which the bonus points lead (积分跳转的小程序页面).
        #[doc(alias = "积分跳转的小程序页面")] bonus_app_brand_pass: String [128 bytes],
        /// How bonus points are earned and spent, in words (积分规则).
        #[doc(alias = "积分规则")] bonus_rules: String [3072 bytes, 1024 characters],
        /// When bonus points lapse, in words (积分清零规则).
        #[doc(alias = "积分清零规则")] bonus_cleared: String [3072 bytes, 1024 characters],
        /// How bonus points are earned and spent, in numbers (积分规则).
        #[doc(alias = "积分规则")] bonus_rule: BonusRule,
        /// Where the stored money leads (储值跳转链接).
        #[doc(alias = "储值跳转链接")] balance_url: String [128 bytes],
        /// Mini program to which the stored money leads (储值跳转的小程序): its original id and `@app`.
        #[doc(alias = "储值跳转的小程序")] balance_app_brand_user_name: String [128 bytes],
        /// Page in the mini program to which the stored money leads (储值跳转的小程序页面).
        #[doc(alias = "储值跳转的小程序页面")] balance_app_brand_pass: String [128 bytes],
        /// How money is stored, in words (储值规则).
        #[doc(alias = "储值规则")] balance_rules: String [3072 bytes, 1024 characters],
        /// The first value of the member that the card shows (自定义会员信息类目).
        #[doc(alias = "自定义会员信息类目")] custom_field1: CustomField,
        /// The second value of the member that the card shows (自定义会员信息类目).
        #[doc(alias = "自定义会员信息类目")] custom_field2: CustomField,
        /// The third value of the member that the card shows (自定义会员信息类目).
        #[doc(alias = "自定义会员信息类目")] custom_field3: CustomField,
        /// The first entry of the merchant's own (自定义会员信息入口).
        #[doc(alias = "自定义会员信息入口")] custom_cell1: CustomCell,
        /// The second entry of the merchant's own (自定义会员信息入口); known from other clients, not from the documentation.
        #[doc(alias = "自定义会员信息入口")] custom_cell2: CustomCell,
        /// The third entry of the merchant's own (自定义会员信息入口); known from other clients, not from the documentation.
        #[doc(alias = "自定义会员信息入口")] custom_cell3: CustomCell,
        /// How many percent members pay less (折扣): 10 leaves nine tenths of the price to pay.
        #[doc(alias = "折扣")] discount: Discount [0 to 100],
    } read {
        /// Where users bind a card that they had before, of old (绑定旧卡链接).
        #[doc(alias = "绑定旧卡链接")] bind_old_card_url: String,
    } update {
        /// What the message says that tells of changed points or money (积分变动消息).
        #[doc(alias = "积分变动消息")] modify_msg_operation: MsgOperation,
        /// What the message says that follows the activation (激活成功消息).
        #[doc(alias = "激活成功消息")] activate_msg_operation: MsgOperation,
    }
    also check::MEMBER_CARD, also_update check::CUSTOM_FIELDS;

    /// A card that is given away, with money or a thing on it (礼品卡); needs a permission (72021).
    ///
    /// What it costs stands in [`giftcard_info`](BaseInfo::giftcard_info), how often it may be given on in
    /// [`max_give_friend_times`](BaseInfo::max_give_friend_times).
    GeneralCard: GeneralCard, GeneralCardDetail, GeneralCardUpdate {
        /// What kind of gift card (子卡券类型).
        #[doc(alias = "子卡券类型")] sub_card_type: SubCardType,
    } optional {
        /// Picture behind the card (背景图), as the upload of images answers it.
        #[doc(alias = "背景图")] background_pic_url: String [image],
        /// What the card is good for (特权说明).
        #[doc(alias = "特权说明")] prerogative: String [3072 bytes, 1024 characters],
        /// Whether the card is active as soon as it is taken (自动激活).
        #[doc(alias = "自动激活")] auto_activate: bool,
        /// Whether the card shows bonus points (显示积分).
        #[doc(alias = "显示积分")] supply_bonus: bool,
        /// How many bonus points are on it when it is new (初始积分).
        #[doc(alias = "初始积分")] init_bonus: i64 [at least 0],
        /// Whether the card shows stored money (支持储值).
        #[doc(alias = "支持储值")] supply_balance: bool,
        /// How much money is on it when it is new, in 分 (初始余额).
        #[doc(alias = "初始余额")] init_balance: Fen [at least 0],
        /// The first value that the card shows (自定义信息类目).
        #[doc(alias = "自定义信息类目")] custom_field1: CustomField,
        /// The second value that the card shows (自定义信息类目).
        #[doc(alias = "自定义信息类目")] custom_field2: CustomField,
        /// The third value that the card shows (自定义信息类目).
        #[doc(alias = "自定义信息类目")] custom_field3: CustomField,
    }
    also check::CUSTOM_FIELDS, also_update check::CUSTOM_FIELDS;

    /// A ticket to a meeting or a show (会议/演出门票).
    MeetingTicket: MeetingTicket, MeetingTicketDetail, MeetingTicketUpdate {
        /// What takes place, when and where (会议详情).
        #[doc(alias = "会议详情")] meeting_detail: String [unconfirmed 3072 bytes, 1024 characters],
    } optional {
        /// Map of the place (会场导览图).
        #[doc(alias = "会场导览图")] map_url: String [unconfirmed 128 bytes],
    }
    also check::COUPON, also_update check::COUPON;

    /// A ticket to a sight (景区门票).
    ScenicTicket: ScenicTicket, ScenicTicketDetail, ScenicTicketUpdate {} optional {
        /// What kind of ticket (票类型), such as 平日全票.
        #[doc(alias = "票类型")] ticket_class: String [unconfirmed 3072 bytes, 1024 characters],
        /// Map of the place (导览图).
        #[doc(alias = "导览图")] guide_url: String [unconfirmed 128 bytes],
    }
    also check::SCENIC_TICKET, also_update check::COUPON;

    /// A cinema ticket (电影票).
    MovieTicket: MovieTicket, MovieTicketDetail, MovieTicketUpdate {} optional {
        /// What is shown (电影票详情).
        #[doc(alias = "电影票详情")] detail: String [unconfirmed 3072 bytes, 1024 characters],
    }
    also check::MOVIE_TICKET, also_update check::COUPON;

    /// A boarding pass (飞机票).
    BoardingPass: BoardingPass, BoardingPassDetail, BoardingPassUpdate {
        /// Where the plane leaves (起点).
        #[doc(alias = "起点")] from: String [54 bytes, 18 characters],
        /// Where the plane lands (终点).
        #[doc(alias = "终点")] to: String [54 bytes, 18 characters],
        /// The flight (航班), such as CE123.
        #[doc(alias = "航班")] flight: String [unconfirmed 24 bytes, 8 characters],
        /// When the plane leaves (起飞时间).
        #[doc(alias = "起飞时间")] departure_time: FlightTime [0 to 2147483647],
        /// When the plane lands (降落时间).
        #[doc(alias = "降落时间")] landing_time: FlightTime [0 to 2147483647],
        /// The kind of plane (机型), such as 空客A320.
        #[doc(alias = "机型")] air_model: String [24 bytes, 8 characters],
    } optional {
        /// The gate (登机口).
        #[doc(alias = "登机口")] gate: String [unconfirmed 12 bytes, 4 characters],
        /// Where users check in (在线值机的链接).
        #[doc(alias = "在线值机的链接")] check_in_url: String [unconfirmed 128 bytes],
        /// When boarding begins (登机时间); users see the time of day.
        #[doc(alias = "登机时间")] boarding_time: FlightTime [0 to 2147483647],
    }
    also check::COUPON, also_update check::COUPON;

    /// A red packet (红包), of old; it has nothing but the common.
    LuckyMoney: LuckyMoney, LuckyMoneyDetail, LuckyMoneyUpdate {}
    also check::COUPON, also_update check::COUPON;
}
