//! How a builtin is described: name, parameters, result, documentation, implementation.
//!
//! Enters: nothing. Leaves: the type of a row in the one table of builtins. Checker, completion,
//! hover, interpreter and code generation all read the table. Must not know any one builtin.

use crate::{cx::Cx, error::EvalError, kinds::Kinds, value::Value};

/// How often an argument may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Must be given.
    Required,
    /// May be left out; its slot is then `None`.
    Optional,
    /// Any number of positional arguments, after all other parameters.
    Variadic,
    /// Any keyword arguments, passed as one object (`str.format`).
    Keywords,
}

/// How an argument may be passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// By position only: `f(x)`.
    Positional,
    /// By name only: `f(name=x)`.
    Keyword,
    /// Either way.
    Either,
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// The types it takes.
    pub kinds: Kinds,
    /// The types that the elements may have, if the argument is a list.
    pub elements: Kinds,
    /// Whether it may be left out.
    pub presence: Presence,
    /// How it may be passed.
    pub passing: Passing,
}

/// The type of the result, as far as it depends on the arguments. Indices count
/// [`Builtin::params`]; in a method, 0 is the receiver and 1 the first parameter.
#[derive(Clone, Copy, Debug)]
pub enum Returns {
    /// One of these types.
    Kinds(Kinds),
    /// A list whose elements are of these types.
    ListOf(Kinds),
    /// The type of argument `i`.
    Argument(usize),
    /// The type of the elements of argument `i`: of a string its characters, of an object its keys.
    Element(usize),
    /// The type of the elements of argument `i`, or null when it has none.
    ElementOrNull(usize),
    /// A list of the elements of argument `i`.
    ListOfElements(usize),
    /// A list of lists with anything inside (`zip`, `enumerate`, `items`).
    ListOfLists,
    /// Argument `i` if it is not null, else argument `j` (`default`).
    Either(usize, usize),
    /// One of the variadic arguments; when there is only one, one of its elements; or argument 0,
    /// the default (`min`, `max`).
    OneOf,
    /// The sum of the elements of argument 0 and of argument 1, which is an integer when left out
    /// (`sum`).
    Sum,
    /// Not known.
    Any,
}

/// The arguments of a call in their slots: one slot for each parameter that is not variadic, in
/// declared order (`None` when left out), then the variadic arguments. In a method the receiver
/// comes first.
pub type Args<'a> = &'a [Option<Value>];

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// The name in a call: `len`, `math.sqrt`; for a method, `upper`.
    pub name: &'static str,
    /// For a method, the types of its receiver. Different types may have a method of one name, each
    /// with its own row (`index` of strings and of lists).
    pub receiver: Option<Kinds>,
    /// The parameters, without the receiver.
    pub params: &'static [Param],
    /// The result's type.
    pub returns: Returns,
    /// Whether it gives the same result for the same arguments. A row with `impure` (`now`, `uuid`)
    /// sets it to false; the interpreter reads it and refuses such a builtin in dynamic conditions.
    pub pure: bool,
    /// One sentence for hover and the reference page.
    pub doc: &'static str,
    /// A call and its result. A test runs it.
    pub example: (&'static str, &'static str),
    /// The implementation.
    pub call: fn(&Cx, Args<'_>) -> Result<Value, EvalError>,
    /// The path of the implementation in this crate, like `builtins::sequence::len`. Generated code
    /// calls it.
    pub path: &'static str,
}

/// A parameter that must be given, by position or by name.
pub(crate) const fn req(name: &'static str, kinds: Kinds) -> Param {
    param(name, kinds, Presence::Required, Passing::Either)
}

/// A parameter that may be left out, by position or by name.
pub(crate) const fn opt(name: &'static str, kinds: Kinds) -> Param {
    param(name, kinds, Presence::Optional, Passing::Either)
}

/// A parameter that may be left out, by name only.
pub(crate) const fn keyword(name: &'static str, kinds: Kinds) -> Param {
    param(name, kinds, Presence::Optional, Passing::Keyword)
}

/// Any number of arguments by position.
pub(crate) const fn variadic(name: &'static str, kinds: Kinds) -> Param {
    param(name, kinds, Presence::Variadic, Passing::Positional)
}

/// Any number of arguments by name, as one object.
pub(crate) const fn keywords(name: &'static str) -> Param {
    param(name, Kinds::ANY, Presence::Keywords, Passing::Keyword)
}

const fn param(name: &'static str, kinds: Kinds, presence: Presence, passing: Passing) -> Param {
    Param {
        name,
        kinds,
        elements: Kinds::ANY,
        presence,
        passing,
    }
}

impl Param {
    /// With elements of these types only.
    pub(crate) const fn of(mut self, elements: Kinds) -> Self {
        self.elements = elements;
        self
    }
}

/// Declares the rows of one subject. The functions they name are in the same file.
macro_rules! rows {
    ($module:literal; $(
        $name:literal $( on $receiver:expr )? , $implementation:ident ( $($param:expr),* $(,)? )
        -> $returns:expr , $( $impure:ident , )?
        $doc:literal , $example:literal => $result:literal ;
    )*) => {
        /// The rows of this subject.
        pub const ROWS: &[$crate::builtins::signature::Builtin] = &[$(
            $crate::builtins::signature::Builtin {
                name: $name,
                receiver: rows!(@receiver $($receiver)?),
                params: &[$($param),*],
                returns: $returns,
                pure: rows!(@pure $($impure)?),
                doc: $doc,
                example: ($example, $result),
                call: $implementation,
                path: concat!("builtins::", $module, "::", stringify!($implementation)),
            },
        )*];
    };
    (@receiver $receiver:expr) => { Some($receiver) };
    (@receiver) => { None };
    (@pure $impure:ident) => { false };
    (@pure) => { true };
}
pub(crate) use rows;
