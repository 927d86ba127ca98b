//! Tests of the memory for parsed conditions.

use super::Memo;

#[test]
fn the_same_text_is_parsed_once() {
    let memo = Memo::default();
    let length = |text: &str| memo.get(text, || Ok::<_, ()>(text.len())).unwrap();
    assert_eq!((*length("a"), *length("bc")), (1, 2));
    let again = memo.get("bc", || Err::<usize, _>("parsed again"));
    assert_eq!(again.as_deref(), Ok(&2));
    let other = memo.get("x", || Err::<usize, _>("not parsed"));
    assert_eq!(other, Err("not parsed"));
}
