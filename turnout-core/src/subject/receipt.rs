//! What is left of a person who was forgotten: that it was done.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hmac::Mac as _;
use serde::{Deserialize, Serialize};

use super::Person;
use crate::{
    app::App,
    ids::{ReceiptId, UserId},
    secret::{SecretKey, hex},
};

/// What the key is for that signs receipts.
const PURPOSE: &str = "turnout.receipts";
/// What the key is for under which a receipt tells whom it is about.
const SUBJECT: &str = "turnout.receipts.subject";

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A person was forgotten.
    Deletion,
    /// A person was given what is kept of them.
    Export,
}

/// What became of the rows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// How many were deleted.
    pub deleted: u64,
    /// How many stay: without what was personal in them, or as they are where the catalogue says so.
    pub kept: u64,
    /// Which rows they were, where they have ids.
    pub ids: Vec<String>,
}

/// What was done, for whom, when, by whom. Nothing about the person: an address is there as an HMAC, by which one can see
/// whether a receipt is about somebody who says who he is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Which of them.
    pub id: ReceiptId,
    /// What was done.
    pub what: What,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom: somebody with an account; nobody for whoever may run commands.
    pub by: Option<UserId>,
    /// For whom: HMACs of the addresses and numbers, and the ids, by which the person was named.
    pub subject: Vec<String>,
    /// What became of the rows, by table.
    pub tables: BTreeMap<String, Count>,
}

/// A receipt and what proves that it is ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    /// The receipt.
    pub receipt: Receipt,
    /// HMAC-SHA256 over it in hex, under a key of ours.
    pub signature: String,
}

impl Receipt {
    /// Its bytes as they are signed: JSON with the fields in their order.
    fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a receipt is JSON")
    }

    /// Signs it.
    #[must_use]
    pub fn sign(self, app: &App) -> SignedReceipt {
        let mac = app.lasting_key(PURPOSE).mac(&self.bytes()).finalize().into_bytes();
        SignedReceipt { signature: hex(&mac), receipt: self }
    }

    /// Whether it is about somebody with this mail address, number or id.
    #[must_use]
    pub fn is_about(&self, app: &App, person: &Person) -> bool {
        let keys = [Some(app.lasting_key(SUBJECT)), app.lasting_key_before(SUBJECT)];
        let marks = keys.iter().flatten().flat_map(|key| marks(key, person));
        marks.into_iter().any(|mark| self.subject.contains(&mark))
    }
}

impl SignedReceipt {
    /// Whether we signed it, and nothing of it was changed since.
    #[must_use]
    pub fn is_ours(&self, app: &App) -> bool {
        let Some(signature) = unhex(&self.signature) else { return false };
        let keys = [Some(app.lasting_key(PURPOSE)), app.lasting_key_before(PURPOSE)];
        let bytes = self.receipt.bytes();
        keys.iter().flatten().any(|key| key.mac(&bytes).verify_slice(&signature).is_ok())
    }
}

/// By what a receipt tells whom it is about.
pub(super) fn subject(app: &App, person: &Person) -> Vec<String> {
    marks(&app.lasting_key(SUBJECT), person)
}

fn marks(key: &SecretKey, person: &Person) -> Vec<String> {
    let emails = person.emails.iter().map(|it| it.trim().to_lowercase());
    let texts = emails.chain(person.phones.iter().map(|it| it.e164().to_owned()));
    let marks = texts.map(|text| hex(&key.mac(text.as_bytes()).finalize().into_bytes()[..16]));
    marks.chain(person.ids.iter().map(ToString::to_string)).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let is_hex = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pairs = is_hex.then(|| text.as_bytes().chunks(2))?;
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
