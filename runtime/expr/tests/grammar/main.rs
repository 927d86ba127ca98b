//! The grammar in chumsky against the parser by hand: the same trees and the same errors on
//! random expressions, whole, broken and cut. `FMC_TEXTS=400000` reads as many.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    dead_code,
    missing_docs,
    unreachable_pub
)]

#[path = "../differential/generate/mod.rs"]
mod generate;

mod broken;

use fmc_expr::parse::{self, Parsed};
use generate::Random;

/// Texts, where nothing else is asked for.
const TEXTS: u64 = 20_000;

fn assert_same(text: &str) {
    for parts in [false, true] {
        let hand: Parsed = if parts {
            parse::parse_condition(text)
        } else {
            parse::parse(text)
        };
        let grammar = parse::by_grammar(text, parts);
        assert_eq!(hand.errors, grammar.errors, "{parts} {text:?}");
        assert_eq!(hand.expr, grammar.expr, "{parts} {text:?}");
    }
}

#[test]
fn both_parsers_agree() {
    let asked = std::env::var("FMC_TEXTS").ok();
    let texts = asked.and_then(|asked| asked.parse().ok()).unwrap_or(TEXTS);
    for seed in 0..texts {
        assert_same(&broken::text(seed));
    }
}

#[test]
fn both_parsers_agree_on_every_prefix() {
    for seed in 0..TEXTS / 50 {
        let text = broken::whole(&mut Random::new(seed), seed);
        for (at, _) in text.char_indices() {
            assert_same(&text[..at]);
        }
    }
}
