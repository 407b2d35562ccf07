//! Who is asked whether mail arrives, and who prints and mails forms.

use std::path::PathBuf;

use serde_json::Value;
use turnout_core::{
    address::{Address, State},
    settings::LetterSettings,
};

use super::{
    Deployment, Role, Secret,
    geocoding::{Keyed, keyed},
    reader::Reader,
};

/// Addresses and letters (decision 24).
#[derive(Debug)]
pub struct Letters {
    /// Who prints and mails.
    pub house: MailHouse,
    /// What reports about letters are signed with; without it none is believed.
    pub webhook_secret: Option<Secret>,
}

/// Who prints and mails, and says whether mail arrives.
#[derive(Debug)]
pub enum MailHouse {
    /// Lob, with `LOB_KEY`.
    Lob(Keyed),
    /// Nobody: letters are kept in this folder, and mail arrives nearly everywhere.
    Outbox(PathBuf),
    /// Nobody: letters are refused, and nothing is known of addresses.
    Off,
}

const KEY: &str = "LOB_KEY";
const RETURN_ADDRESS: &str = "RETURN_ADDRESS";
const EXAMPLE: &str =
    r#"'{"name":"Registrars","address1":"PO Box 1","city":"Springfield","state":"MA","zipcode":"01103"}'"#;

impl Letters {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        settings: &mut LetterSettings,
        deployment: &Deployment,
        production: bool,
        outbox: PathBuf,
    ) -> Self {
        let lob = keyed(reader, KEY, "LOB_BASE_URL");
        if reader.is_set(KEY) && !cfg!(feature = "lob") {
            reader.complaints.wrong(KEY, "needs a build with the feature lob; unset it", "");
        }
        settings.enabled = reader.flag("PRINT_AND_FORWARD_CONFIRM");
        let given = reader.given(RETURN_ADDRESS);
        match return_address(&given) {
            Some((name, address)) => (settings.return_name, settings.return_address) = (name, address),
            None => {
                let what = "must be JSON with name, address1, city, state and zipcode, and may have address2";
                reader.complaints.wrong(RETURN_ADDRESS, what, EXAMPLE);
            }
        }
        let webhook_secret = reader.text("LOB_LETTER_WEBHOOK_SECRET").map(Secret::new);
        let is_test = lob.as_ref().is_some_and(|lob| lob.key.reveal().starts_with("test_"));
        // what is no key at all was complained about
        let is_key = lob.as_ref().is_some_and(|lob| lob.key.reveal().bytes().all(|it| it.is_ascii_graphic()));
        let is_for_people = is_key && !is_test && reader.role != Role::Migrate;
        if is_for_people && deployment.environment != "prod" {
            let what = "must be a key for tests while ENV is not prod: with another one paper is printed and mailed to people";
            reader.complaints.wrong(KEY, what, "test_0123456789abcdef");
        }
        let house = match lob {
            Some(lob) => MailHouse::Lob(lob),
            None if reader.role == Role::AllInOne && !production => MailHouse::Outbox(outbox),
            None => MailHouse::Off,
        };
        if settings.enabled && reader.role != Role::Migrate {
            check(reader, &house, webhook_secret.is_some(), production, is_test);
        }
        Self { house, webhook_secret }
    }

    /// A row of `config show`: the vendor, and real, simulated or off.
    #[must_use]
    pub fn standing(&self) -> (&'static str, &'static str) {
        match &self.house {
            MailHouse::Lob(lob) if lob.key.reveal().starts_with("test_") => {
                ("lob", "real, but its key is for tests: nothing is printed")
            }
            MailHouse::Lob(_) => ("lob", "real"),
            MailHouse::Outbox(_) => ("outbox", "simulated"),
            MailHouse::Off => ("none", "off: set LOB_KEY"),
        }
    }
}

/// What is needed so that forms reach who asks for them.
fn check(reader: &mut Reader<'_>, house: &MailHouse, has_secret: bool, production: bool, is_test: bool) {
    if matches!(house, MailHouse::Off) {
        let what = "must be set while PRINT_AND_FORWARD_CONFIRM is true";
        reader.complaints.wrong(KEY, what, "live_0123456789abcdef");
    }
    if production && !reader.is_set(RETURN_ADDRESS) {
        let what = "must be set while PRINT_AND_FORWARD_CONFIRM is true";
        reader.complaints.wrong(RETURN_ADDRESS, what, EXAMPLE);
    }
    if production && is_test {
        reader.complaints.odd("LOB_KEY is for tests: letters that voters ask for are not printed");
    }
    if matches!(house, MailHouse::Lob(_)) && !has_secret {
        reader.complaints.odd("without LOB_LETTER_WEBHOOK_SECRET no report about a letter is believed");
    }
}

/// Reads `{"name": …, "address1": …, "city": …, "state": …, "zipcode": …}`.
fn return_address(text: &str) -> Option<(String, Address)> {
    let Value::Object(parts) = serde_json::from_str(text).ok()? else { return None };
    let part = |name: &str| match parts.get(name) {
        Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let address = Address {
        address1: Some(part("address1")?),
        address2: part("address2"),
        city: Some(part("city")?),
        state: Some(State::parse(&part("state")?)?),
        zipcode: Some(part("zipcode")?),
    };
    Some((part("name")?, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_address_has_all_its_parts() {
        let whole =
            r#"{"name": "R", "address1": "PO Box 1", "city": "Lima", "state": "OH", "zipcode": 45801}"#;
        let (name, address) = return_address(whole).expect("an address");
        assert_eq!((name.as_str(), address.zipcode.as_deref()), ("R", Some("45801")));
        for wrong in ["", "[]", "{}", "null", &whole.replace("OH", "Ohio"), &whole.replace("Lima", " ")] {
            assert!(return_address(wrong).is_none(), "{wrong}");
        }
    }
}
