//! Reads any bytes as a pipeline file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fmc_tests::fuzz::pipeline(bytes));
