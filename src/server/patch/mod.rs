//! The four kinds of patch, as pure functions on JSON.
