//! Pipelines for tests: those of the reference, or new ones.
//!
//! Enters: a fixture or JSON. Leaves: a pipeline that can be changed and built. Reference pipelines
//! are changed in two ways so that they can be run here: delays between retries are divided by 100,
//! and the host of the pager, the only one that is not a variable, becomes `{{env.PAGERDUTY_URL}}`.
//! Must not know what is asserted.

use serde_json::{Value, json};

use crate::{run::Program, tree};

const PAGER: &str = "https://events.pagerduty.com";

/// A pipeline.
#[derive(Clone, Debug)]
pub struct Pipeline {
    value: Value,
}

impl Pipeline {
    /// A reference pipeline, or a fragment as `fragments/NAME`, changed so that it can be run here.
    #[must_use]
    pub fn reference(name: &str) -> Self {
        let mut value = tree::json(&format!("fixtures/reference/{name}/pipeline.json"));
        quicken(&mut value);
        Self { value }
    }

    /// A pipeline with these stages.
    #[must_use]
    pub fn of(id: &str, stages: &Value) -> Self {
        Self {
            value: json!({"id": id, "name": "Made by a test", "stages": stages}),
        }
    }

    /// A pipeline with one `http-request` that has these settings.
    #[must_use]
    pub fn request(id: &str, config: &Value) -> Self {
        Self::of(
            id,
            &json!([{"id": "call", "component_type": "http-request", "config": config}]),
        )
    }

    /// Changes a stage.
    #[must_use]
    pub fn with(mut self, stage: &str, change: impl FnOnce(&mut Value)) -> Self {
        let stages = self.value["stages"].as_array_mut().unwrap();
        let found = stages.iter_mut().find(|found| found["id"] == stage);
        change(found.unwrap_or_else(|| panic!("no stage {stage}")));
        self
    }

    /// Sets a field of the pipeline.
    #[must_use]
    pub fn set(mut self, field: &str, value: Value) -> Self {
        self.value[field] = value;
        self
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(&self.value).unwrap()
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.value["id"].as_str().unwrap()
    }

    /// Builds it with the real `fmc`. Equal texts are built once.
    #[must_use]
    pub fn build(&self) -> Program {
        Program::build(self)
    }
}

fn quicken(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), value.as_u64()) {
                    ("retry_delay", Some(ms)) => *value = json!(ms / 100),
                    _ => quicken(value),
                }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(quicken),
        Value::String(text) => *text = text.replace(PAGER, "{{env.PAGERDUTY_URL}}"),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
