//! One mistake causes one finding, at the right word, even for mistakes that are easily reported
//! twice.
//!
//! Each case is a change to a small correct pipeline, and the expected findings: code and guilty
//! text.

use crate::support::{code_and_word, findings, word};

/// `FMC0301 word; …`
fn shown(text: &str) -> String {
    let findings = findings(text);
    let lines = findings.iter().map(|found| code_and_word(text, found));
    lines.collect::<Vec<_>>().join("; ")
}

fn pipeline(stages: &str) -> String {
    format!(r#"{{"name": "P", "stages": [{stages}]}}"#)
}

/// A logger whose message is this template, after a stage `s` with an output.
fn logging(template: &str) -> String {
    let message = serde_json::Value::from(template);
    pipeline(&format!(
        r#"{{"id": "s", "component_type": "json-transform", "config": {{"template": {{"a": 1}}}}}},
           {{"id": "l", "component_type": "logger", "depends_on": ["s"], "config": {{"message": {message}}}}}"#
    ))
}

fn compare(cases: &[(String, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| shown(text) != *expected)
        .map(|(text, expected)| {
            format!("{text}\n  found    {}\n  expected {expected}", shown(text))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_expression_that_cannot_be_read_has_one_finding() {
    compare(&[
        (logging("{{ [x fr x in input.l] }}"), "FMC0203 fr"),
        (logging("{{ sum(1 fr _ in input.l) }}"), "FMC0203 fr"),
        (logging("{{ nt upstream.s.get('a') }}"), "FMC0203 upstream"),
        (logging("{{ “quoted text” }}"), "FMC0203 “"),
        (logging("{{ {k: v fr k, v in input.l} }}"), "FMC0203 fr"),
        (logging("{{ new Date() }}"), "FMC0203 Date"),
        (logging("{{ foo bar }}"), "FMC0203 bar"),
        (logging("{{ typeof input.x }}"), "FMC0203 input"),
        (logging("{{ 1 + 'a' b }}"), "FMC0203 b"),
        (logging("{{ upstream.my stage.x }}"), "FMC0203 stage"),
        (
            logging("{{ foo }} {{ foo bar }}"),
            "FMC0302 foo; FMC0203 bar",
        ),
    ]);
    let fields = r#"{"id": "h", "component_type": "http-request",
        "config": {"url": "http://a.example", "timeout": "{{ [1] x }}"}}"#;
    assert_eq!(shown(&pipeline(fields)), "FMC0203 x");
}

/// A stage `s` whose template has these keys, and a logger with this message.
fn with_template(template: &str, message: &str) -> String {
    pipeline(&format!(
        r#"{{"id": "s", "component_type": "json-transform", "config": {{"template": {template}}}}},
           {{"id": "l", "component_type": "logger", "depends_on": ["s"], "config": {{"message": "{message}"}}}}"#
    ))
}

#[test]
fn a_misspelt_definition_is_one_finding_at_the_definition() {
    let twice = "{{ upstream.s.service }} {{ upstream.s['service'] }}";
    let once = "{{ upstream.s.service }}";
    let other = "{{ upstream.s.service }} {{ upstream.s.service }} {{ upstream.s.serice }}";
    let asked = "{{ upstream.s.service }} {{ upstream.s.service }} {{ upstream.s.get('serice') }}";
    let apart = "{{ upstream.s.service }} {{ upstream.s.servicee }}";
    let serice = r#"{"serice": "x", "b": 1}"#;
    compare(&[
        (with_template(serice, twice), "FMC0307 serice"),
        (with_template(serice, once), "FMC0307 service"),
        (
            with_template(serice, other),
            "FMC0307 service; FMC0307 service",
        ),
        (
            with_template(serice, asked),
            "FMC0307 service; FMC0307 service",
        ),
        (
            with_template(serice, apart),
            "FMC0307 service; FMC0307 servicee",
        ),
    ]);
    let text = with_template(serice, twice);
    let found = findings(&text);
    let related: Vec<_> = found[0]
        .related
        .iter()
        .map(|label| word(&text, label.span))
        .collect();
    assert_eq!(related, ["service", "service"]);
    assert_eq!(found[0].fix.as_ref().unwrap().edits[0].text, "service");
    let text = with_template(serice, once);
    assert_eq!(word(&text, findings(&text)[0].related[0].span), "serice");
}

#[test]
fn misspelt_inputs_variables_and_loop_names_are_one_finding_each() {
    let inputs = |more: &str| {
        format!(
            r#"{{"name": "P", "input_schema": {{"type": "object", "properties": {{"severty": {{}}, "b": {{}}}}{more}}},
            "stages": [{{"id": "l", "component_type": "logger",
            "config": {{"message": "{{{{ input.severity }}}} {{{{ input.severity }}}}"}}}}]}}"#
        )
    };
    let severity = |text: &str| findings(text)[0].severity.name();
    let (open, closed) = (inputs(""), inputs(r#", "additionalProperties": false"#));
    assert_eq!(
        (shown(&open).as_str(), severity(&open)),
        ("FMC0312 severty", "warning")
    );
    assert_eq!(
        (shown(&closed).as_str(), severity(&closed)),
        ("FMC0312 severty", "error")
    );
    let variable = |name: &str| {
        pipeline(&format!(
            r#"{{"id": "v", "component_type": "variable-set", "config": {{"variables": {{"{name}": 1}}}}}},
            {{"id": "l", "component_type": "logger", "depends_on": ["v"],
              "config": {{"message": "{{{{ context.total }}}} {{{{ context.total }}}}"}}}}"#
        ))
    };
    let each = |name: &str| {
        pipeline(&format!(
            r#"{{"id": "f", "component_type": "foreach",
              "config": {{"items": [1], "item_variable": "{name}", "loop_stages": ["l"]}}}},
            {{"id": "l", "component_type": "logger",
              "config": {{"message": "{{{{ context.step }}}} {{{{ step }}}} {{{{ context.step }}}}"}}}}"#
        ))
    };
    compare(&[
        (variable("totl"), "FMC0308 totl"),
        (variable("total"), ""),
        (variable("other"), "FMC0308 total; FMC0308 total"),
        (each("stp"), "FMC0308 stp"),
        (each("step"), ""),
    ]);
}

#[test]
fn a_setting_has_at_most_one_finding() {
    let stage = |component: &str, config: &str| {
        pipeline(&format!(
            r#"{{"id": "s", "component_type": "{component}", "config": {config}}}"#
        ))
    };
    compare(&[
        (
            stage("logger", r#"{"message": "m", "mesage": 1}"#),
            "FMC0402 mesage",
        ),
        (
            stage("logger", r#"{"mesage": 1, "message": "m"}"#),
            "FMC0402 mesage",
        ),
        (
            stage("logger", r#"{"message": "m", "emit_to_trce": true}"#),
            "FMC0402 emit_to_trce",
        ),
        (stage("http-request", "[]"), "FMC0410 ["),
        (stage("http-request", r#""{{input}}""#), "FMC0413 {{input}}"),
        (stage("http-request", "{}"), "FMC0401 s"),
    ]);
    let variable = r#"{"id": "v", "component_type": "variable-set", "config": {"name": "{{input.n}}", "value": 1}},
        {"id": "l", "component_type": "logger", "depends_on": ["v"], "config": {"message": "{{ context.foo }}"}}"#;
    assert_eq!(shown(&pipeline(variable)), "FMC0413 {{input.n}}");
}

#[test]
fn a_quote_left_out_of_a_key_is_one_finding() {
    let stage = |key: &str| {
        format!(
            r#"{{"name": "P", "stages": [{{"id": "a", {key}"logger", "config": {{"message": "m"}}}}]}}"#
        )
    };
    compare(&[
        (stage("component_type\":"), "FMC0118 component_type"),
        (stage("\"component_type:"), "FMC0108 component_type"),
        (stage("\"component_type: "), "FMC0108 component_type"),
        (stage("component_type:"), "FMC0118 component_type"),
        (stage("\"component_type\":"), ""),
    ]);
    let fix = findings(&stage("component_type\":"))[0]
        .fix
        .clone()
        .unwrap();
    assert!(fix.safe && fix.edits[0].text == "\"");
}

#[test]
fn item_is_in_scope_where_items_are_tested() {
    let filter = |mode: &str| {
        pipeline(&format!(
            r#"{{"id": "s", "component_type": "filter", "config": {{"data": [1], "condition": "item"{mode}}}}}"#
        ))
    };
    compare(&[
        (filter(""), "FMC0309 item"),
        (filter(r#", "filter_mode": "pass_fail""#), "FMC0309 item"),
        (filter(r#", "filter_mode": "filter_array""#), ""),
        (filter(r#", "filter_mode": "{{ input.mode }}""#), ""),
    ]);
}

#[test]
fn the_guilty_word_is_marked_and_the_nearest_word_is_named() {
    compare(&[
        (logging("{{ round(1.5, digits=1) }}"), "FMC0306 digits"),
        (logging("{{ len([1], [2]) }}"), "FMC0306 [2]"),
        (logging("{{ round() }}"), "FMC0306 round"),
        (logging("{{ stages.s.outut.a }}"), "FMC0307 outut"),
        (logging("{{ stages.s.a }}"), "FMC0307 a"),
        (logging("{{ stages.s.output.a }}"), ""),
    ]);
    let nearest = [
        ("Noe", "None"),
        ("Tre", "True"),
        ("none", "None"),
        ("NULL", "None"),
        ("TRUE", "True"),
        ("undefined", "None"),
        ("mah.pi", "math"),
        ("tie.x", "time"),
    ];
    for (written, near) in nearest {
        let text = logging(&format!("{{{{ {written} }}}}"));
        let found = findings(&text);
        let fix = found[0].fix.as_ref().map(|fix| fix.edits[0].text.as_str());
        assert_eq!(fix, Some(near), "{written}");
    }
    let index = r#"{"id": "f", "component_type": "foreach", "config": {"items": [1], "loop_stages": ["l"]}},
        {"id": "l", "component_type": "logger", "config": {"message": "{{ context.loop_ndex }}"}}"#;
    let found = findings(&pipeline(index));
    assert!(
        found[0].help[0].contains("`loop_index`"),
        "{:?}",
        found[0].help
    );
}

#[test]
fn a_file_that_holds_something_else_is_one_finding() {
    compare(&[
        (r#"{"a": 1}"#.to_owned(), "FMC0401 {"),
        ("{}".to_owned(), "FMC0401 {"),
        (
            r#"{"dependencies": {}, "scripts": {}}"#.to_owned(),
            "FMC0401 {",
        ),
        (r#"{"name": "x"}"#.to_owned(), "FMC0401 {"),
        (r#"{"name": "x" /* open"#.to_owned(), "FMC0114 /*"),
        (format!("{} /* open", logging("m")), "FMC0114 /*"),
    ]);
}

#[test]
fn three_braces_are_reported_as_another_template_language() {
    compare(&[
        (logging("{{{ input.x }}}"), "FMC0208 {{{ input.x }}}"),
        (
            logging("{{ {{ input.x }} }}"),
            "FMC0208 {{ {{ input.x }} }}",
        ),
        (logging("- {{ {input.x} }}"), ""),
        (logging("- {{{'a': 1}}}"), ""),
        (logging("- {{{'a', 'b'}}}"), ""),
    ]);
}

#[test]
fn settings_without_effect_are_reported() {
    let stage = |more: &str| {
        pipeline(&format!(
            r#"{{"id": "a", "component_type": "logger", "config": {{"message": "m"}}}},
            {{"id": "s", "component_type": "logger", "config": {{"message": "m"}}, {more}}}"#
        ))
    };
    compare(&[
        (stage(r#""provider": "openai""#), "FMC0415 \"openai\""),
        (stage(r#""depends_on": ["a", "a"]"#), "FMC0415 a"),
        (stage(r#""fallback_output": 1"#), "FMC0415 1"),
        (
            stage(r#""fallback_output": 1, "error_handling": {"on_error": "continue"}"#),
            "",
        ),
        (
            stage(r#""error_handling": {"max_retries": 3}"#),
            "FMC0415 3",
        ),
        (
            stage(r#""error_handling": {"on_error": "retry", "max_retries": 3}"#),
            "",
        ),
        (stage(r#""error_handling": {"on_error": "retry"}"#), ""),
        (stage(r#""retry_config": {"max_retries": 3}"#), ""),
    ]);
}

#[test]
fn a_template_of_the_wrong_type_is_reported_between_its_braces() {
    let fields = r#"{"id": "h", "component_type": "http-request",
        "config": {"url": "http://a.example", "timeout": "{{ [1] }}"}}"#;
    assert_eq!(shown(&pipeline(fields)), "FMC0504 [1]");
}
