//! Parse, run, exit status: the only place that ends the process.

fn main() {}
