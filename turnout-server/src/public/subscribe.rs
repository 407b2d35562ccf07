//! `GET` and `POST /subscribe/`, `GET /subscribe/thanks/`: an organization asks to become a subscriber (`flows.md` 19.1).

use askama::Template;
use http::StatusCode;
use turnout_core::{
    app::App,
    input::Input,
    problems::Problems,
    subscriber::{Plan, SmsMode},
    subscription::{SignUpError, sign_up},
};

use super::{
    Answer, failure,
    form::{Around, Entered, Field, Look, Mistake},
    frame::{Frame, Keep, page, see_other},
    speech::Speech,
    visit::Visit,
};
use crate::http::Request;

/// The plans that are offered.
const PLANS: [Plan; 2] = [Plan::Premium, Plan::Nonprofit];

#[derive(Template)]
#[template(path = "public/subscribe.html")]
struct SubscribePage<'a> {
    frame: Frame<'a>,
    heading: String,
    mistakes_heading: String,
    mistakes: Vec<Mistake>,
    action: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "public/subscribe_thanks.html")]
struct ThanksPage<'a> {
    frame: Frame<'a>,
}

/// The form, empty.
///
/// # Errors
/// Never.
pub async fn show(request: Request) -> super::Result {
    super::answered(render(Visit::of(&request), &Entered::default(), &Problems::new()))
}

/// Takes the form: thanks, or the form with every mistake beside its field.
///
/// # Errors
/// When the body is too large or does not arrive.
pub async fn submit(mut request: Request) -> super::Result {
    let body = request.bytes().await?;
    let client = request.client_key();
    super::answered(take(request.app(), Visit::of(&request), &client, &body).await)
}

/// Thanks, and what comes next.
///
/// # Errors
/// Never.
pub async fn thanks(request: Request) -> super::Result {
    let visit = Visit::of(&request);
    let frame = visit.frame(visit.speech().say("subscribe-thanks-title"));
    super::answered(page(StatusCode::OK, Keep::Public, &ThanksPage { frame }))
}

async fn take(app: &App, visit: Visit<'_>, client: &str, body: &[u8]) -> Answer {
    if !visit.is_from_our_pages(&app.settings.origins.primary) {
        return failure::failed(visit, StatusCode::FORBIDDEN);
    }
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let entered = Entered::new(pairs.clone());
    if entered.switches_language() {
        return render(visit, &entered, &Problems::new());
    }
    match sign_up(app, &Input::form(pairs), client).await {
        Ok(_) => see_other(&visit.link("/subscribe/thanks/")),
        Err(SignUpError::Problems(problems)) => render(visit, &entered, &problems),
        Err(SignUpError::Throttled(wait)) => failure::throttled(visit, wait.num_seconds()),
        Err(error @ SignUpError::Store(_)) => failure::broken(visit, &error),
    }
}

/// The fields, with what was entered and what is wrong with it.
fn fields(speech: Speech, entered: &Entered, problems: &Problems) -> Vec<Field> {
    let field =
        |name: &'static str, key: &str, look: Look, width: &'static str, known: Option<&'static str>| {
            let found = problems.iter().find(|(field, _)| *field == name);
            let errors = found.map_or_else(Vec::new, |(_, problems)| {
                problems.into_iter().map(|problem| speech.problem(name, problem)).collect()
            });
            let hint = format!("{key}-hint");
            Field {
                name,
                label: speech.say(key),
                hint: speech.knows(&hint).then(|| speech.say(&hint)),
                note: None,
                value: entered.text(name).to_owned(),
                errors,
                required: true,
                look,
                autocomplete: known,
                width,
            }
        };
    let plans = PLANS.map(|it| (it.wire(), speech.say(&format!("choice-plan-{}", it.wire()))));
    let modes = SmsMode::OFFERED.map(|it| (it.wire(), speech.say(&format!("choice-sms_mode-{}", it.wire()))));
    let mut fields = vec![
        field(
            "organization_name",
            "subscribe-organization",
            Look::Line("text", "text"),
            "long",
            Some("organization"),
        ),
        field("website", "subscribe-website", Look::Line("url", "url"), "long", Some("url")),
        field("first_name", "field-first_name", Look::Line("text", "text"), "medium", Some("given-name")),
        field("last_name", "field-last_name", Look::Line("text", "text"), "medium", Some("family-name")),
        field("email", "subscribe-email", Look::Line("email", "email"), "long", Some("email")),
        field("phone", "field-phone", Look::Line("tel", "tel"), "medium", Some("tel")),
        field("plan", "subscribe-plan", Look::Pick(plans.into()), "medium", None),
        field("ein", "subscribe-ein", Look::Line("text", "text"), "medium", None),
        field("sms_mode", "subscribe-texts", Look::Pick(modes.into()), "long", None),
    ];
    for field in &mut fields {
        match field.name {
            "phone" | "ein" => field.required = false,
            "sms_mode" if field.value.is_empty() => SmsMode::BoxUnchecked.wire().clone_into(&mut field.value),
            _ => {}
        }
    }
    fields
}

fn render(visit: Visit<'_>, entered: &Entered, problems: &Problems) -> Answer {
    let speech = visit.speech();
    let heading = speech.say("subscribe-title");
    let fields = fields(speech, entered, problems);
    let mut mistakes: Vec<Mistake> = Vec::new();
    for field in &fields {
        for text in &field.errors {
            let (label, text) = (field.label.clone(), text.clone());
            mistakes.push(Mistake { target: Some(field.name), label, text });
        }
    }
    let Around { frame, mistakes_heading, status, keep } =
        Around::of(visit, "subscribe", &heading, mistakes.len(), entered);
    let action = frame.link("/subscribe/");
    page(status, keep, &SubscribePage { frame, heading, mistakes_heading, mistakes, action, fields })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Uri};
    use turnout_core::{memory::world, subscription};

    use super::*;

    fn page_of(answer: &Answer) -> String {
        String::from_utf8_lossy(answer.body()).into_owned()
    }

    async fn sent(app: &App, address: &'static str, pairs: &[(&str, &str)]) -> Answer {
        let (uri, headers) = (Uri::from_static(address), HeaderMap::new());
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        take(app, Visit::new(&uri, &headers), "192.0.2.1", body.as_bytes()).await
    }

    const GOOD: [(&str, &str); 7] = [
        ("organization_name", "Voters of Springfield"),
        ("website", "voters.example.org"),
        ("first_name", "Ada"),
        ("last_name", "Núñez"),
        ("email", "ada@example.org"),
        ("plan", "premium"),
        ("sms_mode", "none"),
    ];

    #[test]
    fn every_field_of_the_use_case_is_asked_for() {
        let asked = fields(Speech::English, &Entered::default(), &Problems::new());
        let mut asked: Vec<&str> = asked.iter().map(|field| field.name).collect();
        let read = subscription::fields();
        let mut read: Vec<&str> = read.iter().map(|field| field.name.as_str()).collect();
        asked.sort_unstable();
        read.sort_unstable();
        assert_eq!(asked, read);
    }

    #[tokio::test]
    async fn a_lead_is_kept_and_thanked_for() {
        let world = world();
        let answer = sent(&world.app, "/subscribe/?lang=es", &GOOD).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()["location"], "/subscribe/thanks/?lang=es");
        assert!(world.store.dump().contains("Voters of Springfield"));
    }

    #[tokio::test]
    async fn everything_that_is_wrong_stands_beside_its_field_and_nothing_is_kept() {
        let world = world();
        for (address, sentence) in
            [("/subscribe/?lang=en", "Choose one from the list."), ("/subscribe/?lang=es", "Elija")]
        {
            let wrong = [("organization_name", ""), ("website", "no site"), ("plan", ""), ("email", "<b>")];
            let answer = sent(&world.app, address, &wrong).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
            let html = page_of(&answer);
            assert!(html.contains(sentence), "{html}");
            for name in ["organization_name", "website", "first_name", "last_name", "email", "plan"] {
                assert!(html.contains(&format!("id=\"{name}-error\"")), "{name}");
            }
            assert!(html.contains("value=\"&#60;b&#62;\"") && !html.contains("id=\"phone-error\""));
        }
        let nonprofit: Vec<_> =
            GOOD.iter().copied().filter(|(name, _)| *name != "plan").chain([("plan", "nonprofit")]).collect();
        let html = page_of(&sent(&world.app, "/subscribe/", &nonprofit).await);
        assert!(html.contains("id=\"ein-error\""), "{html}");
        let without: Vec<_> = GOOD.iter().copied().filter(|(name, _)| *name != "plan").collect();
        let answer = sent(&world.app, "/subscribe/", &without).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "no plan is no failure of ours (Q99)");
        assert!(!world.store.dump().contains("Springfield"));
    }

    #[tokio::test]
    async fn another_language_keeps_what_was_typed() {
        let world = world();
        let pairs = [("organization_name", "Voters"), ("language_switch", "es")];
        let answer = sent(&world.app, "/subscribe/?language_switch=es", &pairs).await;
        let html = page_of(&answer);
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(html.contains("<html lang=\"es\">") && html.contains("value=\"Voters\""), "{html}");
        assert!(!html.contains("class=\"mistakes\""));
    }

    #[tokio::test]
    async fn one_sender_cannot_leave_leads_without_end() {
        let world = world();
        for _ in 0..10 {
            assert_eq!(sent(&world.app, "/subscribe/", &GOOD).await.status(), StatusCode::SEE_OTHER);
        }
        let answer = sent(&world.app, "/subscribe/", &GOOD).await;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.headers().contains_key("retry-after"));
    }
}
