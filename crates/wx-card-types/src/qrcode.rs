//! `/card/qrcode/…`: QR codes by which users take cards.

mod create;

pub use create::{CreateQrCode, CreateQrCodeResponse, QrAction, QrActionInfo, QrCard, QrCardList};
