//! The catalogue of components: names, fields, types, defaults, output types, documentation.
//!
//! Enters: nothing. Leaves: the one table that checker, completion, hover, schema, reference
//! page and code generation read. Must not know any pipeline.
