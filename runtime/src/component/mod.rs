//! Components: what a leaf stage does with its rendered configuration.
//!
//! Enters: a rendered configuration. Leaves: the stage's output or a fault. One file a
//! component; each is a `static` that generated code names, so that the linker drops the rest.

/// A leaf component.
#[derive(Debug)]
pub struct Component {
    /// Its canonical name.
    pub name: &'static str,
}
