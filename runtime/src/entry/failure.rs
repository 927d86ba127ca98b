//! The report for people when a run did not complete.
//!
//! Enters: how the run ended. Leaves: text with the stage, its attempts, the cause, what ran, and
//! what did not and why. Secrets are masked, and no part of it is more than one line. Must not know
//! why stages fail.

use std::fmt::Write as _;

use fmc_expr::outside::{line, message};

use crate::{
    base::fault::{ErrorType, StageError},
    executor::drive::{
        RunEnd, RunResult, Signal,
        history::{Status, Summary},
    },
    host::mask::Mask,
    plan::{PipelinePlan, StageKind},
    run::store::StageIndex,
};

/// How the report looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Whether the report has colors. `--color` and the terminal decide; `paint` reads it.
    pub(crate) color: bool,
}

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn red(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }
}

/// The report; `None` for a run that completed.
pub(crate) fn report(
    pipeline: &PipelinePlan,
    run_id: &str,
    end: &RunEnd,
    mask: &Mask,
    style: Style,
) -> Option<String> {
    let mut out = match &end.result {
        RunResult::Completed(_) => return None,
        RunResult::Failed {
            failure,
            iterations,
            attempts,
        } => {
            let at = whereabouts(pipeline, failure.at.stage, iterations);
            let times = if *attempts > 1 {
                format!(", after {attempts} attempts")
            } else {
                String::new()
            };
            let mut out = format!("{} at {at}{times}\n", style.red("run failed"));
            cause(&mut out, &failure.fault, mask);
            out
        }
        RunResult::Unfit(errors) => {
            let mut out = format!("{} after its last stage\n", style.red("run failed"));
            for error in errors {
                let fault = StageError::new(ErrorType::Validation, error);
                cause(&mut out, &fault, mask);
            }
            out
        }
        RunResult::Refused(at, ending) => {
            let at = whereabouts(pipeline, at.stage, &[]);
            let said = ending.message.as_deref();
            let said = said.map(|text| format!(": {}", message(&mask.text(text))));
            let said = said.unwrap_or_default();
            format!("{} by {at}{said}\n", style.red("run ended as failed"))
        }
        RunResult::TimedOut(limit) => format!(
            "{}: it took longer than `--timeout` ({})\n",
            style.red("run failed"),
            time(*limit)
        ),
        RunResult::Interrupted(signal) => {
            let name = match signal {
                Signal::Interrupt => "SIGINT",
                Signal::Terminate => "SIGTERM",
            };
            format!("{} by {name}\n", style.red("run stopped"))
        }
    };
    out.push('\n');
    table(&mut out, pipeline, &end.summaries, mask, style);
    let _ = write!(
        out,
        "\n{}",
        style.dim(&format!(
            "{run_id}, {}{}",
            time(end.elapsed_ms),
            tokens(end)
        ))
    );
    Some(out)
}

fn whereabouts(pipeline: &PipelinePlan, stage: StageIndex, iterations: &[usize]) -> String {
    let Some(stage) = pipeline.stages.get(stage as usize) else {
        return "an unknown stage".to_owned();
    };
    let mut text = format!("`{}` ({})", line(stage.id), stage.kind.component());
    for index in iterations {
        let _ = write!(text, ", item {index}");
    }
    text
}

fn cause(out: &mut String, fault: &StageError, mask: &Mask) {
    let _ = writeln!(
        out,
        "  {}: {}",
        fault.kind,
        message(&mask.text(&fault.message))
    );
    if let Some(body) = fault.body.as_deref().filter(|body| !body.trim().is_empty()) {
        // The body is short: whoever made the error has cut it.
        for part in mask.text(body).lines() {
            let _ = writeln!(out, "  | {}", message(part));
        }
    }
}

fn table(
    out: &mut String,
    pipeline: &PipelinePlan,
    summaries: &[Summary],
    mask: &Mask,
    style: Style,
) {
    let ids = pipeline.stages.iter().map(|stage| line(stage.id));
    let width = ids.map(|id| id.chars().count()).max().unwrap_or(0);
    for (stage, summary) in pipeline.stages.iter().zip(summaries) {
        let control = !matches!(stage.kind, StageKind::Leaf(_));
        let (mark, what) = row(summary, control);
        let mark = if matches!(summary.status, Some(Status::Failed(_))) {
            style.red(mark)
        } else {
            mark.to_owned()
        };
        let row = format!("{:<width$}  {}", line(stage.id), message(&mask.text(&what)));
        let row = if summary.runs == 0 {
            style.dim(row.trim_end())
        } else {
            row.trim_end().to_owned()
        };
        let _ = writeln!(out, "  {mark} {row}");
    }
}

/// The mark for a stage, and what happened to it.
fn row(summary: &Summary, control: bool) -> (&'static str, String) {
    let mut facts = Vec::new();
    if summary.runs > 1 {
        facts.push(format!("{} times", summary.runs));
    } else if summary.attempts > 1 {
        facts.push(format!("{} attempts", summary.attempts));
    }
    if summary.runs > 0 && !(control && summary.elapsed_ms == 0) {
        facts.push(time(summary.elapsed_ms));
    }
    let mark = match &summary.status {
        Some(Status::Succeeded) if summary.failed > 0 => {
            facts.push(format!("{} failed", summary.failed));
            "✓"
        }
        Some(Status::Succeeded) => "✓",
        Some(Status::Continued(error)) => {
            facts.push(format!("went on after: {error}"));
            "~"
        }
        Some(Status::Failed(_)) => {
            facts.push("failed".to_owned());
            "✗"
        }
        Some(Status::Cut) => {
            facts.push("stopped".to_owned());
            "✗"
        }
        Some(Status::Skipped(reason)) => {
            facts.push(format!("not run: {reason}"));
            "-"
        }
        None => {
            facts.push("not run".to_owned());
            "-"
        }
    };
    (mark, facts.join(", "))
}

fn time(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

fn tokens(end: &RunEnd) -> String {
    let usage = end.usage;
    if usage.calls == 0 {
        return String::new();
    }
    let (calls, input, output) = (usage.calls, usage.input_tokens, usage.output_tokens);
    format!(", {calls} model calls with {input} tokens in and {output} out")
}
