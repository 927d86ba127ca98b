//! Reads any text as an expression, as a condition field and as a dynamic condition.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    fmc_tests::fuzz::expression(text);
    fmc_tests::fuzz::dynamic_condition(text);
});
