//! What the templates of the kinds differ in.

use crate::args::Kind;

/// What is special about the template of one kind.
pub(super) struct Special {
    pub(super) card_type: &'static str,
    /// What it is, in one line.
    pub(super) about: &'static str,
    pub(super) title: &'static str,
    pub(super) notice: &'static str,
    pub(super) date_info: &'static str,
    /// The members that only this kind has, each with its comma.
    pub(super) members: &'static str,
}

const TERM: &str = r#"// When the card is valid: some days from the moment a user takes it, or from one moment to another as in
// {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1793462400, "end_timestamp": 1794412799}, which is
// 2026-11-01 00:00:00 to 2026-11-11 23:59:59 in Beijing. Later changes can only widen a range (使用日期)
"date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0},"#;

const EVER: &str = r#"// When the card is valid: for ever, which only member cards can be (使用日期)
"date_info": {"type": "DATE_TYPE_PERMANENT"},"#;

const PRICED: &str = r#"// What the card costs, in 分: 10000 is ¥100.00 (售价)
// "giftcard_info": {"price": 10000},
// How often it may be given on (转赠次数)
// "max_give_friend_times": 1,
// When the card is valid: some days from the moment a user takes it (使用日期)
"date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 365},"#;

const DAY: &str = r#"// When the card is valid, in Unix seconds: 2030-01-01 00:00:00 to 23:59:59 in Beijing (使用日期)
"date_info": {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1893427200, "end_timestamp": 1893513599},"#;

const SHOW: &str = "使用时向服务员出示此券";

pub(super) const fn of(kind: Kind) -> Special {
    match kind {
        Kind::Groupon => GROUPON,
        Kind::Cash => CASH,
        Kind::Discount => DISCOUNT,
        Kind::Gift => GIFT,
        Kind::GeneralCoupon => GENERAL_COUPON,
        Kind::MemberCard => MEMBER_CARD,
        Kind::GeneralCard => GENERAL_CARD,
        Kind::MeetingTicket => MEETING_TICKET,
        Kind::ScenicTicket => SCENIC_TICKET,
        Kind::MovieTicket => MOVIE_TICKET,
        Kind::BoardingPass => BOARDING_PASS,
        Kind::LuckyMoney => LUCKY_MONEY,
    }
}

const GROUPON: Special = Special {
    card_type: "GROUPON",
    about: "A deal paid for beforehand (团购券)",
    title: "双人套餐券",
    notice: SHOW,
    date_info: TERM,
    members: r#"// What the deal is, at most 3072 bytes (团购详情)
"deal_detail": "双人套餐\n- 进口红酒一支\n- 孜然牛肉一份","#,
};

const CASH: Special = Special {
    card_type: "CASH",
    about: "Money off a bill (代金券)",
    title: "十元代金券",
    notice: SHOW,
    date_info: TERM,
    members: r#"// What must be spent at least, in 分: 10000 is ¥100.00 (起用金额)
// "least_cost": 10000,
// How much is off, in 分: 1000 is ¥10.00 (减免金额)
"reduce_cost": 1000,"#,
};

const DISCOUNT: Special = Special {
    card_type: "DISCOUNT",
    about: "Percent off a bill (折扣券)",
    title: "七折优惠券",
    notice: SHOW,
    date_info: TERM,
    members: r#"// How many percent are off: 30 is 七折, seven tenths to pay (打折额度)
"discount": 30,"#,
};

const GIFT: Special = Special {
    card_type: "GIFT",
    about: "Something for nothing (兑换券)",
    title: "甜品兑换券",
    notice: SHOW,
    date_info: TERM,
    members: r#"// What the user gets, at most 3072 bytes (兑换内容)
"gift": "可兑换桂花汤圆一份","#,
};

const GENERAL_COUPON: Special = Special {
    card_type: "GENERAL_COUPON",
    about: "Any other coupon (优惠券)",
    title: "开业优惠券",
    notice: SHOW,
    date_info: TERM,
    members: r#"// What the coupon is good for, at most 3072 bytes (优惠详情)
"default_detail": "凭券到店消费，赠送饮品一杯","#,
};

const MEMBER_CARD: Special = Special {
    card_type: "MEMBER_CARD",
    about: "The card of a member (会员卡)",
    title: "微信餐厅会员卡",
    notice: "结账时出示此卡",
    date_info: EVER,
    members: include_str!("member_card.txt"),
};

const GENERAL_CARD: Special = Special {
    card_type: "GENERAL_CARD",
    about: "A gift card (礼品卡); needs a permission. Its price stands in base_info.giftcard_info",
    title: "心意卡",
    notice: "使用时向服务员出示此卡",
    date_info: PRICED,
    members: r#"// GIFT_CARD with money on it, or VOUCHER for a thing
"sub_card_type": "GIFT_CARD",
// Picture behind the card, as the upload of images answers it (背景图)
// "background_pic_url": "http://mmbiz.qpic.cn/mmbiz/p98FjXy8LacgHxp3/0",
// What the card is good for, at most 3072 bytes (特权说明)
"prerogative": "凭卡到店消费",
// Whether the card is active as soon as it is taken (自动激活)
"auto_activate": true,
// Whether the card shows money, and how much is on it when it is new, in 分: 10000 is ¥100.00 (余额)
"supply_balance": true,
"init_balance": 10000,
// Whether the card shows bonus points, and how many are on it when it is new (积分)
// "supply_bonus": true, "init_bonus": 10,
// Values that the card shows (自定义信息)
// "custom_field1": {"name": "优惠券", "url": "https://example.com/coupons"},"#,
};

const MEETING_TICKET: Special = Special {
    card_type: "MEETING_TICKET",
    about: "A ticket to a meeting or a show (会议/演出门票)",
    title: "年度大会门票",
    notice: "入场时向检票员出示此券",
    date_info: DAY,
    members: r#"// Map of the place (会场导览图)
// "map_url": "https://example.com/map",
// What takes place, when and where (会议详情)
"meeting_detail": "时间：2030年1月1日 14:00\n地点：会议中心一号厅","#,
};

const SCENIC_TICKET: Special = Special {
    card_type: "SCENIC_TICKET",
    about: "A ticket to a sight (景区门票)",
    title: "景区全日票",
    notice: "入园时向检票员出示此券",
    date_info: TERM,
    members: r#"// Map of the place (导览图)
// "guide_url": "https://example.com/guide",
// What kind of ticket (票类型)
"ticket_class": "全日票","#,
};

const MOVIE_TICKET: Special = Special {
    card_type: "MOVIE_TICKET",
    about: "A cinema ticket (电影票)",
    title: "电影兑换票",
    notice: "入场时向检票员出示此券",
    date_info: TERM,
    members: r#"// What is shown (电影票详情)
"detail": "可兑换任意一场 2D 电影","#,
};

const BOARDING_PASS: Special = Special {
    card_type: "BOARDING_PASS",
    about: "A boarding pass (飞机票)",
    title: "成都飞广州",
    notice: "登机时出示此卡",
    date_info: DAY,
    members: r#"// Where the plane leaves and lands, at most 54 bytes each (起点、终点)
"from": "成都",
"to": "广州",
// The flight (航班)
"flight": "CE123",
// When the plane leaves and lands, in Unix seconds as text: 2030-01-01 08:30 and 11:00 in Beijing (起飞、降落时间)
"departure_time": "1893457800",
"landing_time": "1893466800",
// The kind of plane, at most 24 bytes (机型)
"air_model": "空客A320",
// The gate (登机口)
// "gate": "A11",
// When boarding begins, in Unix seconds as text (登机时间)
// "boarding_time": "1893456000",
// Where users check in (在线值机的链接)
// "check_in_url": "https://example.com/check-in","#,
};

const LUCKY_MONEY: Special = Special {
    card_type: "LUCKY_MONEY",
    about: "A red packet, of old (红包); it has nothing but what all kinds have",
    title: "新年红包",
    notice: SHOW,
    date_info: TERM,
    members: "",
};
