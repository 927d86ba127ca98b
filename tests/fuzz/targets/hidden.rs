//! Writes a secret in up to three ways around each other, between other texts, and masks it.
//!
//! Every input is a fair one: the first byte says how many ways, the next three which, the fifth
//! how long the secret is; each byte after that is a character.
#![no_main]

/// What secrets are made of.
const SECRET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\
    /+=&%\\\"'<>|äöüé😀 ._:-~!#$()*,;?@[]^`{}";

/// What stands beside them: also the beginnings of escapes.
const AROUND: &str = "abcdefghijklmnopqrstuvwxyz0123456789%&\\. ux#;=";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [count, first, second, third, length, rest @ ..] = bytes else {
        return;
    };
    let ways = [first, second, third].map(|way| usize::from(*way));
    let ways = &ways[..1 + usize::from(count % 3)];
    let length = (8 + usize::from(length % 64)).min(rest.len());
    let (secret, around) = rest.split_at(length);
    let around = &around[..around.len().min(64)];
    fmc_tests::fuzz::hidden(&written(secret, SECRET), ways, &written(around, AROUND));
});

fn written(bytes: &[u8], characters: &str) -> String {
    let characters: Vec<char> = characters.chars().collect();
    let one = |byte: &u8| characters[usize::from(*byte) % characters.len()];
    bytes.iter().map(one).collect()
}
