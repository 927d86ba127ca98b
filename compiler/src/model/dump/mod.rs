//! The model as text, for `fmc build --emit ir` and for snapshots.
//!
//! Enters: a model. Leaves: one line for each fact, stages in document order, every value with its
//! type. It is for people only; nothing parses it. Must not know generated code.

mod expr;

use std::fmt::{self, Write};

use super::Model;
use crate::{
    ast::OnError,
    catalogue::StageList,
    ir::{
        Role, Setting, Stage, StageId,
        config::{ConfigKind, ConfigValue, Key, Segment},
    },
};

/// Writes a model as text.
#[must_use]
pub fn dump(model: &Model) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = Dump {
        model,
        out: &mut out,
    }
    .pipeline();
    out
}

/// What is written for poison.
const POISON: &str = "<poison>";

struct Dump<'a, 'b> {
    model: &'a Model,
    out: &'b mut String,
}

impl<'a> Dump<'a, '_> {
    fn pipeline(&mut self) -> fmt::Result {
        writeln!(self.out, "pipeline {}", self.model.ast.id.value)?;
        writeln!(self.out, "input: {:#}", self.model.scopes.input())?;
        let output = self.model.output.map_or("null", |stage| self.name(stage));
        writeln!(self.out, "output: {output}")?;
        for variable in &self.model.facts.env {
            let need = if variable.required {
                "required"
            } else {
                "optional"
            };
            let secret = if variable.secret { ", secret" } else { "" };
            writeln!(self.out, "env {}: {need}{secret}", variable.name)?;
        }
        for host in &self.model.facts.hosts {
            writeln!(self.out, "host {host}")?;
        }
        for (what, _) in &self.model.facts.unbuildable {
            writeln!(self.out, "cannot be built: {what}")?;
        }
        for stage in &self.model.stages {
            self.stage(stage)?;
        }
        Ok(())
    }

    fn stage(&mut self, stage: &Stage) -> fmt::Result {
        let component = stage
            .component
            .map_or("unknown", |component| component.name);
        writeln!(self.out, "\nstage {}: {component}", stage.name.value)?;
        writeln!(self.out, "  output: {:#}", stage.output)?;
        self.names(
            "depends on",
            stage.depends_on.iter().map(|dependency| dependency.stage),
        )?;
        self.names(
            "owned by",
            self.model.graph.owners(stage.id).iter().copied(),
        )?;
        self.names(
            "in the loop",
            self.model.graph.loop_of(stage.id).into_iter(),
        )?;
        for list in &stage.owned {
            let title = role(&list.role);
            self.names(&title, list.stages.iter().map(|(stage, _)| *stage))?;
        }
        let flags = [
            (!stage.enabled, "disabled"),
            (self.model.graph.is_conditional(stage.id), "may be skipped"),
            (
                stage
                    .component
                    .is_some_and(|component| component.gives("status_code"))
                    && self.model.facts.is_observed(stage.id),
                "its status is observed",
            ),
        ];
        for (_, words) in flags.iter().filter(|(holds, _)| *holds) {
            writeln!(self.out, "  {words}")?;
        }
        if let Some(limit) = stage.timeout_ms {
            writeln!(self.out, "  limit: {limit} ms")?;
        }
        self.errors(stage)?;
        for setting in &stage.settings {
            self.setting(setting)?;
        }
        if let Some(fallback) = &stage.fallback {
            write!(self.out, "  fallback: ")?;
            self.node(fallback, 1)?;
            writeln!(self.out, " : {:#}", fallback.ty)?;
        }
        Ok(())
    }

    fn errors(&mut self, stage: &Stage) -> fmt::Result {
        let handling = &stage.error_handling;
        let mut parts: Vec<String> = Vec::new();
        if let Some(on_error) = &handling.on_error {
            let word = match on_error.value {
                OnError::Fail => "fail",
                OnError::Continue => "continue",
                OnError::Retry => "retry",
            };
            parts.push(word.to_owned());
        }
        let count = handling
            .max_retries
            .as_ref()
            .map(|count| format!("max_retries {}", count.value));
        let delay = handling
            .retry_delay
            .as_ref()
            .map(|delay| format!("retry_delay {} ms", delay.value));
        let factor = handling
            .backoff_multiplier
            .as_ref()
            .map(|factor| format!("backoff_multiplier {}", factor.value));
        let limit = handling
            .max_delay
            .as_ref()
            .map(|limit| format!("max_delay {} ms", limit.value));
        parts.extend([count, delay, factor, limit].into_iter().flatten());
        if !parts.is_empty() {
            writeln!(self.out, "  on error: {}", parts.join(", "))?;
        }
        Ok(())
    }

    fn setting(&mut self, setting: &Setting) -> fmt::Result {
        let deferred = if setting.deferred { " (deferred)" } else { "" };
        write!(self.out, "  {}{deferred} = ", setting.name)?;
        self.node(&setting.value, 1)?;
        writeln!(self.out, " : {:#}", setting.value.ty)
    }

    fn names(&mut self, title: &str, stages: impl Iterator<Item = StageId>) -> fmt::Result {
        let names: Vec<&str> = stages.map(|stage| self.name(stage)).collect();
        if names.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "  {title}: {}", names.join(", "))
    }

    fn name(&self, stage: StageId) -> &'a str {
        self.model
            .stage(stage)
            .map_or("?", |stage| stage.name.value.as_str())
    }

    fn node(&mut self, node: &ConfigValue, depth: usize) -> fmt::Result {
        match &node.kind {
            ConfigKind::Null => self.out.write_str("null"),
            ConfigKind::Bool(value) => write!(self.out, "{value}"),
            ConfigKind::Int(value) => write!(self.out, "{value}"),
            ConfigKind::Float(value) => write!(self.out, "{value:?}"),
            ConfigKind::Text(text) => write!(self.out, "{text:?}"),
            ConfigKind::Whole(expression) => self.expr(&expression.typed),
            ConfigKind::Dynamic(expression) => {
                self.out.write_str("dynamic ")?;
                self.expr(&expression.typed)
            }
            ConfigKind::Join(parts) => self.parts("join", parts),
            ConfigKind::Url(parts) => self.parts("url", parts),
            ConfigKind::List(items) => {
                self.out.write_char('[')?;
                for item in items {
                    self.line(depth + 1)?;
                    self.node(item, depth + 1)?;
                }
                self.close(items.is_empty(), depth, ']')
            }
            ConfigKind::Object(entries) => {
                self.out.write_char('{')?;
                for (key, value) in entries {
                    self.line(depth + 1)?;
                    self.key(key)?;
                    self.out.write_str(": ")?;
                    self.node(value, depth + 1)?;
                }
                self.close(entries.is_empty(), depth, '}')
            }
            ConfigKind::Poison => self.out.write_str(POISON),
        }
    }

    fn key(&mut self, key: &Key) -> fmt::Result {
        match key.segments.as_slice() {
            [] => self.out.write_str("\"\""),
            [Segment::Text(text)] => write!(self.out, "{text:?}"),
            parts => self.parts("join", parts),
        }
    }

    fn line(&mut self, depth: usize) -> fmt::Result {
        write!(self.out, "\n{}", "  ".repeat(depth))
    }

    fn close(&mut self, empty: bool, depth: usize, bracket: char) -> fmt::Result {
        if !empty {
            self.line(depth)?;
        }
        self.out.write_char(bracket)
    }

    fn parts(&mut self, what: &str, parts: &[Segment]) -> fmt::Result {
        write!(self.out, "{what}(")?;
        for (at, part) in parts.iter().enumerate() {
            self.comma(at)?;
            match part {
                Segment::Text(text) => write!(self.out, "{text:?}")?,
                Segment::Expr(expression) => {
                    if expression.raw {
                        self.out.write_str("raw ")?;
                    }
                    self.expr(&expression.typed)?;
                }
            }
        }
        self.out.write_char(')')
    }

    fn comma(&mut self, at: usize) -> fmt::Result {
        if at > 0 {
            self.out.write_str(", ")?;
        }
        Ok(())
    }
}

fn role(role: &Role) -> String {
    match role {
        Role::Route(key) => format!("route {key:?}"),
        Role::List(list) => list_name(*list).to_owned(),
    }
}

fn list_name(list: StageList) -> &'static str {
    match list {
        StageList::DefaultRoute => "default route",
        StageList::True => "when true",
        StageList::False => "when false",
        StageList::Try => "try",
        StageList::Catch => "catch",
        StageList::Finally => "finally",
        StageList::Body => "loop",
    }
}
