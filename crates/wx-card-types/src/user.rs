//! `/card/user/…`: what users have taken.

mod getcardlist;

pub use getcardlist::{GetUserCardList, GetUserCardListResponse, UserCard};
