//! Blasts through the pages: planned by one, approved by another, started and stopped.

use turnout_core::{
    blast::{self, Audience, Blast, BlastStatus, By, Draft, Micros, read_list},
    change::ChangeFilter,
    ids::BlastId,
    jobs::step,
    page::PageRequest,
    person::Phone,
    ports::{clock::Clock as _, store::Store as _},
    sms::Number,
};
use uuid::Uuid;

use super::{
    browser::{Browser, heading},
    operation_rows::BLAST,
    site::{Role, signed_in, site},
};
use crate::support::TestServer;

const LIST: &str = "/manage/operations/blasts/";

/// Two numbers that agreed to texts, and one that nobody knows.
const NUMBERS: &str = "phone,state\n+16175550101,MA\n+16175550102,MA\n+16175550103,MA\n";

async fn agreed(server: &TestServer) {
    let mut unit = server.store.begin().await.unwrap();
    for phone in ["+16175550101", "+16175550102"] {
        let mut number = Number::new(&server.app, Phone::from_stored(phone.into()));
        number.opted_in_at = Some(server.clock.now());
        unit.messages_mut().lock_or_insert(&number).await.unwrap();
    }
    unit.commit().await.unwrap();
}

async fn blast_of(server: &TestServer, id: BlastId) -> Blast {
    server.store.view().await.unwrap().blasts().by_id(id).await.unwrap().unwrap()
}

/// A form with a file, as a browser sends it.
fn multipart(token: &str, pairs: &[(&str, &str)], list: Option<&str>) -> (String, Vec<u8>) {
    let mut body = String::new();
    for (name, value) in pairs.iter().copied().chain([("csrf", token)]) {
        body += &format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let (name, text) = list.map_or(("", ""), |text| ("numbers.csv", text));
    body += &format!(
        "--b0undary\r\nContent-Disposition: form-data; name=\"list\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n--b0undary--\r\n"
    );
    ("multipart/form-data; boundary=b0undary".to_owned(), body.into_bytes())
}

async fn planned(
    browser: &mut Browser<'_>,
    pairs: &[(&str, &str)],
    list: Option<&str>,
) -> crate::support::Answer {
    let path = format!("{LIST}new/");
    let token = browser.token(&path).await;
    let (kind, body) = multipart(&token, pairs, list);
    browser.send_body(&path, &kind, body).await
}

const FIELDS: [(&str, &str); 7] = [
    ("name", "The day before"),
    ("campaign", ""),
    ("text", "Tomorrow is\r\nelection day."),
    ("sender", ""),
    ("filter", ""),
    ("price", "0.0083"),
    ("budget", "1"),
];

fn id_in(location: &str) -> BlastId {
    BlastId::parse(location.trim_start_matches(LIST).trim_end_matches('/')).unwrap()
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_plan_is_said_at_its_field() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let wrong = [
        ("name", ""),
        ("text", ""),
        ("sender", "no-such"),
        ("filter", "state = ZZ"),
        ("price", "a lot"),
        ("budget", ""),
    ];
    let answer = planned(&mut superuser, &wrong, None).await;
    assert_eq!(answer.status, 400);
    let text = answer.text();
    for field in ["name", "text", "sender", "price", "budget"] {
        assert!(text.contains(&format!("id=\"{field}-error\"")), "{field}: {text}");
    }
    let mut fields = FIELDS;
    fields[4] = ("filter", "state = ZZ and tool = nothing");
    let answer = planned(&mut superuser, &fields, None).await.text();
    assert!(answer.contains("There is no state ZZ") || answer.contains("there is no state ZZ"), "{answer}");
    assert!(
        answer.contains("id=\"filter-error\"") && answer.contains("state = ZZ and tool = nothing"),
        "{answer}"
    );
    let answer = planned(&mut superuser, &FIELDS, Some("phone\n12\n")).await.text();
    assert!(answer.contains("id=\"list-error\"") && !answer.contains(">12<"), "{answer}");
    let nobody = planned(&mut superuser, &FIELDS, None).await.text();
    assert!(nobody.contains("Say whom it is for"), "{nobody}");
}

#[tokio::test]
async fn a_list_is_planned_at_once_and_whoever_planned_it_does_not_approve_it() {
    let server = site().await;
    agreed(&server).await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let answer = planned(&mut superuser, &FIELDS, Some(NUMBERS)).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let path = answer.header("location").unwrap().to_owned();
    let blast = blast_of(&server, id_in(&path)).await;
    assert_eq!((blast.status, blast.sendable), (BlastStatus::Planned, 2));
    assert_eq!(blast.content, "Tomorrow is\nelection day.", "no end of line is paid for twice");
    let page = superuser.get(&path).await.text();
    assert_eq!(heading(&page), "The day before");
    assert!(
        page.contains("somebody else has to approve it") && !page.contains("Approve this plan"),
        "{page}"
    );
    assert!(page.contains("$0.0166") && page.contains("never agreed to texts"), "{page}");
    assert!(!page.contains("6175550101"), "numbers are masked");
    let seal = blast.seal.unwrap().to_string();
    let own = superuser.submit(&format!("{path}approve/"), &[("plan", &seal)]).await.text();
    assert!(own.contains("Nothing was done: whoever planned a blast cannot approve it"), "{own}");
    let early = superuser.submit(&format!("{path}start/"), &[]).await.text();
    assert!(early.contains("Nothing was done: nobody has approved this plan."), "{early}");
    let list = superuser.get(LIST).await.text();
    assert!(list.contains(&path) && list.contains("Planned"), "{list}");
}

/// Planned by somebody else.
async fn others(server: &TestServer) -> Blast {
    agreed(server).await;
    let draft = Draft {
        id: None,
        name: "Theirs".into(),
        campaign: None,
        content: "Vote.".into(),
        sender: None,
        price: Micros(8_300),
        budget: Micros(1_000_000),
        map: None,
        by: By::user(Role::Member.id(), "Member Example"),
    };
    let list = Audience::List(read_list(NUMBERS.as_bytes()).unwrap());
    blast::plan(&server.app, draft, list).await.unwrap().blast
}

#[tokio::test]
async fn the_plan_of_another_is_approved_started_and_stopped() {
    let server = site().await;
    let blast = others(&server).await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{LIST}{}/", blast.id);
    let page = superuser.get(&path).await.text();
    let seal = super::browser::value_of(&page, "plan").unwrap();
    assert_eq!(seal, blast.seal.unwrap().to_string());
    let other = superuser.submit(&format!("{path}approve/"), &[("plan", &"0".repeat(64))]).await.text();
    assert!(other.contains("the plan is another one by now"), "{other}");
    let approved = superuser.submit(&format!("{path}approve/"), &[("plan", &seal)]).await.text();
    assert!(
        approved.contains("Approved. It can be started now.") && approved.contains("Start it"),
        "{approved}"
    );
    let runs = superuser.submit(&format!("{path}start/"), &[]).await.text();
    assert!(runs.contains("It runs.") && runs.contains("Stop it now"), "{runs}");
    let stopped = superuser.submit(&format!("{path}stop/"), &[]).await.text();
    assert!(stopped.contains("Stopped.") && stopped.contains("Go on with the rest"), "{stopped}");
    step::run_all_due(&server.app).await.unwrap();
    assert_eq!(blast_of(&server, blast.id).await.status, BlastStatus::Stopped);
    let each = superuser.get(&format!("{path}recipients/")).await.text();
    assert!(each.contains("Waits for its turn") && each.contains("Not written to"), "{each}");
    assert!(!each.contains("6175550101"), "{each}");

    let mut view = server.store.view().await.unwrap();
    let history = ChangeFilter::history("blast", blast.id);
    let noted = view.changes().page(&history, &PageRequest { after: None, limit: 9 }).await.unwrap().rows;
    let mut by_superuser: Vec<&str> =
        noted.iter().filter(|it| it.by == Some(Role::Superuser.id())).map(|it| it.act.as_str()).collect();
    by_superuser.sort_unstable();
    assert_eq!(by_superuser, ["approved", "started", "stopped"]);
}

#[tokio::test]
async fn a_text_is_tried_at_a_number_of_ones_own() {
    let server = site().await;
    let blast = others(&server).await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{LIST}{}/", blast.id);
    let wrong = superuser.post(&format!("{path}test/"), &[("to", "12")]).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("id=\"to-error\""), "{}", wrong.text());
    let stranger = superuser.submit(&format!("{path}test/"), &[("to", "617-555-0103")]).await.text();
    assert!(stranger.contains("The text is not sent."), "{stranger}");
    let sent = superuser.submit(&format!("{path}test/"), &[("to", "617-555-0101")]).await.text();
    assert!(sent.contains("The text is on its way") || sent.contains("The text waits until"), "{sent}");
    assert!(blast_of(&server, blast.id).await.tested.is_some());
}

#[tokio::test]
async fn a_filter_is_looked_up_by_a_job_and_a_plan_is_made_anew() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let mut fields = FIELDS;
    fields[4] = ("filter", "tool = register and opted_in");
    let answer = planned(&mut superuser, &fields, None).await;
    let path = answer.header("location").unwrap().to_owned();
    assert!(superuser.get(&path).await.text().contains("is being looked up"));
    step::run_all_due(&server.app).await.unwrap();
    let blast = blast_of(&server, id_in(&path)).await;
    assert_eq!(blast.status, BlastStatus::Planned);
    let form = superuser.get(&format!("{path}plan/")).await.text();
    assert!(form.contains("tool = register and opted_in") && form.contains("0.0083"), "{form}");
    let token = superuser.token(&format!("{path}plan/")).await;
    let (kind, body) = multipart(&token, &FIELDS, Some(NUMBERS));
    let again = superuser.send_body(&format!("{path}plan/"), &kind, body).await;
    assert_eq!(again.header("location"), Some(path.as_str()), "{}", again.text());
    let anew = blast_of(&server, blast.id).await;
    assert!(anew.filter.is_none() && anew.seal != blast.seal);

    // one whose rows are not those that were planned cannot be approved
    let odd = BlastId(Uuid::parse_str(BLAST).unwrap());
    let seal = blast_of(&server, odd).await.seal.unwrap().to_string();
    let changed = superuser.submit(&format!("{LIST}{odd}/approve/"), &[("plan", &seal)]).await.text();
    assert!(changed.contains("plan it anew"), "{changed}");
}
