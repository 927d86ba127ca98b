//! Tests of the scheduler by itself.

mod look;
mod play;
mod random;
mod situations;
