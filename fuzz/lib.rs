//! What there is to fuzz: each function takes any bytes and panics where they bring out a fault.
//!
//! The files of this library are also part of the tests of the crates that they are about, which run them over
//! `corpus`; hence they are modules without any `pub`, and the functions are named once more here.

macro_rules! targets {
    ($($file:ident: $($target:ident)+;)+) => {$(
        mod $file;

        $(
            #[doc = concat!("See `", stringify!($file), ".rs`.")]
            pub fn $target(bytes: &[u8]) {
                $file::$target(bytes);
            }
        )+
    )+};
}

targets! {
    calls: address call;
    decoders: card operation;
    service: visit;
    texts: sign text;
}
