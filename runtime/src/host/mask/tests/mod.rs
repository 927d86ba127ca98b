//! Tests of `mask`.

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

#[test]
fn strings_inside_values_are_masked() {
    let mask = Mask::new(["1234", "true"]);
    let value = Value::from_json(br#"{"a1234":[1234,true,"x1234",12345],"b":null}"#).unwrap();
    assert_eq!(
        mask.value(&value).to_json(),
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
