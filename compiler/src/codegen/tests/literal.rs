//! Literals and comments of any text: a literal reads back as the same text, a comment stays on its
//! line.

use proptest::prelude::*;

use crate::codegen::rust::{Comment, Literal, Name};

/// Any text, including characters that end a line or a literal. (`any` alone gives no control
/// characters.)
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\\\\"'`/*\\n\\r\\t\u{2028}\u{202e}\u{feff}é😀a-z ]{0,24}",
    ]
}

proptest! {
    #[test]
    fn text_reads_back(text in text()) {
        let literal: syn::LitStr = syn::parse_str(&Literal::text(&text).to_string()).unwrap();
        prop_assert_eq!(literal.value(), text);
    }

    #[test]
    fn a_character_reads_back(character in any::<char>()) {
        let literal = Literal::character(character).to_string();
        let literal: syn::LitChar = syn::parse_str(&literal).unwrap();
        prop_assert_eq!(literal.value(), character);
    }

    #[test]
    fn a_float_reads_back(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
        let text = Literal::float(value).to_string();
        let literal: syn::LitFloat = syn::parse_str(text.trim_start_matches('-')).unwrap();
        prop_assert_eq!(literal.base10_parse::<f64>().unwrap(), value.abs());
    }

    #[test]
    fn a_comment_is_one_line(text in text()) {
        let text = Comment::back_ticked(&text).to_string();
        let lines = ['\n', '\r', '\u{2028}', '\u{202e}'];
        prop_assert!(!text.contains(lines));
        prop_assert_eq!(text.trim(), &text);
    }

    /// From whatever a stage or variable is called, an identifier is made.
    #[test]
    fn a_name_is_an_identifier(text in text()) {
        if let Some(name) = Name::snake(&text) {
            let name = name.with("config").to_string();
            prop_assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{}", name);
        }
    }
}
