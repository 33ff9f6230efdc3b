//! The command line: flag groups that several commands share, kubectl's rules for flags and resource words, and the
//! texts of usage errors. No I/O. The commands themselves are under [`crate::commands::Root`].

pub mod flags;
pub mod pflag;
pub mod resources;
pub mod time;
