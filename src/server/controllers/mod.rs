//! What the controllers of a cluster would do: the end of namespaces, and of what waits for the garbage collector.

pub mod garbage;
pub mod namespaces;
