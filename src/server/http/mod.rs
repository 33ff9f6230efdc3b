//! A request from its arrival to its answer: its address, its options, the forms of its body and of what is said to it.

pub mod backlog;
pub mod body;
pub mod call;
pub mod negotiate;
pub mod options;
pub mod query;
pub mod route;
pub mod serve;
