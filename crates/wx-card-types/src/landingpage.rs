//! `/card/landingpage/…`: pages that show several cards (卡券货架).

mod create;

pub use create::{CreateLandingPage, CreateLandingPageResponse, LandingPageCard, LandingPageScene};
