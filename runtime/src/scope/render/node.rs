//! Configured values as generated code writes them: a tree of data, without code.
//!
//! Enters: literal text, names of expressions, and lists and objects of these. Leaves: one value.
//! It is a tree, and not calls, because each call that can fail would add a branch and clean-up
//! code to the generated crate, and time to its compilation. Must not know components.

use std::sync::LazyLock;

use fmc_expr::{Keys, Object, Str, Value};

use crate::{
    base::fault::{Fault, Outcome},
    scope::{
        Expression, Scope,
        render::{
            parts::{join, keyed, limit, text},
            url::{UrlPart, sum, url},
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
    /// The value of an expression.
    Eval(&'static Expression),
    /// An expression in `raw(…)`. In a URL its value is not escaped; elsewhere it is like
    /// [`ConfigNode::Eval`].
    Raw(&'static Expression),
    /// The text forms of the parts, joined.
    Join(&'a [ConfigNode<'a>]),
    /// The parts of a URL. Each value is escaped for the part of the URL it is in.
    Url(&'a [ConfigNode<'a>]),
    /// The start of a URL that an expression puts together: it gives the parts, as `sum` reads
    /// them. Only in [`ConfigNode::Url`].
    Base(&'static Expression),
    /// A list.
    List(&'a [ConfigNode<'a>]),
    /// An object with literal keys.
    Object(&'a [(&'static str, ConfigNode<'a>)]),
    /// An object in which a key is a template. Keys are written in their text form.
    Keyed(&'a [(ConfigNode<'a>, ConfigNode<'a>)]),
    /// A large list or object without templates. It is made when it is first needed.
    Constant(&'static LazyLock<Value>),
}

impl Scope<'_> {
    /// The value of a tree. Expressions are evaluated in the order in which they are written.
    /// Before a run, entries of objects that are known only during the run are left out.
    ///
    /// # Errors
    /// An `ExpressionError` for the first expression that fails. A `ConfigError` if two templated
    /// keys are equal, or if a value in a URL would change where it leads.
    pub fn render(&self, node: &ConfigNode<'_>) -> Outcome {
        match node {
            ConfigNode::Null => Ok(Value::Null),
            ConfigNode::Bool(value) => Ok(Value::Bool(*value)),
            ConfigNode::Int(value) => Ok(Value::Int(*value)),
            ConfigNode::Float(value) => Ok(Value::from(*value)),
            ConfigNode::Text(literal) => Ok(text(literal)),
            ConfigNode::Eval(expression) | ConfigNode::Raw(expression) => self.eval(expression),
            ConfigNode::Join(parts) => join(self.site.cx(), &self.all(parts)?),
            ConfigNode::Url(parts) => self.url(parts),
            ConfigNode::Base(_) => self.url(std::slice::from_ref(node)),
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
                keyed(self.site.cx(), entries.collect::<Result<Vec<_>, Fault>>()?)
            }
            ConfigNode::Constant(value) => Ok(Value::clone(value)),
        }
    }

    fn url(&self, nodes: &[ConfigNode<'_>]) -> Outcome {
        let mut parts = Vec::with_capacity(nodes.len());
        for node in nodes {
            parts.push(match node {
                ConfigNode::Text(literal) => UrlPart::Text(Str::from_static(literal)),
                ConfigNode::Base(expression) => {
                    let made = self.measured(self.eval(expression)?)?;
                    let mut inner = Vec::new();
                    let whole = sum(self.site.cx(), &made, expression.text, &mut inner);
                    let whole = whole.map_err(|error| expression.fault(&error))?;
                    // What is not a text is refused for what it is.
                    if !matches!(whole, Value::Str(_)) && nodes.len() == 1 {
                        return Ok(whole);
                    }
                    parts.append(&mut inner);
                    continue;
                }
                ConfigNode::Raw(expression) => {
                    UrlPart::Raw(self.measured(self.eval(expression)?)?, expression.text)
                }
                ConfigNode::Eval(expression) => {
                    UrlPart::Value(self.measured(self.eval(expression)?)?, expression.text)
                }
                value @ (ConfigNode::Null
                | ConfigNode::Bool(_)
                | ConfigNode::Int(_)
                | ConfigNode::Float(_)
                | ConfigNode::Join(_)
                | ConfigNode::Url(_)
                | ConfigNode::List(_)
                | ConfigNode::Object(_)
                | ConfigNode::Keyed(_)
                | ConfigNode::Constant(_)) => UrlPart::Value(self.render(value)?, ""),
            });
        }
        url(&parts)
    }

    /// The compiler refuses an object that has a key twice, so all of these are different.
    fn object(&self, entries: &[(&'static str, ConfigNode<'_>)]) -> Outcome {
        if entries.is_empty() {
            return Ok(Value::empty_object());
        }
        let keys = entries.iter().map(|(key, _)| Str::from_static(key));
        let values = entries.iter().map(|(_, node)| self.render(node));
        Object::try_new(Keys::of_distinct(keys), values).map(Value::Object)
    }

    /// A value of which a text will be made, charged by its size.
    fn measured(&self, value: Value) -> Outcome {
        let fits = self.site.cx().check_size(&value);
        fits.map(|()| value).map_err(|error| limit(&error))
    }

    fn all(&self, nodes: &[ConfigNode<'_>]) -> Result<Vec<Value>, Fault> {
        nodes.iter().map(|node| self.render(node)).collect()
    }
}
