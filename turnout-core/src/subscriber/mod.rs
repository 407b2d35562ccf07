//! Subscribers: the organizations that use Turnout. Each sees only its own voters.
//!
//! The noun is here; `edit.rs` changes it, `history.rs` says what of it goes into the record of changes, `embed.rs` what
//! it puts into its own pages, `standing.rs` is what superusers alone decide. What it pays for is in [`crate::subscription`].

mod edit;
mod embed;
mod history;
mod restore;
mod standing;

use chrono::{DateTime, Utc};

pub use edit::{
    EditError, Editor, KEY_MASK, LONGEST_NAME, LONGEST_URL, edit, has_action_network_key, web_address,
};
pub use embed::{ToolPage, frame_sites, tool_pages};
pub use history::{KIND, snapshot};
pub use restore::{can_go_back, restore};
pub use standing::{RESERVED_SLUGS, add_slug, make_default, set_first_party};
pub(crate) use standing::{read_slug, slug_is_taken};

use crate::{
    app::App,
    ids::{SlugId, SubscriberId},
    language::Language,
    person::demographics::choices,
    ports::store::{StoreError, View},
};

choices! {
    /// Whether a subscriber takes part.
    SubscriberStatus {
        Active = "active", "Active";
        Disabled = "disabled", "Disabled";
    }
    /// What a subscriber pays for.
    Plan {
        Free = "free", "Free";
        Premium = "premium", "Premium";
        Nonprofit = "nonprofit", "Nonprofit";
    }
    /// How the tools ask whether somebody wants texts.
    SmsMode {
        None = "none", "None";
        AutoOptIn = "auto_opt_in", "Auto Opt In";
        BoxUnchecked = "box_unchecked", "Box Unchecked";
        BoxChecked = "box_checked", "Box Checked";
    }
}

impl SmsMode {
    /// Those that can be chosen: that whoever gives a number agrees by that is no choice any more.
    pub const OFFERED: [Self; 3] = [Self::BoxUnchecked, Self::BoxChecked, Self::None];
}

/// An organization that uses Turnout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// Its id.
    pub id: SubscriberId,
    /// Its name.
    pub name: String,
    /// Its home page.
    pub url: String,
    /// The address its mails come from.
    pub email: Option<String>,
    /// Its privacy policy, a URL.
    pub privacy_policy: Option<String>,
    /// Its terms of service, a URL.
    pub terms_of_service: Option<String>,
    /// Whether it sends texts.
    pub sms_enabled: Option<bool>,
    /// Whether the tools show a box for consent to texts.
    pub sms_checkbox: Option<bool>,
    /// Whether that box is checked at first.
    pub sms_checkbox_default: Option<bool>,
    /// Its own text beside that box.
    pub sms_disclaimer: Option<String>,
    /// The language of its voters who chose none.
    pub language: Option<Language>,
    /// The slug of its links.
    pub default_slug: Option<SlugId>,
    /// Whether it takes part.
    pub status: SubscriberStatus,
    /// Whether it is the organization that runs the service.
    pub is_first_party: bool,
    /// Whether its API keys work.
    pub has_api_access: bool,
    /// Whether its voters are taken along by the nightly export to The Movement Cooperative.
    pub sync_tmc: bool,
    /// Whether its voters are taken along by the nightly export to Bluelink.
    pub sync_bluelink: bool,
    /// The plan of its subscription; without a subscription `premium` (`domain.md` 1).
    pub plan: Plan,
    /// When it was made. The one made first is the default.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// A name by which a subscriber is known in a URL: letters, digits, `-` and `_`, at most 50, case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug {
    /// Its id.
    pub id: SlugId,
    /// Whose it is.
    pub subscriber: SubscriberId,
    /// The name.
    pub slug: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// The subscriber of a call: the active one with this slug, else the default one (`http-api.md` 1.8).
///
/// # Errors
/// When the store fails.
pub async fn choose(view: &mut dyn View, slug: Option<&str>) -> Result<Option<Subscriber>, StoreError> {
    match active(view, slug).await? {
        Some(found) => Ok(Some(found)),
        None => view.subscribers().default().await,
    }
}

/// The same for a call that creates something, which counts when nobody has the slug that it names.
///
/// # Errors
/// When the store fails.
pub async fn choose_for_call(
    app: &App,
    view: &mut dyn View,
    slug: Option<&str>,
) -> Result<Option<Subscriber>, StoreError> {
    let found = active(view, slug).await?;
    if found.is_some() {
        return Ok(found);
    }
    if slug.is_some() {
        app.measures.unknown_subscriber();
    }
    view.subscribers().default().await
}

async fn active(view: &mut dyn View, slug: Option<&str>) -> Result<Option<Subscriber>, StoreError> {
    let Some(slug) = slug else { return Ok(None) };
    let found = view.subscribers().by_slug(slug).await?;
    Ok(found.filter(|it| it.status == SubscriberStatus::Active))
}

/// Texts that a voter of a tool can agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextConsent {
    /// The field of the tool that keeps the answer: `sms_opt_in` for the organization that runs the service,
    /// `sms_opt_in_subscriber` for another subscriber.
    pub field: &'static str,
    /// Who sends the texts.
    pub sender: String,
    /// The subscriber's own words beside the box, in one line.
    pub own_words: Option<String>,
}

/// The texts that a voter of the tool with this slug can agree to; nothing where the subscriber sends none or, by its
/// plan, does not see its voters (`http-api.md` 13).
///
/// # Errors
/// When the store fails.
pub async fn text_consent(
    view: &mut dyn View,
    slug: Option<&str>,
) -> Result<Option<TextConsent>, StoreError> {
    let Some(chosen) = choose(view, slug).await? else { return Ok(None) };
    if chosen.sms_enabled != Some(true) || !chosen.has_data_access() {
        return Ok(None);
    }
    let default = view.subscribers().default().await?;
    let is_operator = chosen.is_first_party || default.is_some_and(|default| default.id == chosen.id);
    let (field, sender) = if is_operator {
        ("sms_opt_in", FIRST_PARTY.0.to_owned())
    } else {
        ("sms_opt_in_subscriber", chosen.name.clone())
    };
    Ok(Some(TextConsent { field, sender, own_words: chosen.own_disclaimer() }))
}

/// Who writes to voters when the first party does (`domain.md` 1).
const FIRST_PARTY: (&str, &str) = ("VoteAmerica", "hello@voteamerica.com");

impl Subscriber {
    /// One that begins now: it takes part, sends no texts, and has nothing yet that somebody has to give it. Its plan is what
    /// it is without a subscription.
    #[must_use]
    pub fn new(id: SubscriberId, name: String, url: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            name,
            url,
            email: None,
            privacy_policy: None,
            terms_of_service: None,
            sms_enabled: Some(false),
            sms_checkbox: Some(false),
            sms_checkbox_default: Some(false),
            sms_disclaimer: None,
            language: None,
            default_slug: None,
            status: SubscriberStatus::Active,
            is_first_party: false,
            has_api_access: false,
            sync_tmc: false,
            sync_bluelink: false,
            plan: Plan::Premium,
            created_at: now,
            modified_at: now,
        }
    }

    /// Whether it sees its voters: every plan but the free one.
    #[must_use]
    pub fn has_data_access(&self) -> bool {
        self.plan != Plan::Free
    }

    /// How its tools ask whether somebody wants texts (`domain.md` 1).
    #[must_use]
    pub fn sms_mode(&self) -> SmsMode {
        let is = |flag: Option<bool>| flag == Some(true);
        match (is(self.sms_enabled), is(self.sms_checkbox), is(self.sms_checkbox_default)) {
            (false, ..) => SmsMode::None,
            (true, false, _) => SmsMode::AutoOptIn,
            (true, true, true) => SmsMode::BoxChecked,
            (true, true, false) => SmsMode::BoxUnchecked,
        }
    }

    /// Has its tools ask in that way.
    pub fn set_sms_mode(&mut self, mode: SmsMode) {
        let (enabled, checkbox, checked) = match mode {
            SmsMode::None => (false, false, false),
            SmsMode::AutoOptIn => (true, false, false),
            SmsMode::BoxUnchecked => (true, true, false),
            SmsMode::BoxChecked => (true, true, true),
        };
        self.sms_enabled = Some(enabled);
        self.sms_checkbox = Some(checkbox);
        self.sms_checkbox_default = Some(checked);
    }

    /// The name that signs a mail to a voter.
    #[must_use]
    pub fn transactional_name(&self) -> String {
        if self.is_first_party {
            FIRST_PARTY.0.to_owned()
        } else {
            format!("{} via {}", self.name, FIRST_PARTY.0)
        }
    }

    /// The sender of a mail to a voter: name and address. Double quotes in the name become single ones.
    #[must_use]
    pub fn transactional_sender(&self, default_email_from: &str) -> (String, String) {
        let address = if self.is_first_party { FIRST_PARTY.1 } else { default_email_from };
        (self.transactional_name().replace('"', "'"), address.to_owned())
    }

    /// Its own line beside the box for consent to texts, if it has one.
    fn own_disclaimer(&self) -> Option<String> {
        let own = self.sms_disclaimer.as_deref().filter(|text| !text.is_empty())?;
        let lines: Vec<&str> = own.split(['\r', '\n']).filter(|line| !line.is_empty()).collect();
        Some(lines.join(" ").trim().to_owned())
    }

    /// The line beside the box for consent to texts, empty when the subscriber sends none (`http-api.md` 13).
    #[must_use]
    pub fn disclaimer(&self) -> String {
        if self.sms_enabled != Some(true) {
            return String::new();
        }
        if let Some(own) = self.own_disclaimer() {
            return own;
        }
        let opening = if self.sms_checkbox == Some(true) {
            "By checking this box, you agree"
        } else {
            "If you provide your cell phone number, you agree"
        };
        format!(
            "{opening} to receive text messages from {}. Message and data rates may apply. \
             Message frequency varies. Text STOP to unsubscribe or HELP for more info.",
            self.name
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn subscriber() -> Subscriber {
        let (id, name) = (SubscriberId(uuid::Uuid::nil()), "Vote \"Now\"".into());
        let new = Subscriber::new(id, name, "https://example.org/".into(), DateTime::UNIX_EPOCH);
        Subscriber { sms_enabled: Some(true), sms_checkbox: Some(true), sms_checkbox_default: None, ..new }
    }

    #[test]
    fn the_sender_names_the_subscriber_and_quotes_nothing() {
        let sender = subscriber().transactional_sender("hello@example.org");
        assert_eq!(sender, ("Vote 'Now' via VoteAmerica".to_owned(), "hello@example.org".to_owned()));
        let first = Subscriber { is_first_party: true, ..subscriber() };
        assert_eq!(first.transactional_sender("x@y.zz").1, "hello@voteamerica.com");
    }

    #[test]
    fn line_breaks_of_an_own_disclaimer_become_blanks() {
        let own = |text: &str| Subscriber { sms_disclaimer: Some(text.into()), ..subscriber() }.disclaimer();
        assert_eq!(own("one\r\ntwo\n\nthree\n"), "one two three");
        assert!(subscriber().disclaimer().starts_with("By checking this box, you agree to receive"));
        let unchecked = Subscriber { sms_checkbox: None, ..subscriber() };
        assert!(unchecked.disclaimer().starts_with("If you provide your cell phone number"));
        assert_eq!(Subscriber { sms_enabled: None, ..subscriber() }.disclaimer(), "");
    }

    #[test]
    fn every_mode_of_texts_is_read_as_it_was_set() {
        for mode in SmsMode::ALL {
            let mut it = subscriber();
            it.set_sms_mode(*mode);
            assert_eq!(it.sms_mode(), *mode);
        }
        let unknown = Subscriber { sms_enabled: None, ..subscriber() };
        assert_eq!(unknown.sms_mode(), SmsMode::None);
    }
}
