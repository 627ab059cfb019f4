//! Answers to calls, and answers with tokens and tickets, from any bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wx_card_fuzz::call(bytes));
