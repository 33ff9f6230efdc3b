//! What the API does with objects, one file a verb, and what it says of itself.

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
