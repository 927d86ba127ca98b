//! Tests of the scheduler alone.

mod look;
mod play;
mod random;
mod situations;
