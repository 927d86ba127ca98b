//! Reads any text as a `fmc.toml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fmc_tests::fuzz::configuration(text));
