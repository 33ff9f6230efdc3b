//! The API's operations on objects, one file for each verb, and its documents about itself.

pub mod create;
pub mod delete;
pub mod discovery;
pub mod documents;
pub mod get;
pub mod list;
pub mod openapi;
pub mod openapi_v2;
pub mod patch;
pub mod reviews;
pub mod update;
pub mod watch;
pub mod watch_cache;
