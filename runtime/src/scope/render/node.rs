//! Configured values as generated code writes them: a tree on the stack, without code.
//!
//! Enters: literal text, names of expressions, lists and objects of such. Leaves: one value.
//! A tree rather than calls, because each call that may fail costs the generated crate a
//! branch and clean-up code, and the compiler time. Must not know components.

use fmc_expr::{Keys, Object, Str, Value};

use crate::{
    base::fault::{Fault, Outcome},
    scope::{
        Expression, Scope,
        render::{
            parts::{join, keyed, text},
            url::{UrlPart, url},
        },
    },
};

/// A configured value.
#[derive(Clone, Copy, Debug)]
pub enum ConfigNode<'a> {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// Literal text.
    Text(&'static str),
    /// An expression's value.
    Eval(&'static Expression),
    /// In a URL, an expression marked safe by `raw(…)`; elsewhere as [`ConfigNode::Eval`].
    Raw(&'static Expression),
    /// The parts' text forms, joined.
    Join(&'a [ConfigNode<'a>]),
    /// The parts of a URL, each value escaped for where it stands.
    Url(&'a [ConfigNode<'a>]),
    /// A list.
    List(&'a [ConfigNode<'a>]),
    /// An object with literal keys.
    Object(&'a [(&'static str, ConfigNode<'a>)]),
    /// An object with a templated key; keys in their text form.
    Keyed(&'a [(ConfigNode<'a>, ConfigNode<'a>)]),
}

impl Scope<'_> {
    /// The value of a tree, its expressions evaluated in the order they are written. Before a
    /// run, entries of objects that only the run will know are left out.
    ///
    /// # Errors
    /// An `ExpressionError` of the first expression that fails; a `ConfigError` for doubled
    /// templated keys and for URLs that values would lead elsewhere.
    pub fn render(&self, node: &ConfigNode<'_>) -> Outcome {
        match node {
            ConfigNode::Null => Ok(Value::Null),
            ConfigNode::Bool(value) => Ok(Value::Bool(*value)),
            ConfigNode::Int(value) => Ok(Value::Int(*value)),
            ConfigNode::Float(value) => Ok(Value::from(*value)),
            ConfigNode::Text(literal) => Ok(text(literal)),
            ConfigNode::Eval(expression) | ConfigNode::Raw(expression) => self.eval(expression),
            ConfigNode::Join(parts) => join(&self.all(parts)?),
            ConfigNode::Url(parts) => {
                let parts = parts.iter().map(|part| match part {
                    ConfigNode::Text(literal) => Ok(UrlPart::Text(literal)),
                    ConfigNode::Raw(expression) => Ok(UrlPart::Raw(self.eval(expression)?)),
                    value @ (ConfigNode::Null
                    | ConfigNode::Bool(_)
                    | ConfigNode::Int(_)
                    | ConfigNode::Float(_)
                    | ConfigNode::Eval(_)
                    | ConfigNode::Join(_)
                    | ConfigNode::Url(_)
                    | ConfigNode::List(_)
                    | ConfigNode::Object(_)
                    | ConfigNode::Keyed(_)) => Ok(UrlPart::Value(self.render(value)?)),
                });
                url(&parts.collect::<Result<Vec<_>, Fault>>()?)
            }
            ConfigNode::List(items) => Ok(Value::list(self.all(items)?)),
            ConfigNode::Object(entries) => match self.ahead {
                None => self.object(entries),
                Some(ahead) => {
                    let entries = entries.iter().map(|(key, node)| {
                        let value = ahead.entry(key, || self.render(node))?;
                        Some((Str::from_static(key), value))
                    });
                    Ok(Value::object(entries.flatten().collect()))
                }
            },
            ConfigNode::Keyed(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, node)| Ok((self.render(key)?, self.render(node)?)));
                keyed(entries.collect::<Result<Vec<_>, Fault>>()?)
            }
        }
    }

    /// The checker refuses a key that an object has twice, so these are all different.
    fn object(&self, entries: &[(&'static str, ConfigNode<'_>)]) -> Outcome {
        if entries.is_empty() {
            return Ok(Value::empty_object());
        }
        let keys = entries.iter().map(|(key, _)| Str::from_static(key));
        let values = entries.iter().map(|(_, node)| self.render(node));
        Object::try_new(Keys::of_distinct(keys), values).map(Value::Object)
    }

    fn all(&self, nodes: &[ConfigNode<'_>]) -> Result<Vec<Value>, Fault> {
        nodes.iter().map(|node| self.render(node)).collect()
    }
}
