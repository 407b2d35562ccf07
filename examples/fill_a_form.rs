//! turnout-pdf alone: a voter's answers onto the registration form, into a file.
//!
//! `cargo run -p turnout-examples --example fill_a_form [folder of official forms]`

use std::path::PathBuf;

use anyhow::Context as _;
use turnout_core::ports::forms::{FormFields, PacketName};
use turnout_pdf::FormLibrary;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let library = FormLibrary::open(folder.as_deref())?;
    let packet = library.packet(PacketName::Registration)?;

    let mut fields = FormFields::new();
    for (name, value) in [
        ("first_name", "José"),
        ("last_name", "Nguyễn-Łukasz"),
        ("address1", "1 Main Street"),
        ("city", "Springfield"),
        ("state", "IL"),
        ("zipcode", "62701"),
        ("date_of_birth", "05/04/1980"),
        ("mailto_line_1", "State Board of Elections"),
        ("mailto_line_2", "2329 S. MacArthur Boulevard"),
        ("mailto_line_3", "Springfield, IL 62704"),
        ("2020_state_deadline_full", "Your form must be postmarked 28 days before election day."),
    ] {
        fields.set_text(name, value);
    }
    for name in ["title_mr", "us_citizen", "is_18_or_over"] {
        fields.set_on(name);
    }

    let filled = packet.fill(&fields, &[])?;
    let path = std::env::temp_dir().join("turnout-filled-form.pdf");
    std::fs::write(&path, &filled.pdf).with_context(|| format!("writing {}", path.display()))?;
    let forms = if library.is_official() {
        "official forms"
    } else {
        "sample forms; name a folder for the official ones"
    };
    println!("{} pages ({forms}) written to {}", filled.pages, path.display());
    anyhow::ensure!(filled.report.is_complete(), "not everything went onto the paper: {:?}", filled.report);
    Ok(())
}
