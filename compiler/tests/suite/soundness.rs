//! Inferred types are true. For generated expressions, the value has the inferred type, and an
//! expression that is refused for its types really fails.
//!
//! The expressions are the same that the expression crate compares with CPython.

use fmc::{diagnostics::Code, infer::infer_expression, types::Type};
use fmc_expr::{Cx, Value, interp, parse};
use fmc_test_expressions::{Generator, Random};

const EXPRESSIONS: u64 = 20_000;

/// `data` as the only name.
fn names(data: Value) -> interp::Names {
    interp::Names::from([("data".to_owned(), data)])
}

/// Whether a value has a type.
fn is_of(value: &Value, ty: &Type) -> bool {
    ty.alternatives().iter().any(|ty| match (ty, value) {
        (Type::Any, _)
        | (Type::Null, Value::Null)
        | (Type::Bool, Value::Bool(_))
        | (Type::Int, Value::Int(_))
        | (Type::Float, Value::Float(_)) => true,
        (Type::Str(known), Value::Str(_)) => match known {
            Some(known) => known.iter().any(|known| known == value.as_str().unwrap()),
            None => true,
        },
        (Type::List(element), Value::List(items)) => items.iter().all(|item| is_of(item, element)),
        (Type::Object(object), Value::Object(entries)) => {
            let required = object.fields.iter().filter(|(_, field)| !field.optional);
            let mut required = required.map(|(name, _)| name);
            required.all(|name| entries.iter().any(|(key, _)| **key == **name))
                && entries.iter().all(|(key, value)| {
                    let ty = ty.member(key);
                    ty.is_some_and(|ty| is_of(value, &ty)) || value.is_null()
                })
        }
        _ => false,
    })
}

/// Codes about expressions that would run but give nothing useful.
const USELESS: &[Code] = &[Code::NeverEqual, Code::UnknownMember];

#[test]
fn values_are_of_their_inferred_types() {
    let mut wrong = Vec::new();
    let (mut typed, mut loose, mut refused, mut unevaluated) = (0, 0, 0, 0);
    for seed in 0..EXPRESSIONS {
        let mut generator = Generator::new(seed);
        let text = generator.expression();
        let data = fmc_test_expressions::data(&mut Random::new(seed + 1_000_000));
        let data = Value::from_json(data.as_bytes()).unwrap();
        let scope = [("data".to_owned(), Type::like(&data))];
        let parsed = parse::parse(&text);
        let value = interp::eval(&parsed.expr, &names(data.clone()), &Cx::new());
        match (infer_expression(&text, &scope), value) {
            (Ok(ty), Ok(value)) => {
                typed += 1;
                loose += u64::from(ty == Type::Any);
                if !is_of(&value, &ty) {
                    wrong.push(format!(
                        "{text}\n  of type {ty}\n  gives   {}",
                        value.to_json()
                    ));
                }
            }
            (Ok(_), Err(_)) => {}
            (Err(_), Err(_)) => refused += 1,
            (Err(found), Ok(value)) => {
                let found: Vec<_> = found
                    .iter()
                    .filter(|found| !USELESS.contains(&found.code))
                    .collect();
                // What comes after a choice may never be evaluated.
                let choice = [" or ", " and ", " if ", " for ", "<", ">", "="]
                    .iter()
                    .any(|word| text.contains(word));
                if let (Some(first), false) = (found.first(), choice) {
                    wrong.push(format!(
                        "{text}\n  refused: {}\n  gives    {}",
                        first.message,
                        value.to_json()
                    ));
                }
                unevaluated += 1;
            }
        }
    }
    println!(
        "{typed} typed, {loose} of them loosely; {refused} refused and failing, {unevaluated} refused and passing"
    );
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    assert!(typed > 10_000, "{typed}");
    assert!(loose * 3 < typed, "{loose} of {typed}");
}
