//! The one table of builtins: functions, methods and module members.
//!
//! Enters: laid-out arguments. Leaves: a value or a refusal. Each file beside this one holds
//! the builtins of one subject and their rows; this file joins the rows and looks names up.

pub mod signature;

pub mod arguments;

pub mod encode;

pub mod number;

pub mod object;

#[cfg(feature = "regex")]
pub mod regex;

pub mod sequence;

pub mod string;

pub mod time;

mod unicode;

pub use arguments::{layout, layout_with};
pub use signature::{Args, Builtin, Param, Passing, Presence, Returns};

// Signatures are written in kinds: who reads one finds both here.
pub use crate::kinds::{Kinds, kinds_text};

use crate::{cx::Cx, error::EvalError, value::Value};

/// The rows of every subject.
const SUBJECTS: &[&[Builtin]] = &[
    sequence::ROWS,
    number::ROWS,
    string::ROWS,
    object::ROWS,
    encode::ROWS,
    time::ROWS,
    #[cfg(feature = "regex")]
    regex::ROWS,
];

/// Modules whose functions are called as `math.sqrt(x)`.
pub const MODULES: &[&str] = &["math", "re", "time"];

/// Constants of modules, with what they are.
pub const CONSTANTS: &[(&str, f64, &str)] = &[
    (
        "math.pi",
        std::f64::consts::PI,
        "The ratio of a circle's circumference to its diameter.",
    ),
    (
        "math.e",
        std::f64::consts::E,
        "The base of natural logarithms.",
    ),
];

/// Every row, functions and methods.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    SUBJECTS.iter().copied().flatten()
}

/// The functions, `math.sqrt` and its like among them.
pub fn functions() -> impl Iterator<Item = &'static Builtin> {
    all().filter(|row| row.receiver.is_none())
}

/// The function of a name.
#[must_use]
pub fn function(name: &str) -> Option<&'static Builtin> {
    functions().find(|row| row.name == name)
}

/// The methods of a name, one for each kind of receiver that has it.
pub fn methods<'a>(name: &'a str) -> impl Iterator<Item = &'static Builtin> + 'a {
    all().filter(move |row| row.receiver.is_some() && row.name == name)
}

/// The method of a name on a receiver of one kind.
#[must_use]
pub fn method(name: &str, receiver: Kinds) -> Option<&'static Builtin> {
    methods(name).find(|row| row.receiver.is_some_and(|kinds| kinds.contains(receiver)))
}

/// The method names a receiver of one kind has, in the order of the table.
#[must_use]
pub fn method_names(receiver: Kinds) -> Vec<&'static str> {
    all()
        .filter(|row| row.receiver.is_some_and(|kinds| kinds.contains(receiver)))
        .map(|row| row.name)
        .collect()
}

/// Calls a method that the receiver decides.
///
/// # Errors
/// The receiver has no such method, or the method refuses.
pub fn call_method(
    cx: &Cx,
    name: &str,
    receiver: Value,
    positional: Vec<Value>,
    named: Vec<(String, Value)>,
) -> Result<Value, EvalError> {
    let Some(row) = method(name, receiver.kinds()) else {
        let known = method_names(receiver.kinds());
        let known = if known.is_empty() {
            "none".to_owned()
        } else {
            known.join(", ")
        };
        return Err(EvalError::type_error(format!(
            "`{}` has no method `{name}`; it has: {known}",
            receiver.kind_name()
        ))
        .found(&[&receiver]));
    };
    let slots = layout(row, Some(receiver), positional, named)?;
    (row.call)(cx, &slots)
}
