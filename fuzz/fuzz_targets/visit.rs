//! Requests to the sandbox, from any bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wx_card_fuzz::visit(bytes));
