//! Mends any bytes as a pipeline file, as `fmc check --fix` does.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fmc_tests::fuzz::fixed(bytes));
