//! Tests of `input`.

use super::*;

#[test]
fn integers_that_do_not_fit_64_bits_are_refused_and_shown() {
    for given in ["[99999999999999999999]", "99999999999999999999"] {
        let error = read(given).err().unwrap_or_default();
        let expected = "the integer `99999999999999999999` does not fit 64 bits at line 1";
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn only_a_bounded_amount_is_read() {
    let read = |length: usize| bounded(&vec![b'x'; length][..], 1, "`x`");
    assert_eq!(read(1 << 20).map(|bytes| bytes.len()), Ok(1 << 20));
    let error = Err("`x` is larger than 1 MB".to_owned());
    assert_eq!(read((1 << 20) + 1), error);
    assert_eq!(bounded(std::io::repeat(0), 1, "`x`"), error);
}
