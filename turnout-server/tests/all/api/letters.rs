//! `/v1/{registration,absentee}/confirm-print-and-forward/` and `/v1/integration/lob-letter-status/`: a form that is mailed to
//! its voter, from the address to what the mail house reports.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use turnout_core::{
    action::EventType::{
        self, FinishLob, FinishLobConfirm, FinishPrint, LobMailed, LobProcessedForDelivery, LobRerouted,
        LobReturned, Start,
    },
    address::State,
    error::ProviderErrorKind,
    file::StoredFile,
    ids::{ActionId, FileId},
    jobs::{JobRecord, JobState},
    letter::Letter,
    memory::Trouble,
    ports::{forms::PacketName, letters::Sides, store::Store},
    register::Status,
};

use crate::support::{Answer, TestServer, voter};

const WEBHOOK: &str = "/v1/integration/lob-letter-status/";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

fn not_found() -> Value {
    json!({ "detail": "Not found." })
}

/// A tool, by the part of its URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    Registration,
    Absentee,
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Absentee => "absentee",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Registration => Self::Absentee,
            Self::Absentee => Self::Registration,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Registration => "/v1/registration/register/",
            Self::Absentee => "/v1/absentee/request/",
        }
    }

    /// A mail's tag.
    fn tag(self, name: &str) -> String {
        let room = if self == Self::Registration { "register" } else { "absentee" };
        format!("{room}.{name}")
    }
}

/// A server that mails forms, and where Ohio allows that for both tools.
async fn mailing() -> TestServer {
    let server = TestServer::with(|setup| setup.settings.letter.enabled = true).await;
    let mut unit = server.store.begin().await.unwrap();
    let mut ohio = unit.elections().state(State::Oh).await.unwrap().unwrap();
    ohio.allow_absentee_print_and_forward = Some(true);
    unit.elections_mut().put_state(&ohio).await.unwrap();
    unit.commit().await.unwrap();
    *server.outside.deliverable.lock().unwrap() = Some(true);
    server
}

fn where_to() -> Value {
    json!({
        "request_mailing_address1": "12 Elm Street", "request_mailing_address2": "Apt 3",
        "request_mailing_city": "Lima", "request_mailing_state": "OH", "request_mailing_zipcode": "45801",
    })
}

/// A form that was made to be mailed, and what belongs to it.
struct Made {
    tool: Tool,
    uuid: String,
    action: String,
}

impl Made {
    async fn by(server: &TestServer, tool: Tool) -> Self {
        let mut begun = voter();
        begun["region"] = json!(1001);
        let answer = server.post(&format!("{}?incomplete=true", tool.path()), &begun).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        let made = Self { tool, uuid: text("uuid"), action: text("action_id") };
        let mut rest = where_to();
        for (name, value) in [("is_18_or_over", json!(true)), ("state_id_number", json!("QX4711"))] {
            rest[name] = value;
        }
        let answer = made.patch(server, &rest).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["request_mailing_deliverable"], true);
        made
    }

    async fn patch(&self, server: &TestServer, body: &Value) -> Answer {
        server.ask("PATCH", &format!("{}{}/", self.tool.path(), self.uuid)).json(body).send().await
    }

    fn confirm_path(&self, token: &str) -> String {
        format!("/v1/{}/confirm-print-and-forward/{}/?token={token}", self.tool.name(), self.action)
    }

    /// As the voter does who follows the link of the mail.
    async fn confirm(&self, server: &TestServer) -> Answer {
        server.ask("PUT", &self.confirm_path(&self.token(server).await)).send().await
    }

    /// The files of the voter and of the mail house.
    async fn files(&self, server: &TestServer) -> (StoredFile, Option<StoredFile>) {
        let (form, mail) = match self.tool {
            Tool::Registration => {
                let it = server.registration(&self.uuid).await;
                (it.result_item, it.result_item_mail)
            }
            Tool::Absentee => {
                let it = server.ballot_request(&self.uuid).await;
                (it.result_item, it.result_item_mail)
            }
        };
        let file =
            async |id: FileId| server.store.view().await.unwrap().files().by_id(id).await.unwrap().unwrap();
        let mail = match mail {
            Some(mail) => Some(file(mail).await),
            None => None,
        };
        (file(form.unwrap()).await, mail)
    }

    /// HMAC-SHA256 of the mail item's id under the secret, as the contract has it.
    async fn token(&self, server: &TestServer) -> String {
        let mail = self.files(server).await.1.unwrap();
        signature(b"secret", mail.id.to_string().as_bytes())
    }

    async fn events(&self, server: &TestServer) -> Vec<EventType> {
        let mut events = server.events(&self.action).await;
        events.retain(|event| *event != Start);
        events
    }

    async fn letter(&self, server: &TestServer) -> Option<Letter> {
        let action = ActionId::parse(&self.action).unwrap();
        server.store.view().await.unwrap().letters().by_action(action).await.unwrap()
    }

    /// What the mail house reports of the only letter.
    async fn reported(&self, server: &TestServer, event: &str) {
        let [letter] = server.mail_house.taken().try_into().unwrap();
        report(server, &json!({"body": {"id": letter}, "event_type": {"id": event}})).await.empty();
    }
}

trait Empty {
    fn empty(&self);
}

impl Empty for Answer {
    #[track_caller]
    fn empty(&self) {
        assert_eq!((self.status.as_u16(), self.text().as_str()), (200, ""));
    }
}

fn signature(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    hex::encode(mac.finalize().into_bytes())
}

/// Signed as it was agreed on.
async fn signed(server: &TestServer, kind: &str, body: &[u8]) -> Answer {
    let text = [b"1790000000.".as_slice(), body].concat();
    server
        .ask("POST", WEBHOOK)
        .body(kind, body.to_vec())
        .header("lob-signature-timestamp", "1790000000")
        .header("lob-signature", &signature(b"agreed on", &text))
        .send()
        .await
}

async fn report(server: &TestServer, body: &Value) -> Answer {
    signed(server, "application/json", body.to_string().as_bytes()).await
}

async fn of_kind(server: &TestServer, kind: &str) -> Vec<JobRecord> {
    server.jobs().await.into_iter().filter(|job| job.kind == kind).collect()
}

/// A moment of that day, in Ohio's winter time.
fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_form_to_be_mailed_is_made_twice_and_the_voter_is_asked() {
    for tool in [Tool::Registration, Tool::Absentee] {
        let server = mailing().await;
        let made = Made::by(&server, tool).await;
        let mut packets = server.outside.packets.lock().unwrap().clone();
        packets.sort_by_key(|packet| format!("{packet:?}"));
        match tool {
            Tool::Registration => {
                assert_eq!(packets, [PacketName::Registration, PacketName::RegistrationMail(State::Oh)]);
            }
            Tool::Absentee => {
                use turnout_core::absentee::SubmissionType::{PrintAndForward, SelfPrint};
                let packet = |way| PacketName::BallotRequest { state: State::Oh, way, tracker: false };
                assert_eq!(packets, [packet(PrintAndForward), packet(SelfPrint)]);
            }
        }
        // the number is on both and nowhere else
        let filled = server.outside.filled_all.lock().unwrap().clone();
        assert!(filled.iter().all(|texts| texts.iter().any(|(_, text)| text == "QX4711")));
        assert!(server.jobs().await.iter().all(|job| !job.payload.to_string().contains("QX4711")));
        let (form, mail) = made.files(&server).await;
        let mail = mail.unwrap();
        assert!(form.name.starts_with("oh-rizal-") && !form.name.contains("mail"), "{}", form.name);
        assert!(mail.name.ends_with("-mail.pdf"), "{}", mail.name);
        assert_eq!((form.email.as_deref(), mail.email), (Some("voter@example.org"), None));
        assert!(form.claimed && mail.claimed);
        let room = tool.tag("");
        let kinds = server.job_kinds().await;
        let expected = [
            format!("{room}notify"),
            format!("{room}remind"),
            "action.check_unfinished".into(),
            "action.finish".into(),
            "file.discard_unclaimed".into(),
            "file.discard_unclaimed".into(),
        ];
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(kinds, expected);

        let mails = server.mails().await;
        let [mail] = &mails[..] else { panic!("{} mails", mails.len()) };
        assert_eq!(mail.tag, tool.tag("confirm"));
        let page = if tool == Tool::Registration { "register-to-vote" } else { "vote-by-mail" };
        let token = made.token(&server).await;
        let link = format!("http://localhost:8000/{page}/confirm/?id={}&token={token}", made.action);
        assert!(mail.text.contains(&link), "{}", mail.text);
        for part in ["12 Elm Street", "Apt 3", "Lima, OH 45801", "/download/"] {
            assert!(mail.text.contains(part), "{part}");
        }
        assert_eq!(made.events(&server).await, [FinishLob]);
        if tool == Tool::Registration {
            assert_eq!(server.registration(&made.uuid).await.status, Status::SentPdf);
        }
        // nobody confirmed until tomorrow at 9:00
        server.clock.advance(TimeDelta::hours(26));
        assert_eq!(server.work().await, [tool.tag("confirm_reminder")]);
        assert!(server.mail_house.letters().is_empty());
    }
}

#[tokio::test]
async fn the_reminder_can_be_switched_off() {
    let server = mailing().await;
    server.switch("drip.register_confirm_reminder", false).await;
    server.switch("drip.absentee_confirm_reminder", false).await;
    for tool in [Tool::Registration, Tool::Absentee] {
        Made::by(&server, tool).await;
        assert_eq!(server.work().await, [tool.tag("confirm")]);
    }
    server.clock.advance(TimeDelta::hours(26));
    assert_eq!(server.work().await, [""; 0]);
}

#[tokio::test]
async fn a_letter_is_mailed_once_however_often_the_voter_says_yes() {
    for tool in [Tool::Registration, Tool::Absentee] {
        let server = mailing().await;
        let made = Made::by(&server, tool).await;
        server.work().await;
        let answer = made.confirm(&server).await;
        answer.is(200, &json!({"send_date": "2026-11-03T12:00:00Z"}));
        assert_eq!(answer.header("allow"), Some("PUT, OPTIONS"));
        assert_eq!(made.events(&server).await, [FinishLob, FinishLobConfirm]);
        let [job] = of_kind(&server, "letter.send").await.try_into().unwrap();
        assert_eq!((job.due_at, job.lane.as_str()), (at("2026-11-03T12:00:00Z"), "letters"));
        let letter = made.letter(&server).await.unwrap();
        assert_eq!(job.payload, json!({"letter": letter.id}));
        assert_eq!(letter.external_id, None);

        server.clock.advance(TimeDelta::minutes(1));
        made.confirm(&server).await.is(200, &json!({"send_date": "2026-11-03T12:00:00Z"}));
        assert_eq!(of_kind(&server, "letter.send").await.len(), 1);
        assert_eq!(server.work().await, [""; 0]);
        made.confirm(&server).await.is(200, &json!({"send_date": "2026-11-03T12:00:00Z"}));
        assert_eq!(server.work().await, [""; 0]);

        let [sent] = server.mail_house.letters().try_into().unwrap_or_else(|_| panic!("one letter"));
        assert_eq!(sent.id, letter.id);
        assert_eq!(sent.to.name, "Jose Rizal");
        assert_eq!(sent.to.address.lines(), ["12 Elm Street", "Apt 3", "Lima, OH 45801"]);
        assert_eq!(sent.from.name, "VoteAmerica");
        assert_eq!(sent.sides, if tool == Tool::Absentee { Sides::Both } else { Sides::One });
        let mail = made.files(&server).await.1.unwrap();
        assert_eq!(sent.pdf, server.app.files.get(&mail.key).await.unwrap().unwrap());
        let letter = made.letter(&server).await.unwrap();
        assert_eq!(letter.external_id, server.mail_house.taken().pop());
        assert_eq!(made.events(&server).await, [FinishLob, FinishLobConfirm]);
        // who said yes is not reminded
        server.clock.advance(TimeDelta::hours(26));
        assert_eq!(server.work().await, [""; 0]);
    }
}

#[tokio::test]
async fn two_at_once_are_one_letter() {
    let server = mailing().await;
    let made = Made::by(&server, Tool::Registration).await;
    server.work().await;
    let all = (0..8).map(|_| made.confirm(&server));
    for answer in futures_util::future::join_all(all).await {
        answer.is(200, &json!({"send_date": "2026-11-03T12:00:00Z"}));
    }
    assert_eq!(made.events(&server).await, [FinishLob, FinishLobConfirm]);
    server.work().await;
    assert_eq!(server.mail_house.letters().len(), 1);
}

#[tokio::test]
async fn while_nobody_mails_the_right_token_is_told_so_and_any_other_nothing() {
    for tool in [Tool::Registration, Tool::Absentee] {
        let server = mailing().await;
        let made = Made::by(&server, tool).await;
        server.work().await;
        let token = made.token(&server).await;
        let upper = token.to_uppercase();
        for wrong in ["", "0", NOBODY, upper.as_str(), &token[..63]] {
            let answer = server.ask("PUT", &made.confirm_path(wrong)).send().await;
            answer.is(404, &not_found());
        }
        let name = tool.name();
        for (tool, action) in [
            (name, NOBODY),
            (name, "x"),
            (name, made.uuid.as_str()),
            // another tool's action
            (tool.other().name(), made.action.as_str()),
        ] {
            let path = format!("/v1/{tool}/confirm-print-and-forward/{action}/?token={token}");
            server.ask("PUT", &path).send().await.is(404, &not_found());
        }
        let no_token = format!("/v1/{name}/confirm-print-and-forward/{}/", made.action);
        server.ask("PUT", &no_token).send().await.is(404, &not_found());
        for method in ["GET", "POST", "PATCH", "DELETE"] {
            let answer = server.ask(method, &made.confirm_path(&token)).send().await;
            let refusal = json!({ "detail": format!("Method \"{method}\" not allowed.") });
            answer.is(405, &refusal);
        }
        assert_eq!(made.events(&server).await, [FinishLob]);
    }
    // the default
    let server = TestServer::new().await;
    *server.outside.deliverable.lock().unwrap() = Some(true);
    let made = Made::by(&server, Tool::Registration).await;
    assert_eq!(server.work().await, ["register.confirm"]);
    let disabled = json!({ "error": "This feature is disabled for the time being" });
    made.confirm(&server).await.is(503, &disabled);
    let wrong = server.ask("PUT", &made.confirm_path("0")).send().await;
    wrong.is(404, &not_found());
    assert_eq!(made.events(&server).await, [FinishLob]);
    assert!(made.letter(&server).await.is_none() && of_kind(&server, "letter.send").await.is_empty());
}

#[tokio::test]
async fn a_form_that_is_printed_at_home_cannot_be_mailed() {
    let server = mailing().await;
    let answer = server.post("/v1/registration/register/", &voter()).await.json();
    let item = server.registration(answer["uuid"].as_str().unwrap()).await.result_item.unwrap();
    let token = signature(b"secret", item.to_string().as_bytes());
    let action = answer["action_id"].as_str().unwrap();
    let path = format!("/v1/registration/confirm-print-and-forward/{action}/?token={token}");
    server.ask("PUT", &path).send().await.is(404, &not_found());
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn who_takes_the_address_back_prints_at_home_and_the_other_form_is_deleted() {
    for tool in [Tool::Registration, Tool::Absentee] {
        let server = mailing().await;
        let made = Made::by(&server, tool).await;
        server.work().await;
        let (before, token) = (made.files(&server).await.1.unwrap(), made.token(&server).await);
        let mut back = json!({"request_mailing_address1": "", "is_18_or_over": true, "state_id_number": "1"});
        assert_eq!(made.patch(&server, &back).await.status, 200);
        assert!(made.files(&server).await.1.is_none());
        assert_eq!(server.work().await, [tool.tag("form")]);
        assert_eq!(made.events(&server).await, [FinishLob, FinishPrint]);
        server.ask("PUT", &made.confirm_path(&token)).send().await.is(404, &not_found());
        assert!(server.app.files.get(&before.key).await.unwrap().is_none(), "the form is still there");
        // and again, to another address
        back = where_to();
        for (name, value) in [("is_18_or_over", json!(true)), ("state_id_number", json!("QX4711"))] {
            back[name] = value;
        }
        assert_eq!(made.patch(&server, &back).await.status, 200);
        assert_eq!(server.work().await, [tool.tag("confirm")]);
        assert_ne!(made.token(&server).await, token);
    }
}

#[tokio::test]
async fn a_form_that_is_made_anew_stays_behind_the_link_of_the_mail() {
    let server = mailing().await;
    let made = Made::by(&server, Tool::Registration).await;
    server.work().await;
    let token = made.token(&server).await;
    let change = json!({"last_name": "Ruiz", "is_18_or_over": true, "state_id_number": "QX4711"});
    assert_eq!(made.patch(&server, &change).await.status, 200);
    assert_eq!(server.work().await, ["register.confirm"]);
    assert_eq!(made.token(&server).await, token);
    assert_eq!(made.confirm(&server).await.status, 200);
    server.work().await;
    let [sent] = server.mail_house.letters().try_into().unwrap_or_else(|_| panic!("one letter"));
    assert_eq!(sent.to.name, "Jose Ruiz");
}

#[tokio::test]
async fn a_form_that_is_made_anew_after_its_letter_is_printed_at_home() {
    for tool in [Tool::Registration, Tool::Absentee] {
        let server = mailing().await;
        let made = Made::by(&server, tool).await;
        server.work().await;
        made.confirm(&server).await;
        server.work().await;
        let change = json!({"last_name": "Ruiz", "is_18_or_over": true, "state_id_number": "QX4711"});
        assert_eq!(made.patch(&server, &change).await.status, 200);
        assert_eq!(server.work().await, [tool.tag("form")]);
        assert_eq!(made.events(&server).await, [FinishLob, FinishLobConfirm, FinishPrint]);
        assert_eq!(server.mail_house.letters().len(), 1);
    }
}

#[tokio::test]
async fn a_mail_house_that_fails_is_tried_again_and_an_answer_that_is_lost_is_no_second_letter() {
    use ProviderErrorKind::{Throttled, Unintelligible, Unreachable};
    let server = mailing().await;
    let made = Made::by(&server, Tool::Absentee).await;
    server.work().await;
    made.confirm(&server).await;
    server.mail_house.meets([
        Trouble::Refused(Unreachable),
        Trouble::Refused(Throttled),
        Trouble::Refused(Unintelligible),
        Trouble::Unanswered,
    ]);
    for attempts in 1..=4 {
        server.work().await;
        let [job] = of_kind(&server, "letter.send").await.try_into().unwrap();
        assert_eq!((job.state, job.attempts), (JobState::Waiting, attempts));
        assert!(!format!("{:?}", job.last_error).contains("Elm"));
        server.clock.advance(job.due_at - server.app.now());
    }
    assert_eq!(server.mail_house.letters().len(), 1);
    assert_eq!(made.letter(&server).await.unwrap().external_id, None);
    // a day later it would not know the letter again by its id
    server.mail_house.forgets_ids();
    server.work().await;
    assert_eq!(server.mail_house.letters().len(), 1);
    assert_eq!(made.letter(&server).await.unwrap().external_id, server.mail_house.taken().pop());
    assert!(of_kind(&server, "letter.send").await.is_empty());
    // by now it is tomorrow's reminder at the latest, which nobody needs
    server.clock.advance(TimeDelta::hours(26));
    assert_eq!(server.work().await, [""; 0]);
}

#[tokio::test]
async fn reports_need_a_signature_with_its_time() {
    let server = mailing().await;
    let body = json!({"body": {"id": "ltr_1"}, "event_type": {"id": "letter.mailed"}}).to_string();
    let text = format!("1790000000.{body}");
    let good = signature(b"agreed on", text.as_bytes());
    let time = Some("1790000000");
    for (time, signature) in [
        (None, Some(good.clone())),
        (time, None),
        (time, Some(String::new())),
        (time, Some(good.to_uppercase())),
        (time, Some(signature(b"agreed", text.as_bytes()))),
        (time, Some(signature(b"agreed on", body.as_bytes()))),
        (Some("1790000001"), Some(good.clone())),
    ] {
        let mut ask = server.ask("POST", WEBHOOK).body("application/json", body.clone());
        if let Some(time) = time {
            ask = ask.header("lob-signature-timestamp", time);
        }
        if let Some(signature) = signature {
            ask = ask.header("lob-signature", &signature);
        }
        let answer = ask.send().await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (403, "Bad lob signature"));
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    }
    // before the body is looked at
    let answer = server.ask("POST", WEBHOOK).body("application/json", "{").send().await;
    assert_eq!(answer.status, 403);
    assert!(server.jobs().await.is_empty());
    assert_eq!(server.get(WEBHOOK).await.status, 405);
    assert_eq!(server.get(WEBHOOK).await.header("allow"), Some("POST, OPTIONS"));

    // nothing is believed where nothing was agreed on
    let mut app = server.app.clone();
    app.letter_webhook_secret = None;
    assert!(!turnout_core::letter::is_signed(&app, b"1790000000", body.as_bytes(), good.as_bytes()));
    assert!(turnout_core::letter::is_signed(&server.app, b"1790000000", body.as_bytes(), good.as_bytes()));
}

#[tokio::test]
async fn a_report_is_taken_where_there_is_a_letter_in_it() {
    let server = mailing().await;
    for body in
        [json!({}), json!([]), json!([1]), json!(null), json!({"body": null}), json!({"body": {"id": 7}})]
    {
        report(&server, &body).await.is(404, &not_found());
    }
    signed(&server, "application/json", b"").await.is(404, &not_found());
    let form = signed(&server, "application/x-www-form-urlencoded", b"body=ltr_1&event_type=x").await;
    form.is(404, &not_found());
    for broken in [&b"{"[..], b"{\"body\": NaN}", b"{\"body\": {\"id\": \"\xff\"}}"] {
        let answer = signed(&server, "application/json", broken).await;
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(answer.status == 400 && detail.starts_with("JSON parse error - "), "{detail}");
    }
    assert_eq!(signed(&server, "text/plain", b"{}").await.status, 415);
    for event in [json!(null), json!("letter.mailed"), json!({}), json!({"id": 1})] {
        report(&server, &json!({"body": {"id": "ltr_1"}, "event_type": event})).await.empty();
    }
    assert!(server.jobs().await.is_empty());
    report(&server, &json!({"body": {"id": "ltr_1"}, "event_type": {"id": "letter.mailed"}})).await.empty();
    let [job] = server.jobs().await.try_into().unwrap();
    assert_eq!((job.kind.as_str(), job.lane.as_str()), ("letter.take_report", "lob-status-updates"));
    assert_eq!(job.due_at, server.app.now());
    assert_eq!(job.payload, json!({"letter": "ltr_1", "event": "letter.mailed"}));
    // a letter that is not ours is looked for a few times, and let be
    for _ in 0..4 {
        server.work().await;
        server.clock.advance(TimeDelta::hours(1));
    }
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn what_happens_to_a_letter_is_noted_once_and_followed_once() {
    for tool in [Tool::Registration, Tool::Absentee] {
        let server = mailing().await;
        let made = Made::by(&server, tool).await;
        server.work().await;
        made.confirm(&server).await;
        server.work().await;
        for _ in 0..2 {
            for event in
                ["letter.created", "letter.mailed", "letter.re-routed", "letter.processed_for_delivery"]
            {
                made.reported(&server, event).await;
                // one report a tenth of a second
                server.clock.advance(TimeDelta::milliseconds(100));
                server.work().await;
            }
        }
        let events = [FinishLob, FinishLobConfirm, LobMailed, LobRerouted, LobProcessedForDelivery];
        assert_eq!(made.events(&server).await, events);
        // at 7:00 nobody is written to; from 9:00 on
        let [mailed] = of_kind(&server, &tool.tag("letter_mailed")).await.try_into().unwrap();
        assert_eq!(mailed.due_at, at("2026-11-03T14:00:00Z"));
        let [chase] = of_kind(&server, &tool.tag("mail_chase")).await.try_into().unwrap();
        assert_eq!(chase.due_at, at("2026-11-17T14:00:00Z"));
        server.clock.advance(TimeDelta::hours(2));
        assert_eq!(server.work().await, [tool.tag("letter_mailed")]);
        server.clock.advance(TimeDelta::days(14));
        assert_eq!(server.work().await, [tool.tag("mail_chase")]);
        // later reports of the same do nothing any more
        made.reported(&server, "letter.processed_for_delivery").await;
        server.work().await;
        assert_eq!(made.events(&server).await, events);
        assert!(of_kind(&server, &tool.tag("letter_mailed")).await.is_empty());
    }
}

#[tokio::test]
async fn a_letter_that_comes_back_is_said_to_the_voter() {
    for tool in [Tool::Registration, Tool::Absentee] {
        let server = mailing().await;
        let made = Made::by(&server, tool).await;
        server.work().await;
        made.confirm(&server).await;
        server.work().await;
        made.reported(&server, "letter.returned_to_sender").await;
        server.work().await;
        assert_eq!(made.events(&server).await, [FinishLob, FinishLobConfirm, LobReturned]);
        server.clock.advance(TimeDelta::hours(2));
        let mails = server.mails().await;
        let [mail] = &mails[..] else { panic!("{} mails", mails.len()) };
        assert_eq!(
            (mail.tag, mail.to.address.as_str()),
            (&*tool.tag("letter_returned"), "voter@example.org")
        );
        assert!(
            mail.text.contains("12 Elm Street") && mail.text.contains("first_name=Jose"),
            "{}",
            mail.text
        );
    }
}

#[tokio::test]
async fn each_mail_about_a_letter_has_its_switch() {
    for tool in [Tool::Registration, Tool::Absentee] {
        let server = mailing().await;
        let room = tool.tag("");
        for name in ["lob_mailed", "lob_returned", "mail_chase"] {
            server.switch(&format!("drip.{}_{name}", room.trim_end_matches('.')), false).await;
        }
        let made = Made::by(&server, tool).await;
        server.work().await;
        made.confirm(&server).await;
        server.work().await;
        for event in ["letter.processed_for_delivery", "letter.returned_to_sender"] {
            made.reported(&server, event).await;
            server.clock.advance(TimeDelta::seconds(1));
            server.work().await;
        }
        server.clock.advance(TimeDelta::days(15));
        assert_eq!(server.work().await, [""; 0]);
    }
}

/// What a browser sends from our own page.
async fn say_yes(server: &TestServer, path: &str, id: &str, token: &str) -> Answer {
    let ask = server.ask("POST", path).header("sec-fetch-site", "same-origin");
    ask.form(&format!("id={id}&token={token}")).send().await
}

#[tokio::test]
async fn the_page_of_the_link_asks_and_mails_once_the_voter_says_yes() {
    for (tool, path) in
        [(Tool::Registration, "/register-to-vote/confirm/"), (Tool::Absentee, "/vote-by-mail/confirm/")]
    {
        let server = mailing().await;
        let made = Made::by(&server, tool).await;
        server.work().await;
        let token = made.token(&server).await;
        // who only looks, as programs do that look through mails, has nothing mailed
        let link = format!("{path}?id={}&token={token}", made.action);
        let page = server.get(&link).await;
        assert!(page.status == 200 && page.text().contains(&token), "{}", page.text());
        assert!(made.letter(&server).await.is_none());
        let elsewhere = server.ask("POST", path).header("sec-fetch-site", "cross-site");
        let elsewhere = elsewhere.form(&format!("id={}&token={token}", made.action)).send().await;
        assert_eq!(elsewhere.status, 403);
        let (action, token) = (made.action.as_str(), token.as_str());
        for (id, token) in [("x", token), (NOBODY, token), (action, "0"), (action, "")] {
            assert_eq!(say_yes(&server, path, id, token).await.status, 404, "{id} {token}");
        }
        assert!(made.letter(&server).await.is_none());
        for _ in 0..2 {
            let said = say_yes(&server, path, action, token).await;
            let next = format!("{path}?said=1");
            assert_eq!((said.status.as_u16(), said.header("location")), (303, Some(next.as_str())));
        }
        assert!(server.get(&format!("{path}?said=1")).await.text().contains("6 to 10 days"));
        assert!(server.get(path).await.text().contains("no form to mail"));
        assert_eq!(server.work().await, [""; 0]);
        assert_eq!(server.mail_house.letters().len(), 1);
    }
    let server = TestServer::new().await;
    *server.outside.deliverable.lock().unwrap() = Some(true);
    let made = Made::by(&server, Tool::Registration).await;
    server.work().await;
    let token = made.token(&server).await;
    let off = say_yes(&server, "/register-to-vote/confirm/", &made.action, &token).await;
    assert!(off.status == 503 && off.text().contains("do not mail forms"), "{}", off.text());
}
