//! Pictures of signatures on pages, as poppler shows them.

use std::path::Path;

use bytes::Bytes;
use pdf_writer::{Pdf, Rect, Ref};
use turnout_core::{
    absentee::state_form::SignatureBox,
    file::PictureError,
    ports::forms::{FormFields, Forms as _, Stamp},
};
use turnout_pdf::{About, Error, FormLibrary, Mode, Packet, Section, compile};

use crate::support::{forms, paper::dots, unsound};

fn picture(name: &str) -> Bytes {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    std::fs::read(pictures.join(name)).unwrap().into()
}

/// A picture of 48 x 24 dots whose upper left quarter is black; the rest cannot be seen.
fn transparent() -> Bytes {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 48, 24);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let dot = |index: usize| if index % 48 < 24 && index / 48 < 12 { [0, 0, 0, 255] } else { [0, 0, 0, 0] };
    let dots: Vec<u8> = (0..48 * 24).flat_map(dot).collect();
    encoder.write_header().unwrap().write_image_data(&dots).unwrap();
    bytes.into()
}

/// An empty page that is turned when it is shown.
fn page(turn: i32) -> Packet {
    let mut pdf = Pdf::new();
    let [catalog, tree, page] = [1, 2, 3].map(Ref::new);
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids([page]).count(1);
    pdf.page(page).parent(tree).media_box(Rect::new(10.0, 20.0, 310.0, 420.0)).rotate(turn);
    let section = Section { document: "page", pdf: &pdf.finish(), mode: Mode::Flatten };
    compile(&[section], &About { title: "A page", language: "en-US" }).unwrap()
}

/// Left, top, right and bottom of what is dark on a page.
fn ink(pdf: &[u8], page: usize) -> [usize; 4] {
    let page = dots(pdf, page);
    let dark = page.dots.iter().enumerate().filter(|(_, dot)| **dot < 128);
    let dark = dark.map(|(at, _)| (at % page.width, at / page.width));
    dark.fold([usize::MAX, usize::MAX, 0, 0], |[left, top, right, bottom], (x, y)| {
        [left.min(x), top.min(y), right.max(x), bottom.max(y)]
    })
}

#[test]
fn a_signature_stands_upright_in_its_place_on_every_page() {
    let place = SignatureBox { x: 100, y: 300, width: 192, height: 96 };
    // where it is black: left, top, right and bottom, in halves of the place's height
    let upper_left = [0.0, 0.0, 2.0, 1.0];
    for (name, image, black) in [
        ("transparent", transparent(), upper_left),
        ("gray", picture("gray.jpg"), upper_left),
        ("color", picture("color.jpg"), upper_left),
        ("progressive", picture("progressive.jpg"), upper_left),
        ("rgb", picture("rgb.jpg"), upper_left),
        // turned to the right it is half as wide as high, in the middle of the place, and black on the upper right
        ("on its side", picture("on-its-side.jpg"), [2.0, 0.0, 2.5, 1.0]),
    ] {
        for turn in [0, 90, 180, 270] {
            let packet = page(turn);
            let facts = packet.page_facts().next().unwrap();
            let rect = place.on_page(facts.visible, facts.turn);
            let filled =
                packet.fill(&FormFields::new(), &[Stamp { page: 0, rect, image: image.clone() }]).unwrap();
            assert_eq!(unsound(&filled.pdf), None, "{name} {turn}");
            // the place on the page as it is seen, from above
            let (wide, high) = if turn % 180 == 0 { (300.0_f32, 400.0_f32) } else { (400.0, 300.0) };
            let scale = (wide / 595.276).min(high / 841.89);
            let (x, y) = ((wide - 595.276 * scale) / 2.0, (high - 841.89 * scale) / 2.0);
            let (x, y, half) = (x + 100.0 * scale, high - y - 396.0 * scale, 48.0 * scale);
            let [left, top, right, bottom] = black.map(|halves: f32| halves * half);
            let expected = [x + left, y + top, x + right, y + bottom];
            let found = ink(&filled.pdf, 0).map(|side| side as f32);
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 2.0, "{name} {turn}: {found:?} {expected:?}");
            }
        }
    }
}

#[test]
fn what_cannot_be_seen_of_a_picture_leaves_the_form_as_it_is() {
    let form = std::fs::read(forms().join("absentee/states/IL.pdf")).unwrap();
    let section = Section { document: "IL", pdf: &form, mode: Mode::Flatten };
    let packet = compile(&[section], &About { title: "A form", language: "en-US" }).unwrap();
    let filled = |stamps: &[Stamp]| packet.fill(&FormFields::new(), stamps).unwrap().pdf;
    let rect = SignatureBox { x: 79, y: 145, width: 266, height: 32 }.on_page([0.0, 0.0, 612.0, 792.0], 0);
    let blank = dots(&filled(&[]), 0);
    let signed = dots(&filled(&[Stamp { page: 0, rect, image: transparent() }]), 0);
    let changed = blank.differing(&signed, 60);
    assert!(!changed.is_empty());
    // 30.1 points high and twice as wide, in the middle of the box; black in its upper left quarter
    let middle = rect[0] + rect[2] / 2.0;
    let (left, right) = (middle - rect[3], middle);
    let (low, high) = (792.0 - rect[1] - rect[3], 792.0 - rect[1] - rect[3] / 2.0);
    for at in changed {
        let (x, y) = ((at % blank.width) as f32, (at / blank.width) as f32);
        assert!(x >= left - 1.5 && x <= right + 1.5 && y >= low - 1.5 && y <= high + 1.5, "{x} {y}");
    }
}

#[tokio::test]
async fn an_upload_is_taken_exactly_when_it_can_be_put_on_a_page() {
    let library = FormLibrary::open(None).unwrap();
    let damaged = {
        let mut bytes = picture("color.jpg").to_vec();
        let scan = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        let end = bytes.len() - 2;
        bytes[scan + 14..end].chunks_exact_mut(2).for_each(|pair| pair.copy_from_slice(&[0xFF, 0]));
        bytes
    };
    for (image, expected) in [
        (transparent(), None),
        (picture("progressive.jpg"), None),
        (picture("cmyk.jpg"), Some(PictureError::FourColors)),
        (damaged.into(), Some(PictureError::Damaged)),
        (Bytes::from_static(b"GIF89a"), Some(PictureError::Damaged)),
    ] {
        assert_eq!(library.picture(image.clone()).await.err(), expected);
        let put = page(0).fill(&FormFields::new(), &[Stamp { page: 0, rect: [0.0, 0.0, 9.0, 9.0], image }]);
        match (put, expected) {
            (Ok(_), None) => {}
            (Err(Error::Picture(error)), Some(expected)) => assert_eq!(error, expected),
            (put, _) => panic!("{:?} instead of {expected:?}", put.err()),
        }
    }
}
