//! `serve`: the embedded API server on a loopback port.

use crate::{context::Context, error::Result};

/// Run the embedded API server on a loopback port
#[derive(clap::Args, Debug)]
pub struct Args {}

/// # Errors
/// None yet.
pub fn run(_: Args, _: &mut Context) -> Result<()> {
    Ok(())
}
