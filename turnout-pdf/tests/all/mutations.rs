//! Official forms, damaged 20,000 times: compiling and filling them may fail, but it ends, it never panics, and it does
//! not take more memory than it may. `make fuzz-pdf` goes on where this ends.

use std::time::{Duration, Instant};

use turnout_pdf::Mode;

use crate::{
    MEMORY,
    hostile_input::{page, tried_in},
    support::{every_form, ran},
};

/// How often each form is damaged as published, and as often again with its objects laid open.
const ROUNDS: usize = 114;
/// What one file may take, in bytes: the memory beside that of the tests.
const MEMORY_LIMIT: usize = 256 << 20;
/// After that a file hangs. The whole of it takes milliseconds; a busy machine may be slow.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// Numbers that look random and are the same in every run: xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

/// Damages a file in up to nine places. Offsets stay true unless bytes are taken out or put in.
fn damaged(whole: &[u8], random: &mut Random) -> Vec<u8> {
    let mut pdf = whole.to_vec();
    for _ in 0..=random.below(8) {
        let (at, length) = (random.below(pdf.len()), random.below(40));
        let end = (at + length).min(pdf.len());
        let from = |byte: u8, pdf: &[u8], at: usize| (at..pdf.len()).find(|at| pdf[*at] == byte);
        match random.below(8) {
            0 => pdf[at] = u8::try_from(random.below(256)).unwrap(),
            1 => drop(pdf.drain(at..end)),
            2 => {
                let copy = pdf[at..end].to_vec();
                let to = random.below(pdf.len());
                pdf.splice(to..to, copy);
            }
            3 => {
                let copy = pdf[at..end].to_vec();
                let to = random.below(pdf.len() - copy.len());
                pdf[to..to + copy.len()].copy_from_slice(&copy);
            }
            // a name, or what follows it, over another: where damage reads best
            4 | 5 => {
                let other = random.below(pdf.len());
                if let (Some(at), Some(to)) = (from(b'/', &pdf, at), from(b'/', &pdf, other)) {
                    let copy = pdf[at..(at + length).min(pdf.len())].to_vec();
                    let end = (to + copy.len()).min(pdf.len());
                    pdf[to..end].copy_from_slice(&copy[..end - to]);
                }
            }
            // digits are lengths, offsets and references: where it does most
            _ => {
                if let Some(at) = (at..pdf.len()).find(|at| pdf[*at].is_ascii_digit()) {
                    pdf[at] = b'0' + u8::try_from(random.below(10)).unwrap();
                }
            }
        }
    }
    pdf
}

/// A form with its objects laid open one by one, so that damage is not lost in a compressed stream.
fn laid_open(pdf: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--qdf", "--stream-data=preserve", "--object-streams=disable", "form.pdf", "open.pdf"];
    ran(folder.path(), "qpdf", &arguments, pdf);
    std::fs::read(folder.path().join("open.pdf")).unwrap()
}

/// Damages every fourth form, from the one of that number on.
fn survive(quarter: usize) {
    let own = page("4 0 R", &["<</Subtype/Widget/FT/Tx/T(name)/Rect[10 10 200 30]/DA(/Helv 9 Tf 0 g)>>"]);
    let forms = every_form().into_iter().chain([("a file of ours".to_owned(), own)]);
    let mut random = Random(0x2545_F491_4F6C_DD1D ^ quarter as u64);
    let (mut filled, mut tries) = (0, 0);
    for (name, pdf) in forms.skip(quarter).step_by(4) {
        for whole in [&laid_open(&pdf), &pdf] {
            for round in 0..ROUNDS {
                let damaged = damaged(whole, &mut random);
                MEMORY.reset_peak_usage();
                let (held, begun) = (MEMORY.current_usage(), Instant::now());
                let mode = if round % 2 == 0 { Mode::Flatten } else { Mode::Interactive };
                filled += usize::from(tried_in(mode, &damaged).is_ok());
                tries += 1;
                let taken = MEMORY.peak_usage().saturating_sub(held);
                assert!(taken < MEMORY_LIMIT, "{name}, round {round}, takes {} MB", taken >> 20);
                assert!(begun.elapsed() < TIME_LIMIT, "{name}, round {round}, hangs");
            }
        }
    }
    assert!(tries >= 5_000, "only {tries} files were tried");
    assert!(filled * 10 > tries && filled < tries, "{filled} of {tries} could be filled: it tests nothing");
}

#[test]
fn official_forms_survive_damage_first_quarter() {
    survive(0);
}

#[test]
fn official_forms_survive_damage_second_quarter() {
    survive(1);
}

#[test]
fn official_forms_survive_damage_third_quarter() {
    survive(2);
}

#[test]
fn official_forms_survive_damage_fourth_quarter() {
    survive(3);
}
