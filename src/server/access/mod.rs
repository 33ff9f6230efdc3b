//! Who asks, as whom, and what they may.

pub mod identity;
pub mod impersonation;
pub mod rules;
