//! Whether a value fits its field.
//!
//! Enters: a field and the typed value it was given. Leaves: findings when a literal has the wrong
//! type (FMC0410) or is not one of the possible values (FMC0411), and when a template of known type
//! cannot fill the field (FMC0504). Only a string that is exactly one template can be converted at
//! run time. Must not know components.

use fmc_expr::builtins::Kinds;

use super::Infer;
use crate::{
    catalogue::{Field, FieldKind, Taken},
    diagnostics::{Code, Diagnostic, Found},
    ir::config::{ConfigKind, ConfigValue, Segment},
    types::Type,
};

impl Infer<'_> {
    /// Reports a value that cannot fill its field. A value that the run converts without loss is
    /// fine.
    pub(super) fn fits(&mut self, field: &Field, node: &ConfigValue) {
        let slot = Slot {
            what: format!("`{}`", field.name),
            kind: field.kind,
            minimum: field.minimum,
            optional: !field.required,
        };
        slot.check(node, self.found);
    }
}

/// The target of a value: a field, or a part of one.
struct Slot {
    /// Its name, in words.
    what: String,
    kind: FieldKind,
    minimum: Option<i64>,
    /// Whether null counts as "not given", like `"timeout": "{{ input.t }}"` with a null. Set for
    /// optional fields; read when the type is checked.
    optional: bool,
}

impl Slot {
    fn check(&self, node: &ConfigValue, found: &mut Found) {
        match (self.kind, &node.kind) {
            (FieldKind::Choice(words) | FieldKind::Exactly(words), ConfigKind::Text(text)) => {
                found.extend(self.word(words, text, node));
            }
            (FieldKind::Choice(words), ConfigKind::Join(parts)) if !could_be(words, parts) => {
                found.push(self.never_a_word(node, "this text"));
            }
            (FieldKind::Choice(words), ConfigKind::Whole(_)) if !any_of(words, &node.ty) => {
                found.push(self.never_a_word(node, &format!("`{}`", node.ty)));
            }
            (FieldKind::ListOf(kind), ConfigKind::List(items)) => {
                let entry = self.part(*kind, "an entry of");
                items.iter().for_each(|item| entry.check(item, found));
            }
            (FieldKind::ObjectOf(kind), ConfigKind::Object(entries)) => {
                let entry = self.part(*kind, "an entry of");
                entries
                    .iter()
                    .for_each(|(_, value)| entry.check(value, found));
            }
            (FieldKind::Name(taken), ConfigKind::Text(text)) => {
                found.extend(self.name(taken, text, node))
            }
            _ => found.extend(self.below(node).or_else(|| self.wrong_type(node))),
        }
    }

    fn part(&self, kind: FieldKind, which: &str) -> Self {
        Self {
            what: format!("{which} {}", self.what),
            kind,
            minimum: None,
            optional: false,
        }
    }

    fn below(&self, node: &ConfigValue) -> Option<Diagnostic> {
        let minimum = self.minimum?;
        let number = if let ConfigKind::Int(number) = node.kind {
            (number < minimum).then(|| number.to_string())?
        } else if let ConfigKind::Float(number) = node.kind {
            // Minimums are small, so no digits are lost.
            #[allow(clippy::cast_precision_loss)]
            (number < minimum as f64).then(|| number.to_string())?
        } else {
            return None;
        };
        let message = format!("{} must be at least {minimum}, found {number}", self.what);
        Some(Diagnostic::new(Code::WrongValue, node.span, message))
    }

    fn wrong_type(&self, node: &ConfigValue) -> Option<Diagnostic> {
        let whole = node.expression().is_some();
        let joined = matches!(node.kind, ConfigKind::Join(_) | ConfigKind::Url(_));
        let mut takes = accepted(self.kind, whole)?;
        if self.optional {
            takes = takes.or(Kinds::NULL);
        }
        // It is enough that one alternative fits; the run decides.
        if node.ty.is_loose() || takes.overlaps(node.ty.kinds()) {
            return None;
        }
        let (code, found) = if whole || joined {
            (Code::FieldType, node.ty.to_string())
        } else {
            (Code::WrongType, kind_of(&node.ty))
        };
        let expected = self.kind.describe();
        let message = format!("{} takes {expected}, found `{found}`", self.what);
        // For a whole template, the span between its braces.
        let place = node
            .expression()
            .map_or(node.span, |whole| whole.typed.span);
        let finding = Diagnostic::new(code, place, message).label(format!("this is `{found}`"));
        Some(if joined {
            finding.help(
                "a template with text around it becomes text; a template alone keeps its type",
            )
        } else {
            finding
        })
    }

    fn word(&self, words: &[&str], text: &str, node: &ConfigValue) -> Option<Diagnostic> {
        let exact = matches!(self.kind, FieldKind::Exactly(_));
        let is = |word: &&str| *word == text || !exact && word.eq_ignore_ascii_case(text);
        if words.iter().any(is) {
            return None;
        }
        let message = format!("{} is {}, found `{text}`", self.what, self.kind.describe());
        let finding = Diagnostic::new(Code::WrongValue, node.span, message);
        Some(finding.meant(text, words.iter().copied(), node.span))
    }

    fn never_a_word(&self, node: &ConfigValue, found: &str) -> Diagnostic {
        let expected = self.kind.describe();
        let message = format!("{} is {expected}, found {found}", self.what);
        Diagnostic::new(Code::FieldType, node.span, message)
    }

    fn name(&self, taken: Taken, text: &str, node: &ConfigValue) -> Option<Diagnostic> {
        let wrong = |message: String| Some(Diagnostic::new(Code::WrongValue, node.span, message));
        if taken.has(text) {
            return wrong(format!(
                "{} cannot be `{text}`, which means something else",
                self.what
            ));
        }
        let good = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let starts = text.starts_with(|c: char| good(c) && !c.is_ascii_digit());
        if starts && text.chars().all(good) {
            return None;
        }
        wrong(format!(
            "{} is a name of letters, digits, `_` and `-`, found `{text}`",
            self.what
        ))
    }
}

/// Whether text with templates in it can become one of these words, ignoring case.
fn could_be(words: &[&str], parts: &[Segment]) -> bool {
    let text = |part: Option<&Segment>| match part {
        Some(Segment::Text(text)) => text.trim().to_lowercase(),
        _ => String::new(),
    };
    // The templates can be anything, but the literal text before the first and after the last one
    // stays.
    let (start, end) = (text(parts.first()), text(parts.last()));
    words.iter().map(|word| word.to_lowercase()).any(|word| {
        word.len() >= start.len() + end.len() && word.starts_with(&start) && word.ends_with(&end)
    })
}

/// Whether a value of this type can be one of these words, ignoring case.
fn any_of(words: &[&str], ty: &Type) -> bool {
    ty.alternatives().iter().any(|ty| {
        let Type::Str(Some(literals)) = ty else {
            // Values that are not strings are judged by their kind elsewhere.
            return true;
        };
        literals.iter().any(|text| {
            words
                .iter()
                .any(|word| word.eq_ignore_ascii_case(text.trim()))
        })
    })
}

fn kind_of(ty: &Type) -> String {
    match ty {
        Type::Str(_) => "string".to_owned(),
        Type::List(_) => "list".to_owned(),
        Type::Object(_) => "object".to_owned(),
        Type::Any
        | Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Union(_)
        | Type::Error => ty.to_string(),
    }
}

/// The kinds of values a field accepts. A whole template may also give kinds that are converted at
/// run time (language reference, section 5). `None` means any kind.
fn accepted(kind: FieldKind, whole: bool) -> Option<Kinds> {
    let text = Kinds::STR.or(Kinds::NUMBER);
    let converts = if whole { Kinds::STR } else { Kinds(0) };
    Some(match kind {
        FieldKind::Str | FieldKind::Url | FieldKind::PipelineId => text,
        FieldKind::Text if whole => text,
        FieldKind::Text | FieldKind::Choice(_) | FieldKind::Exactly(_) | FieldKind::Name(_) => {
            Kinds::STR
        }
        FieldKind::TextOrObject => Kinds::STR.or(Kinds::OBJECT),
        FieldKind::Bool => Kinds::BOOL,
        FieldKind::Int if !whole => Kinds::INT,
        FieldKind::Int | FieldKind::Number => Kinds::INT.or(Kinds::FLOAT).or(converts),
        FieldKind::List | FieldKind::ListOf(_) => Kinds::LIST.or(converts),
        FieldKind::ListOrStr => Kinds::LIST.or(Kinds::STR),
        FieldKind::Object | FieldKind::ObjectOf(_) => Kinds::OBJECT.or(converts),
        FieldKind::Condition(_) if !whole => Kinds::STR.or(Kinds::BOOL),
        FieldKind::Any
        | FieldKind::Template
        | FieldKind::Condition(_)
        | FieldKind::Stages(_)
        | FieldKind::Routes
        | FieldKind::Schema => return None,
    })
}
