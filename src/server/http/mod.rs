//! HTTP: what a request's path, query and headers mean, the forms of its body and of the answer.

pub mod backlog;
pub mod body;
pub mod call;
pub mod negotiate;
pub mod options;
pub mod query;
pub mod route;
pub mod serve;
