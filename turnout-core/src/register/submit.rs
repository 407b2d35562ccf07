//! The use-case: a voter hands in a registration, whole or in part.

use bytes::Bytes;

use super::{
    Options, Registration, Status, SubmitError,
    draft::{Numbers, RegistrationDraft},
    form, jobs, online,
    ovr_link::custom_ovr_link,
};
use crate::{
    action::{self, Action, EventType, Record, Scope, Sending},
    address::State,
    app::App,
    consent::given_on_form,
    file::{self, Claimed, FileType, Reserved, StoredFile},
    ids::{ActionId, RegionId, RegistrationId},
    input::Input,
    official::Region,
    ports::{
        forms::{FormFields, PacketName},
        regions::RegionMatch,
        state_registrar::Application,
        store::{RegionFilter, StoreError, Unit, View},
        throttle::Verdict,
    },
    problems::{Problem, Problems},
    search::{self, Listed},
    secret::StateIdNumber,
    subscriber::{self, Subscriber},
    webhook,
};

/// What became of it.
pub struct Submitted {
    /// The record, as stored.
    pub registration: Registration,
    /// Whether the state allows that we print the form and send it for signing.
    pub allow_print_and_forward: Option<bool>,
    /// With `match_region`: all visible regions of the state, by name.
    pub regions: Option<Vec<Region>>,
    /// Of a state's online registration: the regions to choose from, while none is chosen.
    pub state_api_regions: Option<Vec<Region>>,
    /// The form, when one was made now.
    pub file: Option<StoredFile>,
}

/// How a completion goes on.
enum Way {
    /// It is none.
    Later,
    /// A form is made, with this number on it.
    Paper(Box<Reserved>, Option<StateIdNumber>),
    /// The registrar of the state gets it.
    Online(Box<Application>),
}

impl Way {
    async fn choose(
        app: &App,
        registration: &Registration,
        numbers: Numbers,
        options: &Options,
    ) -> Result<Self, SubmitError> {
        Ok(if options.incomplete {
            Self::Later
        } else if online::goes_online(app, registration) {
            Self::Online(Box::new(online::gather(app, registration, numbers).await?))
        } else {
            Self::Paper(Box::new(reserve(app, registration)), numbers.license)
        })
    }
}

/// Takes a new registration. Unless `incomplete`, makes its form, or hands it in to the state's registrar.
///
/// # Errors
/// See [`SubmitError`].
#[tracing::instrument(target = "turnout::trace", name = "register.submit", skip_all)]
pub async fn submit(app: &App, input: &Input, options: &Options) -> Result<Submitted, SubmitError> {
    let (draft, problems) = RegistrationDraft::check(input, Scope::Whole, options.incomplete);
    let mut view = app.store.view().await?;
    check_regions(view.as_mut(), &draft, problems).await?.into_result()?;
    draft.request_mailing().check(false)?;
    let subscriber = subscriber::choose_for_call(app, view.as_mut(), options.subscriber.as_deref()).await?;
    drop(view);

    let is_visible = subscriber.as_ref().is_none_or(|it| it.has_data_access());
    let (action, mut registration) = fresh(app, subscriber.as_ref(), is_visible);
    let events = draft.events().to_vec();
    let numbers = draft.write_over(&mut registration, true);
    registration.custom_ovr_link = custom_ovr_link(&registration, &app.settings.register);
    let matched = match_region(app, &mut registration, options).await?;
    if !options.incomplete {
        may_send(app, &registration).await?;
    }
    let way = Way::choose(app, &registration, numbers, options).await?;
    if matches!(way, Way::Online(_)) {
        online::send_off(app, &mut registration);
    }

    app.reached("register.before_first_unit");
    let mut unit = app.store.begin().await?;
    insert(app, unit.as_mut(), &action, &registration).await?;
    if options.incomplete {
        webhook::happened(app, unit.as_mut(), &app.event(action.id, EventType::Start)).await?;
        action::report(app, unit.as_mut(), Record::Registration(&registration), &events).await?;
    }
    if let Way::Paper(reserved, _) = &way {
        reserved.note(app, unit.as_mut()).await?;
    }
    unit.commit().await?;
    app.reached("register.after_first_unit");

    match way {
        Way::Later => answer(app, registration, matched, None).await,
        Way::Paper(reserved, number) => {
            let (registration, file) = complete(app, &registration, number, *reserved, None, &events).await?;
            answer(app, registration, matched, Some(file)).await
        }
        Way::Online(application) => {
            let registration = online::hand_in(app, *application, &events).await?;
            answer(app, registration, matched, None).await
        }
    }
}

/// Counts the mail that a completion sends.
async fn may_send(app: &App, registration: &Registration) -> Result<(), SubmitError> {
    let sending = Sending {
        email: registration.email.as_deref(),
        phone: registration.phone.as_ref(),
        subscriber: registration.subscriber,
    };
    sending.count(app).await.map_err(SubmitError::Throttled)
}

/// An action and its registration, with nothing in it yet but the language of the subscriber's voters.
pub(super) fn fresh(app: &App, subscriber: Option<&Subscriber>, is_visible: bool) -> (Action, Registration) {
    let now = app.now();
    let action = Action {
        id: ActionId(app.ids.uuid()),
        visible_to_subscriber: is_visible,
        last_voter_lookup: None,
        created_at: now,
        modified_at: now,
    };
    let id = RegistrationId(app.ids.uuid());
    let mut registration = Registration::new(id, action.id, subscriber.map(|it| it.id), now);
    registration.language = subscriber.and_then(|it| it.language.clone());
    (action, registration)
}

/// Keeps both, lists the voter, and enqueues the look whether the action was finished.
pub(super) async fn insert(
    app: &App,
    unit: &mut dyn Unit,
    action: &Action,
    registration: &Registration,
) -> Result<(), StoreError> {
    unit.actions_mut().insert(action).await?;
    unit.registrations_mut().insert(registration).await?;
    search::list(unit, action, Listed::registration(registration)).await?;
    given_on_form(app, unit, None, registration.ticked()).await?;
    webhook::begun(app, unit, action.id).await?;
    let due = app.now() + app.settings.action.check_unfinished_delay;
    let check = action::jobs::CheckUnfinished { action: action.id };
    unit.jobs_mut().enqueue(&check.job(app).at(due).high().of(registration.subscriber)).await?;
    Ok(())
}

/// Changes a registration. Unless `incomplete`, makes its form, or hands it in to the state's registrar.
///
/// A completion makes the form anew on the same link; the voter is only written to again when something stored has
/// changed (quirk Q37).
///
/// # Errors
/// See [`SubmitError`].
#[tracing::instrument(target = "turnout::trace", name = "register.update", skip_all)]
pub async fn update(
    app: &App,
    id: RegistrationId,
    input: &Input,
    options: &Options,
    scope: Scope,
) -> Result<Submitted, SubmitError> {
    let mut view = app.store.view().await?;
    let Some(mut asked) = view.registrations().by_id(id).await? else { return Err(SubmitError::NotFound) };
    let allowed = allows_print_and_forward(view.as_mut(), asked.address.state).await?;
    let (draft, problems) = RegistrationDraft::check(input, scope, options.incomplete);
    let mut problems = check_regions(view.as_mut(), &draft, problems).await?;
    drop(view);
    let mut change = Change { input, scope, options, deliverable: None, matched_region: None };
    let numbers = change.apply(&mut asked);
    if !options.incomplete {
        let online = online::goes_online(app, &asked);
        for (name, missing) in draft.missing_for_completion(&asked, online, &problems).iter() {
            for problem in missing {
                problems.add(name, problem.clone());
            }
        }
    }
    problems.into_result()?;
    draft.request_mailing().check(allowed == Some(true))?;

    if !options.incomplete {
        let quota = app.settings.rate_limits.completions_per_registration;
        if let Verdict::Wait(wait) = app.may(&format!("completion:{id}"), quota).await {
            return Err(SubmitError::Throttled(wait));
        }
        may_send(app, &asked).await?;
    }
    if draft.request_mailing().is_given() {
        asked.request_mailing_deliverable =
            action::is_deliverable(app.addresses.as_ref(), &asked.request_mailing_address).await;
        change.deliverable = Some(asked.request_mailing_deliverable);
    }
    let matched = match_region(app, &mut asked, options).await?;
    change.matched_region = matched.then_some(asked.matched_region);
    let refused = action::is_refused(
        &asked.request_mailing_address,
        asked.request_mailing_deliverable,
        draft.ignores_undeliverable(),
    );

    app.reached("register.before_first_unit");
    if refused || options.incomplete {
        let registration = change.store(app, id, if refused { &[] } else { draft.events() }).await?;
        app.reached("register.after_first_unit");
        return if refused {
            Err(SubmitError::Undeliverable)
        } else {
            answer(app, registration, matched, None).await
        };
    }
    match Way::choose(app, &asked, numbers, options).await? {
        Way::Online(application) => {
            let registration = change.hand_in(app, *application, draft.events()).await?;
            answer(app, registration, matched, None).await
        }
        // what completes is stored together with its form: should that fail, the same call does the same again
        Way::Paper(reserved, number) => {
            let mut unit = app.store.begin().await?;
            reserved.note(app, unit.as_mut()).await?;
            unit.commit().await?;
            app.reached("register.after_first_unit");
            let (registration, file) =
                complete(app, &asked, number, *reserved, Some(&change), draft.events()).await?;
            answer(app, registration, matched, Some(file)).await
        }
        Way::Later => answer(app, asked, matched, None).await,
    }
}

/// What a call changes in a record that is there already. Applied anew to what each unit finds.
struct Change<'a> {
    input: &'a Input,
    scope: Scope,
    options: &'a Options,
    /// Whether mail arrives at the address for the printed form, when that was asked.
    deliverable: Option<Option<bool>>,
    /// The region of the address, when that was asked.
    matched_region: Option<Option<RegionId>>,
}

impl Change<'_> {
    /// Writes it over a record. Gives back the numbers for form and registrar.
    fn apply(&self, registration: &mut Registration) -> Numbers {
        let (draft, _) = RegistrationDraft::check(self.input, self.scope, self.options.incomplete);
        let numbers = draft.write_over(registration, false);
        if let Some(deliverable) = self.deliverable {
            registration.request_mailing_deliverable = deliverable;
        }
        if let Some(region) = self.matched_region {
            registration.matched_region = region;
        }
        numbers
    }

    /// Stores it and completes nothing.
    async fn store(
        &self,
        app: &App,
        id: RegistrationId,
        events: &[EventType],
    ) -> Result<Registration, SubmitError> {
        let mut unit = app.store.begin().await?;
        let locked = unit.registrations_mut().lock(id).await?;
        let Some(mut registration) = locked else { return Err(SubmitError::NotFound) };
        let before = registration.clone();
        self.apply(&mut registration);
        given_on_form(app, unit.as_mut(), Some(before.ticked()), registration.ticked()).await?;
        registration.modified_at = app.now();
        unit.registrations_mut().update(&registration).await?;
        search::relist(unit.as_mut(), Listed::registration(&registration)).await?;
        if self.options.incomplete
            && let Some(action) = registration.action
        {
            webhook::happened(app, unit.as_mut(), &app.event(action, EventType::Start)).await?;
        }
        action::report(app, unit.as_mut(), Record::Registration(&registration), events).await?;
        unit.commit().await?;
        Ok(registration)
    }

    /// Stores it, then hands it in: what is sent is kept first, whatever becomes of it. Nothing is sent when the registrar
    /// has it already, or while another application of the same record is on its way.
    async fn hand_in(
        &self,
        app: &App,
        mut application: Application,
        events: &[EventType],
    ) -> Result<Registration, SubmitError> {
        let mut unit = app.store.begin().await?;
        let locked = unit.registrations_mut().lock(application.registration.id).await?;
        let Some(mut registration) = locked else { return Err(SubmitError::NotFound) };
        if let Some(wait) = online::wait(app, &registration) {
            return Err(SubmitError::Throttled(wait));
        }
        let before = registration.clone();
        self.apply(&mut registration);
        if online::is_done(&before, &registration) {
            action::report(app, unit.as_mut(), Record::Registration(&registration), events).await?;
            unit.commit().await?;
            return Ok(registration);
        }
        given_on_form(app, unit.as_mut(), Some(before.ticked()), registration.ticked()).await?;
        online::send_off(app, &mut registration);
        registration.modified_at = app.now();
        unit.registrations_mut().update(&registration).await?;
        search::relist(unit.as_mut(), Listed::registration(&registration)).await?;
        unit.commit().await?;
        app.reached("register.after_first_unit");
        application.registration = registration;
        online::hand_in(app, application, events).await
    }
}

/// Adds a complaint for each region that does not exist.
async fn check_regions(
    view: &mut dyn View,
    draft: &RegistrationDraft,
    mut problems: Problems,
) -> Result<Problems, StoreError> {
    for (name, id) in draft.regions().collect::<Vec<_>>() {
        if view.officials().region(id).await?.is_none() {
            problems.add(name, Problem::NoSuchObject(id.to_string()));
        }
    }
    Ok(problems)
}

async fn allows_print_and_forward(
    view: &mut dyn View,
    state: Option<State>,
) -> Result<Option<bool>, StoreError> {
    let Some(state) = state else { return Ok(None) };
    Ok(view.elections().state(state).await?.and_then(|profile| profile.allow_print_and_forward))
}

/// Matches the address to a region where that was asked for; exactly one is stored.
async fn match_region(
    app: &App,
    registration: &mut Registration,
    options: &Options,
) -> Result<bool, StoreError> {
    if !options.match_region {
        return Ok(false);
    }
    if let RegionMatch::One(region) = action::find_region(app, &registration.address).await? {
        registration.matched_region = Some(region);
    }
    Ok(true)
}

fn reserve(app: &App, registration: &Registration) -> Reserved {
    let place = |name, email| file::reserve(app, FileType::RegForm, name, email, registration.subscriber);
    let is_mailed = registration.request_mailing_address.is_streeted();
    Reserved {
        form: place(form::file_name(registration), registration.email.clone()),
        mail: is_mailed.then(|| place(form::mail_file_name(registration), None)),
    }
}

/// Makes the form, stores it, and in one unit changes the record, links the form, sets the status, enqueues what
/// follows and records the events of the page, which come last (`http-api.md` 3.1.3).
async fn complete(
    app: &App,
    registration: &Registration,
    number: Option<StateIdNumber>,
    reserved: Reserved,
    change: Option<&Change<'_>>,
    events: &[EventType],
) -> Result<(Registration, StoredFile), SubmitError> {
    let mut view = app.store.view().await?;
    let facts = form::mailing_facts(view.as_mut(), registration).await?;
    drop(view);
    let packet = PacketName::Registration;
    let fields = form::fields(registration, &facts, packet, number);
    let Reserved { form: file, mail } = reserved;
    let mail = match (mail, registration.address.state) {
        (Some(file), Some(state)) => {
            let packet = PacketName::RegistrationMail(state);
            let fields = form::fields_for_mail(&fields, &facts, packet);
            Some((file, fill(app, registration.id, packet, fields).await?))
        }
        _ => None,
    };
    let pdf = fill(app, registration.id, packet, fields).await?;
    app.reached("register.after_fill");
    app.files.put(&file.key, pdf, "application/pdf").await?;
    let mail = match mail {
        Some((file, pdf)) => {
            app.files.put(&file.key, pdf, "application/pdf").await?;
            Some(file)
        }
        None => None,
    };
    app.reached("register.after_file");

    let mut unit = app.store.begin().await?;
    let Some(mut current) = unit.registrations_mut().lock(registration.id).await? else {
        return Err(SubmitError::NotFound);
    };
    let before = current.clone();
    let changed = change.is_none_or(|change| {
        change.apply(&mut current);
        current != before
    });
    given_on_form(app, unit.as_mut(), Some(before.ticked()), current.ticked()).await?;
    let Claimed { file, again } = file::claim(app, unit.as_mut(), current.result_item, file).await?;
    current.result_item = Some(file.id);
    let (mail, same_mail) = file::claim_mail(app, unit.as_mut(), current.result_item_mail, mail).await?;
    current.result_item_mail = mail;
    if changed || !again || !same_mail {
        current.status = Status::Pending;
        jobs::enqueue_follow_ups(app, unit.as_mut(), &current).await?;
    }
    current.modified_at = app.now();
    unit.registrations_mut().update(&current).await?;
    if change.is_some() {
        search::relist(unit.as_mut(), Listed::registration(&current)).await?;
    }
    action::report(app, unit.as_mut(), Record::Registration(&current), events).await?;
    unit.commit().await?;
    app.reached("register.after_second_unit");
    Ok((current, file))
}

/// Fills a packet. What is not on the paper as it was given is said, by the names of fields.
async fn fill(
    app: &App,
    id: RegistrationId,
    packet: PacketName,
    fields: FormFields,
) -> Result<Bytes, SubmitError> {
    let filled = app.forms.fill(packet, fields, Vec::new()).await?;
    if !filled.report.is_complete() {
        tracing::warn!(registration.id = %id, report = ?filled.report, "the form does not show everything as given");
    }
    Ok(filled.pdf)
}

/// The regions that a page is told with `match_region`: all of the state, by name.
///
/// # Errors
/// When the store fails.
pub async fn regions(view: &mut dyn View, state: Option<State>) -> Result<Vec<Region>, StoreError> {
    match state {
        Some(state) => view.officials().regions(state, &RegionFilter::default()).await,
        None => Ok(Vec::new()),
    }
}

/// What the answer needs beside the record.
async fn answer(
    app: &App,
    registration: Registration,
    matched: bool,
    file: Option<StoredFile>,
) -> Result<Submitted, SubmitError> {
    let state_api_regions = online::candidates(app, &registration).await?;
    let mut view = app.store.view().await?;
    let state = registration.address.state;
    let allow_print_and_forward = allows_print_and_forward(view.as_mut(), state).await?;
    let regions = if matched { Some(regions(view.as_mut(), state).await?) } else { None };
    Ok(Submitted { registration, allow_print_and_forward, regions, state_api_regions, file })
}

impl Submitted {
    /// The region that the address was matched to.
    #[must_use]
    pub fn matched_region(&self) -> Option<RegionId> {
        self.registration.matched_region
    }
}
