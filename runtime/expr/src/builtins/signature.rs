//! How a builtin is described: name, parameters, result, documentation, implementation.
//!
//! Enters: nothing. Leaves: the row type of the one table of builtins, which checker,
//! completion, hover, interpreter and code generation all read. Must not know any one builtin.

use crate::{cx::Cx, error::EvalError, kinds::Kinds, value::Value};

/// Whether and how an argument may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Must be given.
    Required,
    /// May be left out; the implementation then sees `None`.
    Optional,
    /// Any number of positional arguments, after all others.
    Variadic,
    /// Any keyword arguments (`str.format`): passed as one object.
    Keywords,
}

/// How an argument may be passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// `f(x)` only.
    Positional,
    /// `f(name=x)` only.
    Keyword,
    /// Both.
    Either,
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kinds: Kinds,
    /// What the elements of a list are.
    pub elements: Kinds,
    /// Whether it may be left out.
    pub presence: Presence,
    /// How it may be passed.
    pub passing: Passing,
}

/// The result's type, as far as the arguments decide it. Indices count [`Builtin::params`];
/// for a method, 0 is the receiver and 1 the first parameter.
#[derive(Clone, Copy, Debug)]
pub enum Returns {
    /// One of these.
    Kinds(Kinds),
    /// A list whose elements are of these types.
    ListOf(Kinds),
    /// The type of argument `i`.
    Argument(usize),
    /// The element type of argument `i` (characters of strings, keys of objects).
    Element(usize),
    /// The element type of argument `i`, or null when there is none.
    ElementOrNull(usize),
    /// A list of the elements of argument `i`.
    ListOfElements(usize),
    /// A list of lists (`zip`, `enumerate`, `items`): anything inside.
    ListOfLists,
    /// Argument `i` without null, or argument `j` (`default`).
    Either(usize, usize),
    /// One of the variadic arguments, or of the elements of the only one, or argument 0 (`min`, `max`).
    OneOf,
    /// What the elements of argument 0 and argument 1, else an integer, add up to (`sum`).
    Sum,
    /// Not known.
    Any,
}

/// The arguments of a call, laid out by the caller: one slot for each parameter that is not
/// variadic, in declared order (`None` where left out), then the variadic ones. For a method
/// the receiver comes first.
pub type Args<'a> = &'a [Option<Value>];

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// The name as called: `len`, `math.sqrt`; for a method `upper`.
    pub name: &'static str,
    /// For a method, the receiver's types; one name may have several rows (`str.index`, `list.index`).
    pub receiver: Option<Kinds>,
    /// The parameters, the receiver not among them.
    pub params: &'static [Param],
    /// The result's type.
    pub returns: Returns,
    /// False for the clock and random numbers, which dynamic conditions may not use and
    /// constant folding must leave alone.
    pub pure: bool,
    /// One sentence for hover and the reference page.
    pub doc: &'static str,
    /// A call and its result, tested.
    pub example: (&'static str, &'static str),
    /// The implementation.
    pub call: fn(&Cx, Args<'_>) -> Result<Value, EvalError>,
    /// The implementation's path inside this crate, for generated code: `builtins::sequence::len`.
    pub path: &'static str,
}

/// A parameter that must be given, by place or name.
pub(crate) const fn req(name: &'static str, kinds: Kinds) -> Param {
    param(name, kinds, Presence::Required, Passing::Either)
}

/// A parameter that may be left out, by place or name.
pub(crate) const fn opt(name: &'static str, kinds: Kinds) -> Param {
    param(name, kinds, Presence::Optional, Passing::Either)
}

/// A parameter that may be left out, by name only.
pub(crate) const fn keyword(name: &'static str, kinds: Kinds) -> Param {
    param(name, kinds, Presence::Optional, Passing::Keyword)
}

/// Any number of arguments by place.
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

/// Declares the rows of one subject; the implementations stand in the same file.
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
