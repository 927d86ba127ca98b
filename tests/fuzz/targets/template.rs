//! Reads any text as a template string.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fmc_tests::fuzz::template(text));
