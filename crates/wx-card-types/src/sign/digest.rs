//! SHA-1 over pieces, so that what is signed never stands in one place: it contains a ticket.

/// The digest of all `pieces`, one after the other.
#[cfg(not(feature = "fast-sha1"))]
pub(super) fn sha1<'a>(pieces: impl IntoIterator<Item = &'a str>) -> [u8; 20] {
    let mut sha1 = sha1_smol::Sha1::new();
    for piece in pieces {
        sha1.update(piece.as_bytes());
    }
    sha1.digest().bytes()
}

/// The digest of all `pieces`, one after the other, by the processor's own instructions where it has them.
#[cfg(feature = "fast-sha1")]
pub(super) fn sha1<'a>(pieces: impl IntoIterator<Item = &'a str>) -> [u8; 20] {
    use sha1::Digest as _;

    let mut sha1 = sha1::Sha1::new();
    for piece in pieces {
        sha1.update(piece);
    }
    sha1.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_cuts_do_not_matter(pieces in proptest::collection::vec(".{0,80}", 0..8)) {
            let whole = sha1_smol::Sha1::from(pieces.concat()).digest().bytes();
            prop_assert_eq!(sha1(pieces.iter().map(String::as_str)), whole);
        }
    }

    #[test]
    fn the_digest_of_nothing() {
        assert_eq!(sha1([]), sha1(["", ""]));
        assert_eq!(sha1([])[..4], [0xda, 0x39, 0xa3, 0xee]);
    }
}
