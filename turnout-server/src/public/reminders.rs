//! `GET` and `POST /election-reminders/`, `GET /election-reminders/thanks/`: a voter asks to be told of elections.
//!
//! The same as `POST /v1/reminder/signup/`, by hand (`http-api.md` 6).

use askama::Template;
use http::StatusCode;
use turnout_core::{
    app::App,
    input::Input,
    problems::Problems,
    reminder::{self, SubmitError},
};

use super::{
    Answer, embedded, failure,
    form::{Around, Consent, Entered, Form, Look, Maker, Part, Sent, birth, contact},
    frame::{Frame, Keep, page, see_other},
    speech::Speech,
    visit::Visit,
};
use crate::http::Request;

const ADDRESS: &str = "/election-reminders/";
const THANKS: &str = "/election-reminders/thanks/";

/// What the use-case wants to be named, be it empty.
const NAMED: [&str; 3] = ["address1", "city", "date_of_birth"];

#[derive(Template)]
#[template(path = "public/reminders.html")]
struct RemindersPage<'a> {
    frame: Frame<'a>,
    heading: String,
    mistakes_heading: String,
    action: String,
    form: Form,
}

#[derive(Template)]
#[template(path = "public/reminders_thanks.html")]
struct ThanksPage<'a> {
    frame: Frame<'a>,
}

/// The form, empty.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn show(request: Request) -> super::Result {
    let (app, visit) = (request.app(), Visit::of(&request));
    let answer = match Consent::of(app, visit.speech(), &visit.carried()).await {
        Ok(consent) => render(visit, &Entered::default(), &Problems::new(), consent.as_ref()),
        Err(error) => failure::broken(visit, &error),
    };
    super::answered(embedded::for_subscriber(app, visit, answer).await)
}

/// Takes the form: thanks, or the form with every mistake beside its field.
///
/// # Errors
/// When the body is too large or does not arrive.
pub async fn submit(mut request: Request) -> super::Result {
    let body = request.bytes().await?;
    let (app, visit) = (request.app(), Visit::of(&request));
    let answer = take(app, visit, &body).await;
    super::answered(embedded::for_subscriber(app, visit, answer).await)
}

/// Thanks, and how to end it.
///
/// # Errors
/// Never.
pub async fn thanks(request: Request) -> super::Result {
    let (app, visit) = (request.app(), Visit::of(&request));
    let frame = visit.frame(visit.speech().say("reminders-thanks-title"));
    let answer = page(StatusCode::OK, Keep::Public, &ThanksPage { frame });
    super::answered(embedded::for_subscriber(app, visit, answer).await)
}

async fn take(app: &App, visit: Visit<'_>, body: &[u8]) -> Answer {
    if !visit.is_from_our_pages(&app.settings.origins.primary) {
        return failure::failed(visit, StatusCode::FORBIDDEN);
    }
    let sent = match Sent::of(app, visit, body).await {
        Ok(sent) => sent,
        Err(error) => return failure::broken(visit, &error),
    };
    let (entered, consent) = (&sent.entered, sent.consent.as_ref());
    if entered.switches_language() {
        return render(visit, entered, &Problems::new(), consent);
    }
    let input = Input::form(pairs(visit.speech(), &sent));
    match reminder::submit(app, &input, sent.carried.subscriber()).await {
        Ok(_) => see_other(&visit.link(THANKS)),
        Err(SubmitError::Problems(problems)) => render(visit, entered, &problems, consent),
        Err(error @ SubmitError::Store(_)) => failure::broken(visit, &error),
    }
}

/// What is asked: the fields of the use-case, of which an e-mail address is needed here, as nobody is reminded without.
fn form(speech: Speech, entered: &Entered, problems: &Problems, consent: Option<&Consent>) -> Form {
    let make = Maker { speech, entered, problems };
    let name = vec![
        make.line("first_name", "medium").known_as("given-name").needed(),
        make.line("last_name", "medium").known_as("family-name").needed(),
    ];
    let address = vec![
        make.line("address1", "long").known_as("address-line1").optional(),
        make.line("address2", "medium").known_as("address-line2").optional(),
        make.line("city", "medium").known_as("address-level2").optional(),
        make.state("state").known_as("address-level1").needed(),
        make.zipcode("zipcode").known_as("postal-code").needed(),
    ];
    let mut birth = birth(&make, false);
    birth.hint = Some(speech.say("reminders-birth-hint"));
    let sections = vec![
        make.section("section-name", name),
        make.section("section-address", address),
        contact(&make, "reminders-email-hint", consent),
        birth,
    ];
    Form::of(&make, sections)
}

/// The pairs for the use-case: those of the fields of the form, and what the page knows itself.
fn pairs(speech: Speech, sent: &Sent) -> Vec<(String, String)> {
    let form = form(speech, &Entered::default(), &Problems::new(), sent.consent.as_ref());
    let mut pairs = sent.entered.filled().pairs_of(&form);
    for name in NAMED {
        if !pairs.iter().any(|(other, _)| other == name) {
            pairs.push((name.to_owned(), String::new()));
        }
    }
    pairs.push(("language".to_owned(), speech.tag().to_owned()));
    pairs.extend(sent.carried.fields());
    pairs
}

fn render(visit: Visit<'_>, entered: &Entered, problems: &Problems, consent: Option<&Consent>) -> Answer {
    let speech = visit.speech();
    let heading = speech.say("reminders-title");
    let form = form(speech, entered, problems, consent);
    let Around { frame, mistakes_heading, status, keep } =
        Around::of(visit, "reminders", &heading, form.mistakes.len(), entered);
    let action = frame.link(ADDRESS);
    page(status, keep, &RemindersPage { frame, heading, mistakes_heading, action, form })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Uri};
    use turnout_core::{memory::world, tracking};

    use super::*;

    const GOOD: [(&str, &str); 12] = [
        ("first_name", "Łucja"),
        ("last_name", "Nguyễn"),
        ("address1", ""),
        ("address2", ""),
        ("city", ""),
        ("state", "OH"),
        ("zipcode", "45801"),
        ("email", "lucja@example.org"),
        ("phone", ""),
        ("birth_month", ""),
        ("birth_day", ""),
        ("birth_year", ""),
    ];

    fn page_of(answer: &Answer) -> String {
        String::from_utf8_lossy(answer.body()).into_owned()
    }

    async fn sent(app: &App, address: &'static str, pairs: &[(&str, &str)]) -> Answer {
        let (uri, headers) = (Uri::from_static(address), HeaderMap::new());
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        take(app, Visit::new(&uri, &headers), body.as_bytes()).await
    }

    /// The same with other values.
    fn with<'a>(pairs: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let changed = |name: &str| other.iter().any(|(it, _)| *it == name);
        pairs.iter().filter(|(name, _)| !changed(name)).chain(other).copied().collect()
    }

    #[test]
    fn every_field_of_the_use_case_is_asked_for_but_for_what_the_page_knows_itself() {
        let consent = Consent { field: "sms_opt_in", words: "I agree.".into() };
        let form = form(Speech::English, &Entered::default(), &Problems::new(), Some(&consent));
        let mut asked: Vec<&str> = form.fields().map(|field| field.name).collect();
        asked.push("date_of_birth");
        let known = [tracking::SESSION_ID, "language", "initial_events", "sms_opt_in_subscriber"];
        let read = reminder::fields();
        let mut read: Vec<&str> = read.iter().map(|field| field.name.as_str()).collect();
        read.retain(|name| !known.contains(name) && !tracking::TEXTS.contains(name));
        asked.sort_unstable();
        read.sort_unstable();
        assert_eq!(asked, read);
    }

    #[tokio::test]
    async fn who_enters_what_is_needed_alone_is_kept_and_thanked() {
        let world = world();
        let answer = sent(&world.app, "/election-reminders/?lang=es&utm_source=x", &GOOD).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", page_of(&answer));
        assert_eq!(answer.headers()["location"], "/election-reminders/thanks/?lang=es&utm_source=x");
        assert!(world.store.dump().contains("Łucja"));
    }

    #[tokio::test]
    async fn everything_that_is_needed_is_told_at_once_in_either_language() {
        let world = world();
        for address in ["/election-reminders/?lang=en", "/election-reminders/?lang=es"] {
            let empty: Vec<_> = GOOD.iter().map(|(name, _)| (*name, " ")).collect();
            for pairs in [&empty[..], &[]] {
                let answer = sent(&world.app, address, pairs).await;
                assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
                let html = page_of(&answer);
                assert!(html.contains("<title>Error: "), "{html}");
                let told: Vec<&str> =
                    html.split("<li><a href=\"#").skip(1).filter_map(|it| it.split('"').next()).collect();
                assert_eq!(told, ["first_name", "last_name", "state", "zipcode", "email"], "{html}");
                for name in told {
                    assert!(html.contains(&format!("id=\"{name}-error\"")), "{name}");
                }
            }
        }
        assert!(!world.store.dump().contains("OH"));
    }

    #[tokio::test]
    async fn mistakes_stand_at_their_fields_and_what_was_typed_is_kept() {
        let world = world();
        let wrong = [
            ("first_name", "Zoë <b>"),
            ("state", "ZZ"),
            ("zipcode", "458"),
            ("email", "no"),
            ("phone", "12"),
            ("birth_month", "2"),
            ("birth_day", "30"),
            ("birth_year", "1990"),
        ];
        let answer = sent(&world.app, "/election-reminders/", &with(&GOOD, &wrong)).await;
        let html = page_of(&answer);
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        for id in ["state", "zipcode", "email", "phone", "date_of_birth"] {
            assert!(html.contains(&format!("id=\"{id}-error\"")), "{id}");
        }
        assert!(html.contains("href=\"#birth_month\"") && !html.contains("id=\"first_name-error\""));
        for kept in ["value=\"Zoë &#60;b&#62;\"", "value=\"458\"", "value=\"no\"", "value=\"30\""] {
            assert!(html.contains(kept), "{kept}");
        }
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert!(!world.store.dump().contains("Zoë"));
    }

    #[tokio::test]
    async fn another_language_keeps_what_was_typed_and_tells_no_mistake() {
        let world = world();
        let pairs = with(&GOOD, &[("zipcode", "4"), ("language_switch", "es")]);
        let answer = sent(&world.app, "/election-reminders/?language_switch=es", &pairs).await;
        let html = page_of(&answer);
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(html.contains("<html lang=\"es\">") && html.contains("value=\"Łucja\""), "{html}");
        assert!(html.contains("value=\"OH\" selected") && !html.contains("class=\"mistakes\""));
        assert!(!world.store.dump().contains("Łucja"));
    }

    #[test]
    fn what_may_be_left_out_says_so_and_nothing_is_said_of_a_form_on_paper() {
        let (uri, headers) = (Uri::from_static("/election-reminders/?lang=en"), HeaderMap::new());
        let html = page_of(&render(Visit::new(&uri, &headers), &Entered::default(), &Problems::new(), None));
        assert!(html.contains("Your date of birth <span class=\"optional\">(optional)</span></legend>"));
        let birth = html.split("id=\"birth_month\"").nth(1).and_then(|it| it.split('>').next());
        assert!(birth.is_some_and(|input| !input.contains("required")), "{birth:?}");
        assert!(!html.contains("sms_opt_in") && !html.contains("We fill in the form"));
    }
}
