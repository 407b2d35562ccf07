//! The letter with two blank registration forms (`flows.md` 17, 4; `pdf-forms.md` 12).

use bytes::Bytes;

use super::{LetterRule, MoverLead, decided, leave_alone};
use crate::{
    action::Action,
    address::State,
    app::App,
    decision::{Channel, Decision},
    file::{self, FileType},
    ids::{LetterId, MoverLeadId, SlugId, SubscriberId},
    jobs::{JobContext, JobError},
    letter::{Letter, jobs::Send},
    official::{Purpose, best_address},
    ports::{
        forms::{FormFields, PacketName},
        store::View,
    },
    register::form::folded,
    subscriber::{Slug, Subscriber},
};

/// How many lines the office's address has on the cover: it shows through the window of the envelope.
const LINES: usize = 4;
/// The boxes of the national form whose rules differ by state, with what the form asks there.
const BOXES: [(&str, &str); 3] = [
    ("registration_nvrf_box_6", "BOX 6 - ID NUMBER"),
    ("registration_nvrf_box_7", "BOX 7 - CHOICE OF PARTY"),
    ("registration_nvrf_box_8", "BOX 8 - RACE OR ETHNIC GROUP"),
];
/// What Wisconsin asks of everybody who registers by mail (Wis. Stat. 6.34).
const PROOF_OF_RESIDENCE: &str = "PROOF OF RESIDENCE: Wisconsin takes your form only with a copy of a document that shows \
     your name and your new address: a bank statement, a utility bill, a paycheck or a lease, for example. Put the copy into \
     the envelope with your form.";

/// What of a state's facts the cover lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cover for {state} lacks {}", missing.join(", "))]
pub struct CoverGap {
    /// The state.
    pub state: State,
    /// Slugs of facts, or `an office address`.
    pub missing: Vec<&'static str>,
}

/// What stands on the cover of a letter to who moved to that state, and is served by these offices.
///
/// Every fact of the state goes under its slug; the document takes those that it has fields for.
///
/// # Errors
/// When something is missing without which nobody could use the forms. All of it is named.
pub fn cover(state: State, office: &[String], facts: &[(String, String)]) -> Result<FormFields, CoverGap> {
    let fact = |slug: &str| {
        let found = facts.iter().find(|(known, _)| known == slug).map(|(_, text)| reduced(state, text));
        found.filter(|text| !text.is_empty())
    };
    let mut missing = Vec::new();
    let mut form = FormFields::new();
    form.set_text("state_name", state.name());
    for (slug, text) in facts {
        form.set_passage(slug, &reduced(state, text));
    }

    if office.is_empty() {
        missing.push("an office address");
    }
    for (index, line) in folded(office, LINES).iter().enumerate() {
        form.set_text(&format!("mailto_line_upper_{}", index + 1), &line.to_uppercase());
        form.set_text(&format!("mailto_line_{}", index + 1), line);
    }

    let mut boxes = Vec::new();
    for (slug, heading) in BOXES {
        match fact(slug) {
            Some(text) => boxes.push(format!("{heading}\n{text}")),
            None => missing.push(slug),
        }
    }
    let between = if state == State::Al { "\n" } else { "\n\n" };
    form.set_passage("registration_nvrf_combined", &boxes.join(between));
    form.set_text("important_dates", "");

    match fact("registration_deadline_mail") {
        Some(deadline) => form.set_passage("state_deadline", &format!("Must be {}", begun_small(&deadline))),
        None => missing.push("registration_deadline_mail"),
    }
    if state == State::Wi {
        match fact("registration_rules") {
            Some(rules) => {
                form.set_passage("registration_rules", &format!("{rules}\n\n{PROOF_OF_RESIDENCE}"));
            }
            None => missing.push("registration_rules"),
        }
    }
    if missing.is_empty() { Ok(form) } else { Err(CoverGap { state, missing }) }
}

fn begun_small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A state's text without the marks of Markdown: what is strong is plain, bullets are bullets, links are their words
/// (`pdf-forms.md` 12). Alabama's has no blank lines, as there is no room for them.
fn reduced(state: State, text: &str) -> String {
    let text = without_targets(&text.replace("**Warning:**", "WARNING:").replace("**", ""));
    let line = |line: &str| match line.trim_start().strip_prefix("* ") {
        Some(item) => format!("\u{2022} {}", item.trim()),
        None => line.trim_end().replace('*', ""),
    };
    let lines: Vec<String> = text.trim().lines().map(line).collect();
    let is_kept = |line: &&String| state != State::Al || !line.is_empty();
    lines.iter().filter(is_kept).map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// `[words](target)` as its words.
fn without_targets(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        let found = link.split_once("](").and_then(|(words, target)| {
            let (_, after) = target.split_once(')')?;
            (!words.contains('[')).then_some((words, after))
        });
        match found {
            Some((words, after)) => {
                plain.push_str(words);
                rest = after;
            }
            None => {
                plain.push('[');
                rest = link;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Reads what the cover for a lead says.
async fn cover_of(view: &mut dyn View, lead: &MoverLead, state: State) -> Result<FormFields, JobError> {
    let mut office = Vec::new();
    if let Some(region) = lead.new.region {
        let offices = view.officials().offices(region).await?;
        office = best_address(&offices, Purpose::Registration).map_or_else(Vec::new, |best| best.lines());
    }
    if office.is_empty() {
        let text = view.elections().text(state, "registration_nvrf_submission_address").await?;
        let lines = text.unwrap_or_default();
        let lines = lines.lines().map(|line| line.trim().to_owned());
        office = lines.filter(|line| !line.is_empty()).collect();
    }
    let types = view.elections().field_types().await?;
    let slug = |id| types.iter().find(|it| it.id == id).map(|it| it.slug.clone());
    let information = view.elections().information_of_state(state).await?;
    let facts: Vec<(String, String)> =
        information.into_iter().filter_map(|it| Some((slug(it.field_type)?, it.text))).collect();
    cover(state, &office, &facts).map_err(|gap| JobError::GiveUp(gap.to_string()))
}

/// The pages. A state's rules that do not all stand on the cover are not mailed: that is for a person to mend.
async fn pages(app: &App, lead: &MoverLead, state: State) -> Result<Bytes, JobError> {
    let mut view = app.store.view().await?;
    let fields = cover_of(view.as_mut(), lead, state).await?;
    drop(view);
    let filled = app.forms.fill(PacketName::BlankForms(state), fields, Vec::new()).await;
    let filled = filled.map_err(|error| JobError::GiveUp(format!("the letter cannot be made: {error}")))?;
    if !filled.report.is_complete() {
        let report = &filled.report;
        tracing::error!(%state, ?report, "what a state says does not fit on the cover of blank forms");
        return Err(JobError::GiveUp(format!("what {state} says does not fit on the cover")));
    }
    Ok(filled.pdf)
}

/// The subscriber of these letters, which is made for the first of them where nobody has (`domain.md` 8.1).
async fn sender(app: &App) -> Result<SubscriberId, JobError> {
    let mut view = app.store.view().await?;
    let source = &app.settings.mover.source;
    if let Some(found) = view.subscribers().by_slug(source).await? {
        return Ok(found.id);
    }
    drop(view);
    let now = app.now();
    let (id, url) = (SubscriberId(app.ids.uuid()), format!("{}/", app.settings.origins.www));
    let mut subscriber = Subscriber::new(id, source.clone(), url, now);
    let slug =
        Slug { id: SlugId(app.ids.uuid()), subscriber: subscriber.id, slug: source.clone(), created_at: now };
    subscriber.default_slug = Some(slug.id);
    let mut unit = app.store.begin().await?;
    unit.subscribers_mut().insert(&subscriber).await?;
    unit.subscribers_mut().insert_slug(&slug).await?;
    unit.commit().await?;
    Ok(subscriber.id)
}

/// Makes a lead's letter and has it handed to the mail house: action, file, letter and job are kept in one unit with the
/// lead, once. Who said no is left alone for good.
pub(super) async fn mail(app: &App, id: MoverLeadId, context: &JobContext) -> Result<(), JobError> {
    let switches = app.switches().await;
    let mut view = app.store.view().await?;
    let found = view.movers().by_id(id).await?;
    drop(view);
    let Some(lead) = found else { return Ok(()) };
    let rule = lead.new.address.state.and_then(LetterRule::of);
    let Some(rule) = rule.filter(|rule| rule.is_on(&switches) && rule.takes(&lead)) else { return Ok(()) };
    if lead.action.is_some() || lead.left_alone.is_some() {
        return Ok(());
    }
    if let Decision::Refuse(rule) = decided(app, &lead, Channel::Letter).await? {
        return Ok(leave_alone(app, id, rule).await?);
    }
    if !lead.new.address.can_take_mail() || lead.full_name().is_empty() {
        return Err(JobError::GiveUp("the lead lacks a name or an address for a letter".into()));
    }
    let sender = sender(app).await?;
    let pdf = pages(app, &lead, rule.state).await?;

    let name = file::file_name(&[rule.state.code(), "blank-registration-forms"]);
    let reserved = file::reserve(app, FileType::BlankRegForms, name, None, Some(sender));
    let mut unit = app.store.begin().await?;
    file::note(app, unit.as_mut(), &reserved).await?;
    unit.commit().await?;
    app.files.put(&reserved.key, pdf, "application/pdf").await?;
    app.reached("mover.after_file");

    let now = app.now();
    let mut unit = app.store.begin().await?;
    let Some(mut lead) = unit.movers_mut().lock(id).await?.filter(|lead| lead.action.is_none()) else {
        return Ok(());
    };
    let action = Action::begin(app, None);
    unit.actions_mut().insert(&action).await?;
    let claimed = file::claim(app, unit.as_mut(), None, reserved).await?;
    (lead.action, lead.file, lead.modified_at) = (Some(action.id), Some(claimed.file.id), now);
    unit.movers_mut().update(&lead).await?;
    let letter = Letter {
        id: LetterId(app.ids.uuid()),
        action: action.id,
        subscriber: Some(sender),
        external_id: None,
        created_at: now,
        modified_at: now,
    };
    unit.letters_mut().insert(&letter).await?;
    let mut send = Send { letter: letter.id }.job(app).once(format!("{}:{}", Send::KIND, letter.id));
    send.lane = super::jobs::LANE;
    unit.jobs_mut().enqueue(&send.of(Some(sender))).await?;
    context.finish_in(unit.as_mut(), now).await?;
    unit.commit().await?;
    app.reached("mover.after_unit");
    Ok(())
}

/// What the cover would say for nobody: for previews and tests.
///
/// # Panics
/// Never: nothing is missing.
#[must_use]
pub fn sample_cover(state: State) -> FormFields {
    let office = ["Springfield Election Office", "1 Main Street", "Springfield 01103"].map(str::to_owned);
    let facts = [
        (
            "registration_rules",
            "To register you must:\n\n* be a citizen of the **United States**\n* be 18 on Election Day",
        ),
        (
            "registration_nvrf_box_6",
            "Your driver license number, or the last four digits of your Social Security number.",
        ),
        ("registration_nvrf_box_7", "You do not have to choose a party to register."),
        ("registration_nvrf_box_8", "Leave blank."),
        ("registration_deadline_mail", "Postmarked 20 days before Election Day."),
    ];
    let facts = facts.map(|(slug, text)| (slug.to_owned(), text.to_owned()));
    cover(state, &office, &facts).expect("nothing is missing")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(slug, text)| ((*slug).to_owned(), (*text).to_owned())).collect()
    }

    const BOXES_THERE: [(&str, &str); 4] = [
        ("registration_nvrf_box_6", "**ID**"),
        ("registration_nvrf_box_7", "None"),
        ("registration_nvrf_box_8", "Blank"),
        ("registration_deadline_mail", "Postmarked 30 days before"),
    ];

    fn text(form: &FormFields, name: &str) -> String {
        form.text(name).unwrap_or_default().to_owned()
    }

    #[test]
    fn marks_of_markdown_go_and_bullets_stay() {
        let source = "**Warning:** bring\n\n* **one**\n* [two](https://example.org/a_(b)) [x]\n";
        let plain = reduced(State::Oh, source);
        assert_eq!(plain, "WARNING: bring\n\n\u{2022} one\n\u{2022} two) [x]");
        assert_eq!(reduced(State::Al, "a\n\n\nb\n"), "a\nb");
        assert_eq!(without_targets("[a [b](c) [d"), "[a b [d");
    }

    #[test]
    fn the_cover_names_office_boxes_and_deadline() {
        let office = ["Office", "Box", "Suite", "Main St", "Town, WI 1"].map(str::to_owned);
        let mut known = facts(&BOXES_THERE);
        known.push(("registration_rules".into(), "Rules".into()));
        let Ok(form) = cover(State::Wi, &office, &known) else { panic!("a cover") };
        assert_eq!(text(&form, "mailto_line_upper_4"), "TOWN, WI 1");
        assert_eq!(form.text("mailto_line_upper_5"), None);
        assert_eq!(text(&form, "state_deadline"), "Must be postmarked 30 days before");
        let combined = text(&form, "registration_nvrf_combined");
        assert_eq!(combined.lines().collect::<Vec<_>>()[..2], ["BOX 6 - ID NUMBER", "ID"]);
        assert!(text(&form, "registration_rules").starts_with("Rules\n\nPROOF OF RESIDENCE"));
        let Ok(form) = cover(State::Oh, &office, &known) else { panic!("a cover") };
        assert_eq!(text(&form, "registration_rules"), "Rules");
    }

    #[test]
    fn a_cover_without_what_it_needs_is_none_and_all_of_it_is_named() {
        let missing = |state, office: &[String], known: &[(String, String)]| match cover(state, office, known)
        {
            Ok(_) => Vec::new(),
            Err(gap) => gap.missing,
        };
        let all = missing(State::Wi, &[], &facts(&[("registration_nvrf_box_7", " ")]));
        assert_eq!(
            all,
            [
                "an office address",
                "registration_nvrf_box_6",
                "registration_nvrf_box_7",
                "registration_nvrf_box_8",
                "registration_deadline_mail",
                "registration_rules",
            ]
        );
        let office = ["Office".to_owned()];
        assert_eq!(missing(State::Oh, &office, &facts(&BOXES_THERE)), Vec::<&str>::new());
    }

    #[test]
    fn a_long_text_is_not_cut_at_the_length_of_a_field() {
        let long = "x".repeat(3_000);
        let mut known = facts(&BOXES_THERE);
        known[0].1.clone_from(&long);
        let Ok(form) = cover(State::Oh, &["Office".to_owned()], &known) else { panic!("a cover") };
        assert!(text(&form, "registration_nvrf_combined").contains(&long) && form.cut().is_empty());
    }
}
