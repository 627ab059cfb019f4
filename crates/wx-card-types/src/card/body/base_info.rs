//! What the cards of all kinds have in common.

use super::card_type::CardStatus;
use super::color::{Color, ColorValue};
use super::date_info::DateInfo;
use crate::card::check;
use crate::card::checked::checked;
use crate::open_enum::open_enum;
use crate::{AppId, CardId, Fen};

/// Declares the shapes of `base_info` from one list of its members.
///
/// The groups say which shape has them: `changeable` and `fixed` members are sent on creation and answered, `create`
/// is what only a creation has, `write` what a creation and an update have, `read` what only an answer has. An update
/// can carry the `changeable` and the `write` ones.
macro_rules! base_info {
    (
        required {
            changeable { $($logo:tt)* }
            fixed { $($brand:tt)* }
            changeable { $($face:tt)* }
            write { $($color:tt)* }
            changeable { $($texts:tt)* }
            create { $($create:tt)* }
            changeable { $($date:tt)* }
        }
        optional {
            changeable { $($changeable:tt)* }
            fixed { $($fixed:tt)* }
            read { $($read:tt)* }
        }
    ) => {
        checked! {
            /// What a card of any kind needs to be created (基本的卡券数据).
            ///
            /// Lengths are in bytes of UTF-8, of which a Chinese character has 3. Where a member is absent, the service
            /// takes the default that its documentation names; nothing is sent in its place.
            #[doc(alias = "base_info")]
            pub struct BaseInfo { $($logo)* $($brand)* $($face)* $($color)* $($texts)* $($create)* $($date)* }
            optional { $($changeable)* $($fixed)* }
            also check::BASE_INFO
        }

        checked! {
            /// What changes of what the cards of all kinds have in common.
            ///
            /// What is absent stays as it is. What the service never changes has no member here: `brand_name`, `sku`
            /// (see [`ModifyStock`](crate::ModifyStock)), `use_custom_code` and what belongs to it, `bind_openid`,
            /// `source`, `sub_merchant_info`.
            #[doc(alias = "base_info")]
            #[derive(Default)]
            pub struct BaseInfoUpdate {}
            optional { $($logo)* $($face)* $($color)* $($texts)* $($date)* $($changeable)* }
            also check::BASE_INFO_UPDATE
        }

        checked! {
            /// What the service says of a card of any kind.
            ///
            /// Every member may be missing: what the service leaves out differs by kind and over the years.
            #[doc(alias = "base_info")]
            pub answered BaseInfoDetail {
                $($read)* $($logo)* $($brand)* $($face)* $($texts)* $($date)* $($changeable)* $($fixed)*
            }
        }
    };
}

base_info! {
    required {
        changeable {
            /// Picture of the merchant (商户 logo), 300 by 300 pixels, at most 1 MB, as the upload of images answers it.
            #[doc(alias = "商户 logo")] logo_url: String [image],
        }
        fixed {
            /// Name of the merchant (商户名字).
            #[doc(alias = "商户名字")] brand_name: String [36 bytes, 12 characters],
        }
        changeable {
            /// How the code is shown (码型).
            #[doc(alias = "码型")] code_type: CodeType,
            /// Name of the card (卡券名).
            #[doc(alias = "卡券名")] title: String [27 bytes, 9 characters],
        }
        write {
            /// Color of the card (券颜色), by its name; answers give the shade.
            #[doc(alias = "券颜色")] color: Color,
        }
        changeable {
            /// What the user shall do at the till (使用提醒).
            #[doc(alias = "使用提醒")] notice: String [48 bytes, 16 characters],
            /// Terms of use (使用说明); may have line breaks.
            #[doc(alias = "使用说明")] description: String [3072 bytes, 1024 characters],
        }
        create {
            /// How many there are (商品信息).
            #[doc(alias = "商品信息")] sku: Sku,
        }
        changeable {
            /// When the card is valid (使用日期); later changes can only widen a range.
            #[doc(alias = "使用日期")] date_info: DateInfo,
        }
    }
    optional {
        changeable {
            /// Second line under the name, of old (副标题); still answered.
            #[doc(alias = "副标题")] sub_title: String [54 bytes, 18 characters],
            /// Telephone number of the merchant (客服电话).
            #[doc(alias = "客服电话")] service_phone: String [24 bytes],
            /// Ids of the stores where the card is valid (门店位置 poiid); not beside `use_all_locations`.
            #[doc(alias = "门店位置 poiid")] location_id_list: Vec<i64>,
            /// Whether the card is valid in all stores of the account (支持全部门店); not beside `location_id_list`.
            #[doc(alias = "支持全部门店")] use_all_locations: bool,
            /// Text of the button in the middle, shown only while the card can be used (顶部居中的 button).
            #[doc(alias = "顶部居中的 button")] center_title: String [18 bytes, 6 characters],
            /// Text under the button in the middle (按钮下的提示语).
            #[doc(alias = "按钮下的提示语")] center_sub_title: String [24 bytes, 8 characters],
            /// Where the button in the middle leads (按钮跳转链接).
            #[doc(alias = "按钮跳转链接")] center_url: String [128 bytes],
            /// Mini program to which the button in the middle leads (按钮跳转的小程序): its original id and `@app`.
            #[doc(alias = "按钮跳转的小程序")] center_app_brand_user_name: String [128 bytes],
            /// Page in the mini program to which the button in the middle leads (按钮跳转的小程序页面).
            #[doc(alias = "按钮跳转的小程序页面")] center_app_brand_pass: String [128 bytes],
            /// Name of the merchant's own entry on the card (自定义跳转外链的入口名字).
            #[doc(alias = "自定义跳转外链的入口名字")] custom_url_name: String [15 bytes, 5 characters],
            /// Where the merchant's own entry leads (自定义跳转外链); it gets `card_id`, `encrypt_code` and more.
            #[doc(alias = "自定义跳转外链")] custom_url: String [128 bytes],
            /// Text to the right of the merchant's own entry (入口右侧的提示语).
            #[doc(alias = "入口右侧的提示语")] custom_url_sub_title: String [18 bytes, 6 characters],
            /// Mini program to which the merchant's own entry leads (自定义入口跳转的小程序): its original id and `@app`.
            #[doc(alias = "自定义入口跳转的小程序")] custom_app_brand_user_name: String [128 bytes],
            /// Page in the mini program to which the merchant's own entry leads (自定义入口跳转的小程序页面).
            #[doc(alias = "自定义入口跳转的小程序页面")] custom_app_brand_pass: String [128 bytes],
            /// Name of the entry for offers (营销场景的自定义入口名称).
            #[doc(alias = "营销场景的自定义入口名称")] promotion_url_name: String [15 bytes, 5 characters],
            /// Where the entry for offers leads (营销入口跳转外链).
            #[doc(alias = "营销入口跳转外链")] promotion_url: String [128 bytes],
            /// Text to the right of the entry for offers (营销入口右侧的提示语).
            #[doc(alias = "营销入口右侧的提示语")] promotion_url_sub_title: String [18 bytes, 6 characters],
            /// Mini program to which the entry for offers leads (营销入口跳转的小程序): its original id and `@app`.
            #[doc(alias = "营销入口跳转的小程序")] promotion_app_brand_user_name: String [128 bytes],
            /// Page in the mini program to which the entry for offers leads (营销入口跳转的小程序页面).
            #[doc(alias = "营销入口跳转的小程序页面")] promotion_app_brand_pass: String [128 bytes],
            /// How many one user may take (每人可领券的数量限制); the service takes 50 when it is absent.
            #[doc(alias = "每人可领券的数量限制")] get_limit: i64 [at least 0],
            /// How many one user may redeem (每人可核销的数量限制); the service takes 50 when it is absent.
            #[doc(alias = "每人可核销的数量限制")] use_limit: i64 [at least 0],
            /// Whether users may share the card's page (领取页面可分享); the service takes `true` when it is absent.
            #[doc(alias = "领取页面可分享")] can_share: bool,
            /// Whether users may give the card to friends (可转赠); the service takes `true` when it is absent.
            #[doc(alias = "可转赠")] can_give_friend: bool,
            /// Whether an event tells that a user looks at the card (进入会员卡事件推送); the service takes `false`
            /// when it is absent.
            #[doc(alias = "进入会员卡事件推送")] need_push_on_view: bool,
            /// How the card pays (支付功能结构体); for member cards.
            #[doc(alias = "支付功能结构体")] pay_info: PayInfo,
            /// Whether the code to pay and the code of the member stand on one page (会员卡支付与二维码); for member cards.
            #[doc(alias = "会员卡支付与二维码")] is_pay_and_qrcode: bool,
        }
        fixed {
            /// Whether the merchant chooses the codes (自定义 code 码); the service takes `false` when it is absent.
            ///
            /// Needs a permission (43009).
            #[doc(alias = "自定义 code 码")] use_custom_code: bool,
            /// How the merchant's codes get in (自定义 code 码模式); only beside `use_custom_code` and with a stock of 0.
            ///
            /// Have the card approved, deposit codes, then raise the stock.
            #[doc(alias = "自定义 code 码模式")] get_custom_code_mode: CustomCodeMode,
            /// Whether a code is for one user alone (指定用户领取); the service takes `false` when it is absent.
            #[doc(alias = "指定用户领取")] bind_openid: bool,
            /// Name of the third party from which the card comes (第三方来源名).
            #[doc(alias = "第三方来源名")] source: String [36 bytes, 12 characters],
            /// The merchant for whom the card is made, for those who make cards for others (子商户).
            #[doc(alias = "子商户")] sub_merchant_info: SubMerchantInfo,
            /// What a gift card costs (礼品卡信息).
            #[doc(alias = "礼品卡信息")] giftcard_info: GiftCardInfo,
            /// How often a gift card may be given on (可转赠次数).
            #[doc(alias = "可转赠次数")] max_give_friend_times: i64 [at least 0],
            /// Name of the merchant's own entry, of old (自定义入口名称); today it is `custom_url_name`.
            #[doc(alias = "自定义入口名称")] url_name_type: UrlNameType,
        }
        read {
            /// The card (卡券 ID).
            #[doc(alias = "卡券 ID")] id: CardId,
            /// The account to which the card belongs (公众号 appid).
            #[doc(alias = "公众号 appid")] appid: AppId,
            /// What state the card is in (卡券状态).
            #[doc(alias = "卡券状态")] status: CardStatus,
            /// Color of the card (券颜色), as the shade that users see; [`ColorValue::name`] finds its name.
            #[doc(alias = "券颜色")] color: ColorValue,
            /// How many there are, and how many there have been (商品信息).
            #[doc(alias = "商品信息")] sku: SkuDetail,
            /// When the card was created, in Unix seconds (创建时间).
            #[doc(alias = "创建时间")] create_time: i64,
            /// When the card was changed, in Unix seconds (更新时间).
            #[doc(alias = "更新时间")] update_time: i64,
            /// Areas (地区码); known from answers in which it is empty.
            #[doc(alias = "地区码")] area_code_list: Vec<serde_json::Value>,
        }
    }
}

checked! {
    /// How many cards there are to take (库存).
    pub struct Sku {
        /// How many (卡券库存的数量); 0 where codes are deposited.
        #[doc(alias = "卡券库存的数量")] quantity: i64 [0 to 100000000],
    }
}

checked! {
    /// How many cards there are left, and how many there have been.
    pub answered SkuDetail {
        /// How many are left to take (剩余库存).
        #[doc(alias = "剩余库存")] quantity: i64,
        /// How many there have been in all (总库存).
        #[doc(alias = "总库存")] total_quantity: i64,
    }
}

checked! {
    /// The merchant for whom a card is made.
    pub loose SubMerchantInfo {
        /// Number of the merchant (子商户 ID); samples have it as number and as text, written is text.
        #[doc(alias = "子商户 ID")] merchant_id: String,
    }
}

checked! {
    /// How a member card pays.
    #[derive(Default)]
    pub struct PayInfo {} optional {
        /// Payment by the member card (刷卡功能).
        #[doc(alias = "刷卡功能")] swipe_card: SwipeCard,
    }
}

checked! {
    /// Payment by the member card (刷卡支付).
    #[derive(Default)]
    pub struct SwipeCard {} optional {
        /// Whether the member card can pay (是否支持刷卡).
        #[doc(alias = "是否支持刷卡")] is_swipe_card: bool,
    }
}

checked! {
    /// What a gift card costs.
    pub loose GiftCardInfo {
        /// The price (价格).
        #[doc(alias = "价格")] price: Fen [at least 0],
    }
}

open_enum! {
    /// How a code is shown (码型).
    pub enum CodeType {
        /// Bar code with its digits.
        Barcode = "CODE_TYPE_BARCODE",
        /// Nothing is shown.
        None = "CODE_TYPE_NONE",
        /// Bar code without its digits.
        OnlyBarcode = "CODE_TYPE_ONLY_BARCODE",
        /// QR code without its digits.
        OnlyQrcode = "CODE_TYPE_ONLY_QRCODE",
        /// QR code with its digits.
        Qrcode = "CODE_TYPE_QRCODE",
        /// Digits alone.
        Text = "CODE_TYPE_TEXT",
    }
}

open_enum! {
    /// How codes that the merchant chooses get in (自定义 code 的模式).
    pub enum CustomCodeMode {
        /// The merchant deposits them.
        Deposit = "GET_CUSTOM_CODE_MODE_DEPOSIT",
    }
}

open_enum! {
    /// Name of the merchant's own entry, of old.
    pub enum UrlNameType {
        /// Book a service (在线预约).
        Appointment = "URL_NAME_TYPE_APPOINTMENT",
        /// Exchange (在线兑换).
        Exchange = "URL_NAME_TYPE_EXCHANGE",
        /// Reserve (在线预订).
        Reservation = "URL_NAME_TYPE_RESERVATION",
        /// Take-away (外卖).
        TakeAway = "URL_NAME_TYPE_TAKE_AWAY",
        /// Use at once (立即使用).
        UseImmediately = "URL_NAME_TYPE_USE_IMMEDIATELY",
        /// About the vehicle (车辆信息).
        VehicleInformation = "URL_NAME_TYPE_VEHICLE_INFORMATION",
    }
}
