//! turnout-pdf alone: answers onto a form.

use turnout_core::ports::forms::{FormFields, PacketName};
use turnout_pdf::FormLibrary;

fn main() {
    let library = FormLibrary::open(None).expect("the sample form is in the crate");
    let packet = library.packet(PacketName::Registration).expect("it is a registration form");
    let mut fields = FormFields::new();
    fields.set_text("first_name", "José");
    fields.set_text("last_name", "Nguyễn-Łukasz");
    fields.set_on("us_citizen");
    let filled = packet.fill(&fields, &[]).expect("these fields are on it");
    assert!(filled.pdf.starts_with(b"%PDF-") && filled.report.is_complete(), "{:?}", filled.report);
    println!("filled: {} pages, {} bytes", filled.pages, filled.pdf.len());
}
