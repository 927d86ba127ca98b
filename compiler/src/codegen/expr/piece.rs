//! The source of a value that has not been placed yet.
//!
//! Enters: a call, a variable, a constant. Leaves: what stands where the value, a reference to it
//! or a `Result` of it is wanted. Must not know the function it is going to stand in.

use crate::codegen::rust::{Code, Name, Varying};

/// The source of a value that has not been placed yet.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    code: Code,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Makes a new value, cannot fail.
    Fresh,
    /// Makes a new value from something that may fail or reads the clock.
    Effect,
    /// A call that gives a `Result`.
    Fallible,
    /// A variable that is used here for the last time.
    Local,
    /// A constant: cloned where it is taken.
    Shared,
    /// A variable that is a reference: cloned where it is taken.
    Borrowed,
}

impl Piece {
    /// A new value that cannot fail.
    pub(super) fn fresh(code: Code) -> Self {
        Self::built(code, false)
    }

    /// A new value; `effect` when a part of it may fail.
    pub(super) fn built(code: Code, effect: bool) -> Self {
        let form = if effect { Form::Effect } else { Form::Fresh };
        Self { code, form }
    }

    /// A call that gives a `Result`.
    pub(super) fn fallible(function: Name, arguments: Vec<Code>) -> Self {
        Self {
            code: Code::Call(function, arguments),
            form: Form::Fallible,
        }
    }

    /// A variable used here for the last time.
    pub(super) fn local(name: Name) -> Self {
        Self::named(name, Form::Local)
    }

    /// A constant.
    pub(super) fn shared(name: Name) -> Self {
        Self {
            code: Code::Name(name).varying(Varying::Built),
            form: Form::Shared,
        }
    }

    /// A variable that is a reference.
    pub(super) fn borrowed(name: Name) -> Self {
        Self::named(name, Form::Borrowed)
    }

    fn named(name: Name, form: Form) -> Self {
        Self {
            code: Code::Name(name),
            form,
        }
    }

    /// Source that gives the value itself.
    pub(super) fn owned(&self) -> Code {
        match self.form {
            Form::Fallible => self.code.clone().tried(),
            Form::Shared | Form::Borrowed => self.code.clone().read("clone"),
            Form::Fresh | Form::Effect | Form::Local => self.code.clone(),
        }
    }

    /// Source that gives a reference to the value.
    pub(super) fn reference(&self) -> Code {
        match self.form {
            Form::Fallible => self.code.clone().tried().borrowed(),
            Form::Borrowed => self.code.clone(),
            Form::Fresh | Form::Effect | Form::Local | Form::Shared => self.code.clone().borrowed(),
        }
    }

    /// Source that gives a `Result` of the value.
    pub(super) fn result(&self) -> Code {
        match self.form {
            Form::Fallible => self.code.clone(),
            Form::Fresh | Form::Effect | Form::Local | Form::Shared | Form::Borrowed => {
                Code::call("Ok", vec![self.owned()])
            }
        }
    }

    /// Whether it matters when it is evaluated.
    pub(super) fn has_effect(&self) -> bool {
        matches!(self.form, Form::Fallible | Form::Effect)
    }

    /// Whether it is a variable or constant that is used again.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self.form, Form::Shared | Form::Borrowed)
    }

    /// Whether it is a variable or constant.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.form, Form::Local | Form::Shared | Form::Borrowed)
    }

    /// How wide the source is, before it is taken.
    pub(super) fn width(&self) -> usize {
        self.code.width()
    }
}
