//! Tests of `mask`.

mod pace;
mod parts;
mod texts;

use super::*;

fn masked(secrets: &[&str], lines: &[&str]) -> String {
    let mask = Mask::new(secrets.iter().copied());
    mask.text(&lines.join("\n")).into_owned()
}

#[test]
fn secrets_are_masked_in_every_form() {
    let lines = [
        "plain s3cr t\"/x.",
        r#"json "s3cr t\"/x""#,
        r#"json in json "{\"a\":\"s3cr t\\\"/x\"}""#,
        "url ?q=s3cr%20t%22%2Fx&r=1 or ?q=s3cr%20t%22%2fx",
        "form q=s3cr+t%22%2Fx",
        "base64 czNjciB0Ii94 end",
        "longer s3cr t\"/x",
    ];
    insta::assert_snapshot!(masked(&["s3cr t\"/x", "longer s3cr t\"/x", "  "], &lines), @r#"
        plain ***.
        json "***"
        json in json "{\"a\":\"***\"}"
        url ?q=***&r=1 or ?q=***
        form q=***
        base64 *** end
        ***
        "#);
}

#[test]
fn base64_of_longer_text_is_masked_as_a_whole() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    for user in ["", "u", "me", "you", "someone"] {
        for after in ["", "!", "!!", " and more"] {
            let text = STANDARD.encode(format!("{user}:hunter22{after}"));
            let line = format!("Authorization: Basic {text}, sent");
            let masked = masked(&["hunter22"], &[&line]);
            assert_eq!(masked, "Authorization: Basic ***, sent", "{text}");
        }
    }
}

#[test]
fn short_secrets_are_masked_only_as_words_of_their_own() {
    let lines = ["pin=x7Q, \"x7Q\" x7Q", "x7Qs 1x7Q _x7Q", "x7", "q?p=%25-"];
    insta::assert_snapshot!(masked(&["x7Q", "%"], &lines), @r#"
        pin=***, "***" ***
        x7Qs 1x7Q _x7Q
        x7
        q?p=***-
        "#);
}

#[test]
fn each_line_of_a_key_is_masked() {
    let key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\r\n  kqhkiG9w0BAQ==\nab\n-----END KEY-----";
    let lines = ["bad line MIIEvQIBADANBg", "kqhkiG9w0BAQ==", "ab", key];
    insta::assert_snapshot!(masked(&[key], &lines), @r"
        bad line ***
        ***
        ab
        ***
        ");
}

#[test]
fn the_parts_of_an_address_that_messages_show_are_masked() {
    let hook = "https://u:p@hooks.example:8443/services/T0/B0/xyz?k=v";
    let lines = [
        "`POST hooks.example:8443/services/T0/B0/xyz` answered 500",
        "Cannot POST /services/T0/B0/xyz?k=v",
        "hooks.example is fine",
    ];
    insta::assert_snapshot!(masked(&[hook], &lines), @r"
        `POST ***` answered 500
        Cannot POST ***
        hooks.example is fine
        ");
}

#[test]
fn the_beginning_of_a_secret_is_masked_when_the_message_was_cut() {
    let secret = "eyJhbGci/Oi\"J9.payload.signature";
    let lines = [
        "found `string` \"eyJhbGci/Oi\\\"J9.pa…",
        "found `eyJhbGci%2FOi%22J9.…`",
        "found `eyJ…`, `eyJh…`",
        "ZXlKaGJHY2kv…",
        "eyJhbGci without a mark",
        "a=eyJhbGci%2FOi%2… or eyJhbGci\\u002FOi\\u00… or eyJhbGci&#4…",
    ];
    insta::assert_snapshot!(masked(&[secret], &lines), @r#"
        found `string` "***…
        found `***…`
        found `eyJ…`, `***…`
        ***…
        eyJhbGci without a mark
        a=***… or ***… or ***…
        "#);
}

/// People write a blank or a bracket before a mark too.
#[test]
fn a_blank_or_a_bracket_may_stand_before_the_mark() {
    for mark in ["[...]", " [...]", "[…]", " …", " ...", " (…)", "(...)"] {
        for begun in ["tok-SECRET", "tok%2DSECRET", "dG9rLVNFQ1JFVC9h"] {
            let lines = [&format!("<{begun}{mark}>") as &str, "tok [...], tok-SEC …"];
            assert_eq!(
                masked(&["tok-SECRET/abc+def=123&x"], &lines),
                format!("<***{mark}>\ntok [...], tok-SEC …")
            );
        }
    }
}

#[test]
fn entities_with_zeros_and_without_semicolon_are_undone() {
    let key = "tok-SECRET/abc+def=123&x";
    for written in [
        "&#0000000000000000116;ok-SECRET/abc+def=123&x",
        "&#x00000000000000000000000000000000000074;ok-SECRET/abc+def=123&x",
        "tok&#45SECRET/abc&#43def=123&x",
        "tok-SECRET/abc+def=123&#38x",
        "tok-SECRET/abc+def=123&&#120",
        "tok-SECRET/abc+def=123&&#1\n20",
        "tok-SECRET/abc&#4\n  3def=123&x",
    ] {
        assert_eq!(
            masked(&[key], &[&format!("<{written}")]),
            "<***",
            "{written}"
        );
    }
}

#[test]
fn characters_that_nobody_sees_are_passed_over() {
    for unseen in
        "\u{202a}\u{202e}\u{2066}\u{2069}\u{34f}\u{fe00}\u{fe0f}\u{e0000}\u{e007f}\u{ad}".chars()
    {
        let lines = [
            format!("<tok-SEC{unseen}RET/abc+def=123&x>"),
            format!("<tok-SECRET%2{unseen}Fabc+def=123&x>"),
        ];
        let lines = lines.each_ref().map(|line| line as &str);
        let masked = masked(&["tok-SECRET/abc+def=123&x"], &lines);
        assert_eq!(masked, "<***>\n<***>", "{}", unseen.escape_unicode());
    }
}

#[test]
fn strings_inside_values_are_masked() {
    let mask = Mask::new(["1234", "true"]);
    let value = Value::from_json(br#"{"a1234":[1234,true,"x1234",12345],"b":null}"#).unwrap();
    assert_eq!(
        mask.value_within(None, &value).unwrap().to_json(),
        r#"{"a***":["***",true,"x***",12345],"b":null}"#
    );
    assert_eq!(
        mask.strings(&value).to_json(),
        r#"{"a***":[1234,true,"x***",12345],"b":null}"#
    );
}

#[test]
fn what_servers_make_of_a_key_is_masked() {
    let key = "tok-SECRET/abc+def=123&x";
    let hex: String = key.bytes().map(|byte| format!("{byte:02X}")).collect();
    let units: String = key.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let lines = [
        r"php tok-SECRET\/abc+def=123&x".to_owned(),
        r"go tok-SECRET/abc+def=123\u0026x".to_owned(),
        r".net tok-SECRET/abc\u002Bdef=123\u0026x".to_owned(),
        format!("all {units}"),
        "html tok-SECRET&#x2F;abc&#43;def=123&amp;x".to_owned(),
        "double tok-SECRET%252Fabc%252Bdef%253D123%2526x".to_owned(),
        "quote tok-SECRET/abc%2Bdef%3D123%26x".to_owned(),
        format!("hex {hex} and {};", hex.to_lowercase()),
        "any case TOK-SECRET/ABC+DEF=123&X tok-secret/abc+def=123&x".to_owned(),
        "cut tok-SECRET/a...".to_owned(),
        "lines tok-SECRET/\r\nabc+def=123&x".to_owned(),
        "unseen tok-SEC\u{200B}RET/abc+def=123&x".to_owned(),
        "base32 ORXWWLKTIVBVERKUF5QWEYZLMRSWMPJRGIZSM6A=".to_owned(),
    ];
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    insta::assert_snapshot!(masked(&[key], &lines), @r"
        php ***
        go ***
        .net ***
        all ***
        html ***
        double ***
        quote ***
        hex *** and ***;
        any case *** ***
        cut ***...
        lines ***
        unseen ***
        base32 ***
        ");
}

#[test]
fn a_key_that_is_not_ascii_is_masked() {
    let lines = [
        r"python pa\u00e4\u00dfword-\ud83d\ude00",
        "mojibake paÃ¤Ã\u{9f}word-ð\u{9f}\u{98}\u{80}",
        "percent pa%C3%A4%C3%9Fword-%F0%9F%98%80",
        "html pa&#228;&#xdf;word-&#128512;",
        "case PAÄSSWORD-😀 PAäßWORD-😀",
        "apart paa\u{308}ßword-😀",
        "windows paÃ¤ÃŸword-ðŸ˜€",
    ];
    insta::assert_snapshot!(masked(&["paäßword-😀"], &lines), @r"
        python ***
        mojibake ***
        percent ***
        html ***
        case *** ***
        apart ***
        windows ***
        ");
}

#[test]
fn letters_with_marks_are_found_apart_and_joined() {
    let forms = [
        "ếあがП한글é",
        "e\u{302}\u{301}あか\u{3099}П\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}e\u{301}",
    ];
    for secret in forms {
        assert_eq!(masked(&[secret], &forms), "***\n***");
    }
}

#[test]
fn encodings_around_each_other_are_undone() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let key = "tok-SECRET/abc+def=123&x";
    let json = |text: &str| Value::from(text).to_json();
    let percent = crate::base::percent::encode;
    for text in [
        json(&json(&json(key))),
        percent(&percent(&percent(key))),
        STANDARD.encode(STANDARD.encode(STANDARD.encode(key))),
        percent(&STANDARD.encode(json(key))),
        STANDARD.encode(format!("user:{}", percent(&json(key)))),
        json(&percent(&STANDARD.encode(key))),
    ] {
        let line = format!("before {text} after");
        let masked = masked(&[key], &[&line]);
        assert!(
            masked.starts_with("before ") && masked.ends_with(" after"),
            "{masked}"
        );
        assert!(masked.len() < 40, "{text} became {masked}");
    }
}

/// A line may break anywhere, also in the middle of an escape, and be indented.
#[test]
fn escapes_that_are_broken_over_lines_are_undone() {
    let key = "tok-SECRET/abc+def=123&x";
    for written in [
        "tok-SECRET%2\nFabc%2Bdef=123&x",
        "tok-SECRET%\r\n2Fabc%2\u{200b}Bdef=123&x",
        "tok-SECRET\\u00\n2fabc\\u\n002bdef=123&x",
        "tok-SECRET\\\n/abc+def\\u00\n    3d123&x",
        "tok-SECRET&#x2\nF;abc&pl\n\tus;def=123&am\r\n  p;x",
        "tok-SEC\n    RET/abc\n    +def=123&x",
        "tok-SECRET/abc+def=1\u{0}2\u{0}3&x",
    ] {
        assert_eq!(
            masked(&[key], &[&format!("<{written}>")]),
            "<***>",
            "{written}"
        );
    }
}

#[test]
fn other_ways_to_write_a_key_are_undone() {
    let key = "tok-SECRET/äbc+def=12";
    let numbers = |separator: &str, write: fn(u8) -> String| -> String {
        let bytes: Vec<_> = key.bytes().map(write).collect();
        bytes.join(separator)
    };
    let utf16: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let ascii = key.replace('ä', "a");
    let ascii16: Vec<u8> = ascii.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let base64 = |bytes: &[u8]| {
        use base64::{Engine, engine::general_purpose::STANDARD};
        STANDARD.encode(bytes)
    };
    assert_eq!(masked(&[&ascii], &[&base64(&ascii16)]), "***");
    assert!(!masked(&["tok-SECRET"], &[&base64(&utf16)]).contains("AG8AawAtAFMARQ"));
    for written in [
        "tok-SECRET\\057\\303\\244bc\\053def\\07512",
        "tok-SECRET\\2f äbc\\2b def\\3d 12",
        "tok-SECRET\\00002fäbc+def=12",
        "tok-SECRET\\x{2f}\\x{e4}bc+def=12",
        "tok-SECRET&sol;&auml;bc&plus;def&equals;12",
        "tok&hyphen;SECRET/&#228;bc+def=12",
        "tok&dash;SECRET/&#xE4;bc+def=12",
        &numbers(":", |byte| format!("{byte:02x}")),
        &numbers(" ", |byte| format!("{byte:02X}")),
        &numbers(", ", |byte| format!("0x{byte:02x}")),
        &numbers(",", |byte| byte.to_string()),
        &numbers(",\n    ", |byte| byte.to_string()),
        &numbers(":", |byte| format!("{byte:02x}")).replace("6b", "6\nb"),
    ] {
        assert_eq!(
            masked(&[key], &[&format!("<{written}>")]),
            "<***>",
            "{written}"
        );
    }
}

#[test]
fn what_stands_behind_a_key_in_hexadecimal_digits_stays() {
    let key = "0123456789-SECRET";
    let digits: String = key.bytes().map(|byte| format!("{byte:02x}")).collect();
    let lines = [&format!("key {digits}"), "deadbeef was here", "ab"];
    let lines = lines.map(|line| line as &str);
    assert_eq!(masked(&[key], &lines), "key ***\ndeadbeef was here\nab");
}
