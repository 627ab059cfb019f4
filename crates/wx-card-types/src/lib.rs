//! WeChat cards and coupons (微信卡券) as data: what each operation sends and answers, and how pages are signed.
//!
//! An operation is a value: the body of its request, which is its [`Endpoint`] too.
//! The request says what it needs in `new`, takes the rest by methods named like the members on the wire, tells by
//! [`validate`](Endpoint::validate) what the service would refuse, by [`findings`](Endpoint::findings) also what it may
//! refuse, and names the type of its answer.
//!
//! The one that sends a file instead of JSON, [`UploadImage`], is an [`Upload`].
//!
//! It is *not* a client: nothing here sends, knows an access token or reads an `errcode`. The crate `wx-card` does.
//!
//! ```
//! use wx_card_types::{CheckCodes, CheckCodesResponse, Endpoint};
//!
//! let request = CheckCodes::new("pDF3iY0_dVjb_Pua96MMewA96qvA", ["11111", "44444"]);
//! request.validate()?;
//! let (path, body) = (CheckCodes::PATH, serde_json::to_vec(&request)?);
//! assert_eq!(path, "/card/code/checkcode");
//! # assert_eq!(body, br#"{"card_id":"pDF3iY0_dVjb_Pua96MMewA96qvA","code":["11111","44444"]}"#);
//!
//! let answer = br#"{"errcode":0,"errmsg":"ok","exist_code":["11111"],"not_exist_code":["44444"]}"#;
//! let answer: CheckCodesResponse = serde_json::from_slice(answer)?;
//! assert_eq!(answer.not_exist_code, ["44444"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Operations
//!
//! | task | operations |
//! | --- | --- |
//! | make and change a card | [`CreateCard`], [`GetCard`], [`UpdateCard`], [`ModifyStock`], [`DeleteCard`], [`GetColors`] |
//! | upload its pictures | [`UploadImage`] |
//! | find a card | [`BatchGetCards`] |
//! | switch on what a card can do | [`SetPayCell`], [`SetSelfConsumeCell`] |
//! | give it codes of one's own | [`DepositCodes`], [`GetDepositCount`], [`CheckCodes`] |
//! | try it before its approval | [`SetTestWhitelist`] |
//! | hand it out | [`CreateQrCode`], [`CreateLandingPage`], [`GetMpnewsHtml`], [`AddCard`] on a page |
//! | redeem it | [`DecryptCode`], [`GetCode`], [`ConsumeCode`], [`ChooseCard`] on a page, [`MarkCode`] for friends cards |
//! | look after coupons in users' hands | [`GetUserCardList`], [`UpdateCode`], [`MakeCodeUnavailable`] |
//! | let a page use the JS-SDK | [`JsConfig`] |
//!
//! Searching for a path such as `card/code/consume`, a Chinese name or one of WxJava's finds the operation as well on docs.rs.
//! The rustdoc of Rust 1.95 leaves such names of re-exported types out of pages that are built with it; those of the methods of `wx-card` it keeps.
//!
//! # Features
//!
//! - `fast-sha1`: SHA-1 by the processor's own instructions, for eight more packages. The signatures are the same.
//!
//! # What holds everywhere
//!
//! - No I/O, no clock, no environment, no randomness: what needs a moment or a nonce takes it as an argument.
//! - Nothing is sent that was not asked for: an optional member that is absent is not on the wire, `null` never is.
//! - Nothing that was read is lost: members and words without a name here are kept and written back, and so is a value
//!   of a surprising type, without the rest of the answer being lost. Only a number beyond 64 bits loses its last digits.
//! - Reading is tolerant where the service is known to wobble: numbers as text, text as numbers, `null` as absent.
//!   An answer that lacks what it was asked for is an error all the same, not a success full of zeros.
//! - Tickets are secrets: they go into a signature and stand nowhere else.
//!
//! # What is written otherwise than it was read
//!
//! Whatever was read is written back as the same JSON, but for the order of members and for these, which the service
//! takes for the same:
//!
//! | read | written |
//! | --- | --- |
//! | a member that is `null`; `""` where a number, a truth value, a word, a list or an object belongs | nothing |
//! | a whole number as text, with blanks around it, or as a double: `"30"`, `" 30 "`, `30.0` | the number: `30` |
//! | the time of a flight as a number | text, as the official page has it |
//! | a truth value as `0`, `1`, `"0"`, `"1"`, `"true"`, `"false"` | `true` or `false` |
//! | a number where text or a word belongs (`merchant_id`, `status`), a truth value where text does | the same as text |
//! | blanks around a word or an id, anywhere in an address that an operation answers | the word, the id, the address |
//! | one bare item where a list belongs (`icon_url_list`, `location_id_list`) | a list of one |
//! | `{}` where a list belongs; `null` or `""` among the numbers or words of a list | `[]`; nothing |
//! | `date_info.type` as `1` or `2`, number or text | `DATE_TYPE_FIX_TIME_RANGE`, `DATE_TYPE_FIX_TERM` |
//! | `CARD_STATUS_VERIFY_FALL`, `CARD_STATUS_USER_DELETE`, `CARD_STATUS_USER_DISPATCH` | the state's other spelling |
//!
//! This is so for members with a field here. In members without one, and in a body that does not fit its type, only
//! `null` is left out.

pub mod card;
pub mod code;
pub mod landingpage;
pub mod media;
pub mod mpnews;
pub mod paycell;
pub mod qrcode;
pub mod selfconsumecell;
pub mod sign;
pub mod testwhitelist;
pub mod user;

mod check;
mod date;
mod discount;
mod endpoint;
mod form;
mod id;
mod invalid;
mod money;
#[doc(hidden)]
pub mod open_enum;
mod source;
#[cfg(test)]
mod test_util;
mod upload;
mod web_url;
mod wire;

pub use card::{
    AdvancedInfo, BaseInfo, BaseInfoDetail, BaseInfoUpdate, BatchGetCards, BatchGetCardsResponse, BoardingPass,
    BoardingPassDetail, BoardingPassUpdate, BonusRule, BusinessService, Card, CardBody, CardDetail, CardDetailBody,
    CardRule, CardStatus, CardType, CardUpdate, Cash, CashDetail, CashUpdate, CodeType, Color, ColorValue, CreateCard,
    CreateCardResponse, CustomCell, CustomCodeMode, CustomField, DateInfo, DeleteCard, DeleteCardResponse,
    DiscountCoupon, DiscountCouponDetail, DiscountCouponUpdate, FieldNameType, FixTerm, FixTimeRange, FlightTime,
    GeneralCard, GeneralCardDetail, GeneralCardUpdate, GeneralCoupon, GeneralCouponDetail, GeneralCouponUpdate,
    GetCard, GetCardResponse, GetColors, GetColorsResponse, Gift, GiftCardInfo, GiftDetail, GiftUpdate, Groupon,
    GrouponDetail, GrouponUpdate, LuckyMoney, LuckyMoneyDetail, LuckyMoneyUpdate, MeetingTicket, MeetingTicketDetail,
    MeetingTicketUpdate, MemberCard, MemberCardDetail, MemberCardUpdate, ModifyStock, ModifyStockResponse, MovieTicket,
    MovieTicketDetail, MovieTicketUpdate, MsgCardCell, MsgOperation, MsgUrlCell, NamedColor, PayInfo, Permanent,
    ScenicTicket, ScenicTicketDetail, ScenicTicketUpdate, ShareCard, Sku, SkuDetail, SubCardType, SubMerchantInfo,
    Summary, SwipeCard, TextImage, TimeLimit, TimeLimitType, UntypedCard, UpdateCard, UpdateCardResponse, UrlNameType,
    UseCondition, card_rules,
};
pub use check::Check;
pub use code::{
    CardRef, CheckCodes, CheckCodesResponse, CodeCard, ConsumeCode, ConsumeCodeResponse, DecryptCode,
    DecryptCodeResponse, DepositCodes, DepositCodesResponse, Deposited, FormField, GetCode, GetCodeResponse,
    GetDepositCount, GetDepositCountResponse, MakeCodeUnavailable, MakeCodeUnavailableResponse, MarkCode,
    MarkCodeResponse, UpdateCode, UpdateCodeResponse, UserCardStatus, UserInfo,
};
pub use date::{Date, NotADate};
pub use discount::Discount;
pub use endpoint::{Endpoint, Method};
pub use form::Form;
pub use id::{AppId, CardCode, CardId, EncryptedCode, OpenId, OuterStr, UnionId, Username};
pub use invalid::{Finding, Invalid, Level, Rule};
pub use landingpage::{CreateLandingPage, CreateLandingPageResponse, LandingPageCard, LandingPageScene};
pub use media::{UploadImage, UploadImageResponse};
pub use money::{Fen, NotYuan};
pub use mpnews::{GetMpnewsHtml, GetMpnewsHtmlResponse};
pub use paycell::{SetPayCell, SetPayCellResponse};
pub use qrcode::{CreateQrCode, CreateQrCodeResponse, QrAction, QrActionInfo, QrCard, QrCardList};
pub use selfconsumecell::{SetSelfConsumeCell, SetSelfConsumeCellResponse};
pub use sign::{
    AddCard, AddCardPayload, CardExt, ChooseCard, ChooseCardPayload, JsConfig, JsConfigPayload, Signature, signature,
};
pub use testwhitelist::{SetTestWhitelist, SetTestWhitelistResponse};
pub use upload::Upload;
pub use user::{GetUserCardList, GetUserCardListResponse, UserCard};
pub use web_url::WebUrl;

/// The example of the README runs with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
