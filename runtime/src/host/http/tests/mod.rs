//! The other end of a connection, for tests of what speaks HTTP.

pub(crate) mod server;
