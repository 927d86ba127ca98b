//! Findings for people, drawn with the text they are about. Only this file uses ariadne.
//!
//! Enters: findings, the texts, and whether to use colour. Leaves: text for a terminal. Nothing in
//! a pipeline file can control the terminal, and only a part of a long line is shown.

use std::{collections::BTreeMap, fmt, ops::Range};

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};

use fmc_expr::outside::{self, line, message};

use super::excerpt::{self, Excerpt};
use crate::{
    diagnostics::{self, Diagnostic, Severity},
    source::{FileId, SourceMap, Span},
};

/// Stands for the name of the file while a part of a line is drawn. No text can contain it, because
/// control characters are replaced.
const PLACE: &str = "\u{1}";

/// Draws findings of one source map.
pub struct Human<'a> {
    sources: &'a SourceMap,
    colour: bool,
    texts: Texts<'a>,
}

/// The texts in the form ariadne needs, made when first needed.
struct Texts<'a> {
    sources: &'a SourceMap,
    texts: BTreeMap<FileId, Source<String>>,
    /// The part of a long line that is shown instead of one of the files.
    part: Option<(FileId, Source<String>)>,
}

impl<'a> ariadne::Cache<FileId> for &mut Texts<'a> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl fmt::Debug> {
        if let Some((part, source)) = &self.part
            && part == id
        {
            return Ok::<_, String>(source);
        }
        let sources = self.sources;
        Ok(self.texts.entry(*id).or_insert_with(|| {
            let text = sources.get(*id).map_or("", |file| &file.text);
            Source::from(outside::drawn(text))
        }))
    }

    fn display<'b>(&self, id: &'b FileId) -> Option<impl fmt::Display + 'b> {
        if self.part.as_ref().is_some_and(|(part, _)| part == id) {
            return Some(PLACE.to_owned());
        }
        self.sources
            .get(*id)
            .map(|file| line(&file.path).into_string())
    }
}

impl<'a> Human<'a> {
    /// A renderer. Whether to colour is the caller's decision.
    #[must_use]
    pub fn new(sources: &'a SourceMap, colour: bool) -> Self {
        Self {
            sources,
            colour,
            texts: Texts {
                sources,
                texts: BTreeMap::new(),
                part: None,
            },
        }
    }

    /// Draws one finding; the text ends with a line end.
    #[must_use]
    pub fn render(&mut self, found: &Diagnostic) -> String {
        let part = Excerpt::of(found, self.sources);
        if let Some(part) = part.as_ref().filter(|part| part.far) {
            return self.plain(found, &part.text);
        }
        let place = found.primary.span;
        let mut help: Vec<String> = found.help.clone();
        let labels: Vec<(Span, &str)> = std::iter::once(&found.primary)
            .chain(&found.related)
            .map(|label| (label.span, label.message.as_str()))
            .collect();
        let labels = match &part {
            None => labels
                .iter()
                .map(|&(span, message)| ((span.file, self.range(span)), message.to_owned()))
                .collect(),
            Some(part) => {
                let (shown, elsewhere) = part.labels(&labels);
                // Labels outside the shown part become lines of help, with their positions.
                help.extend(
                    elsewhere
                        .into_iter()
                        .map(|(span, message)| format!("{}: {message}", self.place(span))),
                );
                shown
                    .into_iter()
                    .map(|(range, message)| ((place.file, range), message))
                    .collect::<Vec<_>>()
            }
        };
        self.texts.part = part.map(|part| (place.file, Source::from(part.text)));
        let text = self.report(found, labels, &help);
        match self.texts.part.take() {
            Some(_) => self.name_place(&text, place),
            None => text,
        }
    }

    /// A finding far down in a file, where a drawing would take long.
    fn plain(&self, found: &Diagnostic, part: &str) -> String {
        let mut out = format!(
            "{}\n  │ {part}\n",
            super::oneline::render(found, self.sources)
        );
        let elsewhere = found
            .related
            .iter()
            .map(|label| format!("{}: {}", self.place(label.span), message(&label.message)));
        let help = found.help.iter().map(|help| message(help).into_string());
        for line in elsewhere.chain(help) {
            out.push_str("  │ Help: ");
            out.push_str(&line);
            out.push('\n');
        }
        out
    }

    fn report(
        &mut self,
        found: &Diagnostic,
        labels: Vec<((FileId, Range<usize>), String)>,
        help: &[String],
    ) -> String {
        let colour = match found.severity {
            Severity::Error => Color::Red,
            Severity::Warning => Color::Yellow,
            Severity::Note => Color::Blue,
        };
        let config = Config::new()
            .with_color(self.colour)
            // By default ariadne counts characters; our spans are bytes.
            .with_index_type(IndexType::Byte)
            .with_tab_width(4);
        let at = match labels.first() {
            Some((place, _)) => place.clone(),
            None => (found.primary.span.file, 0..0),
        };
        let mut report = Report::build(
            ReportKind::Custom(found.severity.name(), colour),
            at.clone(),
        )
        .with_config(config)
        .with_code(format!("{} {}", found.code.code(), found.code.name()))
        .with_message(message(&found.message));
        for label in drawn(labels, at.0, colour) {
            report = report.with_label(label);
        }
        for sentence in help {
            report.add_help(message(sentence));
        }
        if let Some(fix) = &found.fix {
            report.add_note(format!("fix: {}", message(&fix.title)));
        }
        let mut out = Vec::new();
        // Writing to memory cannot fail. If ariadne refuses a span all the same, one line is
        // printed instead.
        if report.finish().write(&mut self.texts, &mut out).is_err() {
            return format!("{}\n", super::oneline::render(found, self.sources));
        }
        self.lines(&String::from_utf8_lossy(&out))
    }

    /// What ariadne wrote, without spaces at line ends. Without colour where none is wanted:
    /// ariadne colours custom report kinds even when its configuration says not to.
    fn lines(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for line in text.lines().map(str::trim_end) {
            if self.colour {
                out.push_str(line);
            } else {
                out.push_str(&without_colour(line));
            }
            out.push('\n');
        }
        out
    }

    /// A span as a byte range in its text, on character boundaries.
    fn range(&self, span: Span) -> Range<usize> {
        let text = self.sources.get(span.file).map_or("", |file| &file.text);
        excerpt::clamp(text, span)
    }

    /// `path:line:column`.
    fn place(&self, span: Span) -> String {
        let Some(file) = self.sources.get(span.file) else {
            return String::new();
        };
        let position = file.lines.position(&file.text, span.start);
        format!("{}:{}:{}", line(&file.path), position.line, position.column)
    }

    /// Replaces the position that ariadne counted inside a part of a line with the true one.
    fn name_place(&self, text: &str, span: Span) -> String {
        let Some((before, behind)) = text.split_once(PLACE) else {
            return text.to_owned();
        };
        let behind = behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
        format!("{before}{}{behind}", self.place(span))
    }
}

/// The labels in the order ariadne draws them; the first is the primary one. Labels in the guilty
/// file come first, then those in other files: ariadne splits the labels of one file into two
/// drawings unless they are neighbours.
fn drawn(
    labels: Vec<((FileId, Range<usize>), String)>,
    guilty: FileId,
    colour: Color,
) -> impl Iterator<Item = Label<(FileId, Range<usize>)>> {
    let mut labels: Vec<_> = (0..).zip(labels).collect();
    labels.sort_by_key(|(_, (place, _))| (place.0 != guilty, place.0, place.1.start));
    labels.into_iter().map(move |(number, (place, words))| {
        // ariadne does not draw a label without words.
        let words = if words.is_empty() { "here" } else { &words };
        let colour = if number == 0 { colour } else { Color::Cyan };
        Label::new(place)
            .with_color(colour)
            .with_message(message(words))
    })
}

/// Removes colour codes. Nothing else in a drawn finding can contain an escape character.
fn without_colour(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').map_or("", |(_, behind)| behind)
    })
}

/// Draws all findings, one after the other.
#[must_use]
pub fn render<'f>(
    findings: impl IntoIterator<Item = &'f Diagnostic>,
    sources: &SourceMap,
    colour: bool,
) -> String {
    let mut human = Human::new(sources, colour);
    findings
        .into_iter()
        .map(|found: &diagnostics::Diagnostic| human.render(found))
        .collect()
}

#[cfg(test)]
mod tests;
