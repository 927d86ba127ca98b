//! Reading objects by a table of keys, and reading literals.
//!
//! Enters: nodes of the tree. Leaves: values with spans, and findings: unknown keys (then read as
//! the key they are near to), aliases beside their canonical names, literals of the wrong type.
//! Nothing is reported about poison. Must not know what the values are for.

use super::Spanned;
use crate::{
    diagnostics::{Code, Diagnostic, Found, Severity, suggest},
    source::Span,
    syntax::{
        self,
        tree::{Entry, JsonString, Node, NodeKind},
    },
};

/// A key that an object may have.
pub(super) struct KnownKey {
    /// Its canonical name.
    pub(super) name: &'static str,
    /// Its other names.
    pub(super) aliases: &'static [&'static str],
}

/// A key without other names.
pub(super) const fn field(name: &'static str) -> KnownKey {
    KnownKey { name, aliases: &[] }
}

/// A key with other names.
pub(super) const fn aliased(name: &'static str, aliases: &'static [&'static str]) -> KnownKey {
    KnownKey { name, aliases }
}

impl KnownKey {
    /// Whether a written key is one of its names.
    pub(super) fn is(&self, key: &str) -> bool {
        self.names().any(|name| name == key)
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// The keys of one kind of object, and words for messages about it.
pub(super) struct KeyTable {
    /// What the object is: `a pipeline`, `a stage`.
    pub(super) what: &'static str,
    /// What its keys are called: `field` or `key`.
    pub(super) noun: &'static str,
    /// The code of the finding about an unknown key.
    pub(super) unknown: Code,
    /// The keys that must be there. When an unknown key is only a warning, it is read as the near
    /// key only if that one is required: `stagess` is read as `stages`, since nothing could be
    /// checked without it.
    pub(super) required: &'static [&'static str],
    /// The keys, in the order messages list them.
    pub(super) fields: &'static [KnownKey],
}

/// The entries of an object by canonical name; of duplicates the first.
pub(super) struct Object<'a> {
    found: Vec<(&'static str, &'a Entry)>,
}

impl<'a> Object<'a> {
    /// Reads the entries of an object, and reports unknown keys and doubled names.
    pub(super) fn read(shape: &KeyTable, entries: &'a [Entry], findings: &mut Found) -> Self {
        let mut object = Self { found: Vec::new() };
        let mut unknown = Vec::new();
        for entry in entries {
            let text = &*entry.key.text;
            let field = shape.fields.iter().find(|field| field.is(text));
            match field {
                Some(field) => object.insert(field, entry, findings),
                None => unknown.push(entry),
            }
        }
        for entry in unknown {
            object.unknown(shape, entry, findings);
        }
        object
    }

    /// The entry with this canonical name.
    pub(super) fn entry(&self, name: &str) -> Option<&'a Entry> {
        self.found
            .iter()
            .find(|(found, _)| *found == name)
            .map(|(_, entry)| *entry)
    }

    /// The value of the entry with this canonical name.
    pub(super) fn value(&self, name: &str) -> Option<&'a Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    fn insert(&mut self, field: &KnownKey, entry: &'a Entry, findings: &mut Found) {
        let Some(first) = self.entry(field.name) else {
            self.found.push((field.name, entry));
            return;
        };
        // The same key written twice has been reported by the JSON parser.
        if first.key.text != entry.key.text {
            findings.push(alias_beside(first, entry, field.name));
        }
    }

    /// Reports an unknown key, and reads it as the nearest key that the object does not have yet.
    fn unknown(&mut self, shape: &KeyTable, entry: &'a Entry, findings: &mut Found) {
        let text = &*entry.key.text;
        let place = entry.key.inner();
        let names = shape.fields.iter().flat_map(KnownKey::names);
        let near = suggest::nearest(text, names);
        let field = near.and_then(|near| {
            let mut fields = shape.fields.iter();
            fields.find(|field| field.is(near))
        });
        let missing = field.filter(|field| self.entry(field.name).is_none());
        let required = missing.filter(|field| shape.required.contains(&field.name));
        let warned = shape.unknown.severity() == Severity::Warning;
        let mut found = match required {
            Some(field) if warned => {
                let message = format!("{} has no `{}`, but `{text}`", shape.what, field.name);
                Diagnostic::new(Code::MissingField, place, message)
            }
            _ => {
                let message = format!("{} has no {} `{text}`", shape.what, shape.noun);
                Diagnostic::new(shape.unknown, place, message)
            }
        };
        if let Some(field) = missing.filter(|_| required.is_some() || !warned) {
            self.found.push((field.name, entry));
        }
        let given = near.filter(|_| missing.is_none());
        found = match given {
            Some(near) => found.meant_but_given(near),
            None => found.guessed(near, [place], |found| {
                let names = shape.fields.iter().map(|field| field.name);
                let names = names.filter(|name| !name.starts_with('$'));
                found.known(&format!("its {}s are", shape.noun), names)
            }),
        };
        findings.push(found.safe_if_same_but_for_style(text));
    }
}

/// The finding about a key that is given under two of its names.
pub(super) fn alias_beside(first: &Entry, second: &Entry, canonical: &str) -> Diagnostic {
    // The alias is the one to remove, even when it comes first.
    let (alias, other) = if &*second.key.text == canonical {
        (first, second)
    } else {
        (second, first)
    };
    Diagnostic::new(
        Code::AliasBesideCanonical,
        alias.key.inner(),
        format!(
            "`{}` is another name of `{}`, which is there already",
            alias.key.text, other.key.text
        ),
    )
    .related(other.key.inner(), "here")
}

/// The type of a JSON value, in words.
pub(super) fn describe(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Null => "null",
        NodeKind::Bool(_) => "a boolean",
        NodeKind::Int(_) => "an integer",
        NodeKind::Float(_) => "a float",
        NodeKind::String(_) => "a string",
        NodeKind::Array(_) => "a list",
        NodeKind::Object(_) => "an object",
        NodeKind::Error => "nothing readable",
    }
}

/// Reports a literal of the wrong type. A template is called a template. Poison is not reported.
pub(super) fn wrong_type(name: &str, expected: &str, node: &Node, findings: &mut Found) {
    findings.extend(misfit(name, expected, node));
}

/// The finding about a value of another type than expected; `None` for poison, which has one
/// already.
fn misfit(name: &str, expected: &str, node: &Node) -> Option<Diagnostic> {
    let name = in_words(name);
    if matches!(node.kind, NodeKind::Error) {
        return None;
    }
    Some(match node.string() {
        Some(string) if string.has_template() => Diagnostic::new(
            Code::TemplateInStatic,
            string.inner(),
            format!("{name} takes no templates, only {expected}"),
        ),
        _ => Diagnostic::new(
            Code::WrongType,
            literal_span(node),
            format!("{name} takes {expected}, found {}", describe(node)),
        ),
    })
}

/// A field's name in back-ticks; a phrase like `an entry of x` without.
fn in_words(name: &str) -> String {
    if name.contains(' ') {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

/// The span of a literal. For an object or list, only its opening bracket, to keep the label small.
pub(super) fn literal_span(node: &Node) -> Span {
    match &node.kind {
        NodeKind::Object(_) | NodeKind::Array(_) => opening(node.span),
        NodeKind::String(string) => string.inner(),
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::Error => node.span,
    }
}

/// The span of the first character of an object or list.
pub(super) fn opening(span: Span) -> Span {
    Span {
        end: span.end.min(span.start + 1),
        ..span
    }
}

/// A string with its span.
pub(super) fn spanned(string: &JsonString) -> Spanned<String> {
    Spanned {
        value: string.text.to_string(),
        span: string.inner(),
    }
}

/// A string.
pub(super) fn string(name: &str, node: &Node, findings: &mut Found) -> Option<Spanned<String>> {
    if let NodeKind::String(string) = &node.kind {
        return Some(spanned(string));
    }
    wrong_type(name, "a string", node, findings);
    None
}

/// A string that is read at compile time and therefore must not contain templates.
pub(super) fn literal(name: &str, node: &Node, findings: &mut Found) -> Option<Spanned<String>> {
    let text = string(name, node, findings)?;
    if text.value.contains("{{") {
        let message = format!("{} takes no templates", in_words(name));
        findings.push(Diagnostic::new(Code::TemplateInStatic, text.span, message));
        return None;
    }
    Some(text)
}

/// A list of strings. A single string is reported, and read as a list with one entry.
pub(super) fn strings(name: &str, node: &Node, findings: &mut Found) -> Vec<Spanned<String>> {
    let NodeKind::Array(items) = &node.kind else {
        let found = misfit(name, "a list of strings", node);
        let NodeKind::String(string) = &node.kind else {
            findings.extend(found);
            return Vec::new();
        };
        let list = format!("[{}]", syntax::quoted(&string.text));
        findings.extend(found.map(|found| found.fix("write a list", true, node.span, list)));
        return vec![spanned(string)];
    };
    items
        .iter()
        .filter_map(|item| literal(&format!("an entry of `{name}`"), item, findings))
        .collect()
}

/// `true` or `false`.
pub(super) fn boolean(name: &str, node: &Node, findings: &mut Found) -> Option<bool> {
    if let NodeKind::Bool(value) = node.kind {
        return Some(value);
    }
    let found = misfit(name, "`true` or `false`", node);
    if let NodeKind::String(string) = &node.kind
        && let word @ ("true" | "false") = string.text.to_lowercase().as_str()
    {
        let title = format!("write `{word}`");
        findings.extend(found.map(|found| found.fix(title, true, node.span, word)));
        return Some(word == "true");
    }
    findings.extend(found);
    None
}

/// A whole number that is not negative.
pub(super) fn whole(name: &str, node: &Node, findings: &mut Found) -> Option<Spanned<u64>> {
    let span = node.span;
    if let NodeKind::Int(number) = node.kind {
        let Ok(value) = u64::try_from(number) else {
            let message = format!("`{name}` takes no negative number, found {number}");
            findings.push(Diagnostic::new(Code::WrongValue, span, message));
            return None;
        };
        return Some(Spanned { value, span });
    }
    let in_quotes = node
        .string()
        .and_then(|string| Some((string, string.text.parse().ok()?)));
    let Some((string, value)) = in_quotes else {
        wrong_type(name, "a whole number", node, findings);
        return None;
    };
    let text = &*string.text;
    let message = format!("`{name}` takes a whole number, found a string");
    findings.push(
        Diagnostic::new(Code::WrongType, string.inner(), message).fix(
            format!("write `{text}`"),
            true,
            span,
            text,
        ),
    );
    Some(Spanned { value, span })
}

/// A whole number greater than zero.
pub(super) fn positive(name: &str, node: &Node, findings: &mut Found) -> Option<Spanned<u64>> {
    let number = whole(name, node, findings)?;
    if number.value == 0 {
        let message = format!("`{name}` must be at least 1, found 0");
        findings.push(Diagnostic::new(Code::WrongValue, number.span, message));
        return None;
    }
    Some(number)
}

/// A number that is not negative.
pub(super) fn number(name: &str, node: &Node, findings: &mut Found) -> Option<Spanned<f64>> {
    let span = node.span;
    // A float is exact up to 2^53, far beyond any sensible setting.
    let Some(value) = node.number() else {
        wrong_type(name, "a number", node, findings);
        return None;
    };
    if value < 0.0 {
        findings.push(Diagnostic::new(
            Code::WrongValue,
            span,
            format!("`{name}` takes no negative number, found {value}"),
        ));
        return None;
    }
    Some(Spanned { value, span })
}
