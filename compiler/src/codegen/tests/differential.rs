//! Generated code and the interpreter compute the same: values, refusals and limits.

use std::{fmt::Write as _, fs, path::Path};

use fmc_expr::{Cx, Value, builtins, interp, parse};

use super::lower::lower;
use crate::codegen::{
    Feature, Program,
    constants::Constants,
    expr,
    paths::{self, Imports},
    print,
    rust::{Code, Comment, Function, Item, Literal, Name, Parameter, Type},
};

/// Every line of `fixtures/expr/*.txt`, and the example of every pure builtin.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/expr");
    let mut lines = Vec::new();
    for name in ["operators.txt", "calls.txt", "comprehensions.txt"] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        lines.extend(text.lines().map(str::to_owned));
    }
    lines.retain(|line| !line.is_empty() && !line.starts_with('#'));
    let pure = builtins::all().filter(|builtin| builtin.pure);
    lines.extend(pure.map(|builtin| builtin.example.0.to_owned()));
    lines
}

fn data() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/expr");
    fs::read_to_string(folder.join("data.json")).unwrap()
}

struct Names(Value);

impl interp::Scope for Names {
    fn name(&self, name: &str) -> Option<Value> {
        (name == "input").then(|| self.0.clone())
    }

    fn names(&self) -> Vec<String> {
        vec!["input".to_owned()]
    }
}

/// The program that evaluates every expression, with a scope of its own that is only `input`.
fn program_of(texts: &[String]) -> (Program, Vec<String>) {
    let mut imports = Imports::default();
    let mut constants = Constants::default();
    let mut items = Vec::new();
    let mut kept = Vec::new();
    for text in texts {
        let parsed = parse::parse(text);
        assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
        let Some(lowered) = lower(&parsed.expr) else {
            panic!("{text} is not lowered: {:?}", parsed.expr);
        };
        let compiled = expr::function(&lowered, &mut imports, &mut constants);
        let parameters = vec![
            Parameter::new("s", compiled.uses_scope, Type::new("Scope").borrowed()),
            Parameter::new("cx", compiled.uses_cx, Type::new("Cx").borrowed()),
        ];
        items.push(Item::Function(Function {
            about: Some(Comment::quoted(text)),
            name: Name::numbered("e", kept.len()),
            parameters,
            result: Type::new("Result").of(&["Value", "EvalError"]),
            body: compiled.body,
        }));
        kept.push(text.clone());
    }
    for item in [paths::CX, paths::EVAL_ERROR, paths::VALUE] {
        imports.name(item);
    }
    items.extend(constants.items(&mut imports));
    let table = (0..kept.len()).map(|number| Code::Name(Name::numbered("e", number)));
    items.push(Item::Static(
        Name::new("ALL"),
        Type::new("Run").array(kept.len()),
        Code::Array(table.collect()),
    ));
    let items = print::items(&items);
    let main_rs = format!(
        "#![deny(warnings)]\n\n{}\n\
         struct Scope(Value);\n\n\
         impl Scope {{\n    fn input(&self) -> Value {{\n        self.0.clone()\n    }}\n}}\n\n\
         type Run = fn(&Scope, &Cx) -> Result<Value, EvalError>;\n\n\
         {items}\n\n\
         fn main() {{\n    \
             let scope = Scope(Value::from_json({}.as_bytes()).unwrap_or_default());\n    \
             for run in ALL {{\n        \
                 let cx = Cx::new();\n        \
                 let result = run(&scope, &cx).and_then(|value| cx.check_result(&value).map(|()| value));\n        \
                 match result {{\n            \
                     Ok(value) => println!(\"ok {{}}\", value.to_json()),\n            \
                     Err(error) => println!(\"error {{error}}\"),\n        \
                 }}\n    \
             }}\n}}\n",
        imports.lines(),
        Literal::text(&data()),
    );
    let features = [Feature::Regex].into();
    let stages = kept.len();
    (
        Program {
            id: "differential".to_owned(),
            main_rs,
            features,
            stages,
            loops: true,
        },
        kept,
    )
}

#[test]
fn generated_code_computes_what_the_interpreter_computes() {
    let texts = corpus();
    let (program, texts) = program_of(&texts);
    assert!(texts.len() >= 300, "{}", texts.len());
    let output = super::run_denying_warnings(&program);
    assert!(output.status.success(), "{output:?}");
    let output = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = output.lines().collect();
    assert_eq!(lines.len(), texts.len());

    let scope = Names(Value::from_json(data().as_bytes()).unwrap());
    let mut differences = String::new();
    for (text, compiled) in texts.iter().zip(lines) {
        let expr = parse::parse(text).expr;
        let interpreted = match interp::eval(&expr, &scope, &Cx::new()) {
            Ok(value) => format!("ok {}", value.to_json()),
            Err(located) => format!("error {}", located.error),
        };
        if interpreted != compiled {
            let _ = writeln!(
                differences,
                "{text}\n  interpreted {interpreted}\n  compiled    {compiled}"
            );
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}
