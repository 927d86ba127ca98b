//! Where in a value the checker is: `input.tags[3]`.
//!
//! Enters: the keys and positions on the way, each on the stack of who checks. Leaves: text, but
//! only for a message: nothing is copied on the way. Must not know schemas.

use std::fmt;

use crate::base::excerpt::short;

/// A place in a value.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    before: Option<&'p Self>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    /// The name of the whole value, or of a property.
    Name(&'p str),
    Position(usize),
}

impl<'p> Path<'p> {
    /// The whole value.
    pub(super) fn root(name: &'p str) -> Self {
        Self {
            before: None,
            step: Step::Name(name),
        }
    }

    /// A property.
    pub(super) fn property<'a>(&'a self, name: &'a str) -> Path<'a>
    where
        'p: 'a,
    {
        self.below(Step::Name(name))
    }

    /// An element.
    pub(super) fn element<'a>(&'a self, position: usize) -> Path<'a>
    where
        'p: 'a,
    {
        self.below(Step::Position(position))
    }

    fn below<'a>(&'a self, step: Step<'a>) -> Path<'a>
    where
        'p: 'a,
    {
        Path {
            before: Some(self),
            step,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(before) = self.before {
            write!(f, "{before}")?;
        }
        match self.step {
            Step::Name(name) if self.before.is_none() => f.write_str(name),
            Step::Name(name) => write!(f, ".{}", short(name)),
            Step::Position(position) => write!(f, "[{position}]"),
        }
    }
}
