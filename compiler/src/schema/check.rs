//! Whether a schema is a valid JSON Schema: the form of each keyword of draft 2020-12.
//!
//! Enters: a schema as a JSON tree. Leaves: findings at values that a keyword does not take
//! (FMC0416). Unknown keywords are allowed, as JSON Schema says: they are annotations. Must not
//! know types.

use super::{TYPES, paths::Paths, pattern, text};
use crate::{
    diagnostics::{Code, Diagnostic, Found, suggest::Searches},
    syntax::tree::{Entry, JsonString, Node, NodeKind},
};

/// What kind of value a keyword takes.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// A schema.
    Schema,
    /// A list of at least one schema.
    Schemas,
    /// An object of schemas.
    SchemaMap,
    /// An object of schemas whose keys are patterns.
    PatternMap,
    /// A schema. Earlier drafts also allow a list of schemas.
    Items,
    /// The name of a type, or a list of them.
    Types,
    /// A number. Earlier drafts also allow a boolean.
    Limit,
    /// A number greater than zero.
    Positive,
    /// A whole number that is not negative.
    Count,
    /// `true` or `false`.
    Bool,
    /// Text.
    Text,
    /// A regular expression.
    Pattern,
    /// A reference to a schema.
    Reference,
    /// A list of property names.
    Names,
    /// An object of lists of property names.
    NamesMap,
    /// A list of anything.
    List,
}

const KEYWORDS: &[(&str, Form)] = &[
    ("additionalProperties", Form::Schema),
    ("allOf", Form::Schemas),
    ("anyOf", Form::Schemas),
    ("oneOf", Form::Schemas),
    ("prefixItems", Form::Schemas),
    ("not", Form::Schema),
    ("if", Form::Schema),
    ("then", Form::Schema),
    ("else", Form::Schema),
    ("contains", Form::Schema),
    ("propertyNames", Form::Schema),
    ("unevaluatedItems", Form::Schema),
    ("unevaluatedProperties", Form::Schema),
    ("items", Form::Items),
    ("properties", Form::SchemaMap),
    ("$defs", Form::SchemaMap),
    ("definitions", Form::SchemaMap),
    ("dependentSchemas", Form::SchemaMap),
    ("patternProperties", Form::PatternMap),
    ("type", Form::Types),
    ("enum", Form::List),
    ("examples", Form::List),
    ("minimum", Form::Limit),
    ("maximum", Form::Limit),
    ("exclusiveMinimum", Form::Limit),
    ("exclusiveMaximum", Form::Limit),
    ("multipleOf", Form::Positive),
    ("minLength", Form::Count),
    ("maxLength", Form::Count),
    ("minItems", Form::Count),
    ("maxItems", Form::Count),
    ("minContains", Form::Count),
    ("maxContains", Form::Count),
    ("minProperties", Form::Count),
    ("maxProperties", Form::Count),
    ("uniqueItems", Form::Bool),
    ("deprecated", Form::Bool),
    ("readOnly", Form::Bool),
    ("writeOnly", Form::Bool),
    ("title", Form::Text),
    ("description", Form::Text),
    ("format", Form::Text),
    ("$comment", Form::Text),
    ("$schema", Form::Text),
    ("$id", Form::Text),
    ("$anchor", Form::Text),
    ("$dynamicAnchor", Form::Text),
    ("pattern", Form::Pattern),
    ("$ref", Form::Reference),
    ("required", Form::Names),
    ("dependentRequired", Form::NamesMap),
];

/// Reports everything that is wrong with a schema.
pub fn check(schema: &Node, found: &mut Found) {
    let draft = schema.field("$schema").and_then(text);
    Checker {
        root: schema,
        earlier: draft.is_some_and(|draft| !draft.contains("2020-12")),
        found,
        paths: Paths::default(),
        searches: Searches::default(),
    }
    .schema("a schema", schema);
}

struct Checker<'a> {
    /// Where references start: the nearest enclosing schema with its own `$id`.
    root: &'a Node,
    /// Whether `$schema` names an earlier draft. Set once at the start; read by the keywords that
    /// changed, such as `items` and `exclusiveMinimum`.
    earlier: bool,
    found: &'a mut Found,
    paths: Paths<'a>,
    /// The searches for the definitions that references which lead nowhere may mean.
    searches: Searches,
}

impl<'a> Checker<'a> {
    fn schema(&mut self, what: &str, node: &'a Node) {
        let Some(entries) = node.object() else {
            if !matches!(node.kind, NodeKind::Bool(_)) {
                self.bad(node, format!("{what} is an object or a boolean"));
            }
            return;
        };
        let outer = self.root;
        if node.field("$id").is_some() {
            self.root = node;
        }
        for entry in entries {
            let name = &*entry.key.text;
            let known = KEYWORDS.iter().find(|(keyword, _)| *keyword == name);
            if let Some((name, form)) = known
                && !matches!(entry.value.kind, NodeKind::Error)
            {
                self.keyword(name, *form, &entry.value);
            }
        }
        self.root = outer;
    }

    fn keyword(&mut self, name: &str, form: Form, value: &'a Node) {
        let is_bool = matches!(value.kind, NodeKind::Bool(_));
        let (fits, takes) = match form {
            Form::Schema => return self.schema(&format!("`{name}`"), value),
            Form::Items => return self.items(name, value),
            Form::Schemas => return self.schemas(name, value),
            Form::SchemaMap => return self.map(name, value, |_, _, _| {}),
            Form::PatternMap => return self.map(name, value, Self::pattern),
            Form::Types => return self.types(value),
            Form::Names => return self.names(name, value),
            Form::NamesMap => {
                let entries = value.object();
                for entry in entries.unwrap_or_default() {
                    self.names("an entry", &entry.value);
                }
                (entries.is_some(), "an object of lists of property names")
            }
            Form::Limit => {
                let is_switch = self.earlier && is_bool;
                (is_switch || value.number().is_some(), "a number")
            }
            Form::Positive => {
                let positive = |number| number > 0.0;
                (value.number().is_some_and(positive), "a number above zero")
            }
            Form::Count => {
                let whole = |number: f64| number >= 0.0 && number.fract() == 0.0;
                let fits = value.number().is_some_and(whole);
                (fits, "a whole number, not negative")
            }
            Form::Bool => (is_bool, "`true` or `false`"),
            Form::List => (value.array().is_some(), "a list"),
            Form::Text => (value.string().is_some(), "text"),
            Form::Pattern | Form::Reference => {
                let text = value.string();
                match text {
                    Some(text) if form == Form::Pattern => self.pattern(name, text),
                    Some(text) => self.reference(text),
                    None => {}
                }
                (text.is_some(), "text")
            }
        };
        if !fits {
            self.bad(value, format!("`{name}` is {takes}"));
        }
    }

    fn items(&mut self, name: &str, value: &'a Node) {
        if value.array().is_none() {
            self.schema(&format!("`{name}`"), value);
        } else if self.earlier {
            self.schemas(name, value);
        } else {
            let message = "`items` is one schema; a list of schemas is `prefixItems`";
            self.bad(value, message.to_owned());
        }
    }

    fn schemas(&mut self, name: &str, value: &'a Node) {
        match value.array() {
            Some([]) | None => {
                self.bad(value, format!("`{name}` is a list of at least one schema"));
            }
            Some(items) => {
                for item in items {
                    self.schema(&format!("an entry of `{name}`"), item);
                }
            }
        }
    }

    fn map(&mut self, name: &str, value: &'a Node, key: impl Fn(&mut Self, &str, &JsonString)) {
        let Some(entries) = value.object() else {
            return self.bad(value, format!("`{name}` is an object of schemas"));
        };
        for Entry { key: text, value } in entries {
            key(self, name, text);
            self.schema(&format!("an entry of `{name}`"), value);
        }
    }

    fn types(&mut self, value: &Node) {
        let names = match value.array() {
            Some([]) | None => std::slice::from_ref(value),
            Some(names) => names,
        };
        for name in names {
            let written = text(name);
            if matches!(name.kind, NodeKind::Error)
                || written.is_some_and(|name| TYPES.contains(&name) || name.contains("{{"))
            {
                continue;
            }
            let known: Vec<_> = TYPES.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("`type` is one of {}", known.join(", "));
            let finding = Diagnostic::new(Code::BadSchema, name.span, message);
            self.found.push(match name.string() {
                Some(text) => finding.meant(&text.text, TYPES.iter().copied(), text.inner()),
                None => finding,
            });
        }
    }

    fn names(&mut self, name: &str, value: &Node) {
        let name = if name.contains(' ') {
            name.to_owned()
        } else {
            format!("`{name}`")
        };
        let Some(items) = value.array() else {
            return self.bad(value, format!("{name} is a list of property names"));
        };
        for item in items {
            if item.string().is_none() {
                self.bad(item, "the name of a property is text".to_owned());
            }
        }
    }

    fn pattern(&mut self, name: &str, text: &JsonString) {
        if let Some(broken) = pattern::broken(&text.text) {
            let message = format!("`{name}` takes regular expressions: {broken}");
            let finding = Diagnostic::new(Code::BadSchema, text.inner(), message);
            self.found.push(finding);
        }
    }

    /// Reports a reference within the schema that leads nowhere. References to other files are not
    /// checked.
    fn reference(&mut self, target: &JsonString) {
        let text = &*target.text;
        let Some(fragment) = text.strip_prefix('#') else {
            return;
        };
        let known = if fragment.contains(['%', '{']) {
            true
        } else if fragment.is_empty() || fragment.starts_with('/') {
            self.paths.resolve(self.root, text).is_some()
        } else {
            self.paths.has_anchor(self.root, fragment)
        };
        if known {
            return;
        }
        let definitions = match self.searches.are_over() {
            true => Vec::new(),
            false => definitions(self.root),
        };
        let definitions = definitions.iter().map(String::as_str);
        let near = self.searches.nearest(text, definitions);
        let message = format!("`$ref` leads nowhere: there is no `{text}` in this schema");
        let finding = Diagnostic::new(Code::BadSchema, target.inner(), message);
        let finding = finding.guessed(near, [target.inner()], |finding| finding);
        self.found.push(finding);
    }

    /// Reports a value, unless it is poison, which has a finding already.
    fn bad(&mut self, node: &Node, message: String) {
        if !matches!(node.kind, NodeKind::Error) {
            self.found
                .push(Diagnostic::new(Code::BadSchema, node.span, message));
        }
    }
}

/// The references that lead to definitions of the schema, for did-you-mean.
fn definitions(root: &Node) -> Vec<String> {
    let Some(entries) = root.object() else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for key in ["$defs", "definitions"] {
        for entry in super::object(entries, key) {
            all.push(format!("#/{key}/{}", entry.key.text));
        }
    }
    all
}
