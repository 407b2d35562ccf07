//! Another [`FileTokens`]: each token says until when it opens its file, under a signature. It takes the place of the
//! derived ones by name, passes their suite, and stands in the mails.

use anyhow::{Context as _, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;
use turnout_core::{
    file::{Opened, StoredFile, open, renew_link},
    input::Input,
    jobs::step::run_all_due,
    memory::{Outbox, World},
    ports::file_tokens::FileTokens,
    register::{Options, submit},
    secret::{FileToken, SecretKey},
};

/// What these signatures are for: part of each, so that no other signature under the same key fits here.
const PURPOSE: &[u8] = b"example.signed-file-tokens";

/// Tokens of 32 characters: the end in microseconds since 1970 (8 bytes) and the first 16 bytes of HMAC-SHA256 over
/// purpose, id, generation and end. Whoever holds the token can read the end, nobody can move it.
///
/// A link that was imported from elsewhere does not open here until it is renewed.
struct SignedTokens {
    key: SecretKey,
    lifetime: TimeDelta,
}

impl SignedTokens {
    fn mac(&self, file: &StoredFile, end: [u8; 8]) -> Hmac<Sha256> {
        let mut mac = Hmac::new_from_slice(self.key.bytes()).expect("HMAC takes a key of any length");
        // the purpose is always the same, and the rest has a length of its own
        mac.update(PURPOSE);
        mac.update(file.id.0.as_bytes());
        mac.update(&file.generation.to_be_bytes());
        mac.update(&end);
        mac
    }
}

/// The end and the signature of a token, unless it cannot be one.
fn parts(token: &str) -> Option<([u8; 8], [u8; 16])> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (end, signature) = bytes.split_first_chunk()?;
    Some((*end, signature.try_into().ok()?))
}

/// Until when a token says that it opens its file.
fn end_of(token: &str) -> Option<DateTime<Utc>> {
    let (end, _) = parts(token)?;
    DateTime::from_timestamp_micros(i64::from_be_bytes(end))
}

impl FileTokens for SignedTokens {
    fn issue(&self, file: &StoredFile) -> FileToken {
        let end = file.expires.timestamp_micros().to_be_bytes();
        let signature = self.mac(file, end).finalize().into_bytes();
        FileToken::new(URL_SAFE_NO_PAD.encode([&end, &signature[..16]].concat()))
    }

    fn check(&self, file: &StoredFile, token: &str, now: DateTime<Utc>) -> bool {
        let Some((end, signature)) = parts(token) else { return false };
        // compares in constant time
        let is_signed = self.mac(file, end).verify_truncated_left(&signature).is_ok();
        is_signed && end_of(token).is_some_and(|end| now < end) && now < file.expires
    }

    fn renew(&self, file: &mut StoredFile, now: DateTime<Utc>) {
        file.generation += 1;
        file.imported_token_hash = None;
        file.expires = now + self.lifetime;
    }

    fn lifetime(&self) -> TimeDelta {
        self.lifetime
    }
}

async fn tokens() -> SignedTokens {
    SignedTokens { key: SecretKey::new(*b"of this example"), lifetime: TimeDelta::days(2) }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let passed = turnout_core::file_tokens_conformance!(run, tokens);
    println!("the suite of file tokens: {passed} cases passed");

    let tokens = tokens().await;
    let world = World::with(|app| app.with_file_tokens(tokens));
    let voter = json!({"first_name": "Ada", "last_name": "Lovelace", "address1": "1 Main Street", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "ada@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "TL123456"});
    let input = Input::json(serde_json::from_value(voter)?);
    submit(&world.app, &input, &Options::default()).await?;
    run_all_due(&world.app).await?;
    let (id, token) = mailed_link(&world.outbox)?;
    let end = end_of(&token).context("the token in the mail has no end")?;
    println!("the mail's link ends with {token}: good until {end}");
    ensure!(matches!(open(&world.app, &id, Some(&token), true).await?, Opened::Bytes(_)));

    world.clock.set(end);
    let late = open(&world.app, &id, Some(&token), true).await?;
    println!("then it leads to {late:?}");
    ensure!(matches!(late, Opened::Reset(_)), "a token opened its file after its end");

    let wish = Input::json(serde_json::from_value(json!({"id": id}))?);
    renew_link(&world.app, &wish).await?;
    run_all_due(&world.app).await?;
    let (_, renewed) = mailed_link(&world.outbox)?;
    let end = end_of(&renewed).context("the renewed token has no end")?;
    println!("a new one was mailed, good until {end}");
    ensure!(matches!(open(&world.app, &id, Some(&renewed), true).await?, Opened::Bytes(_)));
    ensure!(matches!(open(&world.app, &id, Some(&token), true).await?, Opened::Reset(_)));
    Ok(())
}

/// The id and the token in the one mail that waits.
fn mailed_link(outbox: &Outbox) -> anyhow::Result<(String, String)> {
    let [mail] = outbox.take().try_into().ok().context("not exactly one mail was sent")?;
    let (_, link) = mail.text.split_once("/download/").context("the mail has no link")?;
    let link = link.split_whitespace().next().unwrap_or_default();
    let (id, token) = link.split_once("/?token=").context("the link has no token")?;
    Ok((id.to_owned(), token.to_owned()))
}
