//! `GET` and `POST /register/{code}/`, `GET /register/{code}/done/`: the form and its result.

use askama::Template;
use http::StatusCode;
use turnout_core::{
    address::State,
    app::App,
    election::StateFacts,
    file::StoredFile,
    ids::FileId,
    input::Input,
    ports::store::StoreError,
    problems::Problems,
    register::{self, Options, SubmitError, form::mailing_facts},
};

use super::{
    Answer, embedded,
    facts::Facts,
    failure,
    form::{Around, Consent, Entered, Form, Look, Part, Sent},
    frame::{Frame, Keep, page, see_other},
    visit::Visit,
};
use crate::http::Request;

#[derive(Template)]
#[template(path = "public/register.html")]
struct RegisterPage<'a> {
    frame: Frame<'a>,
    facts: Facts,
    heading: String,
    mistakes_heading: String,
    action: String,
    form: Form,
}

#[derive(Template)]
#[template(path = "public/refused.html")]
struct RefusedPage<'a> {
    frame: Frame<'a>,
    facts: Facts,
    heading: String,
}

#[derive(Template)]
#[template(path = "public/done.html")]
struct DonePage<'a> {
    frame: Frame<'a>,
    facts: Facts,
    download: String,
    mail_to: Vec<String>,
    online: Option<String>,
    again: String,
}

/// The form, empty.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn show(request: Request) -> super::Result {
    let (app, visit) = (request.app(), Visit::of(&request));
    let answer = empty_form(app, visit, request.segment("code")).await;
    super::answered(embedded::for_subscriber(app, visit, answer).await)
}

/// Takes the form: the way to the result, or the form with every mistake beside its field.
///
/// # Errors
/// When the body is too large or does not arrive.
pub async fn submit(mut request: Request) -> super::Result {
    let body = request.bytes().await?;
    let (app, visit) = (request.app(), Visit::of(&request));
    let answer = take(app, visit, request.segment("code"), &body).await;
    super::answered(embedded::for_subscriber(app, visit, answer).await)
}

/// The result: the download, and what to do with it. Opens with the token of the file alone.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn done(request: Request) -> super::Result {
    let (app, visit) = (request.app(), Visit::of(&request));
    let answer = opened(app, visit, request.segment("code")).await;
    super::answered(embedded::for_subscriber(app, visit, answer).await)
}

async fn empty_form(app: &App, visit: Visit<'_>, code: &str) -> Answer {
    let Some(state) = state_of(code) else { return failure::not_found(visit) };
    match Consent::of(app, visit.speech(), &visit.carried()).await {
        Ok(consent) => render(visit, state, &Entered::default(), &Problems::new(), consent.as_ref()),
        Err(error) => failure::broken(visit, &error),
    }
}

async fn take(app: &App, visit: Visit<'_>, code: &str, body: &[u8]) -> Answer {
    let Some(state) = state_of(code) else { return failure::not_found(visit) };
    if !visit.is_from_our_pages(&app.settings.origins.primary) {
        return failure::failed(visit, StatusCode::FORBIDDEN);
    }
    if !StateFacts::of(state).accepts_nvrf {
        return render(visit, state, &Entered::default(), &Problems::new(), None);
    }
    let Sent { entered, carried, consent } = match Sent::of(app, visit, body).await {
        Ok(sent) => sent,
        Err(error) => return failure::broken(visit, &error),
    };
    let consent = consent.as_ref();
    if entered.switches_language() {
        return render(visit, state, &entered, &Problems::new(), consent);
    }
    let input = Input::form(entered.to_pairs(state, visit.speech(), consent, &carried));
    let options = Options { subscriber: carried.subscriber().map(ToOwned::to_owned), ..Options::default() };
    match register::submit(app, &input, &options).await {
        Ok(submitted) => match submitted.file {
            Some(file) => see_other(&done_address(app, visit, state, &file)),
            None => failure::failed(visit, StatusCode::INTERNAL_SERVER_ERROR),
        },
        Err(SubmitError::Problems(problems)) => render(visit, state, &entered, &problems, consent),
        Err(SubmitError::Throttled(wait)) => failure::throttled(visit, wait.num_seconds()),
        Err(error) => failure::broken(visit, &error),
    }
}

async fn opened(app: &App, visit: Visit<'_>, code: &str) -> Answer {
    let Some(state) = state_of(code) else { return failure::not_found(visit) };
    let id = visit.asked("id").as_deref().and_then(FileId::parse_any);
    let token = visit.asked("token").unwrap_or_default();
    let Some(id) = id else { return failure::not_found(visit) };
    match result(app, visit, state, id, &token).await {
        Ok(answer) => answer,
        Err(error) => failure::broken(visit, &error),
    }
}

async fn result(
    app: &App,
    visit: Visit<'_>,
    state: State,
    id: FileId,
    token: &str,
) -> Result<Answer, StoreError> {
    let mut view = app.store.view().await?;
    let Some(file) = view.files().by_id(id).await?.filter(|file| file.claimed) else {
        return Ok(failure::not_found(visit));
    };
    let frame = visit.frame(visit.speech().say("done-title"));
    if file.purged.is_some() || !app.file_tokens.check(&file, token, app.now()) {
        return Ok(see_other(&frame.link(&format!("/download/?id={id}"))));
    }
    let facts = Facts::of(state, frame.speech);
    let registration = view.registrations().by_file(id).await?;
    let (mail_to, own_link) = match registration {
        Some(it) => (mailing_facts(view.as_mut(), &it).await?.lines, it.custom_ovr_link),
        None => (Vec::new(), None),
    };
    let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let page_of = DonePage {
        download: format!("/download/{id}/?token={token}"),
        mail_to: if mail_to.is_empty() { facts.mail_to.to_vec() } else { mail_to },
        online: own_link.or_else(|| facts.online.map(ToOwned::to_owned)),
        again: frame.link("/"),
        facts,
        frame,
    };
    Ok(page(StatusCode::OK, Keep::Never, &page_of))
}

fn state_of(code: &str) -> Option<State> {
    State::parse(&code.to_ascii_uppercase())
}

fn done_address(app: &App, visit: Visit<'_>, state: State, file: &StoredFile) -> String {
    let token = app.file_tokens.issue(file);
    let token: String = url::form_urlencoded::byte_serialize(token.text().as_bytes()).collect();
    visit.link(&format!("/register/{}/done/?id={}&token={token}", state.code(), file.id))
}

/// The form; or, where the state is not on the list of those that take it, the ways that are left.
fn render(
    visit: Visit<'_>,
    state: State,
    entered: &Entered,
    problems: &Problems,
    consent: Option<&Consent>,
) -> Answer {
    let speech = visit.speech();
    let facts = Facts::of(state, speech);
    let heading = facts.say("register-title");
    if !facts.accepted {
        let frame = visit.frame(heading.clone());
        return page(StatusCode::OK, Keep::Public, &RefusedPage { frame, facts, heading });
    }
    let form = Form::new(state, speech, entered, problems, consent);
    let Around { frame, mistakes_heading, status, keep } =
        Around::of(visit, "registration", &heading, form.mistakes.len(), entered);
    let action = frame.link(&format!("/register/{}/", state.code()));
    page(status, keep, &RegisterPage { frame, facts, heading, mistakes_heading, action, form })
}

#[cfg(test)]
mod tests {
    use http::{
        HeaderMap, Uri,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    };
    use turnout_core::{
        problems::Problem,
        register::{RegistrationDraft, Scope},
    };

    use super::*;
    use crate::public::{carried::Carried, speech::Speech};

    fn entered(state: State, pairs: &[(&str, &str)]) -> (Entered, Problems) {
        let pairs: Vec<_> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let entered = Entered::new(pairs);
        let sent = entered.to_pairs(state, Speech::English, None, &Carried::default());
        let problems = RegistrationDraft::check(&Input::form(sent), Scope::Whole, false).1;
        (entered, problems)
    }

    fn html(address: &'static str, state: State, pairs: &[(&str, &str)], problems: bool) -> (Answer, String) {
        let uri = Uri::from_static(address);
        let headers = HeaderMap::new();
        let (entered, found) = entered(state, pairs);
        let found = if problems { found } else { Problems::new() };
        let answer = render(Visit::new(&uri, &headers), state, &entered, &found, None);
        let html = String::from_utf8_lossy(answer.body()).into_owned();
        (answer, html)
    }

    #[test]
    fn every_state_has_a_page_in_both_languages() {
        for state in State::ALL {
            for (address, lang) in [("/register/X/?lang=en", "en"), ("/register/X/?lang=es", "es")] {
                let (answer, html) = html(address, *state, &[], false);
                assert_eq!(answer.status(), StatusCode::OK);
                assert!(html.contains(&format!("<html lang=\"{lang}\">")));
                let accepted = StateFacts::of(*state).accepts_nvrf;
                assert_eq!(html.contains("name=\"first_name\""), accepted, "{state}");
                assert_eq!(html.matches("<h1").count(), 1);
            }
        }
    }

    #[test]
    fn mistakes_stand_beside_their_fields_and_in_a_summary() {
        let pairs = [
            ("first_name", "Zoë <b>"),
            ("zipcode", "123"),
            ("email", "no"),
            ("state_id_number", "D7654321"),
            ("mailing_zipcode", "9"),
        ];
        let (answer, html) = html("/register/CA/?lang=en", State::Ca, &pairs, true);
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert!(html.contains("<title>Error: "));
        for name in ["zipcode", "email", "mailing_zipcode", "last_name", "us_citizen"] {
            assert!(html.contains(&format!("id=\"{name}-error\"")), "{name}");
            assert!(html.contains(&format!("href=\"#{name}\"")), "{name}");
        }
        assert!(html.contains("href=\"#birth_month\"") && html.contains("id=\"date_of_birth-error\""));
        assert!(html.contains("<details open>"), "a mistake inside what is folded");
        assert!(html.contains("value=\"Zoë &#60;b&#62;\""), "what was entered is kept, escaped");
        assert!(html.contains("value=\"123\""));
        assert!(!html.contains("D7654321"), "the number is never shown again");
        assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    }

    #[test]
    fn what_was_chosen_stays_chosen() {
        let pairs =
            [("gender", "NonBinary"), ("mailing_state", "NV"), ("us_citizen", "true"), ("title", "Mx")];
        let (_, html) = html("/register/CA/?lang=es", State::Ca, &pairs, true);
        for part in [
            "value=\"NonBinary\" selected",
            "value=\"NV\" selected",
            "value=\"Mx\" selected",
            "name=\"us_citizen\" value=\"true\" checked",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains("name=\"is_18_or_over\" value=\"true\" checked"));
        assert!(html.contains("action=\"/register/CA/?lang=es\""));
    }

    #[test]
    fn no_script_may_run_and_no_other_site_learns_the_address() {
        let (answer, html) = html("/register/CA/", State::Ca, &[], false);
        let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap_or_default();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("script")
        );
        assert_eq!(answer.headers()[REFERRER_POLICY], "same-origin");
        assert!(html.contains("formaction=\"/register/CA/?lang=es\""));
    }

    #[test]
    fn a_problem_of_no_field_is_in_the_summary() {
        let uri = Uri::from_static("/register/CA/");
        let headers = HeaderMap::new();
        let problems = Problems::one("region", Problem::NoSuchObject("7".into()));
        let answer = render(Visit::new(&uri, &headers), State::Ca, &Entered::default(), &problems, None);
        let html = String::from_utf8_lossy(answer.body());
        assert!(html.contains("There is no such entry."));
    }
}
