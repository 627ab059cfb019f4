//! `/cgi-bin/media/…`.

pub(super) mod uploadimg;
