//! Keeps what a dynamic condition was parsed to, because a filter may evaluate the same text for
//! each element of a list.
//!
//! Enters: a text and what it was parsed to. Leaves: the same, when the text is the same. Must not
//! know the parser, which most binaries do not link.

use std::{any::Any, cell::RefCell, rc::Rc};

/// The latest text of an attempt, with what it was parsed to.
#[derive(Debug, Default)]
pub struct Memo(RefCell<Option<Parsed>>);

/// A text, with what it was parsed to.
type Parsed = (String, Rc<dyn Any>);

impl Memo {
    /// Forgets what it knows.
    pub(crate) fn clear(&mut self) {
        *self.0.get_mut() = None;
    }

    /// What a text was parsed to: remembered, or made by `parse` and then remembered.
    ///
    /// # Errors
    /// Those of `parse`. They are not remembered.
    pub fn get<T: 'static, E>(
        &self,
        text: &str,
        parse: impl FnOnce() -> Result<T, E>,
    ) -> Result<Rc<T>, E> {
        if let Some(parsed) = self.known(text) {
            return Ok(parsed);
        }
        let parsed = Rc::new(parse()?);
        let latest = (text.to_owned(), Rc::clone(&parsed) as Rc<dyn Any>);
        *self.0.borrow_mut() = Some(latest);
        Ok(parsed)
    }

    fn known<T: 'static>(&self, text: &str) -> Option<Rc<T>> {
        let latest = self.0.borrow();
        let (_, parsed) = latest.as_ref().filter(|(of, _)| of == text)?;
        Rc::clone(parsed).downcast().ok()
    }
}

#[cfg(test)]
#[path = "tests/memo.rs"]
mod tests;
