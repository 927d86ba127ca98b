//! Generated code and the interpreter give the same values and errors, and spend the same steps.
//! The test compares with a built binary: its expressions are evaluated by the runtime's own
//! `Scope::eval`, not by a `main` written for this test.

use std::{fmt::Write as _, fs, path::Path};

use fmc_expr::{Cx, Value, builtins, interp, parse};

use super::lower::lower;
use crate::codegen::{
    Feature, Program,
    constants::Constants,
    expr,
    parts::Parts,
    paths::{self, Imports},
    print,
    rust::{Comment, Function, Item, Literal, Name, Parameter, RustExpr, RustType},
    shapes::Shapes,
};

/// Results that are larger than 64 MiB in memory, although their text is not.
const TOO_LARGE: [&str; 2] = [
    "[[range(900000), range(900000)], [range(900000), range(900000)]]",
    "{'a': range(900000), 'b': {'c': range(900000), 'd': [range(900000), range(900000)]}}",
];

/// Work just within and just beyond the 10 million steps of an expression, in pairs.
const STEPS: [&str; 8] = [
    "len([x for x in range(450000) if -x * 2 + 3 ** 2 // 1 % 5 == 77])",
    "len([x for x in range(1200000) if -x * 2 + 3 ** 2 // 1 % 5 == 77])",
    "sum([x for x in range(1100000) if x in [1, 2, 3]])",
    "sum([x for x in range(1700000) if x in [1, 2, 3]])",
    "any(x < 0 and 'a' == 'b' for x in range(1900000))",
    "any(x < 0 and 'a' == 'b' for x in range(3400000))",
    "len([x for y in range(1000) for x in range(1500) if f'{x}' == (y, 1)])",
    "len([x for y in range(1000) for x in range(3500) if f'{x}' == (y, 1)])",
];

/// Pairs just within and just beyond the other limits: the bytes that are alive, also while
/// something grows, the size of a text, a list and an object, and how deep a result is nested.
fn limits() -> [String; 12] {
    let texts = |last: u32| {
        format!(
            "[len(d) for a in ['a' * 60000000] for b in ['b' * 60000000] \
             for c in ['c' * 60000000] for d in ['d' * {last}]]"
        )
    };
    let lists = |last: u32| {
        format!(
            "[len(d) for a in ['a' * 60000000] for b in ['b' * 60000000] \
             for c in ['c' * 60000000] for d in [[x for x in [2] * {last}]]]"
        )
    };
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{open}fromjson('[' * 120 + ']' * 120){close}")
    };
    [
        texts(44_200_000),
        texts(44_300_000),
        lists(700_000),
        lists(1_500_000),
        "len('a' * 67108864)".to_owned(),
        "len('a' * 67108865)".to_owned(),
        "len([0] * 2796202)".to_owned(),
        "len([0] * 2796203)".to_owned(),
        "len({str(x): 'a' * 900 + str(x) for x in range(80000)})".to_owned(),
        "{str(x): 'a' * 900 + str(x) for x in range(80000)}".to_owned(),
        nested(80),
        nested(81),
    ]
}

/// Every line of `fixtures/expr/*.txt`, the example of every pure builtin, and enough that are
/// alike but for their constants to share bodies.
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
    lines.extend((0..ALIKE).flat_map(alike));
    lines
}

/// The fewest nodes that can be a part without a part for every name.
const SMALLEST: usize = 3;

/// How many there are of each of [`alike`].
const ALIKE: usize = 12;

/// Expressions of which each number gives others, in names, texts, numbers and lists only. Some
/// fail, and some have what differs where it is not evaluated.
fn alike(number: usize) -> [String; 8] {
    let field = ["items", "missing", "name", "n"][number % 4];
    [
        format!("input.{field} or 'none {number}'"),
        format!(
            "[x * {number} for x in [1, {number}, 3] if x < {}]",
            number + 2
        ),
        format!("len(input.{field})"),
        format!(
            "{number} if 'a{number}' in ['a1', 'a{number}', 'a{}'] else [{number}][{}]",
            number % 3,
            number % 2
        ),
        format!("{number} in [1, 2, {number}] and [{number}, 2] == [3, 2] or 'x{number}'.upper()"),
        format!(
            "f'{{input.{field}}} of {number}: {{{number} / {}:.2f}}'",
            number % 5
        ),
        format!(
            "any(x == {number} or x == 'y{number}' for x in [{}, 7])",
            number / 2
        ),
        format!("'a' + input.{field}[{number}]"),
    ]
}

fn data() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/expr");
    fs::read_to_string(folder.join("data.json")).unwrap()
}

/// The end of the runtime's message, which says where the expression is.
const PLACE: &str = " in `…` (`f`, line 1, column 1)";

/// The tables that run the generated functions: a stage for each expression, since an attempt of a
/// stage has one budget; a last stage that collects what they gave; and a pipeline of them all. The
/// data is its sample input.
const TABLES: &str = r#"const fn of(run: fn(&Scope<'_>, &Cx) -> Result<Value, EvalError>) -> Expression {
    Expression {
        text: "…",
        field: "f",
        line: 1,
        column: 1,
        run,
    }
}

fn spent(_: &Scope<'_>, cx: &Cx) -> Result<Value, EvalError> {
    Ok(Value::Int(cx.spent() as i64))
}

static SPENT: Expression = of(spent);

fn one<const N: usize>(s: &Scope<'_>) -> Outcome {
    let result = s.eval(&ALL[N]);
    let steps = s.eval(&SPENT).unwrap_or_default().to_json();
    let line = match result {
        Ok(value) => format!("{steps} steps, ok {}", value.to_json()),
        Err(fault) => format!("{steps} steps, error {}", fault.message),
    };
    Ok(data(Value::from(line)))
}

fn all(s: &Scope<'_>) -> Outcome {
    let line = |stage| s.upstream(stage).get("result").cloned().unwrap_or_default();
    let lines = (0..).zip(&ALL).map(|(stage, _)| line(stage)).collect();
    Ok(data(Value::list(lines)))
}

fn data(value: Value) -> Value {
    Value::object(Map::from_iter([(Str::from("data"), value)]))
}

const fn stage(config: fn(&Scope<'_>) -> Outcome, depends_on: &'static [DependencyPlan]) -> StagePlan {
    StagePlan {
        id: "one",
        kind: StageKind::Leaf(&component::JSON_TRANSFORM),
        config,
        deferred: &[],
        depends_on,
        owners: &[],
        foreach: None,
        enabled: true,
        timeout_ms: None,
        on_error: OnError::Fail,
        fallback: None,
        status_observed: false,
    }
}

static PIPELINE: PipelinePlan = PipelinePlan {
    id: "differential",
    name: "Differential",
    version: "",
    hash: "",
    compiler: "",
    stages: &STAGES,
    output: Some(ALL.len() as u32),
    env: &[],
    hosts: &[],
    input_schema: None,
    output_schema: None,
    sample_input: Some(DATA),
    allow_hosts: None,
};

fn main() -> ExitCode {
    fmc_runtime::main(&PIPELINE)
}
"#;

/// Expressions of so many elements, operands or parts, of every kind that may be long.
fn wide(count: usize) -> Vec<String> {
    let many = |one: &dyn Fn(usize) -> String, between: &str| {
        (0..count).map(one).collect::<Vec<_>>().join(between)
    };
    let reads = many(&|at| format!("input.n + {at}"), ", ");
    let names = many(&|at| format!("a{at}"), ", ");
    let ones = many(&|at| format!("{at}"), ", ");
    vec![
        format!("[{reads}]"),
        format!("{{{reads}}}"),
        format!("max({reads})"),
        format!("'{{0}} {{7}}'.format({reads})"),
        format!("[[x, {reads}, x] for x in input.items]"),
        format!("[[[x, y, {reads}] for y in [x, 2]] for x in [1, 2]][1][0][1:3]"),
        format!(
            "{{{}}}",
            many(&|at| format!("'k{at}': input.n * {at}"), ", ")
        ),
        format!(
            "f'{}'",
            many(&|at| format!("{{input.n:>{{{at} % 7}}}}"), "-")
        ),
        format!("[[{names}] for {names} in [[{ones}]]]"),
        format!("[{ones}] == [{ones}, 1]"),
        format!(
            "[x for x in [1, 2] {}]",
            many(&|at| format!("if x != {at}"), " ").replace("!= 2", "> 1")
        ),
        format!(
            "[x for x in [1, 2] {}]",
            many(&|at| format!("if x != {}", at + 3), " ")
        ),
        format!(
            "[{}]",
            many(&|at| format!("any(x > {at} for x in [1, {at}])"), ", ")
        ),
        format!(
            "{} and 1",
            many(&|at| format!("(input.n != {at} or input.missing)"), " and ")
        ),
        format!(
            "1 if {} else 2",
            many(&|at| format!("(input.n == {at} and 1)"), " or ")
        ),
        format!("[{reads}, 1 / 0, input.missing.x]"),
        format!(
            "input.name.format({reads}, {})",
            many(&|at| format!("k{at}=input.n"), ", ")
        ),
        format!("input.n.format({reads})"),
        many(
            &|at| format!("({at} if input.n == {at} else input.name)"),
            " or ",
        ),
    ]
}

/// A program that evaluates every expression: all as usual, and again those after `cut` in parts as
/// small as can be.
fn program_of(texts: &[String], cut: usize) -> (Program, Vec<String>) {
    let mut imports = Imports::default();
    let mut constants = Constants::default();
    let mut items = Vec::new();
    let mut kept = Vec::new();
    let mut shapes = Shapes::default();
    let mut parts = Parts::default();
    for (nth, text) in texts.iter().enumerate() {
        if nth == cut {
            parts = parts.cut_at(SMALLEST);
        }
        let parsed = parse::parse(text);
        assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
        let Some(lowered) = lower(&parsed.expr) else {
            panic!("{text} is not lowered");
        };
        let compiled = expr::function(&lowered, &mut imports, &mut constants, &mut parts);
        for part in parts.take_new() {
            shapes.note(&part);
            items.push(Item::Function(part));
        }
        let parameters = vec![
            Parameter::new(
                "s",
                compiled.uses_scope,
                RustType::new("Scope").of(&["'_"]).borrowed(),
            ),
            Parameter::new("cx", compiled.uses_cx, RustType::new("Cx").borrowed()),
        ];
        let function = Function {
            about: Some(Comment::back_ticked(text)),
            name: Name::numbered("e", kept.len()),
            parameters,
            result: RustType::new("Result").of(&["Value", "EvalError"]),
            body: compiled.body,
        };
        shapes.note(&function);
        items.push(Item::Function(function));
        kept.push(text.clone());
    }
    for item in [
        paths::COMPONENT,
        paths::CX,
        paths::DEPENDENCY,
        paths::EVAL_ERROR,
        paths::EXIT_CODE,
        paths::EXPRESSION,
        paths::KIND,
        paths::MAP,
        paths::ON_ERROR,
        paths::OUTCOME,
        paths::PIPELINE,
        paths::SCOPE,
        paths::STAGE,
        paths::STR,
        paths::VALUE,
    ] {
        imports.name(item);
    }
    items.extend(constants.items(&mut imports));
    let shared = shapes.share(&mut items, &mut imports);
    assert!(shared.len() >= alike(0).len(), "{}", shared.len());
    items.extend(shared);
    let table = (0..kept.len()).map(|number| {
        let function = RustExpr::Name(Name::numbered("e", number));
        RustExpr::Call(Name::new("of"), vec![function])
    });
    items.push(Item::Static(
        Name::new("ALL"),
        RustType::new("Expression").array(kept.len()),
        RustExpr::Array(table.collect()),
    ));
    let items = print::items(&items);
    let stages: Vec<_> = (0..kept.len())
        .map(|number| format!("    stage(one::<{number}>, &[]),\n"))
        .collect();
    let first = (0..kept.len())
        .map(|number| format!("DependencyPlan {{ stage: {number}, conditional: false }}"));
    let stages = format!(
        "static STAGES: [StagePlan; {}] = [\n{}    stage(all, &[{}]),\n];",
        kept.len() + 1,
        stages.concat(),
        first.collect::<Vec<_>>().join(", "),
    );
    let data = format!("const DATA: &str = {};", Literal::text(&data()));
    let main_rs = format!(
        "#![deny(warnings)]\n\n{}\n{items}\n\n{data}\n\n{stages}\n\n{TABLES}",
        imports.lines(),
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
    let mut texts = corpus();
    texts.extend(TOO_LARGE.map(str::to_owned));
    texts.extend(STEPS.map(str::to_owned));
    texts.extend(limits());
    texts.extend(wide(150));
    let cut = texts.len();
    texts.extend(corpus());
    texts.extend(wide(12));
    let (program, texts) = program_of(&texts, cut);
    assert!(program.main_rs.matches("\nfn part").count() >= 500);
    assert!(texts.len() >= 300, "{}", texts.len());
    let output = super::run_denying_warnings(&program);
    assert!(output.status.success(), "{output:?}");
    let output = Value::from_json(&output.stdout).unwrap();
    let lines = output.get("result").and_then(Value::as_list).unwrap();
    let lines: Vec<_> = lines.iter().filter_map(Value::as_str).collect();
    assert_eq!(lines.len(), texts.len());

    let input = Value::from_json(data().as_bytes()).unwrap();
    let scope = interp::Names::from([("input".to_owned(), input)]);
    for (nth, text) in limits().iter().enumerate() {
        let result = interp::eval(&parse::parse(text).expr, &scope, &Cx::new());
        assert_eq!(result.is_err(), nth % 2 == 1, "{text}");
    }
    let mut differences = String::new();
    for (text, compiled) in texts.iter().zip(lines) {
        let compiled = compiled.strip_suffix(PLACE).unwrap_or(compiled);
        let expr = parse::parse(text).expr;
        let cx = Cx::new();
        let result = interp::eval(&expr, &scope, &cx);
        let result = match result {
            Ok(value) => format!("ok {}", value.to_json()),
            Err(located) => format!("error {}", located.error),
        };
        let interpreted = format!("{} steps, {result}", cx.spent());
        if interpreted != compiled {
            let _ = writeln!(
                differences,
                "{text}\n  interpreted {interpreted}\n  compiled    {compiled}"
            );
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}
