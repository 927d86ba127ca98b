//! Tests of `environment`.

use super::*;

#[test]
fn environment_files_are_read_line_by_line() {
    let text = "# comment\nA=1\n\nexport B = two words # note\nC='it # is'\nD=\"x\\n\\\"y\\\"\"\nE=\nF=a#b\n";
    let entries = parse(text).unwrap();
    let shown: Vec<_> = entries
        .iter()
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
        A="1"
        B="two words"
        C="it # is"
        D="x\n\"y\""
        E=""
        F="a#b"
        "#);
    assert_eq!(
        parse("A=1\nnonsense").unwrap_err(),
        "line 2: expected `NAME=value`"
    );
    assert_eq!(
        parse("A b=1").unwrap_err(),
        "line 1: `A b` is not a variable name"
    );
    assert_eq!(parse("A='x").unwrap_err(), "line 1: a quote is not closed");
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
    let environment = Environment::of([("B".to_owned(), "x".to_owned())]);
    assert_eq!(environment.missing(TABLE), ["A", "C"]);
    assert_eq!(environment.secrets(TABLE).collect::<Vec<_>>(), ["x"]);
}
