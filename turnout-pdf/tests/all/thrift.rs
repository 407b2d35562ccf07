//! What a filling costs in memory.

use turnout_core::ports::forms::{FormFields, PacketName};
use turnout_pdf::FormLibrary;

use crate::{MEMORY, support::forms};

fn registration(name: &str) -> FormFields {
    let mut fields = FormFields::new();
    let texts =
        ["first_name", "address1", "city", "zipcode", "date_of_birth", "mailto_line_1", "mailto_line_2"];
    for field in texts {
        fields.set_text(field, "Ordinary letters");
    }
    fields.set_text("last_name", name);
    for field in ["us_citizen", "is_18_or_over"] {
        fields.set_on(field);
    }
    fields
}

#[test]
fn a_filling_takes_little_memory_beyond_the_file_it_gives() {
    let library = FormLibrary::open(Some(&forms())).unwrap();
    let packet = library.packet(PacketName::Registration).unwrap();
    for (name, most) in [
        // letters that the packet has
        ("García", 128 << 10),
        // letters that have to be cut out of a font: the cut font and what cutting takes
        ("Nguyễn", 128 << 10),
    ] {
        let fields = registration(name);
        MEMORY.reset_peak_usage();
        let held = MEMORY.current_usage();
        let size = packet.fill(&fields, &[]).unwrap().pdf.len();
        let taken = MEMORY.peak_usage() - held - size;
        assert!(taken < most, "{name}: {taken} bytes beyond the file's {size}");
    }
}
