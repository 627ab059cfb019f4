//! What a coupon can say beyond the common: conditions, pictures, hours, services.

use crate::card::checked::checked;
use crate::open_enum::open_enum;
use crate::{CardId, Fen};

checked! {
    /// What a card can say beyond the common (卡券高级信息).
    ///
    /// All of it is for the eyes of users: it restricts no redeem.
    #[doc(alias = "advanced_info")]
    #[derive(Default)]
    pub struct AdvancedInfo {} optional {
        /// On what the card may be spent (使用门槛); when it is absent the card says that there is no minimum, that all
        /// goods count, and that other offers may be combined with it.
        #[doc(alias = "使用门槛")] use_condition: UseCondition,
        /// The picture and the line that lead to the details (封面摘要).
        #[doc(alias = "abstract")]
        #[doc(alias = "封面摘要")] summary: Summary = "abstract",
        /// Pictures with text in the details (图文列表); the page asks coupons for at least one.
        #[doc(alias = "图文列表")] text_image_list: Vec<TextImage>,
        /// Services of the merchant (商家服务类型).
        #[doc(alias = "商家服务类型")] business_service: Vec<BusinessService>,
        /// Hours in which the card is said to be valid (使用时段限制); two entries of one day are two spans.
        ///
        /// Display only: a redeem outside of them is not refused.
        #[doc(alias = "使用时段限制")] time_limit: Vec<TimeLimit>,
        /// Whether the card is shared with friends (朋友的券).
        #[doc(alias = "朋友的券")] share_friends: bool,
        /// How many more of this very card a redeem gives away, for shared cards (核销后赠送本卡券的数量).
        #[doc(alias = "核销后赠送本卡券的数量")] consume_share_self_num: i64,
        /// Other cards that a redeem gives to the user's friends, for shared cards (核销后分给好友的卡券).
        #[doc(alias = "核销后分给好友的卡券")] consume_share_card_list: Vec<ShareCard>,
    }
}

checked! {
    /// On what a card may be spent (使用门槛).
    #[derive(Default)]
    pub struct UseCondition {} optional {
        /// Goods on which it may be spent, for cash coupons (适用类目).
        #[doc(alias = "适用类目")] accept_category: String [512 bytes],
        /// Goods on which it may not be spent, for cash coupons (不适用类目).
        #[doc(alias = "不适用类目")] reject_category: String [512 bytes],
        /// What must be spent at least, for cash and gift coupons (满减门槛).
        #[doc(alias = "满减门槛")] least_cost: Fen [at least 0],
        /// What must be bought, for gift coupons (购买 xx 可用).
        #[doc(alias = "购买 xx 可用")] object_use_for: String [512 bytes],
        /// Whether it may be combined with other offers (与其他优惠共享); the service takes `true` when it is absent.
        #[doc(alias = "与其他优惠共享")] can_use_with_other_discount: bool,
    }
}

checked! {
    /// The picture and the line that lead to the details (封面摘要).
    #[doc(alias = "abstract")]
    #[derive(Default)]
    pub struct Summary {} optional {
        /// The line (封面摘要简介).
        #[doc(alias = "abstract")]
        #[doc(alias = "封面摘要简介")] text: String = "abstract" [unconfirmed 24 bytes],
        /// The picture, 850 by 350 pixels, as the upload of images answers it (封面图片列表).
        #[doc(alias = "封面图片列表")] icon_url_list: Vec<String> [at most 1 images],
    }
}

checked! {
    /// A picture with text; the service refuses one without the other.
    pub loose TextImage {
        /// The picture, as the upload of images answers it (图片链接).
        #[doc(alias = "图片链接")] image_url: String [image],
        /// The text (图文描述).
        #[doc(alias = "图文描述")] text: String [512 bytes],
    }
}

checked! {
    /// Hours of a day of the week.
    pub loose TimeLimit {
        /// The day (限制类型).
        #[doc(alias = "type")]
        #[doc(alias = "限制类型")] day: TimeLimitType = "type",
    } optional {
        /// Hour of the beginning (起始时间的小时).
        #[doc(alias = "起始时间的小时")] begin_hour: i64 [0 to 23],
        /// Minute of the beginning (起始时间的分钟).
        #[doc(alias = "起始时间的分钟")] begin_minute: i64 [0 to 59],
        /// Hour of the end (结束时间的小时).
        #[doc(alias = "结束时间的小时")] end_hour: i64 [0 to 23],
        /// Minute of the end (结束时间的分钟).
        #[doc(alias = "结束时间的分钟")] end_minute: i64 [0 to 59],
    }
}

checked! {
    /// A card that a redeem gives to the user's friends.
    pub loose ShareCard {
        /// The card (卡券 ID).
        #[doc(alias = "卡券 ID")] card_id: CardId,
        /// How many of it (数量).
        #[doc(alias = "数量")] num: i64,
    }
}

open_enum! {
    /// A service of the merchant.
    pub enum BusinessService {
        /// Delivers (外卖服务).
        Deliver = "BIZ_SERVICE_DELIVER",
        /// Has parking for nothing (停车位).
        FreePark = "BIZ_SERVICE_FREE_PARK",
        /// Has wireless internet for nothing (免费 WIFI).
        FreeWifi = "BIZ_SERVICE_FREE_WIFI",
        /// Lets pets in (可带宠物).
        WithPet = "BIZ_SERVICE_WITH_PET",
    }
}

open_enum! {
    /// A day of the week.
    pub enum TimeLimitType {
        /// Friday.
        Friday = "FRIDAY",
        /// Any holiday.
        Holiday = "HOLIDAY",
        /// Monday.
        Monday = "MONDAY",
        /// Saturday.
        Saturday = "SATURDAY",
        /// Sunday.
        Sunday = "SUNDAY",
        /// Thursday.
        Thursday = "THURSDAY",
        /// Tuesday.
        Tuesday = "TUESDAY",
        /// Wednesday.
        Wednesday = "WEDNESDAY",
    }
}
