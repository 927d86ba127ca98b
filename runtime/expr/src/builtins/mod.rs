//! The one table of builtins: functions, methods and module members.
//!
//! Enters: arguments in their slots. Leaves: a value or a refusal. Each file beside this one has
//! the builtins of one subject and their rows; this file joins the rows and looks up names. Must
//! not know the grammar.

pub mod signature;

pub mod arguments;

pub mod encode;

pub mod number;

pub mod object;

#[cfg(feature = "regex")]
pub mod regex;

mod parts;

pub mod sequence;

pub mod string;

pub mod time;

mod trim;

mod unicode;

pub use arguments::{layout, layout_with};
pub use signature::{Args, Builtin, Param, Passing, Presence, Returns};

// Signatures are written with kinds, so a reader of a signature finds both here.
pub use crate::kinds::{Kinds, kinds_text};

use std::{collections::HashMap, sync::LazyLock};

use crate::{cx::Cx, error::EvalError, value::Value};

/// The rows of all subjects.
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

/// Constants of modules: name, value, description.
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

/// The functions by name: the interpreter looks one up for each call.
static FUNCTIONS: LazyLock<HashMap<&str, &Builtin>> =
    LazyLock::new(|| functions().map(|row| (row.name, row)).collect());

/// The methods by name.
static METHODS: LazyLock<HashMap<&str, Vec<&Builtin>>> = LazyLock::new(|| {
    let mut methods: HashMap<_, Vec<_>> = HashMap::new();
    for row in all().filter(|row| row.receiver.is_some()) {
        methods.entry(row.name).or_default().push(row);
    }
    methods
});

/// Every row: functions and methods.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    SUBJECTS.iter().copied().flatten()
}

/// The functions, including those of modules like `math.sqrt`.
pub fn functions() -> impl Iterator<Item = &'static Builtin> {
    all().filter(|row| row.receiver.is_none())
}

/// The function with this name.
#[must_use]
pub fn function(name: &str) -> Option<&'static Builtin> {
    FUNCTIONS.get(name).copied()
}

/// The methods with this name: one for each type of receiver that has it.
pub fn methods(name: &str) -> impl Iterator<Item = &'static Builtin> {
    METHODS.get(name).into_iter().flatten().copied()
}

/// The method with this name, for a receiver of this type.
#[must_use]
pub fn method(name: &str, receiver: Kinds) -> Option<&'static Builtin> {
    methods(name).find(|row| row.receiver.is_some_and(|kinds| kinds.contains(receiver)))
}

/// The names of the methods that a receiver of this type has, in the order of the table.
#[must_use]
pub fn method_names(receiver: Kinds) -> Vec<&'static str> {
    all()
        .filter(|row| row.receiver.is_some_and(|kinds| kinds.contains(receiver)))
        .map(|row| row.name)
        .collect()
}

/// Calls the method with this name that belongs to the type of the receiver.
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
    let slots = layout(cx, row, Some(receiver), positional, named)?;
    (row.call)(cx, &slots)
}
