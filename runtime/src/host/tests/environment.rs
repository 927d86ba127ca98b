//! Tests of `environment`.

use super::*;

#[test]
fn environment_files_are_read_line_by_line() {
    let text = "# comment\nA=1\n\nexport B = two words # note\nC='it # is'\nD=\"x\\n\\\"y\\\"\"\nE=\nF=a#b\n\
                export\tG=1\t# note\r\nexport \t H='a' # note\nI=\"b\"\nJ= # note\nK=#fff\nexported=1\nL='a\"b'\n";
    let entries = parse(text).unwrap();
    let shown: Vec<_> = entries
        .iter()
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r##"
        A="1"
        B="two words"
        C="it # is"
        D="x\n\"y\""
        E=""
        F="a#b"
        G="1"
        H="a"
        I="b"
        J=""
        K="#fff"
        exported="1"
        L="a\"b"
        "##);
    assert_eq!(
        parse("A=1\nnonsense").unwrap_err(),
        "line 2: expected `NAME=value`"
    );
    assert_eq!(
        parse("A b=1").unwrap_err(),
        "line 1: `A b` is not a variable name"
    );
    assert_eq!(parse("A='x").unwrap_err(), "line 1: a quote is not closed");
    for wrong in ["A='a'b", "A=\"a\"b", "A='a''b'", "A='a'#b", "A='it's'"] {
        let error = parse(&format!("X=1\n{wrong}")).unwrap_err();
        assert!(
            error.starts_with("line 2: text follows the closing quote"),
            "{wrong} {error}"
        );
    }
    assert!(parse("export").is_err() && parse("export =1").is_err());
}

#[test]
fn missing_variables_are_named_in_order() {
    const TABLE: &[EnvVar] = &[
        EnvVar {
            name: "A",
            required: true,
            secret: false,
        },
        EnvVar {
            name: "B",
            required: false,
            secret: true,
        },
        EnvVar {
            name: "C",
            required: true,
            secret: false,
        },
    ];
    // What is set but empty is missing too.
    let set = [("B", "x"), ("C", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let environment = Environment::of(set);
    assert_eq!(environment.missing(TABLE), ["A", "C"]);
    assert_eq!(environment.secrets(TABLE).collect::<Vec<_>>(), ["x"]);
}
