//! The `turnout-server` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!(
        "turnout-server has no roles yet: the store, the form filler and the HTTP layer are still to come.\n\
         The crates can be linked; `make test` runs what stands. See the README."
    );
    ExitCode::FAILURE
}
