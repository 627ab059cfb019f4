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
            logo_url: String [image],
        }
        fixed {
            /// Name of the merchant (商户名字).
            brand_name: String [36 bytes, 12 characters],
        }
        changeable {
            /// How the code is shown (码型).
            code_type: CodeType,
            /// Name of the card (卡券名).
            title: String [27 bytes, 9 characters],
        }
        write {
            /// Color of the card (券颜色), by its name; answers give the shade.
            color: Color,
        }
        changeable {
            /// What the user shall do at the till (使用提醒).
            notice: String [48 bytes, 16 characters],
            /// Terms of use (使用说明); may have line breaks.
            description: String [3072 bytes, 1024 characters],
        }
        create {
            /// How many there are (商品信息).
            sku: Sku,
        }
        changeable {
            /// When the card is valid (使用日期); later changes can only widen a range.
            date_info: DateInfo,
        }
    }
    optional {
        changeable {
            /// Second line under the name, of old; still answered.
            sub_title: String [54 bytes, 18 characters],
            /// Telephone number of the merchant (客服电话).
            service_phone: String [24 bytes],
            /// Ids of the stores where the card is valid; not beside `use_all_locations`.
            location_id_list: Vec<i64>,
            /// Whether the card is valid in all stores of the account; not beside `location_id_list`.
            use_all_locations: bool,
            /// Text of the button in the middle, shown only while the card can be used (顶部居中的 button).
            center_title: String [18 bytes, 6 characters],
            /// Text under the button in the middle.
            center_sub_title: String [24 bytes, 8 characters],
            /// Where the button in the middle leads.
            center_url: String [128 bytes],
            /// Mini program to which the button in the middle leads: its original id and `@app`.
            center_app_brand_user_name: String [128 bytes],
            /// Page in the mini program to which the button in the middle leads.
            center_app_brand_pass: String [128 bytes],
            /// Name of the merchant's own entry on the card (自定义跳转外链的入口名字).
            custom_url_name: String [15 bytes, 5 characters],
            /// Where the merchant's own entry leads; the page is opened with `card_id`, `encrypt_code` and more.
            custom_url: String [128 bytes],
            /// Text to the right of the merchant's own entry.
            custom_url_sub_title: String [18 bytes, 6 characters],
            /// Mini program to which the merchant's own entry leads: its original id and `@app`.
            custom_app_brand_user_name: String [128 bytes],
            /// Page in the mini program to which the merchant's own entry leads.
            custom_app_brand_pass: String [128 bytes],
            /// Name of the entry for offers (营销场景的自定义入口名称).
            promotion_url_name: String [15 bytes, 5 characters],
            /// Where the entry for offers leads.
            promotion_url: String [128 bytes],
            /// Text to the right of the entry for offers.
            promotion_url_sub_title: String [18 bytes, 6 characters],
            /// Mini program to which the entry for offers leads: its original id and `@app`.
            promotion_app_brand_user_name: String [128 bytes],
            /// Page in the mini program to which the entry for offers leads.
            promotion_app_brand_pass: String [128 bytes],
            /// How many one user may take; the service takes 50 when it is absent.
            get_limit: i64 [at least 0],
            /// How many one user may redeem; the service takes 50 when it is absent.
            use_limit: i64 [at least 0],
            /// Whether users may share the card's page; the service takes `true` when it is absent.
            can_share: bool,
            /// Whether users may give the card to friends; the service takes `true` when it is absent.
            can_give_friend: bool,
            /// Whether an event tells that a user looks at the card; the service takes `false` when it is absent.
            need_push_on_view: bool,
            /// How the card pays; for member cards.
            pay_info: PayInfo,
            /// Whether the code to pay and the code of the member stand on one page; for member cards.
            is_pay_and_qrcode: bool,
        }
        fixed {
            /// Whether the merchant chooses the codes; the service takes `false` when it is absent.
            ///
            /// Needs a permission (43009).
            use_custom_code: bool,
            /// How the merchant's codes get in; only beside `use_custom_code` and with a stock of 0.
            ///
            /// Have the card approved, deposit codes, then raise the stock.
            get_custom_code_mode: CustomCodeMode,
            /// Whether a code is for one user alone; the service takes `false` when it is absent.
            bind_openid: bool,
            /// Name of the third party from which the card comes (第三方来源名).
            source: String [36 bytes, 12 characters],
            /// The merchant for whom the card is made, for those who make cards for others (子商户).
            sub_merchant_info: SubMerchantInfo,
            /// What a gift card costs.
            giftcard_info: GiftCardInfo,
            /// How often a gift card may be given on.
            max_give_friend_times: i64 [at least 0],
            /// Name of the merchant's own entry, of old; today it is `custom_url_name`.
            url_name_type: UrlNameType,
        }
        read {
            /// The card.
            id: CardId,
            /// The account to which the card belongs.
            appid: AppId,
            /// What state the card is in.
            status: CardStatus,
            /// Color of the card (券颜色), as the shade that users see; [`ColorValue::name`] finds its name.
            color: ColorValue,
            /// How many there are, and how many there have been.
            sku: SkuDetail,
            /// When the card was created, in Unix seconds.
            create_time: i64,
            /// When the card was changed, in Unix seconds.
            update_time: i64,
            /// Areas; known from answers in which it is empty.
            area_code_list: Vec<serde_json::Value>,
        }
    }
}

checked! {
    /// How many cards there are to take (库存).
    pub struct Sku {
        /// How many; 0 where codes are deposited.
        quantity: i64 [0 to 100000000],
    }
}

checked! {
    /// How many cards there are left, and how many there have been.
    pub answered SkuDetail {
        /// How many are left to take.
        quantity: i64,
        /// How many there have been in all.
        total_quantity: i64,
    }
}

checked! {
    /// The merchant for whom a card is made.
    pub loose SubMerchantInfo {
        /// Number of the merchant; samples have it as number and as text, written is text.
        merchant_id: String,
    }
}

checked! {
    /// How a member card pays.
    #[derive(Default)]
    pub struct PayInfo {} optional {
        /// Payment by the member card.
        swipe_card: SwipeCard,
    }
}

checked! {
    /// Payment by the member card (刷卡支付).
    #[derive(Default)]
    pub struct SwipeCard {} optional {
        /// Whether the member card can pay.
        is_swipe_card: bool,
    }
}

checked! {
    /// What a gift card costs.
    pub loose GiftCardInfo {
        /// The price.
        price: Fen [at least 0],
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
