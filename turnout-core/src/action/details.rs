//! Who and where a voter is, as verification and reminders ask for it (`http-api.md` 5, 6).

use chrono::NaiveDate;

use super::{EventType, draft::TrackingDraft};
use crate::{
    address::{Address, State, Zipcode},
    consent::Ticked,
    ids::SubscriberId,
    input::{Given, Reader, Rules},
    language::Language,
    person::{PersonName, Phone},
    subscriber::Subscriber,
    tracking::Tracking,
};

/// Who and where a voter is, and where the voter came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoterDetails {
    /// First and last name.
    pub name: PersonName,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<Phone>,
    /// Where the voter lives.
    pub address: Address,
    /// Whether the voter agreed to texts.
    pub sms_opt_in: Option<bool>,
    /// Whether the voter agreed to texts of the subscriber.
    pub sms_opt_in_subscriber: Option<bool>,
    /// The language to write to the voter in, if one was chosen.
    pub language: Option<Language>,
    /// Where the voter came from.
    pub tracking: Tracking,
}

impl VoterDetails {
    /// The boxes about texts, as the voter left them.
    pub(crate) fn ticked(&self, subscriber: Option<SubscriberId>) -> Ticked<'_> {
        Ticked {
            phone: self.phone.as_ref(),
            to_service: self.sms_opt_in,
            to_subscriber: self.sms_opt_in_subscriber,
            subscriber,
            language: None,
            page: self.tracking.embed_url.as_deref(),
        }
    }
}

/// The same as somebody sent it.
pub(crate) struct DetailsDraft {
    first_name: Given<String>,
    last_name: Given<String>,
    address1: Given<String>,
    address2: Given<String>,
    city: Given<String>,
    state: Given<State>,
    zipcode: Given<Zipcode>,
    date_of_birth: Given<NaiveDate>,
    email: Given<String>,
    phone: Given<Phone>,
    sms_opt_in: Given<bool>,
    sms_opt_in_subscriber: Given<bool>,
    language: Option<Language>,
    tracking: TrackingDraft,
    events: Vec<EventType>,
}

impl DetailsDraft {
    /// Reads all of it; `date_of_birth` by its own rules.
    pub(crate) fn read(r: &mut Reader<'_>, date_of_birth: Rules) -> Self {
        let (required, plain) = (Rules::required(), Rules::optional());
        let any_text = required.or_null().or_blank();
        let events = r.choices("initial_events", plain, EventType::parse_from_client);
        Self {
            first_name: r.text("first_name", required),
            last_name: r.text("last_name", required),
            address1: r.text("address1", any_text),
            address2: r.text("address2", plain.or_null().or_blank()),
            city: r.text("city", any_text),
            state: r.state("state", required),
            zipcode: r.zipcode("zipcode", required),
            date_of_birth: r.date("date_of_birth", date_of_birth),
            email: r.email("email", any_text),
            phone: r.phone("phone", plain),
            sms_opt_in: r.boolean("sms_opt_in", plain.or_null()),
            sms_opt_in_subscriber: r.boolean("sms_opt_in_subscriber", plain),
            language: r.language("language"),
            tracking: TrackingDraft::read(r),
            events: events.value().unwrap_or_default(),
        }
    }

    /// The details, and the events that the page reports. Where no language was chosen it is the subscriber's.
    pub(crate) fn into_details(self, subscriber: Option<&Subscriber>) -> (VoterDetails, Vec<EventType>) {
        let mut tracking = Tracking::default();
        self.tracking.store(&mut tracking);
        let details = VoterDetails {
            name: PersonName {
                first: self.first_name.value(),
                last: self.last_name.value(),
                ..PersonName::default()
            },
            date_of_birth: self.date_of_birth.value(),
            email: self.email.value(),
            phone: self.phone.value(),
            address: Address {
                address1: self.address1.value(),
                address2: self.address2.value(),
                city: self.city.value(),
                state: self.state.value(),
                zipcode: self.zipcode.value().map(|zipcode| zipcode.to_string()),
            },
            sms_opt_in: self.sms_opt_in.value(),
            sms_opt_in_subscriber: Some(self.sms_opt_in_subscriber.value().unwrap_or(false)),
            language: self.language.or_else(|| subscriber?.language.clone()),
            tracking,
        };
        (details, self.events)
    }
}

impl VoterDetails {
    /// A page with what is known of the voter in its query, so that nobody has to type it again (`domain.md` 2). `slug` is
    /// that of the subscriber.
    #[must_use]
    pub fn prefill(&self, page: &str, slug: Option<&str>) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let (address, tracking) = (&self.address, &self.tracking);
        let born = |format: &str| self.date_of_birth.map(|day| day.format(format).to_string());
        let pairs = [
            ("first_name", part(&self.name.first)),
            ("last_name", part(&self.name.last)),
            ("address1", part(&address.address1)),
            ("address2", part(&address.address2)),
            ("city", part(&address.city)),
            ("state", address.state.map(|state| state.code().to_owned()).unwrap_or_default()),
            ("zipcode", part(&address.zipcode)),
            ("month_of_birth", born("%m").unwrap_or_default()),
            ("day_of_birth", born("%d").unwrap_or_default()),
            ("year_of_birth", born("%Y").unwrap_or_default()),
            ("email", part(&self.email)),
            ("phone", self.phone.as_ref().map(Phone::national).unwrap_or_default()),
            ("subscriber", slug.unwrap_or_default().to_owned()),
            ("utm_campaign", part(&tracking.utm_campaign)),
            ("utm_source", part(&tracking.utm_source)),
            ("utm_medium", part(&tracking.utm_medium)),
            ("utm_term", part(&tracking.utm_term)),
            ("utm_content", part(&tracking.utm_content)),
            ("source", part(&tracking.source)),
            ("email_referrer", part(&tracking.email_referrer)),
            ("mobile_referrer", part(&tracking.mobile_referrer)),
        ];
        let known = pairs.iter().filter(|(_, value)| !value.is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(known).finish();
        format!("{page}?{query}")
    }
}

impl VoterDetails {
    /// A page with how the voter is reached in its query: name, e-mail, telephone and home address, encoded; nothing else
    /// that is known.
    #[must_use]
    pub fn contact(&self, page: &str) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let pairs = [
            ("first_name", part(&self.name.first)),
            ("last_name", part(&self.name.last)),
            ("email", part(&self.email)),
            ("phone", self.phone.as_ref().map(Phone::national).unwrap_or_default()),
            ("address1", part(&self.address.address1)),
            ("address2", part(&self.address.address2)),
            ("city", part(&self.address.city)),
            ("state", self.address.state.map(|state| state.code().to_owned()).unwrap_or_default()),
            ("zipcode", part(&self.address.zipcode)),
        ];
        let known = pairs.iter().filter(|(_, value)| !value.is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(known).finish();
        if query.is_empty() { page.to_owned() } else { format!("{page}?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_voter_is_reached_goes_into_the_query_encoded_and_nothing_else() {
        let voter = VoterDetails {
            name: PersonName { first: Some("Ada & Co".into()), ..PersonName::default() },
            date_of_birth: NaiveDate::from_ymd_opt(1990, 1, 9),
            email: Some("ada+vote@example.org".into()),
            ..VoterDetails::default()
        };
        assert_eq!(
            voter.contact("https://www.example.org/donate/"),
            "https://www.example.org/donate/?first_name=Ada+%26+Co&email=ada%2Bvote%40example.org"
        );
        assert_eq!(VoterDetails::default().contact("/donate/"), "/donate/");
    }

    #[test]
    fn what_is_known_of_a_voter_goes_into_the_query_encoded() {
        let voter = VoterDetails {
            name: PersonName {
                first: Some("Ada & Co".into()),
                last: Some("Nguyễn".into()),
                ..PersonName::default()
            },
            date_of_birth: NaiveDate::from_ymd_opt(1990, 1, 9),
            phone: Phone::parse("617-555-7890"),
            address: Address { state: Some(State::Ma), ..Address::default() },
            ..VoterDetails::default()
        };
        assert_eq!(
            voter.prefill("https://www.example.org/vote-by-mail/", Some("a-slug")),
            "https://www.example.org/vote-by-mail/?first_name=Ada+%26+Co&last_name=Nguy%E1%BB%85n&state=MA\
             &month_of_birth=01&day_of_birth=09&year_of_birth=1990&phone=%28617%29+555-7890&subscriber=a-slug"
        );
    }
}
