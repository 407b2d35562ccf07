//! The `turnout-server` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    turnout_server::commands::run()
}
