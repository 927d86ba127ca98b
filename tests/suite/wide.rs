//! What is checked can be built, however wide it is: no function of a program grows with the text of
//! the pipeline, since rustc's time and memory for a function grow faster than the function.

use fmc::{Settings, check, codegen, source::SourceMap};
use fmc_tests::{Pipeline, hostile};
use serde_json::{Value, json};

/// The most lines that a function of an expression may have. Those of settings are data, in which a
/// row costs the same however many there are.
const LINES: usize = 400;

/// The program of a pipeline: nothing if it is wrong, an error if it is refused.
fn program(text: &str) -> Option<Result<codegen::Program, String>> {
    let mut sources = SourceMap::new();
    let id = sources.add("wide.json", text);
    let checked = check(&sources, id, &Settings::default()).into_checked_model();
    let program = codegen::generate(checked.ok().as_ref()?, text);
    Some(program.map_err(|findings| findings[0].message.clone()))
}

/// The longest function of an expression, with its number of lines.
fn longest(program: &codegen::Program) -> (usize, &str) {
    let functions = program.main_rs.split("\nfn ").skip(1);
    let lengths = functions.filter_map(|function| {
        let (head, _) = function.split_once(" {\n")?;
        let (body, _) = function.split_once("\n}\n")?;
        let is_settings = head.ends_with("-> Outcome");
        let name = head.split_once('(')?.0;
        (!is_settings).then_some((body.lines().count(), name))
    });
    lengths.max().unwrap_or_default()
}

/// A thread of a test has less than the main thread of `fmc`, and code without optimisation needs
/// more: some of these expressions are as high as an expression may be.
const STACK: usize = 32 << 20;

#[test]
fn no_function_grows_with_the_pipeline() {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let thread = thread.spawn(check_functions).unwrap();
    thread.join().unwrap();
}

fn check_functions() {
    let mut built = 0;
    for shape in hostile::shapes() {
        let sizes = [3_000, 6_000].map(|size| program(&shape.text(size)));
        for program in sizes.into_iter().flatten().flatten() {
            let (lines, function) = longest(&program);
            assert!(
                lines <= LINES,
                "{}: `{function}` has {lines} lines",
                shape.name
            );
            built += 1;
        }
    }
    assert!(built >= 60, "{built}");
}

#[test]
fn what_is_too_large_to_build_is_refused_at_the_stage_that_has_most() {
    let choice = |at: usize| {
        let steps = format!("{at:b}").replace('0', ".a").replace('1', "[1]");
        format!("{{{{ input{steps} if input.x else [input.y[1:2]{steps}] }}}}")
    };
    let message: String = (0..20_000).map(choice).collect();
    let text = json!({"name": "p", "stages": [
        {"id": "small", "component_type": "logger", "config": {"message": "{{ input.x }}"}},
        {"id": "large", "component_type": "logger", "config": {"message": message}},
    ]});
    let text = text.to_string();
    let mut sources = SourceMap::new();
    let id = sources.add("wide.json", &*text);
    let checked = check(&sources, id, &Settings::default()).into_checked_model();
    let checked = checked.unwrap_or_else(|_| panic!("it has no mistakes"));
    let findings = codegen::generate(&checked, &text).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:?}");
    let span = findings[0].primary.span;
    assert_eq!(&text[span.start as usize..span.end as usize], "large");
    assert!(
        findings[0].message.starts_with("so many expressions, for"),
        "{findings:?}"
    );
}

/// The parts of a URL can be much larger than the expression that puts it together.
#[test]
fn the_parts_of_a_url_are_bounded() {
    let nested = (0..20).fold("input.x".to_owned(), |inner, _| {
        format!("'xxxxxxxxxx'.replace('x', {inner})")
    });
    let many: Vec<_> = (0..3_000).map(|at| format!("input.x[{at}]")).collect();
    let many = many.join(", ");
    let choices = (0..40).fold("input.x".to_owned(), |inner, at| {
        format!("({inner} or 'http://h/' + input.y[{at}])")
    });
    let urls = [
        nested,
        format!("'{}'.replace('x', str([{many}]))", "x".repeat(3_000)),
        format!("'http://h/{}'.format({many})", "{}".repeat(3_000)),
        choices,
    ];
    for url in urls {
        let text = json!({"name": "p", "stages": [
            {"id": "s", "component_type": "http-request",
             "config": {"url": format!("{{{{ {url} }}}}"), "method": "GET"}},
        ]});
        let program = program(&text.to_string()).unwrap();
        let size = program.map_or(0, |program| program.main_rs.len());
        assert!(size < 4_000_000, "{size}: {url:.100}");
    }
}

/// Lists, objects, texts, conditions and data, each of a few hundred parts.
#[test]
fn a_wide_pipeline_is_built_and_gives_what_it_should() {
    const COUNT: usize = 400;
    let joined = |one: &dyn Fn(usize) -> String, between: &str| {
        let all: Vec<_> = (0..COUNT).map(one).collect();
        all.join(between)
    };
    let list = joined(&|at| format!("input.x + {at}"), ", ");
    let object = joined(&|at| format!("'k{at}': input.x * {at}"), ", ");
    let parts = joined(&|at| format!("{{input.x + {at}}}"), "");
    let condition = joined(&|at| format!("(input.x == {at} and not input.y)"), " or ");
    let table: Vec<_> = (0..COUNT)
        .map(|at| json!({"id": at, "name": format!("row {at}"), "part": at as f64 / 2.0}))
        .collect();
    let pipeline = Pipeline::of(
        "wide",
        &json!([{"id": "all", "component_type": "json-transform", "config": {"data": {}, "template": {
            "list": format!("{{{{ [{list}] }}}}"),
            "loop": format!("{{{{ [[y, {list}] for y in [1, 2]] }}}}"),
            "object": format!("{{{{ {{{object}}} }}}}"),
            "text": format!("{{{{ f'{parts}' }}}}"),
            "largest": format!("{{{{ max({list}) }}}}"),
            "holds": format!("{{{{ 1 if {condition} else 2 }}}}"),
            "joined": joined(&|at| format!("{at} {{{{ input.x - {at} }}}} "), ""),
            "table": table,
        }}}]),
    );
    let ended = pipeline
        .build()
        .run()
        .input(&json!({"x": 7, "y": null}))
        .finish();
    assert_eq!(ended.code(), 0, "{}", ended.report());
    let numbers: Vec<_> = (0..COUNT).map(|at| at + 7).collect();
    let looped = |first: usize| -> Vec<_> { [first].into_iter().chain(numbers.clone()).collect() };
    let object = (0..COUNT).map(|at| (format!("k{at}"), json!(at * 7)));
    let expected = json!({
        "list": numbers,
        "loop": [looped(1), looped(2)],
        "object": object.collect::<serde_json::Map<String, Value>>(),
        "text": numbers.iter().map(usize::to_string).collect::<String>(),
        "largest": COUNT + 6,
        "holds": 1,
        "joined": (0..COUNT as i64).map(|at| format!("{at} {} ", 7 - at)).collect::<String>(),
        "table": table,
    });
    assert_eq!(ended.output(), expected);
}
