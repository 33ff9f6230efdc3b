//! The embedded API server: Secrets and Namespaces, as a tower Service.
pub mod managed_fields;
pub mod patch;
pub mod protobuf;
pub mod status;
