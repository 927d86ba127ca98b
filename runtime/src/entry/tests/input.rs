//! Tests of `input`.

use super::*;

#[test]
fn an_integer_that_does_not_fit_64_bits_is_kept_as_text_with_a_warning() {
    let input = read(r#"{"alerts": [{"trace": 99999999999999999999}]}"#).unwrap();
    assert_eq!(
        input.value.to_json(),
        r#"{"alerts":[{"trace":"99999999999999999999"}]}"#
    );
    assert_eq!(
        input.warning.unwrap(),
        "the integer at `input.alerts[0].trace` does not fit 64 bits and is kept as text"
    );
    assert!(read("[1]").unwrap().warning.is_none());
}

#[test]
fn an_environment_file_is_utf_8() {
    assert_eq!(utf8("A=é\n".as_bytes()), Ok("A=é\n"));
    assert_eq!(
        utf8(b"A=1\n# \xc3\xa9\nB=caf\xe9\nC=1\n"),
        Err("line 3: bytes that are not UTF-8".to_owned())
    );
}

#[test]
fn only_a_bounded_amount_is_read() {
    let read = |length: usize| bounded(&vec![b'x'; length][..], 1, "`x`");
    assert_eq!(read(1 << 20).map(|bytes| bytes.len()), Ok(1 << 20));
    let error = Err("`x` is larger than 1 MB".to_owned());
    assert_eq!(read((1 << 20) + 1), error);
    assert_eq!(bounded(std::io::repeat(0), 1, "`x`"), error);
}
