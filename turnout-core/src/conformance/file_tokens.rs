//! What [`FileTokens`] promise.

use chrono::TimeDelta;

use super::rows::{at, file};
use crate::{
    file::{FileType, StoredFile, imported_token_hash},
    ports::file_tokens::FileTokens,
};

/// A test for every case of file tokens.
#[macro_export]
macro_rules! file_tokens_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            file_tokens,
            [$($open)+],
            file_tokens,
            [
                a_token_opens_its_file_until_it_ends,
                a_token_opens_no_other_file,
                the_same_token_is_issued_until_it_is_renewed,
                a_renewal_makes_old_tokens_wrong_and_the_next_one_valid_from_then_on,
                what_is_no_token_opens_nothing,
                a_token_goes_into_a_link_as_it_is,
                it_is_not_for_a_token_to_say_that_a_file_was_purged,
                the_token_issued_for_an_imported_file_opens_it,
            ]
        );
    };
}

/// A test for every case of file tokens that also take those of another service: files are imported with them.
#[macro_export]
macro_rules! imported_file_tokens_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            imported_file_tokens,
            [$($open)+],
            file_tokens,
            [
                an_imported_token_opens_its_file_until_it_ends_or_is_renewed,
                an_imported_token_is_one_text_and_opens_no_other_file,
            ]
        );
    };
}

/// What another service issued.
const IMPORTED: &str = "ABEiM0RVZneImaq7zN3u_w";

/// A file that came with that token.
fn imported(tokens: &dyn FileTokens, number: u128) -> StoredFile {
    StoredFile { imported_token_hash: Some(imported_token_hash(IMPORTED)), ..fresh(tokens, number) }
}

/// A later message carries it, though nobody renewed anything.
pub async fn the_token_issued_for_an_imported_file_opens_it(tokens: &dyn FileTokens) {
    let mut file = imported(tokens, 1);
    assert!(tokens.check(&file, tokens.issue(&file).text(), at(0)));
    tokens.renew(&mut file, at(1));
    assert_eq!(file.imported_token_hash, None);
    assert!(tokens.check(&file, tokens.issue(&file).text(), at(1)));
}

/// The mail in which it stands was sent long ago.
pub async fn an_imported_token_opens_its_file_until_it_ends_or_is_renewed(tokens: &dyn FileTokens) {
    let mut file = imported(tokens, 1);
    assert!(tokens.check(&file, IMPORTED, at(0)));
    assert!(tokens.check(&file, IMPORTED, file.expires - TimeDelta::microseconds(1)));
    assert!(!tokens.check(&file, IMPORTED, file.expires));
    tokens.renew(&mut file, at(0));
    assert!(!tokens.check(&file, IMPORTED, at(0)));
}

/// Not the UUID that it writes, nor what is kept of it.
pub async fn an_imported_token_is_one_text_and_opens_no_other_file(tokens: &dyn FileTokens) {
    let file = imported(tokens, 1);
    let kept: String = imported_token_hash(IMPORTED).iter().map(|byte| format!("{byte:02x}")).collect();
    for wrong in
        ["00112233-4455-6677-8899-aabbccddeeff", "ABEiM0RVZneImaq7zN3u_w==", &IMPORTED[..21], &kept, ""]
    {
        assert!(!tokens.check(&file, wrong, at(0)), "{wrong}");
    }
    assert!(!tokens.check(&fresh(tokens, 1), IMPORTED, at(0)), "it was not imported");
    let other = StoredFile { imported_token_hash: Some(imported_token_hash("another")), ..fresh(tokens, 2) };
    assert!(!tokens.check(&other, IMPORTED, at(0)));
    assert!(!tokens.check(&other, tokens.issue(&file).text(), at(0)));
}

/// A file whose first token was issued at second 0.
fn fresh(tokens: &dyn FileTokens, number: u128) -> StoredFile {
    StoredFile {
        generation: 1,
        imported_token_hash: None,
        expires: at(0) + tokens.lifetime(),
        ..file(number, FileType::RegForm, 0)
    }
}

/// At its end it is over.
pub async fn a_token_opens_its_file_until_it_ends(tokens: &dyn FileTokens) {
    let file = fresh(tokens, 1);
    let token = tokens.issue(&file);
    assert!(tokens.lifetime() > TimeDelta::zero());
    assert!(tokens.check(&file, token.text(), at(0)));
    assert!(tokens.check(&file, token.text(), file.expires - TimeDelta::microseconds(1)));
    assert!(!tokens.check(&file, token.text(), file.expires));
    assert!(!tokens.check(&file, token.text(), file.expires + TimeDelta::days(1_000)));
}

/// Of the same voter, the same kind and the same moment.
pub async fn a_token_opens_no_other_file(tokens: &dyn FileTokens) {
    let (one, two) = (fresh(tokens, 1), fresh(tokens, 2));
    assert!(!tokens.check(&two, tokens.issue(&one).text(), at(0)));
    assert!(!tokens.check(&one, tokens.issue(&two).text(), at(0)));
}

/// So that a later message can carry it again; changing the form behind a link leaves the link alone.
pub async fn the_same_token_is_issued_until_it_is_renewed(tokens: &dyn FileTokens) {
    let file = fresh(tokens, 1);
    let token = tokens.issue(&file);
    let swapped = StoredFile {
        key: "other".into(),
        name: "other.pdf".into(),
        first_download: None,
        modified_at: at(50),
        ..file.clone()
    };
    assert!(tokens.issue(&swapped).is(token.text()));
    assert!(tokens.check(&swapped, token.text(), at(1)));
}

/// For its whole lifetime.
pub async fn a_renewal_makes_old_tokens_wrong_and_the_next_one_valid_from_then_on(tokens: &dyn FileTokens) {
    let mut file = fresh(tokens, 1);
    let mut old = Vec::new();
    for round in 0..3 {
        old.push(tokens.issue(&file));
        let now = file.expires + TimeDelta::days(round);
        tokens.renew(&mut file, now);
        let new = tokens.issue(&file);
        assert!(tokens.check(&file, new.text(), now));
        assert_eq!(file.expires, now + tokens.lifetime());
        assert!(old.iter().all(|old| !tokens.check(&file, old.text(), now)), "{round}");
    }
}

/// Nor does one that was cut, made longer or changed.
pub async fn what_is_no_token_opens_nothing(tokens: &dyn FileTokens) {
    let file = fresh(tokens, 1);
    let token = tokens.issue(&file).text().to_owned();
    let mut changed = token.clone().into_bytes();
    changed[0] = if changed[0] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("it was ASCII and is");
    for wrong in ["", " ", "é", &token[1..], &token[..token.len() - 1], &format!("{token}A"), &changed] {
        assert!(!tokens.check(&file, wrong, at(0)), "{wrong}");
    }
    // to a blank beside it, it is another text
    assert!(!tokens.check(&file, &format!(" {token}"), at(0)));
}

/// Letters, digits and what a query takes unescaped.
pub async fn a_token_goes_into_a_link_as_it_is(tokens: &dyn FileTokens) {
    for number in 1..50 {
        let token = tokens.issue(&fresh(tokens, number)).text().to_owned();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        assert!(token.len() >= 22 && token.bytes().all(plain), "{token}");
    }
}

/// That is looked at before.
pub async fn it_is_not_for_a_token_to_say_that_a_file_was_purged(tokens: &dyn FileTokens) {
    let file = StoredFile { purged: Some(at(1)), ..fresh(tokens, 1) };
    assert!(tokens.check(&file, tokens.issue(&file).text(), at(2)));
}
