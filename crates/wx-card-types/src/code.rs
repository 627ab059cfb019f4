//! `/card/code/…`: codes, the single coupons in users' hands.

mod checkcode;
mod consume;
mod decrypt;
mod deposit;
mod get;
mod getdepositcount;
mod mark;
mod unavailable;
mod update;

pub use checkcode::{CheckCodes, CheckCodesResponse};
pub use consume::{CardRef, ConsumeCode, ConsumeCodeResponse};
pub use decrypt::{DecryptCode, DecryptCodeResponse};
pub use deposit::{DepositCodes, DepositCodesResponse, Deposited};
pub use get::{CodeCard, FormField, GetCode, GetCodeResponse, UserCardStatus, UserInfo};
pub use getdepositcount::{GetDepositCount, GetDepositCountResponse};
pub use mark::{MarkCode, MarkCodeResponse};
pub use unavailable::{MakeCodeUnavailable, MakeCodeUnavailableResponse};
pub use update::{UpdateCode, UpdateCodeResponse};

use crate::{CardCode, Check};

/// Most codes that one deposit or check takes (40109).
const MAX_CODES: usize = 100;

/// What deposit and check ask of their codes.
fn check_codes(check: &mut Check, codes: &[CardCode]) {
    check.count("code", codes.len(), 1, MAX_CODES);
    check.distinct("code", codes);
    // The page has 20 bytes for a code and 64 for the one that takes its place, so more than 20 is no error.
    check.as_warnings(|check| {
        for (index, code) in codes.iter().enumerate() {
            check.max_bytes(&format!("code[{index}]"), code, 20);
        }
    });
}
