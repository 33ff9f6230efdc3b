//! The embedded API server: Secrets and Namespaces, as a tower Service.
