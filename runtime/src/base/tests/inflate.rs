//! Tests of `inflate`. The compressed texts were written by zlib.

use super::*;
use proptest::prelude::*;

const MOST: usize = 1 << 20;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits
        .chunks(2)
        .map(|pair| (pair[0] * 16 + pair[1]) as u8)
        .collect()
}

fn text(result: Step<Vec<u8>>) -> String {
    match result {
        Ok(bytes) => String::from_utf8(bytes).unwrap(),
        Err(broken) => format!("{broken:?}"),
    }
}

/// A block with codes of its own.
const RECORDS: &str = "\
        1f8b08000000000002037d95cd4a43510c84f73e45b96b8593bf9313df46515010ba5070517c774b859bf12e6657da21\
        cdf966925cb6f797edf134ee4fdbdbf9f3ebfa71fb7e7d7e18dbf58b8ff3d3edb79fbbcb9f4a0e2a0195e52ed3834c41\
        26be769d1d7486e5cc769d1f740eba28dd7571d005e84a63d7cd836efefbdfae9704ca92ee6f312cb3df5b844b55f393\
        41c0e4003f8490f1848a4ad098768b62848d46bf599cc0d16888128c0eb82293e0f1848a49f0cc821e17c1530b5e5d0c\
        4f40b207c1b3c0191582c7042a2ac153a37b54237822fbd5ea6caca4396a103c02cee82478b060123a852d2e36592d2b\
        c24600a20dc2c6c01613c226c06853c2664174cc081b85309a133809f1b660d1015b6cb2e8c0085a123c1386da16c1e3\
        b026ac081e85c5e383e101675c081e81e5e8ca160f6c5b3782c7617dbb333c700f3c081e3c303e191eb8589e044fe209\
        5c6c2fc34df562a305473a06c113e04c08c1a35851597abac530b696e1d1e184cec2c31f6cf1803131e96cb52e091c85\
        ecc462470bd218c56efa35dfbfb97217fe89090000";

fn records() -> String {
    let lines = (0..60).map(|at| {
        let load = at * at * 37 % 1000;
        format!(
            "{{\"id\": {at}, \"host\": \"web-{}\", \"load\": {load}}}",
            at % 7
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_kind_of_block_and_wrapping_is_read() {
    let gz = |hex: &str| text(gzip(&bytes(hex), MOST));
    let flat = |hex: &str| text(deflate(&bytes(hex), MOST));
    assert_eq!(gz(RECORDS), records());
    let fixed = "1f8b08000000000002034b4c4a4ec48600370f200118000000";
    assert_eq!(gz(fixed), "abc".repeat(8));
    let stored = "1f8b0800000000000403010500faff68656c6c6f86a6103605000000";
    assert_eq!(gz(stored), "hello");
    // With the name of a file, behind another member, and before padding.
    let named = "1f8b08080000000002ff6e616d652e74787400cb4bcc4d4d010087cce07105000000";
    assert_eq!(gz(&format!("{stored}{named}0000")), "hellonamed");
    assert_eq!(
        flat("78dacb48cdc9c957c8402701680308b1"),
        "hello hello hello hello"
    );
    assert_eq!(flat("cb48cdc9c957c8402701"), "hello hello hello hello");
}

#[test]
fn what_is_broken_or_too_large_is_refused() {
    let whole = bytes(RECORDS);
    let length = records().len();
    assert!(gzip(&whole, length).is_ok());
    assert_eq!(gzip(&whole, length - 1), Err(Broken::TooLarge));
    for end in 0..whole.len() {
        assert_eq!(gzip(&whole[..end], MOST), Err(Broken::Invalid), "{end}");
    }
    for data in ["78dacb48cdc9c957c8402701680308b1", "cb48cdc9c957c8402701"].map(bytes) {
        for end in 0..data.len() {
            assert_eq!(deflate(&data[..end], MOST), Err(Broken::Invalid), "{end}");
        }
    }
    // Another sum, another length, a block of no known kind, a match before the start.
    let stored = "1f8b0800000000000403010500faff68656c6c6f";
    assert!(gzip(&bytes(&format!("{stored}87a6103605000000")), MOST).is_err());
    assert!(gzip(&bytes(&format!("{stored}86a6103606000000")), MOST).is_err());
    assert!(deflate(&[0b111], MOST).is_err());
    assert!(deflate(&bytes("030200"), MOST).is_err() && deflate(&[], MOST).is_err());
}

#[test]
fn a_bomb_stops_at_the_limit() {
    // 60,000 zeros.
    let bomb = "edc13101000000c2a0f54f6d0d0fa000000000000000000000000000000000000000000000000000\
        000000000000000000000000000000000000000000000000000000000000000000be0c";
    let bomb = bytes(bomb);
    assert_eq!(deflate(&bomb, 60_000).map(|out| out.len()), Ok(60_000));
    assert_eq!(deflate(&bomb, 59_999), Err(Broken::TooLarge));
}

proptest! {
    /// No bytes make it panic, and it never gives more than it may.
    #[test]
    fn any_bytes_end_in_a_result(data in proptest::collection::vec(any::<u8>(), 0..300), most in 0..2000_usize) {
        let header = [&bytes("1f8b0800000000000403")[..], &data].concat();
        for result in [gzip(&header, most), deflate(&data, most)] {
            prop_assert!(result.is_err() || result.unwrap().len() <= most);
        }
    }

    /// A changed bit is noticed, or changes nothing that matters (as a time or a padding does).
    #[test]
    fn a_changed_bit_changes_no_text(at in 0..200_usize, bit in 0..8) {
        let mut data = bytes(RECORDS);
        let at = at % data.len();
        data[at] ^= 1_u8 << bit;
        if let Ok(out) = gzip(&data, MOST) {
            prop_assert_eq!(String::from_utf8(out).unwrap(), records());
        }
    }

    /// Stored blocks give back what went in.
    #[test]
    fn stored_bytes_come_out(data in proptest::collection::vec(any::<u8>(), 0..5000)) {
        let length = (data.len() as u16).to_le_bytes();
        let mut packed = vec![1, length[0], length[1], !length[0], !length[1]];
        packed.extend_from_slice(&data);
        prop_assert_eq!(deflate(&packed, MOST), Ok(data));
    }
}
