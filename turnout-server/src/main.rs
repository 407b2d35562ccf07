//! The `turnout-server` program.

fn main() {}
