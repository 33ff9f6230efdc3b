//! Go templates as kubectl runs them.
