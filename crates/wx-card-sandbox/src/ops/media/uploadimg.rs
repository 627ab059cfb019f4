//! `/cgi-bin/media/uploadimg`: a picture for cards.

use wx_card_types::UploadImageResponse;

use crate::picture::{self, Kind, PICTURE_BYTES, Picture};
use crate::reason::{FILE_TYPE_INVALID, IMAGE_TOO_LARGE};
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn upload(ctx: &mut Ctx<'_>, file: &[u8]) -> Result<UploadImageResponse, Refusal> {
    if PICTURE_BYTES < file.len() {
        return Err(IMAGE_TOO_LARGE.into());
    }
    let Some(kind) = Kind::of(file) else {
        return Err(FILE_TYPE_INVALID.into());
    };
    let name = ctx.ids.picture_name();
    let url = picture::url(ctx.origin.as_deref(), &name);
    ctx.account.pictures.keep(Picture::new(name, kind, file));
    Ok(UploadImageResponse::new(url.as_str()))
}
