//! How a fact is changed: what may be written, what a second person publishes, and the way back to an earlier text
//! (`flows.md` 21, 2026-11).
//!
//! Each change is noted with who made it and with the fact before and after (`change.rs`); that is its history.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{FieldFormat, FieldType, Proposal, StateInformation, published};
use crate::{
    address::State,
    app::App,
    change::Change,
    ids::{ChangeId, InformationId, ProposalId, UserId},
    input::parse_date,
    ports::store::{StoreError, Unit, View, unless_absent},
    problems::{Problem, Problems},
};

/// What facts are called in the log of changes.
pub const KIND: &str = "state_information";

/// What counts as a change of what the fact says, in the log of changes; proposals do not.
const PUBLISHED: [&str; 5] = ["changed", "published", "restored", "replaced", "imported"];

/// The most characters of a text, of notes, and of a source.
const LONGEST_TEXT: usize = 50_000;
const LONGEST_NOTES: usize = 10_000;
const LONGEST_SOURCE: usize = 500;

/// A fact as an editor typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactInput {
    /// What it says.
    pub text: String,
    /// Remarks.
    pub notes: String,
    /// Where it comes from.
    pub source: String,
    /// When somebody looked it up, `YYYY-MM-DD`.
    pub checked_on: String,
}

/// What an editor decides about a fact; this is what its history keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactText {
    /// What it says.
    pub text: String,
    /// Remarks.
    #[serde(default)]
    pub notes: String,
    /// Where it comes from, a URL or a text.
    #[serde(default)]
    pub source: String,
    /// When somebody looked it up.
    #[serde(default)]
    pub checked_on: Option<NaiveDate>,
}

impl From<&StateInformation> for FactText {
    fn from(fact: &StateInformation) -> Self {
        Self {
            text: fact.text.clone(),
            notes: fact.notes.clone(),
            source: fact.source.clone(),
            checked_on: fact.checked_on,
        }
    }
}

impl From<&Proposal> for FactText {
    fn from(proposal: &Proposal) -> Self {
        Self {
            text: proposal.text.clone(),
            notes: proposal.notes.clone(),
            source: proposal.source.clone(),
            checked_on: proposal.checked_on,
        }
    }
}

impl From<&FactText> for FactInput {
    fn from(fact: &FactText) -> Self {
        Self {
            text: fact.text.clone(),
            notes: fact.notes.clone(),
            source: fact.source.clone(),
            checked_on: fact.checked_on.map(|day| day.to_string()).unwrap_or_default(),
        }
    }
}

impl FactText {
    /// As it is kept in the log of changes.
    pub(super) fn json(&self) -> Value {
        serde_json::to_value(self).expect("texts and a day are JSON")
    }

    /// As the log of changes has it; nothing where it has something else.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        serde_json::from_value(value.clone()).ok()
    }

    fn write_onto(self, fact: &mut StateInformation) {
        (fact.text, fact.notes, fact.source, fact.checked_on) =
            (self.text, self.notes, self.source, self.checked_on);
    }
}

/// What came of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// Everybody sees it.
    Published,
    /// Somebody else has to publish it.
    Proposed,
    /// It says what it said before.
    Unchanged,
}

/// Why a fact was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is no such fact, proposal or change.
    #[error("there is no such fact")]
    NotFound,
    /// It cannot be written like that.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// Somebody changed the fact meanwhile.
    #[error("somebody else changed the fact meanwhile")]
    Overtaken,
    /// Nobody publishes what he proposed himself.
    #[error("whoever proposed it cannot publish it")]
    Own,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A fact with everything an editor sees of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactSheet {
    /// The kind of fact.
    pub field: FieldType,
    /// The fact.
    pub fact: StateInformation,
    /// What is proposed for it.
    pub proposal: Option<Proposal>,
}

/// Reads a fact with what is proposed for it; nothing where there is none.
///
/// # Errors
/// When the store fails.
pub async fn sheet(view: &mut dyn View, state: State, slug: &str) -> Result<Option<FactSheet>, StoreError> {
    let Some(field) = view.elections().field_type(slug).await? else { return Ok(None) };
    let facts = view.elections().information_of_state(state).await?;
    let Some(fact) = facts.into_iter().find(|it| it.field_type == field.id) else { return Ok(None) };
    let proposal = unless_absent(view.edits().of(fact.id).await)?;
    Ok(Some(FactSheet { field, fact, proposal }))
}

/// Reads what an editor typed, for a kind of fact; blanks at the ends do not count. A text may be empty, but a Boolean one is
/// chosen.
///
/// # Errors
/// Everything that cannot be written like that.
pub fn check(
    input: &FactInput,
    format: Option<FieldFormat>,
    now: DateTime<Utc>,
) -> Result<FactText, Problems> {
    let mut problems = Problems::new();
    let mut read = |name: &str, text: &str, longest: usize| {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if text.contains('\0') {
            problems.add(name, Problem::NullCharacters);
        }
        if text.chars().count() > longest {
            problems.add(name, Problem::TooLong(longest));
        }
        text.to_owned()
    };
    let text = read("text", &input.text, LONGEST_TEXT);
    let notes = read("notes", &input.notes, LONGEST_NOTES);
    let source = read("source", &input.source, LONGEST_SOURCE);
    let typed_day = read("checked_on", &input.checked_on, LONGEST_SOURCE);
    if let Some(problem) = complaint(format, &text) {
        problems.add("text", problem);
    }
    let checked_on = day(&typed_day);
    match checked_on {
        None if !typed_day.is_empty() => problems.add("checked_on", Problem::Date),
        // the day that has begun somewhere
        Some(day) if day > (now + TimeDelta::hours(14)).date_naive() => {
            let text = "Nobody checked it on a day that is still to come.";
            problems.add("checked_on", Problem::Other("problem-future-day", text.into()));
        }
        _ => {}
    }
    problems.into_result()?;
    Ok(FactText { text, notes, source, checked_on })
}

/// What is wrong with a text of that format.
pub(super) fn complaint(format: Option<FieldFormat>, text: &str) -> Option<Problem> {
    match format {
        Some(FieldFormat::Boolean) => match text {
            "True" | "False" => None,
            "" => Some(Problem::Required),
            other => Some(Problem::NotAChoice(other.to_owned())),
        },
        _ if text.is_empty() => None,
        Some(FieldFormat::Url) if web_address(text).is_none() => {
            Some(Problem::Other("problem-url", "Enter a valid URL.".into()))
        }
        Some(FieldFormat::Date) if day(text).is_none() => Some(Problem::Date),
        Some(FieldFormat::Markdown | FieldFormat::Url | FieldFormat::Date) | None => None,
    }
}

/// A day with four, two and two digits.
fn day(text: &str) -> Option<NaiveDate> {
    parse_date(text).filter(|_| text.len() == 10)
}

/// A text as an address of the web, if it is one.
#[must_use]
pub fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_plain = !text.contains(char::is_whitespace) && url.host_str().is_some_and(|host| !host.is_empty());
    is_plain.then_some(url)
}

/// Changes a fact, or proposes it where a second person publishes. `seen` is when the fact had been changed last when the
/// editor began.
///
/// # Errors
/// See [`EditError`].
pub async fn save(
    app: &App,
    by: UserId,
    (state, slug): (State, &str),
    input: &FactInput,
    seen: Option<DateTime<Utc>>,
) -> Result<Saved, EditError> {
    let mut unit = app.store.begin().await?;
    let sheet = sheet(unit.as_mut(), state, slug).await?.ok_or(EditError::NotFound)?;
    let fact = unit.edits_mut().lock(sheet.fact.id).await?.ok_or(EditError::NotFound)?;
    let text = check(input, sheet.field.format, app.now())?;
    if seen.is_some_and(|seen| seen != fact.modified_at) {
        return Err(EditError::Overtaken);
    }
    let saved = put(app, unit.as_mut(), Some(by), fact, text, ("changed", String::new())).await?;
    if saved == Saved::Published {
        published::facts(app, unit.as_mut(), [(state, sheet.field.id)]).await?;
    }
    unit.commit().await?;
    Ok(saved)
}

/// Writes a fact that is held, or proposes it, and notes that. Nobody means the operator, who needs no second person. Where it
/// was published, the caller says so to [`published::facts`], once for all facts of its unit.
pub(super) async fn put(
    app: &App,
    unit: &mut dyn Unit,
    by: Option<UserId>,
    mut fact: StateInformation,
    text: FactText,
    (act, comment): (&str, String),
) -> Result<Saved, StoreError> {
    let before = FactText::from(&fact);
    if before == text {
        return Ok(Saved::Unchanged);
    }
    let mut change = noted(app, by, fact.id, act, &before, Some(&text)).because(comment);
    let proposer = by.filter(|_| app.settings.election.second_person);
    let saved = match proposer {
        Some(by) => {
            let FactText { text, notes, source, checked_on } = text;
            let proposal = Proposal {
                id: ProposalId(app.ids.uuid()),
                information: fact.id,
                text,
                notes,
                source,
                checked_on,
                by,
                at: app.now(),
                base: fact.modified_at,
            };
            unit.edits_mut().put(&proposal).await?;
            change.act = "proposed".to_owned();
            Saved::Proposed
        }
        None => {
            text.write_onto(&mut fact);
            fact.modified_at = app.now();
            unit.elections_mut().update_information(&fact).await?;
            Saved::Published
        }
    };
    change.write(unit).await?;
    Ok(saved)
}

fn noted(
    app: &App,
    by: Option<UserId>,
    fact: InformationId,
    act: &str,
    before: &FactText,
    after: Option<&FactText>,
) -> Change {
    Change::new(app, by, KIND, fact, act).from_to(Some(before.json()), after.map(FactText::json))
}

/// Publishes what somebody else proposed, as it was proposed.
///
/// # Errors
/// [`EditError::Own`] when it is one's own proposal, [`EditError::Overtaken`] when the fact was changed since; see
/// [`EditError`].
pub async fn publish(app: &App, by: UserId, id: ProposalId) -> Result<StateInformation, EditError> {
    let mut unit = app.store.begin().await?;
    let (proposal, mut fact) = held(unit.as_mut(), id).await?;
    if proposal.by == by {
        return Err(EditError::Own);
    }
    if proposal.base != fact.modified_at {
        return Err(EditError::Overtaken);
    }
    let (before, text) = (FactText::from(&fact), FactText::from(&proposal));
    let change = noted(app, Some(by), fact.id, "published", &before, Some(&text));
    text.write_onto(&mut fact);
    fact.modified_at = app.now();
    unit.elections_mut().update_information(&fact).await?;
    unit.edits_mut().remove(fact.id).await?;
    change.write(unit.as_mut()).await?;
    published::facts(app, unit.as_mut(), [(fact.state, fact.field_type)]).await?;
    unit.commit().await?;
    Ok(fact)
}

/// Forgets a proposal, be it one's own or somebody else's.
///
/// # Errors
/// See [`EditError`].
pub async fn withdraw(app: &App, by: UserId, id: ProposalId) -> Result<StateInformation, EditError> {
    let mut unit = app.store.begin().await?;
    let (proposal, fact) = held(unit.as_mut(), id).await?;
    unit.edits_mut().remove(fact.id).await?;
    noted(app, Some(by), fact.id, "withdrawn", &FactText::from(&proposal), None).write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(fact)
}

/// The proposal and its fact, which is held; a proposal is changed only by who holds its fact.
async fn held(unit: &mut dyn Unit, id: ProposalId) -> Result<(Proposal, StateInformation), EditError> {
    let proposal = unless_absent(unit.edits().by_id(id).await)?.ok_or(EditError::NotFound)?;
    let fact = unit.edits_mut().lock(proposal.information).await?.ok_or(EditError::NotFound)?;
    match unit.edits().by_id(id).await? {
        Some(proposal) => Ok((proposal, fact)),
        None => Err(EditError::NotFound),
    }
}

/// Whether a change changed what the fact says, so that one can go back to before it.
#[must_use]
pub fn can_go_back(change: &Change) -> bool {
    change.kind == KIND && PUBLISHED.contains(&change.act.as_str()) && change.before.is_some()
}

/// Has a fact say again what it said before a change, or proposes that.
///
/// # Errors
/// [`EditError::Wrong`] when its kind does not allow that text any more; see [`EditError`].
pub async fn go_back(
    app: &App,
    by: UserId,
    (state, slug): (State, &str),
    change: ChangeId,
) -> Result<Saved, EditError> {
    let mut unit = app.store.begin().await?;
    let sheet = sheet(unit.as_mut(), state, slug).await?.ok_or(EditError::NotFound)?;
    let found = unit.changes().by_id(change).await?;
    let found = found.filter(|it| can_go_back(it) && it.subject == sheet.fact.id.to_string());
    let before = found.and_then(|it| it.before).and_then(|it| FactText::from_json(&it));
    let before = before.ok_or(EditError::NotFound)?;
    let fact = unit.edits_mut().lock(sheet.fact.id).await?.ok_or(EditError::NotFound)?;
    // an empty Boolean may be what there was before anybody chose
    if let Some(problem) = complaint(sheet.field.format, &before.text).filter(|_| !before.text.is_empty()) {
        return Err(Problems::one("text", problem).into());
    }
    let saved = put(app, unit.as_mut(), Some(by), fact, before, ("restored", String::new())).await?;
    if saved == Saved::Published {
        published::facts(app, unit.as_mut(), [(state, sheet.field.id)]).await?;
    }
    unit.commit().await?;
    Ok(saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(format: Option<FieldFormat>, text: &str) -> Result<String, String> {
        let input = FactInput { text: text.into(), ..FactInput::default() };
        match check(&input, format, DateTime::UNIX_EPOCH) {
            Ok(fact) => Ok(fact.text),
            Err(problems) => Err(problems.to_json()["text"][0].as_str().expect("a complaint").to_owned()),
        }
    }

    #[test]
    fn a_text_is_as_its_kind_says() {
        use FieldFormat::{Boolean, Date, Markdown, Url};
        for (format, text) in [
            (Some(Markdown), "# Any *text*"),
            (Some(Url), "https://example.org/a?b=c"),
            (Some(Boolean), "True"),
            (Some(Boolean), "False"),
            (Some(Date), "2026-11-03"),
            (Some(Markdown), ""),
            (Some(Url), ""),
            (Some(Date), ""),
            (None, "any"),
        ] {
            assert_eq!(checked(format, text).as_deref(), Ok(text), "{format:?}");
        }
        for (format, text, complaint) in [
            (Url, "example.org", "Enter a valid URL."),
            (Url, "javascript:alert(1)", "Enter a valid URL."),
            (Url, "https://", "Enter a valid URL."),
            (Url, "https://a.org/ b", "Enter a valid URL."),
            (Boolean, "", "This field is required."),
            (Boolean, "true", "\"true\" is not a valid choice."),
            (Date, "11/03/2026", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
            (Date, "2026-2-3", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
            (Date, "2026-02-30", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
        ] {
            assert_eq!(checked(Some(format), text), Err(complaint.to_owned()), "{text}");
        }
        assert_eq!(checked(None, " a\r\nb \r\n").as_deref(), Ok("a\nb"));
        assert!(checked(Some(Markdown), &"é".repeat(LONGEST_TEXT + 1)).is_err());
        assert!(checked(Some(Markdown), "a\0b").is_err());
    }

    #[test]
    fn nobody_checked_it_tomorrow() {
        let now = "2026-11-03T12:00:00Z".parse().expect("a moment");
        for (day, is_good) in [("", true), ("2026-11-04", true), ("2026-11-05", false), ("yesterday", false)]
        {
            let input = FactInput { checked_on: day.into(), ..FactInput::default() };
            assert_eq!(check(&input, None, now).is_ok(), is_good, "{day}");
        }
    }
}
