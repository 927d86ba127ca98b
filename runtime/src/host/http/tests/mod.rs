//! A server for tests of code that uses HTTP.

pub(crate) mod server;
