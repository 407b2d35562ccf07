//! A partner's program begins a registration for its user (`http-api.md` 3.4, `flows.md` 2.5).

use chrono::{DateTime, NaiveDate, Utc};
use url::Url;

use super::{Registration, custom_ovr_link, instructions, instructions::Flow, resume, submit};
use crate::{
    action::EventType,
    address::{State, Zipcode},
    app::App,
    asked::{self, Field},
    ids::ActionId,
    input::{Given, Input, Reader, Rules},
    language::Language,
    person::{Gender, Phone, Title},
    ports::store::StoreError,
    problems::{NON_FIELD, Problem, Problems},
    subscriber::Subscriber,
    webhook,
};

/// The most characters of a text.
const MOST: usize = 256;

/// The names that are known; any other is refused.
const NAMES: [&str; 16] = [
    "title",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "date_of_birth",
    "email",
    "phone",
    "address1",
    "address2",
    "city",
    "state",
    "zipcode",
    "sms_opt_in",
    "sms_opt_in_subscriber",
    "language",
];

/// What the partner's program tells its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The action.
    pub action: ActionId,
    /// What to do in the user's state, Markdown.
    pub message: String,
    /// Where to go on, at most two ways.
    pub buttons: Vec<Button>,
}

/// A way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub text: &'static str,
    /// Whether it is the recommended way.
    pub primary: bool,
    /// Where it leads.
    pub url: String,
    /// Until when it leads there.
    pub ends: Option<DateTime<Utc>>,
    /// The action whose `FinishExternal` is to be reported when the user follows it.
    pub tracked: Option<ActionId>,
}

/// Why nothing was begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// Something is wrong with the input; nothing was stored.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A request of a partner's program, every value typed.
struct Draft {
    title: Given<Title>,
    first_name: Given<String>,
    middle_name: Given<String>,
    last_name: Given<String>,
    suffix: Given<String>,
    date_of_birth: Given<NaiveDate>,
    email: Given<String>,
    phone: Given<Phone>,
    address1: Given<String>,
    address2: Given<String>,
    city: Given<String>,
    zipcode: Given<Zipcode>,
    sms_opt_in_subscriber: Given<bool>,
    language: Option<Language>,
}

/// The fields that [`begin`] reads; it takes no others.
#[must_use]
pub fn fields() -> Vec<Field> {
    asked::fields(|input| {
        let _ = Draft::check(input);
    })
}

impl Draft {
    /// Reads it, and the state. Names that are not known, and rules about several fields, are looked at once every field is
    /// right.
    fn check(input: &Input) -> Result<(Self, State), Problems> {
        let mut r = Reader::whole(input);
        let must = Rules::required().at_most(MOST);
        let may = Rules::optional().at_most(MOST);
        let in_the_union = |code: &str| State::parse(code).filter(|state| !state.is_territory());
        let state = r.choice("state", Rules::required(), in_the_union);
        r.must_be_true("sms_opt_in", Rules::required());
        let draft = Self {
            title: r.choice("title", Rules::optional(), Title::parse),
            first_name: r.text("first_name", must),
            middle_name: r.text("middle_name", may),
            last_name: r.text("last_name", must),
            suffix: r.text("suffix", may),
            date_of_birth: r.date("date_of_birth", Rules::required()),
            email: r.email("email", must),
            phone: r.phone("phone", Rules::optional()),
            address1: r.text("address1", must),
            address2: r.text("address2", may),
            city: r.text("city", must),
            zipcode: r.zipcode("zipcode", Rules::required()),
            sms_opt_in_subscriber: r.must_be_true("sms_opt_in_subscriber", Rules::optional()),
            language: r.language("language"),
        };
        let problems = r.into_problems();
        let (Given::Value(state), true) = (state, problems.is_empty()) else { return Err(problems) };
        draft.together(state, input)?;
        Ok((draft, state))
    }

    /// The rules that look at more than one field.
    fn together(&self, state: State, input: &Input) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let mut unknown: Vec<&str> = input.names().filter(|name| !NAMES.contains(name)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            let names: Vec<String> = unknown.iter().map(|name| format!("'{name}'")).collect();
            let text = format!("Got unknown fields: {{{}}}", names.join(", "));
            problems.add(NON_FIELD, Problem::Other("problem-unknown-fields", text));
        }
        if state == State::Tn && self.title == Given::Value(Title::Mx) {
            let text = "Tennesee does not allow a title of Mx.".to_owned();
            problems.add(NON_FIELD, Problem::Other("problem-title-tennessee", text));
        }
        problems.into_result()
    }

    fn write_over(self, state: State, record: &mut Registration) {
        record.gender = self.title.get().copied().and_then(gender);
        self.title.store(&mut record.name.title);
        self.first_name.store(&mut record.name.first);
        self.middle_name.store(&mut record.name.middle);
        self.last_name.store(&mut record.name.last);
        self.suffix.store(&mut record.name.suffix);
        self.date_of_birth.store(&mut record.date_of_birth);
        self.email.store(&mut record.email);
        self.phone.store(&mut record.phone);
        self.address1.store(&mut record.address.address1);
        self.address2.store(&mut record.address.address2);
        self.city.store(&mut record.address.city);
        record.address.state = Some(state);
        record.address.zipcode = self.zipcode.value().map(|zipcode| zipcode.to_string());
        record.language = self.language.or(record.language.take());
        record.sms_opt_in = Some(true);
        record.sms_opt_in_subscriber = Some(self.sms_opt_in_subscriber == Given::Value(true));
    }
}

/// The gender that a title speaks of; the form asks for one in some states.
fn gender(title: Title) -> Option<Gender> {
    match title {
        Title::Mr => Some(Gender::Male),
        Title::Mrs | Title::Miss | Title::Ms => Some(Gender::Female),
        Title::Mx => None,
    }
}

/// Begins a registration of a partner's user: an action, an incomplete registration, and what the user can do next.
///
/// # Errors
/// See [`BeginError`].
#[tracing::instrument(target = "turnout::trace", name = "register.external", skip_all)]
pub async fn begin(app: &App, subscriber: &Subscriber, input: &Input) -> Result<Begun, BeginError> {
    let (draft, state) = Draft::check(input)?;
    let mut view = app.store.view().await?;
    let (flow, message) = instructions::of(view.as_mut(), state).await?;
    drop(view);

    let (action, mut registration) = submit::fresh(app, Some(subscriber), true);
    draft.write_over(state, &mut registration);
    registration.custom_ovr_link = custom_ovr_link(&registration, &app.settings.register);

    let mut unit = app.store.begin().await?;
    submit::insert(app, unit.as_mut(), &action, &registration).await?;
    webhook::happened(app, unit.as_mut(), &app.event(action.id, EventType::StartActionApi)).await?;
    unit.commit().await?;
    Ok(Begun { action: action.id, message, buttons: buttons(app, flow, &registration, action.id) })
}

/// What was told of a registration that was begun so, told again; its links carry fresh tokens.
///
/// # Errors
/// When the store fails.
pub async fn again(app: &App, action: ActionId) -> Result<Option<Begun>, StoreError> {
    let mut view = app.store.view().await?;
    let Some(registration) = view.registrations().by_action(action).await? else { return Ok(None) };
    let Some(state) = registration.address.state else { return Ok(None) };
    let (flow, message) = instructions::of(view.as_mut(), state).await?;
    Ok(Some(Begun { action, message, buttons: buttons(app, flow, &registration, action) }))
}

fn buttons(app: &App, flow: Flow, registration: &Registration, action: ActionId) -> Vec<Button> {
    let by_mail = |primary| {
        let (token, ends) = resume::issue(app, action);
        let url = resume_url(&app.settings.register.resume_url, &token);
        Button { text: "Register by mail", primary, url, ends: Some(ends), tracked: None }
    };
    match flow {
        Flow::OnlineOrPrint(link) => {
            let url = registration.custom_ovr_link.clone().unwrap_or(link);
            let online =
                Button { text: "Register online", primary: true, url, ends: None, tracked: Some(action) };
            vec![online, by_mail(false)]
        }
        Flow::PrintOnly => vec![by_mail(true)],
        Flow::Ineligible => Vec::new(),
    }
}

/// Where the voter goes on by mail, although the state registers online.
fn resume_url(page: &str, token: &str) -> String {
    match Url::parse_with_params(page, [("skip_ovr", "true"), ("token", token)]) {
        Ok(url) => url.into(),
        Err(_) => format!("{page}?skip_ovr=true&token={token}"),
    }
}
