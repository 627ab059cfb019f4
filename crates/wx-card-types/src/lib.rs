//! WeChat cards and coupons (微信卡券) as data: what each operation sends and answers, and how pages are signed.

pub mod code;

mod endpoint;
mod id;
mod invalid;
#[doc(hidden)]
pub mod open_enum;
#[cfg(test)]
mod test_util;
mod wire;

pub use code::{
    CardRef, CodeCard, ConsumeCode, ConsumeCodeResponse, FormField, GetCode, GetCodeResponse, UserCardStatus, UserInfo,
};
pub use endpoint::Endpoint;
pub use id::{AppId, CardCode, CardId, EncryptedCode, OpenId, OuterStr, UnionId, Username};
pub use invalid::{Check, Invalid, Rule, Violation};
