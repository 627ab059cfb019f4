//! `/cgi-bin/media/…`: pictures for cards.

mod uploadimg;

pub use uploadimg::{UploadImage, UploadImageResponse};
