//! Any values and pictures for our sample forms: values never fail, pictures may.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use turnout_core::{
    absentee::SubmissionType,
    address::State,
    ports::forms::{FormFields, PacketName, Stamp},
};
use turnout_pdf::{FormLibrary, Packet};
use turnout_pdf_fuzz::within_a_second;

static PACKETS: LazyLock<Vec<Arc<Packet>>> = LazyLock::new(|| {
    let library = FormLibrary::open(None).expect("the samples are ours");
    let request = |way| PacketName::BallotRequest { state: State::Ga, way, tracker: true };
    let names = [
        PacketName::Registration,
        PacketName::RegistrationMail(State::Ga),
        request(SubmissionType::LeoFax),
        request(SubmissionType::PrintAndForward),
    ];
    names.into_iter().map(|name| library.packet(name).expect("the samples are ours")).collect()
});

// The first byte chooses the packet; then one field after the other, each text up to a zero; the rest is a picture.
fuzz_target!(|data: &[u8]| {
    LazyLock::force(&PACKETS);
    within_a_second(|| tried(data));
});

fn tried(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let packet = &PACKETS[usize::from(*first) % PACKETS.len()];
    let mut parts = rest.split(|byte| *byte == 0);
    let mut values = FormFields::new();
    for name in packet.names() {
        match parts.next() {
            None | Some([]) => {}
            Some([b'+']) => values.set_on(name),
            Some(text) => values.set_text(name, &String::from_utf8_lossy(text)),
        }
    }
    packet.fill(&values, &[]).expect("values never fail");
    let picture = [b"\x89PNG".as_slice(), b"\xFF\xD8\xFF"].iter().find_map(|magic| {
        rest.windows(magic.len()).position(|bytes| bytes == *magic).map(|at| rest[at..].to_vec())
    });
    if let Some(image) = picture {
        let stamp = Stamp { page: 0, rect: [100.0, 100.0, 200.0, 40.0], image: image.into() };
        let _ = packet.fill(&values, &[stamp]);
    }
}
