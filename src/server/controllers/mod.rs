//! The controllers of a cluster that the server needs: namespace deletion and garbage collection.

pub mod garbage;
pub mod namespaces;
