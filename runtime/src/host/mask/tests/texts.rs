//! Which parts of bytes are text.
//!
//! Enters: bytes, by chance and near the edges of UTF-8. Leaves: the texts in them, compared with
//! what the standard library finds.

use proptest::prelude::*;

use super::super::{pace::Pace, texts::texts};

/// The same as [`texts`], with what the standard library knows of UTF-8.
fn slowly(bytes: &[u8], least: usize) -> Vec<String> {
    let chunks = bytes.utf8_chunks();
    let is_control = |char: char| char.is_control() && !"\0\t\n\r".contains(char);
    let parts = chunks.flat_map(|chunk| chunk.valid().split(is_control));
    let is_long = |text: &&str| {
        text.chars()
            .filter(|char| *char != '\0')
            .map(char::len_utf8)
            .sum::<usize>()
            >= least
    };
    parts.filter(is_long).map(str::to_owned).collect()
}

proptest! {
    #[test]
    fn all_texts_are_found(
        pieces in prop::collection::vec(
            prop_oneof![
                "[a-z\\x00\\n]{1,4}".prop_map(String::into_bytes),
                any::<char>().prop_map(|char| char.to_string().into_bytes()),
                prop::collection::vec(any::<u8>(), 1..4),
                prop::sample::select(vec![
                    b"\xC2\x80".to_vec(), b"\xC2\xA0".to_vec(), b"\xE0\x9F\xBF".to_vec(),
                    b"\xED\xA0\x80".to_vec(), b"\xF0\x8F\xBF\xBF".to_vec(),
                    b"\xF4\x90\x80\x80".to_vec(), b"\xF4\x8F\xBF\xBF".to_vec(), b"\xE2\x82".to_vec(),
                ]),
            ],
            0..12,
        ),
        least in 1_usize..6,
    ) {
        let bytes = pieces.concat();
        let found = texts(&bytes, least, &Pace::new(None)).unwrap();
        let found: Vec<_> = found
            .into_iter()
            .map(|range| String::from_utf8(bytes[range].to_vec()).unwrap())
            .collect();
        prop_assert_eq!(found, slowly(&bytes, least));
    }
}
