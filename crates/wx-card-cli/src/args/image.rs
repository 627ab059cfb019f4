//! `wx-card image …`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ImageCommand {
    /// Upload a picture, such as a logo, and show its address (上传图片): POST /cgi-bin/media/uploadimg
    ///
    /// JPG or PNG by its content, whatever the file is called, at most 1 MB; for a logo 300 by 300 pixels are suggested.
    /// Cards take pictures by the address that this shows: logo_url, image_url, icon_url_list, banner, thumb_url.
    #[command(after_help = "Examples:\n  wx-card image upload logo.png\n  wx-card image upload - < logo.png")]
    Upload {
        /// The picture; - is stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}
