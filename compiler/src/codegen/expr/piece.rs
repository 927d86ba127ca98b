//! The source of a value, before it has its place in the function.
//!
//! Enters: a call, a variable or a constant. Leaves: the source to write where the value, a
//! reference to it, or a `Result` of it is needed. Must not know the function.

use crate::codegen::rust::{Name, RustExpr, Varying};

/// The source of a value that has no place yet.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    code: RustExpr,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Makes a new value and cannot fail.
    Fresh,
    /// Makes a new value from something that may fail or that reads the clock.
    Effect,
    /// A call that gives a `Result`.
    Fallible,
    /// A variable, used here for the last time.
    Local,
    /// A constant: cloned where the value itself is needed.
    Shared,
    /// A variable that is a reference: cloned where the value itself is needed.
    Borrowed,
}

impl Piece {
    /// A new value that cannot fail.
    pub(super) fn fresh(code: RustExpr) -> Self {
        Self::built(code, false)
    }

    /// A new value. `effect` says that a part of it may fail.
    pub(super) fn built(code: RustExpr, effect: bool) -> Self {
        let form = if effect { Form::Effect } else { Form::Fresh };
        Self { code, form }
    }

    /// A call that gives a `Result`.
    pub(super) fn fallible(function: Name, arguments: Vec<RustExpr>) -> Self {
        Self::call(RustExpr::Call(function, arguments))
    }

    /// A call that gives a `Result`.
    pub(super) fn call(code: RustExpr) -> Self {
        let form = Form::Fallible;
        Self { code, form }
    }

    /// A variable, used here for the last time.
    pub(super) fn local(name: Name) -> Self {
        Self::named(name, Form::Local)
    }

    /// A constant.
    pub(super) fn shared(name: Name) -> Self {
        Self {
            code: RustExpr::Name(name).varying(Varying::Built),
            form: Form::Shared,
        }
    }

    /// A variable that is a reference.
    pub(super) fn borrowed(name: Name) -> Self {
        Self::named(name, Form::Borrowed)
    }

    fn named(name: Name, form: Form) -> Self {
        Self {
            code: RustExpr::Name(name),
            form,
        }
    }

    /// The source of the value itself.
    pub(super) fn owned(&self) -> RustExpr {
        match self.form {
            Form::Fallible => self.code.clone().tried(),
            Form::Shared | Form::Borrowed => self.code.clone().read("clone"),
            Form::Fresh | Form::Effect | Form::Local => self.code.clone(),
        }
    }

    /// The source of a reference to the value.
    pub(super) fn reference(&self) -> RustExpr {
        match self.form {
            Form::Fallible => self.code.clone().tried().borrowed(),
            Form::Borrowed => self.code.clone(),
            Form::Fresh | Form::Effect | Form::Local | Form::Shared => self.code.clone().borrowed(),
        }
    }

    /// The source of a `Result` with the value.
    pub(super) fn result(&self) -> RustExpr {
        match self.form {
            Form::Fallible => self.code.clone(),
            Form::Fresh | Form::Effect | Form::Local | Form::Shared | Form::Borrowed => {
                RustExpr::call("Ok", vec![self.owned()])
            }
        }
    }

    /// Whether it may fail or read the clock, so that the time of its evaluation matters.
    pub(super) fn has_effect(&self) -> bool {
        matches!(self.form, Form::Fallible | Form::Effect)
    }

    /// Whether it is a variable or constant that is used again later.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self.form, Form::Shared | Form::Borrowed)
    }

    /// Whether it is a variable or constant.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.form, Form::Local | Form::Shared | Form::Borrowed)
    }

    /// The width of its source, as it is.
    pub(super) fn width(&self) -> usize {
        self.code.width()
    }
}
