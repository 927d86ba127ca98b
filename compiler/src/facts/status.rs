//! Which stages have an HTTP status that the pipeline reads (language reference, section 7).
//!
//! Enters: the stages and their reads. Leaves: for each stage whether a failing status is data. It
//! is when an expression reads `status_code` or `success`, or uses the whole output anywhere but in
//! a logger. The same holds when the output is read through the `results` of a loop whose body ends
//! with the stage. Must not know HTTP.

use std::collections::HashMap;

use crate::ir::{Stage, StageId, graph::Graph, uses::Read};

/// For each stage, by index: whether an expression can see its status.
pub(super) fn observed(stages: &[Stage], graph: &Graph, reads: &[Read]) -> Vec<bool> {
    let mut by_target: HashMap<StageId, Vec<&Read>> = HashMap::new();
    for read in reads {
        by_target.entry(read.target).or_default().push(read);
    }
    let reads = Reads {
        stages,
        graph,
        by_target,
    };
    let results = reads.results();
    let see = |(stage, results): (&Stage, bool)| results || reads.see(stage.id);
    stages.iter().zip(results).map(see).collect()
}

struct Reads<'a> {
    stages: &'a [Stage],
    graph: &'a Graph,
    by_target: HashMap<StageId, Vec<&'a Read>>,
}

impl Reads<'_> {
    fn see(&self, stage: StageId) -> bool {
        self.of(stage).any(|read| match read.field() {
            Some(field) => matches!(field, "status_code" | "success"),
            None => !self.is_logged(read),
        })
    }

    /// For each stage, by index: whether the `results` that contain its output are used. The loop
    /// may itself be the last stage of another loop's body.
    fn results(&self) -> Vec<bool> {
        let mut seen = vec![false; self.stages.len()];
        // A loop comes before the stages of its body. (A loop in its own body is a mistake with a
        // finding.)
        for &stage in self.graph.order() {
            let block = self.graph.loops_ending_with(stage).next();
            let block_seen = |block: StageId| seen.get(block.0 as usize) == Some(&true);
            let used = block.is_some_and(|block| block_seen(block) || self.uses_results(block));
            if let Some(slot) = seen.get_mut(stage.0 as usize) {
                *slot = used;
            }
        }
        seen
    }

    /// Whether the `results` of a loop are used.
    fn uses_results(&self, block: StageId) -> bool {
        self.of(block).any(|read| match read.field() {
            Some(field) => field == "results" && !self.is_logged(read),
            None => !self.is_logged(read),
        })
    }

    fn of(&self, target: StageId) -> impl Iterator<Item = &Read> {
        let reads = self.by_target.get(&target);
        reads.into_iter().flatten().copied()
    }

    fn is_logged(&self, read: &Read) -> bool {
        let reader = self.stages.get(read.reader.0 as usize);
        let component = reader.and_then(|reader| reader.component);
        component.is_some_and(|component| component.only_logs)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Settings, check, source::SourceMap};

    /// Whether the status of `a` is data in a pipeline with these other stages.
    fn observed(others: &str) -> bool {
        let text = format!(
            r#"{{"name": "n", "stages": [
                {{"id": "a", "component_type": "http-request", "config": {{"url": "https://x.example"}}}},
                {others}
            ]}}"#
        );
        let mut sources = SourceMap::new();
        let file = sources.add("p.json", text);
        let checked = check(&sources, file, &Settings::default());
        assert!(!checked.findings().has_errors(), "{:?}", checked.findings());
        let model = checked.model().unwrap();
        model.facts.is_observed(model.stages.first().unwrap().id)
    }

    fn reader(component: &str, field: &str, template: &str, after: &str) -> String {
        format!(
            r#"{{"id": "r", "component_type": "{component}", "config": {{"{field}": "{template}"}}, "depends_on": ["{after}"]}}"#
        )
    }

    #[test]
    fn a_status_is_observed_by_name_or_with_the_whole_output_but_not_in_a_log() {
        for (component, field, template, expected) in [
            (
                "json-transform",
                "template",
                "{{upstream.a.status_code}}",
                true,
            ),
            ("json-transform", "template", "{{upstream.a}}", true),
            ("json-transform", "template", "{{upstream.a.body}}", false),
            ("logger", "message", "ok: {{upstream.a.success}}", true),
            ("logger", "message", "all: {{upstream.a}}", false),
        ] {
            let reader = reader(component, field, template, "a");
            assert_eq!(observed(&reader), expected, "{component} {template}");
        }
    }

    #[test]
    fn the_last_stage_of_a_loop_is_seen_in_its_results() {
        let f = r#"{"id": "f", "component_type": "foreach", "config": {"items": [1], "loop_stages": ["a"]}}"#;
        let g = r#"{"id": "g", "component_type": "foreach", "config": {"items": [1], "loop_stages": ["f"]}}"#;
        for (component, field, template, expected) in [
            (
                "json-transform",
                "template",
                "{{[r.status_code for r in upstream.f.results]}}",
                true,
            ),
            (
                "json-transform",
                "template",
                "{{upstream.f.total_items}}",
                false,
            ),
            ("logger", "message", "all: {{upstream.f.results}}", false),
        ] {
            let reader = reader(component, field, template, "f");
            assert_eq!(observed(&format!("{f}, {reader}")), expected, "{template}");
        }
        let results = |of: &str| {
            let template = format!("{{{{upstream.{of}.results}}}}");
            reader("json-transform", "template", &template, of)
        };
        assert!(observed(&format!("{f}, {g}, {}", results("g"))));
        let other = r#"{"id": "b", "component_type": "logger", "config": {"message": "m"}}"#;
        let not_last = f.replace(r#"["a"]"#, r#"["a", "b"]"#);
        assert!(!observed(&format!("{not_last}, {other}, {}", results("f"))));
    }
}
