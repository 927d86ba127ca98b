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
