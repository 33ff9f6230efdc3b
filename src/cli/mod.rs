//! What can be typed: the flag groups that several commands share, kubectl's rules for flags and resource words, and the
//! words of usage errors. No I/O. The tree of commands itself is [`crate::commands::Root`].

pub mod flags;
pub mod pflag;
pub mod resources;
pub mod time;
