//! What of a secret is masked by itself.
//!
//! Enters: secrets with a structure, and texts with parts of them. Leaves: which parts are masked,
//! and which words are not.

use super::masked;

/// Texts that must hold nothing of a secret, and texts that must stay.
fn check(secret: &str, hidden: &[&str], shown: &[&str]) {
    for text in hidden {
        assert_eq!(
            masked(&[secret], &[&format!("<{text}>")]),
            "<***>",
            "{secret}"
        );
    }
    for text in shown {
        assert_eq!(masked(&[secret], &[text]), *text, "{secret}");
    }
}

#[test]
fn the_query_of_a_secret_url_is_masked() {
    check(
        "http://127.0.0.1:9411?api_key=QUERYSECRET123&n=1",
        &["api_key=QUERYSECRET123&n=1", "QUERYSECRET123"],
        &["127.0.0.1:9411/ answered", "api_key", "n=1"],
    );
    check(
        "http://h.example/?api_key=QUERY%2fSECRET+1#fragment%21x",
        &[
            "QUERY%2fSECRET+1",
            "QUERY/SECRET 1",
            "QUERY/SECRET+1",
            "fragment%21x",
            "fragment!x",
        ],
        &["h.example/", "fragment"],
    );
    // Eight characters as written, three as meant.
    check("http://h.example/?a=%41%42%43", &[], &["ABC", "abc"]);
}

#[test]
fn the_credentials_of_a_secret_url_are_masked() {
    check(
        "postgres://svc:S3cretPassw0rd%21x@db.example:5432/app",
        &[
            "svc:S3cretPassw0rd%21x",
            "svc:S3cretPassw0rd!x",
            "S3cretPassw0rd!x",
            "c3ZjOlMzY3JldFBhc3N3MHJkIXg=",
        ],
        &["svc", "db.example:5432 is down"],
    );
    check(
        "http://ghp_token1234@h.example",
        &["ghp_token1234"],
        &["h.example"],
    );
    check(
        "http://ghp_token1234:@h.example",
        &["ghp_token1234"],
        &["h.example"],
    );
    check("http://admin@h.example", &[], &["admin"]);
    check(
        "http://admin:pw@h.example/?x",
        &[],
        &["admin", "pw", "admin:pw"],
    );
}

/// A password with `/`, `?` or `#` ends what readers of URLs take for the host.
#[test]
fn credentials_that_are_read_as_a_host_are_masked() {
    for mark in ['/', '?', '#', '\\'] {
        check(
            &format!("http://svc:S3cret{mark}Passw0rdLong@h.example/"),
            &["svc:S3cret", "S3cret", &format!("S3cret{mark}Passw0rdLong")],
            &["svc", "h.example"],
        );
        check(
            &format!("http://s3crettokenABC{mark}x@h.example/"),
            &[
                "s3crettokenABC",
                "s3crettokenabc",
                &format!("s3crettokenABC{mark}x"),
            ],
            &["h.example"],
        );
    }
    check("http://12345678/x@h.example", &["0.188.97.78"], &[]);
    check(
        "https://hooks.example:8443/services/a",
        &[],
        &["hooks.example:8443"],
    );
    check("https://hooks.example:8443/?to=a@b", &[], &["8443"]);
}

#[test]
fn the_strings_of_a_secret_in_json_are_masked() {
    check(
        r#"{"user":"app","password":"hunter2\u0021hunter2","n":12345678,"deep":[{"url":"http://u:p4ss@h/"}]}"#,
        &["hunter2!hunter2", "aHVudGVyMiFodW50ZXIy", "u:p4ss"],
        &["app", "password", "12345678"],
    );
    check(
        r#"{"private_key":"-----BEGIN KEY-----\nMIIEvQIBADANBg\nab\n-----END KEY-----\n"}"#,
        &[
            "MIIEvQIBADANBg",
            "-----BEGIN KEY-----\nMIIEvQIBADANBg\nab\n-----END KEY-----",
        ],
        &["private_key", "ab"],
    );
}

#[test]
fn the_values_of_a_connection_string_are_masked() {
    check(
        "Server=tcp:db.example,1433;User ID=app;AccountKey=abcDEF123+/==;Password='hunter2hunter2';",
        &["abcDEF123+/==", "hunter2hunter2"],
        &["Server", "app", "AccountKey"],
    );
    check(
        "host=db user=app password=hunter2hunter2",
        &["hunter2hunter2"],
        &["host=db", "password"],
    );
    // A password that only looks like pairs.
    check("a|b=wordwordword;c", &[], &["wordwordword"]);
}
