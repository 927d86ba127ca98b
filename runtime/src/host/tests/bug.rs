//! Tests of what becomes of a panic.

use super::caught;

#[test]
fn a_panic_becomes_a_sentence() {
    assert_eq!(caught(|| 7), Ok(7));
    let works: [(fn(), &str); 3] = [
        (|| panic!("lost"), "lost"),
        (|| panic!("no {}", 3), "no 3"),
        (|| std::panic::panic_any(1), "no message"),
    ];
    for (work, said) in works {
        let sentence = caught(work).unwrap_err();
        let begin = "this is a bug in fmc, please report it at https://";
        assert!(sentence.starts_with(begin), "{sentence}");
        assert!(sentence.contains(said), "{sentence}");
    }
}
