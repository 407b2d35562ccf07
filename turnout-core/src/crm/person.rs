//! What a list is told of somebody who used a tool, and what follows from what the list knows already.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ContactLink;
use crate::{
    action::{Source, VoterDetails},
    app::App,
    consent::{Standing, marks_of},
    decision::{Channel, Purpose},
    ids::{ActionId, SubscriberId},
    mail::{slug_of, subscriber_of},
    person::Phone,
    ports::{
        crm::{CrmAccount, CrmEntry, CrmPerson, ListStatus, Referral},
        store::{StoreError, View, unless_absent},
    },
    suppression::reason_against,
};

/// Somebody who used a tool.
pub(super) struct Passed {
    pub(super) source: Source,
    pub(super) voter: VoterDetails,
    pub(super) subscriber: Option<SubscriberId>,
    /// By what the subscriber is known in addresses.
    pub(super) slug: Option<String>,
}

impl Passed {
    /// Whoever did this; nobody when it is no action of a tool.
    pub(super) async fn of(view: &mut dyn View, action: ActionId) -> Result<Option<Self>, StoreError> {
        let Some(source) = view.actions().source(action).await? else { return Ok(None) };
        let found = match source {
            Source::Registration(id) => view.registrations().by_id(id).await?.map(|it| {
                let (sms_opt_in, sms_opt_in_subscriber) = (it.sms_opt_in, it.sms_opt_in_subscriber);
                (VoterDetails { sms_opt_in, sms_opt_in_subscriber, ..it.details() }, it.subscriber)
            }),
            Source::BallotRequest(id) => view.ballot_requests().by_id(id).await?.map(|it| {
                let (sms_opt_in, sms_opt_in_subscriber) = (it.sms_opt_in, it.sms_opt_in_subscriber);
                (VoterDetails { sms_opt_in, sms_opt_in_subscriber, ..it.details() }, it.subscriber)
            }),
            Source::Lookup(id) => view.lookups().by_id(id).await?.map(|it| (it.voter, it.subscriber)),
            Source::Reminder(id) => view.reminders().by_id(id).await?.map(|it| (it.voter, it.subscriber)),
            Source::MoverLead(_) => None,
        };
        let Some((voter, subscriber)) = found else { return Ok(None) };
        let owner = subscriber_of(view, subscriber).await?;
        let slug = slug_of(view, owner.as_ref()).await?;
        Ok(Some(Self { source, voter, subscriber, slug }))
    }

    /// The e-mail address, if one was given: it need not be.
    pub(super) fn email(&self) -> Option<&str> {
        self.voter.email.as_deref().map(str::trim).filter(|email| !email.is_empty())
    }
}

/// What is known here of whether somebody may be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// The voter agreed.
    Yes,
    /// The voter asked for no more.
    No,
    /// Neither.
    Nothing,
}

/// What a number says of texts of that sender. `is_ticked` is whether the box on the form was: without it nothing is a yes
/// (quirk Q20), and of records that are older than the ledger it is all there is.
async fn word_of_phone(
    app: &App,
    view: &mut dyn View,
    phone: &Phone,
    sender: Option<SubscriberId>,
    is_ticked: bool,
) -> Result<Word, StoreError> {
    Ok(match standing_of_phone(app, view, phone, sender).await? {
        Standing::Stopped => Word::No,
        Standing::Granted | Standing::Unknown if is_ticked => Word::Yes,
        Standing::Granted | Standing::Unknown => Word::Nothing,
    })
}

/// The same, as far as the number said it itself.
pub(super) async fn standing_of_phone(
    app: &App,
    view: &mut dyn View,
    phone: &Phone,
    sender: Option<SubscriberId>,
) -> Result<Standing, StoreError> {
    let mut marks = marks_of(view, Channel::Sms, phone.e164()).await?;
    let number = unless_absent(view.messages().number(phone).await)?;
    marks.extend(number.iter().flat_map(crate::sms::Number::marks));
    Ok(Standing::of(&marks, sender, Purpose::Campaign, app.now()))
}

/// What an e-mail address says of mails of that sender.
pub(super) async fn word_of_email(
    app: &App,
    view: &mut dyn View,
    email: &str,
    sender: Option<SubscriberId>,
) -> Result<Word, StoreError> {
    if reason_against(app, view, email, Purpose::Campaign).await?.is_some() {
        return Ok(Word::No);
    }
    let marks = marks_of(view, Channel::Email, email).await?;
    Ok(match Standing::of(&marks, sender, Purpose::Campaign, app.now()) {
        Standing::Stopped => Word::No,
        Standing::Granted | Standing::Unknown => Word::Nothing,
    })
}

/// What both say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) email: Word,
    pub(super) phone: Word,
}

impl Words {
    /// Of somebody who used a tool, about that list.
    pub(super) async fn of(
        app: &App,
        view: &mut dyn View,
        passed: &Passed,
        account: &CrmAccount,
    ) -> Result<Self, StoreError> {
        let sender = account.subscriber();
        let email = match passed.email() {
            Some(email) => word_of_email(app, view, email, sender).await?,
            None => Word::Nothing,
        };
        let voter = &passed.voter;
        let ticked = if sender.is_some() { voter.sms_opt_in_subscriber } else { voter.sms_opt_in };
        let phone = match &voter.phone {
            Some(phone) => word_of_phone(app, view, phone, sender, ticked == Some(true)).await?,
            None => Word::Nothing,
        };
        Ok(Self { email, phone })
    }
}

/// What a list is told, and what follows.
pub(super) struct Plan {
    pub(super) entry: CrmEntry,
    /// Whether it changes what the list is sent of somebody who is on it, or what we learn changes it here.
    pub(super) changes: bool,
    /// What we learn from the list.
    pub(super) learned: Learned,
    /// What the e-mail address is on the list then.
    pub(super) email: Option<ListStatus>,
    /// What the number is.
    pub(super) phone: Option<ListStatus>,
}

impl Plan {
    /// Whether the list is told of a no.
    pub(super) fn says_no(&self) -> bool {
        let number = self.entry.phone.as_ref().map(|(_, status)| *status);
        [self.entry.email_status, number].contains(&Some(ListStatus::Unsubscribed))
    }
}

/// What people said to the list, and not to us.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Learned {
    /// That the address is not to be mailed.
    pub(super) email: Option<ListStatus>,
    /// That the number is not to be written to.
    pub(super) phone: bool,
}

/// What is known on the list of whoever is passed on.
#[derive(Default)]
pub(super) struct Known {
    /// The person with the e-mail address.
    pub(super) person: Option<CrmPerson>,
    /// Somebody else who has the number, as far as we passed it on.
    pub(super) other: Option<CrmPerson>,
    /// What we last noted of that person, or of the one with the number.
    pub(super) last: Option<ContactLink>,
    pub(super) last_of_other: Option<ContactLink>,
    /// Whether the number joined after that was noted.
    pub(super) joined_since: bool,
}

impl Known {
    fn email(&self, email: &str) -> Option<ListStatus> {
        self.person.as_ref().and_then(|person| person.email_status(email))
    }

    fn phone(&self, phone: &Phone) -> Option<ListStatus> {
        let people = [&self.person, &self.other].into_iter().flatten();
        // of two the more restrictive
        people.into_iter().filter_map(|person| person.phone_status(phone)).max()
    }

    /// Whether we had the number subscribed ourselves: only then is a list's no a no that the voter said, as a number that
    /// others gave a list may never have been asked.
    fn was_subscribed(&self) -> bool {
        let noted = [&self.last, &self.last_of_other].into_iter().flatten();
        !self.joined_since && noted.into_iter().any(|link| link.phone == Some(ListStatus::Subscribed))
    }
}

/// What the list is told of somebody, given what is known here and there. The more restrictive counts, and nobody is
/// subscribed whom the list has as unsubscribed.
pub(super) fn plan(passed: &Passed, words: Words, account: &CrmAccount, known: &Known) -> Plan {
    let voter = &passed.voter;
    let is_known = known.person.is_some();
    let mut learned = Learned::default();
    let mut changes = false;

    let email = passed.email().map(str::to_owned);
    let there = email.as_deref().and_then(|email| known.email(email));
    let email_status = match (words.email, there) {
        (Word::No, None) => Some(ListStatus::Unsubscribed),
        (Word::No, Some(ListStatus::Subscribed)) => {
            changes = true;
            Some(ListStatus::Unsubscribed)
        }
        _ => None,
    };
    if let Some(status @ (ListStatus::Unsubscribed | ListStatus::Complained)) = there
        && known.last.as_ref().and_then(|link| link.email) != Some(status)
        && words.email != Word::No
    {
        learned.email = Some(status);
    }

    let number_there = voter.phone.as_ref().and_then(|phone| known.phone(phone));
    let number = match (words.phone, number_there) {
        (Word::No, Some(ListStatus::Subscribed)) => {
            changes = true;
            Some(ListStatus::Unsubscribed)
        }
        (Word::Yes, None) => {
            changes |= is_known;
            Some(ListStatus::Subscribed)
        }
        (Word::Yes, Some(ListStatus::Subscribed)) => Some(ListStatus::Subscribed),
        _ => None,
    };
    if matches!(number_there, Some(ListStatus::Unsubscribed | ListStatus::Complained))
        && words.phone != Word::No
        && known.was_subscribed()
    {
        learned.phone = true;
    }

    let entry = CrmEntry {
        name: voter.name.clone(),
        email_status,
        phone: voter.phone.clone().zip(number),
        address: voter.address.clone(),
        referral: referral(passed),
        fields: fields(passed, account, known),
        email,
    };
    Plan {
        changes: changes || learned != Learned::default(),
        learned,
        email: email_status.or(there).or(entry.email.as_ref().map(|_| ListStatus::Subscribed)),
        phone: number.or(number_there),
        entry,
    }
}

/// By which way the voter came: what the page says, else the tool.
fn referral(passed: &Passed) -> Referral {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let tracking = &passed.voter.tracking;
    let tool = passed.source.tool().map_or("reminder", |tool| tool.wire());
    Referral {
        source: given(&tracking.source).or_else(|| Some(format!("voteamerica_{tool}"))),
        website: given(&tracking.embed_url),
        email: given(&tracking.email_referrer),
        mobile: given(&tracking.mobile_referrer),
    }
}

/// Through whom the voter came, on the list of everybody: last, and first unless that is said (quirk Q56).
fn fields(passed: &Passed, account: &CrmAccount, known: &Known) -> BTreeMap<String, Value> {
    let Some(slug) = passed.slug.as_ref().filter(|_| account.subscriber().is_none()) else {
        return BTreeMap::new();
    };
    let has_first = |person: &CrmPerson| person.fields.iter().any(|field| field == FIRST);
    let mut fields = BTreeMap::from([(LAST.to_owned(), Value::from(slug.as_str()))]);
    if !known.person.as_ref().is_some_and(has_first) {
        fields.insert(FIRST.to_owned(), Value::from(slug.as_str()));
    }
    fields
}

const FIRST: &str = "first_subscriber";
const LAST: &str = "last_subscriber";
