//! Checks the example of every builtin, and the operators as the language reference describes them.

use fmc_expr::{Cx, builtins, interp, parse};

fn eval(text: &str) -> Result<String, String> {
    let parsed = parse::parse(text);
    if let Some(error) = parsed.errors.first() {
        return Err(format!("{error} at {:?}", error.span));
    }
    interp::eval(&parsed.expr, &interp::Names::new(), &Cx::new())
        .map(|value| value.to_json())
        .map_err(|located| located.error.message)
}

#[test]
fn every_builtin_gives_the_result_of_its_example() {
    let wrong: Vec<_> = builtins::all()
        .map(|row| {
            (
                row.example.0,
                eval(row.example.0),
                Ok(row.example.1.to_owned()),
            )
        })
        .filter(|(_, found, expected)| found != expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn operators_agree_with_the_language_reference() {
    let rows = [
        ("1 + 2 * 3 ** 2", "19"),
        ("-2 ** 2", "-4"),
        ("2 ** -1", "0.5"),
        ("2 ** 3 ** 2", "512"),
        ("7 // -2", "-4"),
        ("7 % -2", "-1"),
        ("not 1 == 2", "true"),
        ("1 < 2 < 3", "true"),
        ("1 < 2 > 5", "false"),
        ("'a' in 'abc' and 2 not in [1]", "true"),
        ("None or 'x'", "\"x\""),
        ("[x * 2 for x in range(5) if x % 2]", "[2,6]"),
        (
            "{k: v for k, v in {'a': 1, 'b': 2}.items() if v > 1}",
            "{\"b\":2}",
        ),
        ("{x for x in [1, 1, 2]}", "[1,2]"),
        ("(1, 2)[0]", "1"),
        ("[1, 2, 3][::-1]", "[3,2,1]"),
        ("'héllo'[1:3]", "\"él\""),
        ("{'a': {'b': 1}}.a.b", "1"),
        ("{'a': 1}.x.y.z", "null"),
        ("[1][5]", "null"),
        ("f'{1.5:>6.2f}|{\"a\"!r}|{True}'", "\"  1.50|'a'|true\""),
        ("'a' 'b' f'{1}'", "\"ab1\""),
        ("any(1 / x > 0 for x in [1, 0])", "true"),
        ("[1, 2] | join('-') | upper", "\"1-2\""),
        ("1 if [] else 2 if 0 else 3", "3"),
        ("{'items': 1}.items", "1"),
        ("len({'len': 1}.items())", "1"),
        ("math.pi > 3", "true"),
        ("10 / 4", "2.5"),
        ("1e16", "1e+16"),
        ("0x1F + 0b11", "34"),
        ("9007199254740993 / 9007199254740992", "1.0"),
    ];
    let wrong: Vec<_> = rows
        .iter()
        .map(|(text, expected)| (*text, eval(text), *expected))
        .filter(|(_, found, expected)| found.as_deref() != Ok(*expected))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
