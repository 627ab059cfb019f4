//! What member cards and gift cards show and do beyond the common.

use crate::card::check::is_given;
use crate::card::checked::checked;
use crate::card::members::Between;
use crate::open_enum::open_enum;
use crate::{CardId, Fen, Level, Rule};

checked! {
    /// A value of the member that the card shows once it is activated (自定义会员信息类目), such as the level.
    ///
    /// It is called by one of the names of the service or by one of your own.
    #[derive(Default)]
    pub struct CustomField {} optional {
        /// One of the names of the service (类目名称类型).
        #[doc(alias = "类目名称类型")] name_type: FieldNameType,
        /// A name of your own (自定义名称).
        #[doc(alias = "自定义名称")] name: String,
        /// Where it leads (点击类目跳转外链).
        #[doc(alias = "点击类目跳转外链")] url: String,
        /// Mini program to which it leads (类目跳转的小程序): its original id and `@app`.
        #[doc(alias = "类目跳转的小程序")] app_brand_user_name: String,
        /// Page in the mini program to which it leads (类目跳转的小程序页面).
        #[doc(alias = "类目跳转的小程序页面")] app_brand_pass: String,
    }
    also NAMED
}

impl CustomField {
    /// A field with one of the names of the service.
    #[must_use]
    pub fn of(name_type: impl Into<FieldNameType>) -> Self {
        Self::new().name_type(name_type)
    }

    /// A field with a name of your own.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self::new().name(name)
    }
}

const NAMED: &[Between] = &[Between {
    field: "name_type",
    level: Level::Error,
    rule: Rule::Missing {
        because: "it or name says what the value is called",
    },
    broken: |members, _| ["name_type", "name"].iter().all(|name| !is_given(members, name)),
}];

checked! {
    /// An entry of the merchant's own on the card (自定义会员信息入口), shown once the card is activated.
    pub loose CustomCell {
        /// What it is called (入口名称).
        #[doc(alias = "入口名称")] name: String [15 bytes, 5 characters],
        /// The hint to the right of it (入口右侧提示语).
        #[doc(alias = "入口右侧提示语")] tips: String [18 bytes, 6 characters],
        /// Where it leads (入口跳转链接).
        #[doc(alias = "入口跳转链接")] url: String [128 bytes],
    } optional {
        /// Mini program to which it leads (入口跳转的小程序): its original id and `@app`.
        #[doc(alias = "入口跳转的小程序")] app_brand_user_name: String [128 bytes],
        /// Page in the mini program to which it leads (入口跳转的小程序页面).
        #[doc(alias = "入口跳转的小程序页面")] app_brand_pass: String [128 bytes],
    }
}

checked! {
    /// How bonus points are earned and spent (积分规则); shown to users, and used where WeChat itself counts.
    #[derive(Default)]
    pub struct BonusRule {} optional {
        /// For how much spent points are given, in 分 (消费金额).
        #[doc(alias = "消费金额")] cost_money_unit: Fen [at least 0],
        /// How many points are given for it (消费后增加的积分).
        #[doc(alias = "消费后增加的积分")] increase_bonus: i64 [at least 0],
        /// How many points can be earned at once at most (用户单次可获取的积分上限).
        #[doc(alias = "用户单次可获取的积分上限")] max_increase_bonus: i64 [at least 0],
        /// How many points the card has when it is new (初始设置积分).
        #[doc(alias = "初始设置积分")] init_increase_bonus: i64 [at least 0],
        /// How many points are spent at once (每使用 xx 积分).
        #[doc(alias = "每使用 xx 积分")] cost_bonus_unit: i64 [at least 0],
        /// How much is off for them, in 分 (抵扣金额).
        #[doc(alias = "抵扣金额")] reduce_money: Fen [at least 0],
        /// What must be spent at least to use points, in 分 (抵扣条件).
        #[doc(alias = "抵扣条件")] least_money_to_use_bonus: Fen [at least 0],
        /// How many points can be spent at once at most (单次最多使用的积分).
        #[doc(alias = "单次最多使用的积分")] max_reduce_bonus: i64 [at least 0],
    }
}

checked! {
    /// What the message says that follows an activation or a change of points (会员卡消息通知).
    #[derive(Default)]
    pub struct MsgOperation {} optional {
        /// A line that leads to a page (链接类型运营位).
        #[doc(alias = "链接类型运营位")] url_cell: MsgUrlCell,
        /// A card to take (卡券类型运营位); known from other clients, not from the documentation.
        #[doc(alias = "卡券类型运营位")] card_cell: MsgCardCell,
    }
}

checked! {
    /// A line of a message that leads to a page.
    #[derive(Default)]
    pub struct MsgUrlCell {} optional {
        /// Cards that can be taken from it (运营位卡券).
        #[doc(alias = "运营位卡券")] card_id_list: Vec<CardId> [at most 5 items],
        /// Until when it is shown, in Unix seconds (运营位结束时间).
        #[doc(alias = "运营位结束时间")] end_time: i64 [0 to 2147483647],
        /// The text (运营位文案).
        #[doc(alias = "运营位文案")] text: String,
        /// Where it leads (运营位跳转链接).
        #[doc(alias = "运营位跳转链接")] url: String,
        /// Mini program to which it leads (运营位跳转的小程序).
        #[doc(alias = "运营位跳转的小程序")] app_brand_id: String,
        /// Page in the mini program to which it leads (运营位跳转的小程序页面).
        #[doc(alias = "运营位跳转的小程序页面")] app_brand_pass: String,
    }
}

checked! {
    /// A card in a message.
    #[derive(Default)]
    pub struct MsgCardCell {} optional {
        /// Until when it is shown, in Unix seconds (运营位结束时间).
        #[doc(alias = "运营位结束时间")] end_time: i64 [0 to 2147483647],
        /// The card (运营位卡券).
        #[doc(alias = "运营位卡券")] card_id: CardId,
    }
}

open_enum! {
    /// What a field of a member card is called (会员信息类目名称), in the spelling of the service.
    pub enum FieldNameType {
        /// Achievements (成就); the service leaves out the last letter.
        Achievement = "FIELD_NAME_TYPE_ACHIEVEMEN",
        /// Coupons (优惠券).
        Coupon = "FIELD_NAME_TYPE_COUPON",
        /// Discount (折扣).
        Discount = "FIELD_NAME_TYPE_DISCOUNT",
        /// Level (等级).
        Level = "FIELD_NAME_TYPE_LEVEL",
        /// Mileage (里程).
        Mileage = "FIELD_NAME_TYPE_MILEAGE",
        /// Points collected (集点).
        SetPoints = "FIELD_NAME_TYPE_SET_POINTS",
        /// Stamps (印花).
        Stamp = "FIELD_NAME_TYPE_STAMP",
        /// Times (次数); the service leaves out a letter.
        Times = "FIELD_NAME_TYPE_TIMS",
        /// Nothing known; known from answers, in the spelling of the service.
        Unknown = "FIELD_NAME_TYPE_UNKNOW",
    }
}

open_enum! {
    /// What kind of gift card.
    pub enum SubCardType {
        /// A card with money on it (礼品卡).
        GiftCard = "GIFT_CARD",
        /// A card for a thing (兑换卡).
        Voucher = "VOUCHER",
    }
}
