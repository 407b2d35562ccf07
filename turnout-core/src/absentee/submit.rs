//! The use-case: a voter hands in a ballot request, whole or in part (`http-api.md` 4, `flows.md` 3.1).

use bytes::Bytes;

use super::{
    BallotRequest, SubmissionType, ballot_link::ballot_link, draft::BallotRequestDraft, draft::check_state,
    esign, form, jobs, past,
};
use crate::{
    action::{self, Action, EventType, Options, Record, Scope, Sending, SubmitError},
    address::State,
    app::App,
    consent::given_on_form,
    file::{self, Claimed, FileType, Reserved, StoredFile},
    ids::{BallotRequestId, RegionId},
    input::Input,
    official::Region,
    ports::{
        forms::FilledForm,
        regions::RegionMatch,
        store::{RegionFilter, StoreError, View, unless_absent},
        throttle::Verdict,
    },
    register::Status,
    search::{self, Listed},
    secret::StateIdNumber,
    subscriber, webhook,
};

/// What became of it.
pub struct Submitted {
    /// The record, as stored.
    pub request: BallotRequest,
    /// Whether the state allows that we print the form and send it for signing.
    pub allow_print_and_forward: Option<bool>,
    /// Where the voter can ask for a ballot online.
    pub ballot_link: Option<String>,
    /// Of a request that was begun now: the regions to choose from, unless the address was matched to one.
    pub regions: Option<Vec<Region>>,
    /// The form, when one was made now.
    pub file: Option<StoredFile>,
}

/// Takes a new ballot request. Unless `incomplete`, makes its form.
///
/// # Errors
/// See [`SubmitError`].
#[tracing::instrument(target = "turnout::trace", name = "absentee.submit", skip_all)]
pub async fn submit(app: &App, input: &Input, options: &Options) -> Result<Submitted, SubmitError> {
    let (draft, problems) = BallotRequestDraft::check(input, Scope::Whole, options.incomplete);
    let mut view = app.store.view().await?;
    draft.check_keys(view.as_mut(), problems).await?.into_result()?;
    draft.check_together(false)?;
    let subscriber = subscriber::choose_for_call(app, view.as_mut(), options.subscriber.as_deref()).await?;
    drop(view);

    let action = Action::begin(app, subscriber.as_ref());
    let id = BallotRequestId(app.ids.uuid());
    let whose = subscriber.as_ref().map(|it| it.id);
    let mut request = BallotRequest::new(id, action.id, whose, action.created_at);
    request.language = subscriber.and_then(|it| it.language);
    let events = draft.events().to_vec();
    let number = draft.write_over(&mut request, true);
    if !options.incomplete {
        check_state(request.address.state)?;
    }
    let matched = find_region(app, &request, options).await?;
    if let RegionMatch::One(region) = matched {
        request.region = Some(region);
    }
    let switches = app.switches().await;
    let mut view = app.store.view().await?;
    request.esign_method = esign::method_of(app, &switches, view.as_mut(), &request).await?;
    let regions = match options.incomplete {
        true => candidates(view.as_mut(), &request, matched).await?,
        false => None,
    };
    drop(view);
    let reserved = (!options.incomplete).then(|| reserve(app, &request));
    if reserved.is_some() {
        may_send(app, &request).await?;
    }

    app.reached("absentee.before_first_unit");
    let mut unit = app.store.begin().await?;
    unit.actions_mut().insert(&action).await?;
    unit.ballot_requests_mut().insert(&request).await?;
    search::list(unit.as_mut(), &action, Listed::ballot_request(&request)).await?;
    given_on_form(app, unit.as_mut(), None, request.ticked()).await?;
    webhook::begun(app, unit.as_mut(), action.id).await?;
    if let Some(reserved) = &reserved {
        reserved.note(app, unit.as_mut()).await?;
    } else {
        let due = action.created_at + app.settings.action.check_unfinished_delay;
        let check = action::jobs::CheckUnfinished { action: action.id };
        unit.jobs_mut().enqueue(&check.job(app).at(due).high().of(request.subscriber)).await?;
        webhook::happened(app, unit.as_mut(), &app.event(action.id, EventType::Start)).await?;
        action::report(app, unit.as_mut(), Record::BallotRequest(&request), &events).await?;
    }
    unit.commit().await?;
    app.reached("absentee.after_first_unit");

    let Some(reserved) = reserved else { return answer(app, request, regions, None).await };
    let (request, file) = complete(app, &request, number, reserved, None, &events).await?;
    answer(app, request, None, Some(file)).await
}

/// Changes a ballot request. Unless `incomplete`, makes its form.
///
/// A completion makes the form anew on the same link; voter and office are only written to again when something stored, or
/// what an office gets, has changed (quirk Q37).
///
/// # Errors
/// See [`SubmitError`].
#[tracing::instrument(target = "turnout::trace", name = "absentee.update", skip_all)]
pub async fn update(
    app: &App,
    id: BallotRequestId,
    input: &Input,
    options: &Options,
    scope: Scope,
) -> Result<Submitted, SubmitError> {
    let mut view = app.store.view().await?;
    let found = unless_absent(view.ballot_requests().by_id(id).await)?;
    let Some(mut asked) = found else { return Err(SubmitError::NotFound) };
    let allowed = allows_print_and_forward(view.as_mut(), asked.address.state).await?;
    let (draft, problems) = BallotRequestDraft::check(input, scope, options.incomplete);
    let mut problems = draft.check_keys(view.as_mut(), problems).await?;
    drop(view);
    let mut change = Change { input, scope, options, deliverable: None, region: None };
    let number = change.apply(&mut asked);
    if !options.incomplete {
        for (name, missing) in draft.missing_for_completion(&asked, &problems).iter() {
            for problem in missing {
                problems.add(name, problem.clone());
            }
        }
    }
    problems.into_result()?;
    draft.check_together(allowed == Some(true))?;
    if !options.incomplete {
        check_state(asked.address.state)?;
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
    if let RegionMatch::One(region) = find_region(app, &asked, options).await? {
        (asked.region, change.region) = (Some(region), Some(region));
    }
    let refused = action::is_refused(
        &asked.request_mailing_address,
        asked.request_mailing_deliverable,
        draft.ignores_undeliverable(),
    );

    if refused || options.incomplete {
        let request = change.store(app, id, if refused { &[] } else { draft.events() }).await?;
        return if refused {
            Err(SubmitError::Undeliverable)
        } else {
            answer(app, request, None, None).await
        };
    }
    // what completes is stored together with its form: should that fail, the same call does the same again
    let switches = app.switches().await;
    let mut view = app.store.view().await?;
    asked.esign_method = esign::method_of(app, &switches, view.as_mut(), &asked).await?;
    drop(view);
    let reserved = reserve(app, &asked);
    app.reached("absentee.before_first_unit");
    let mut unit = app.store.begin().await?;
    reserved.note(app, unit.as_mut()).await?;
    unit.commit().await?;
    app.reached("absentee.after_first_unit");
    let (request, file) = complete(app, &asked, number, reserved, Some(&change), draft.events()).await?;
    answer(app, request, None, Some(file)).await
}

/// What a call changes in a record that is there already. Applied anew to what each unit finds.
struct Change<'a> {
    input: &'a Input,
    scope: Scope,
    options: &'a Options,
    /// Whether mail arrives at the address for the printed form, when that was asked.
    deliverable: Option<Option<bool>>,
    /// The region that the address was matched to.
    region: Option<RegionId>,
}

impl Change<'_> {
    /// Writes it over a record. Gives back the number for the form.
    fn apply(&self, request: &mut BallotRequest) -> Option<StateIdNumber> {
        let (draft, _) = BallotRequestDraft::check(self.input, self.scope, self.options.incomplete);
        let number = draft.write_over(request, false);
        if let Some(deliverable) = self.deliverable {
            request.request_mailing_deliverable = deliverable;
        }
        request.region = self.region.or(request.region);
        number
    }

    /// Stores it and completes nothing.
    async fn store(
        &self,
        app: &App,
        id: BallotRequestId,
        events: &[EventType],
    ) -> Result<BallotRequest, SubmitError> {
        let switches = app.switches().await;
        let mut unit = app.store.begin().await?;
        let locked = unit.ballot_requests_mut().lock(id).await?;
        let Some(mut request) = locked else { return Err(SubmitError::NotFound) };
        let before = request.clone();
        self.apply(&mut request);
        given_on_form(app, unit.as_mut(), Some(before.ticked()), request.ticked()).await?;
        if (before.region, before.address.state) != (request.region, request.address.state) {
            request.esign_method = esign::method_of(app, &switches, unit.as_mut(), &request).await?;
        }
        request.modified_at = app.now();
        unit.ballot_requests_mut().update(&request).await?;
        search::relist(unit.as_mut(), Listed::ballot_request(&request)).await?;
        if self.options.incomplete
            && let Some(action) = request.action
        {
            webhook::happened(app, unit.as_mut(), &app.event(action, EventType::Start)).await?;
        }
        action::report(app, unit.as_mut(), Record::BallotRequest(&request), events).await?;
        unit.commit().await?;
        Ok(request)
    }
}

async fn allows_print_and_forward(
    view: &mut dyn View,
    state: Option<State>,
) -> Result<Option<bool>, StoreError> {
    let Some(state) = state else { return Ok(None) };
    Ok(view.elections().state(state).await?.and_then(|profile| profile.allow_absentee_print_and_forward))
}

/// Matches the address to a region where that was asked for and the region is still open: what completes names its own
/// (`http-api.md` 4.1).
async fn find_region(
    app: &App,
    request: &BallotRequest,
    options: &Options,
) -> Result<RegionMatch, StoreError> {
    if !(options.match_region && options.incomplete) {
        return Ok(RegionMatch::None);
    }
    action::find_region(app, &request.address).await
}

/// The regions from which a voter chooses: those that the address may belong to, else all of the state; nothing when it was
/// matched to one.
async fn candidates(
    view: &mut dyn View,
    request: &BallotRequest,
    matched: RegionMatch,
) -> Result<Option<Vec<Region>>, StoreError> {
    let ids = match matched {
        RegionMatch::One(_) => return Ok(None),
        RegionMatch::None => return regions(view, request.address.state).await.map(Some),
        RegionMatch::Several(ids) => ids,
    };
    let mut regions = Vec::new();
    for id in ids {
        regions.extend(view.officials().region(id).await?);
    }
    Ok(Some(regions))
}

/// The regions of a state from which a voter chooses.
///
/// # Errors
/// When the store fails.
pub async fn regions(view: &mut dyn View, state: Option<State>) -> Result<Vec<Region>, StoreError> {
    let Some(state) = state else { return Ok(Vec::new()) };
    let mut regions = view.officials().regions(state, &RegionFilter::default()).await?;
    if matches!(state, State::Mi | State::Wi) {
        regions.retain(|it| it.municipality.as_deref().is_some_and(|name| !name.is_empty()));
    }
    Ok(regions)
}

fn reserve(app: &App, request: &BallotRequest) -> Reserved {
    use SubmissionType::{PrintAndForward, SelfPrint};
    let place = |way, email| {
        file::reserve(app, FileType::AbsForm, form::file_name(request, way), email, request.subscriber)
    };
    let is_mailed = request.submission() == PrintAndForward;
    Reserved {
        form: place(SelfPrint, request.email.clone()),
        mail: is_mailed.then(|| place(PrintAndForward, None)),
    }
}

/// The signature, when there is one that can stand on the form: uploaded, not deleted since, and with a place that the
/// state says. Nobody is sent a form that seems signed and is not.
async fn usable_signature(app: &App, request: &BallotRequest) -> Result<Option<Bytes>, SubmitError> {
    let (Some(id), Some(state)) = (request.signature, request.address.state) else { return Ok(None) };
    let form = app.forms.state_form(state).await?;
    if form.is_none_or(|form| form.signatures.is_empty()) {
        return Ok(None);
    }
    let mut view = app.store.view().await?;
    let upload = unless_absent(view.uploads().by_id(id).await)?;
    drop(view);
    match upload.filter(|it| it.purged.is_none()) {
        Some(upload) => Ok(app.files.get(&upload.key).await?),
        None => Ok(None),
    }
}

/// How the form goes that is made now: as the request says, but at home where the signature cannot be used.
fn way(request: &BallotRequest, signature: Option<&Bytes>) -> SubmissionType {
    match (request.submission(), signature) {
        (SubmissionType::LeoEmail | SubmissionType::LeoFax, None) => SubmissionType::SelfPrint,
        (way, _) => way,
    }
}

/// Says what is not on the paper as it was given, by the names of fields.
fn note_report(request: &BallotRequest, filled: &FilledForm) {
    if !filled.report.is_complete() {
        tracing::warn!(ballot_request.id = %request.id, report = ?filled.report, "the form does not show everything as given");
    }
}

/// The bytes of the form that the record links to already.
async fn paper_before(app: &App, request: &BallotRequest) -> Result<Option<Bytes>, SubmitError> {
    let Some(id) = request.result_item else { return Ok(None) };
    let mut view = app.store.view().await?;
    let file = view.files().by_id(id).await?;
    drop(view);
    match file.filter(|file| file.purged.is_none()) {
        Some(file) => Ok(app.files.get(&file.key).await?),
        None => Ok(None),
    }
}

/// Makes the form, stores it, and in one unit changes the record, links the form, sets the status, enqueues what
/// follows and records the events of the page, which come last.
async fn complete(
    app: &App,
    request: &BallotRequest,
    number: Option<StateIdNumber>,
    reserved: Reserved,
    change: Option<&Change<'_>>,
    events: &[EventType],
) -> Result<(BallotRequest, StoredFile), SubmitError> {
    let mut view = app.store.view().await?;
    let facts = form::request_facts(view.as_mut(), request, &app.settings.origins).await?;
    drop(view);
    let signature = usable_signature(app, request).await?;
    let way = way(request, signature.as_ref());
    let forms = app.forms.as_ref();
    let today = past::today_everywhere(app.now());
    let Reserved { form: file, mail } = reserved;
    let (filled, mail) = match mail {
        Some(mail) => {
            let (filled, for_mail) = form::fill_forwarded(forms, request, &facts, number, today).await?;
            note_report(request, &for_mail);
            (filled, Some((mail, for_mail.pdf)))
        }
        None => (form::fill(forms, request, way, &facts, number, signature, today).await?, None),
    };
    note_report(request, &filled);
    // an office that has a form is sent another when that says something else, be it only a number that is never stored
    let other_paper = match way {
        SubmissionType::LeoEmail | SubmissionType::LeoFax => {
            paper_before(app, request).await?.is_some_and(|before| before != filled.pdf)
        }
        SubmissionType::SelfPrint | SubmissionType::PrintAndForward => false,
    };
    app.reached("absentee.after_fill");
    app.files.put(&file.key, filled.pdf, "application/pdf").await?;
    let mail = match mail {
        Some((mail, pdf)) => {
            app.files.put(&mail.key, pdf, "application/pdf").await?;
            Some(mail)
        }
        None => None,
    };
    app.reached("absentee.after_file");

    let mut unit = app.store.begin().await?;
    let Some(mut current) = unit.ballot_requests_mut().lock(request.id).await? else {
        return Err(SubmitError::NotFound);
    };
    let before = current.clone();
    if let Some(change) = change {
        change.apply(&mut current);
    }
    given_on_form(app, unit.as_mut(), Some(before.ticked()), current.ticked()).await?;
    (current.esign_method, current.way) = (request.esign_method, Some(way));
    let changed = change.is_none() || current != before || other_paper;
    let Claimed { file, again } = file::claim(app, unit.as_mut(), current.result_item, file).await?;
    current.result_item = Some(file.id);
    let (mail, same_mail) = file::claim_mail(app, unit.as_mut(), current.result_item_mail, mail).await?;
    current.result_item_mail = mail;
    if changed || !again || !same_mail {
        current.status = Status::Pending;
        jobs::enqueue_follow_ups(app, unit.as_mut(), &current, way).await?;
    }
    current.modified_at = app.now();
    unit.ballot_requests_mut().update(&current).await?;
    if change.is_some() {
        search::relist(unit.as_mut(), Listed::ballot_request(&current)).await?;
    }
    action::report(app, unit.as_mut(), Record::BallotRequest(&current), events).await?;
    unit.commit().await?;
    app.reached("absentee.after_second_unit");
    Ok((current, file))
}

/// What the answer needs beside the record.
async fn answer(
    app: &App,
    request: BallotRequest,
    regions: Option<Vec<Region>>,
    file: Option<StoredFile>,
) -> Result<Submitted, SubmitError> {
    let switches = app.switches().await;
    let mut view = app.store.view().await?;
    let allow_print_and_forward = allows_print_and_forward(view.as_mut(), request.address.state).await?;
    let ballot_link = ballot_link(&switches, view.as_mut(), &request).await?;
    Ok(Submitted { request, allow_print_and_forward, ballot_link, regions, file })
}

/// Counts the mail that a completion sends.
async fn may_send(app: &App, request: &BallotRequest) -> Result<(), SubmitError> {
    let sending = Sending {
        email: request.email.as_deref(),
        phone: request.phone.as_ref(),
        subscriber: request.subscriber,
    };
    sending.count(app).await.map_err(SubmitError::Throttled)
}

/// The state of a ballot request, and where its voter can ask for a ballot online.
///
/// # Errors
/// When the store fails.
pub async fn link_of(
    app: &App,
    id: BallotRequestId,
) -> Result<Option<(Option<State>, Option<String>)>, StoreError> {
    let switches = app.switches().await;
    let mut view = app.store.view().await?;
    let Some(request) = view.ballot_requests().by_id(id).await? else { return Ok(None) };
    let link = ballot_link(&switches, view.as_mut(), &request).await?;
    Ok(Some((request.address.state, link)))
}
