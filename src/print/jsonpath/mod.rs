//! The jsonpath dialect of kubectl.
