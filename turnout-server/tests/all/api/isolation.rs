//! Tenants never see each other: two of them with random data, asked over every address of the table that is read or
//! changed.

use std::collections::BTreeSet;

use http::Method;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use turnout_core::{
    api_key,
    ids::{BallotRequestId, RegistrationId, SlugId, SubscriberId},
    listing::Tool,
    page::PageRequest,
    ports::{clock::Clock as _, store::Store as _},
    search::{SearchQuery, VoterList},
    subscriber::{Plan, Slug, Subscriber, SubscriberStatus},
};
use turnout_server::routes;
use uuid::Uuid;

use crate::support::{Answer, TestServer, basic};

/// How many pairs of tenants are tried.
const PAIRS: u32 = 6;

/// Every address that answers GET, PUT or PATCH and takes a subscriber, a key or an id, and how each tenant asks it.
/// `SLUG`, `REGISTRATION`, `REQUEST`, `FILE`, `TOKEN` and `RESUME` stand for what is the tenant's own, `BEGUN` and `ASKED`
/// for the actions of the second and the third.
const OWN: &[(&str, &[&str])] = &[
    (
        "/v1/registration/register/{uuid}/",
        &["/v1/registration/register/REGISTRATION/?incomplete=true&subscriber=SLUG"],
    ),
    ("/v1/registration/status/{uuid}/", &["/v1/registration/status/REGISTRATION/?subscriber=SLUG"]),
    (
        "/v1/registration/resume_token/",
        &["/v1/registration/resume_token/?uuid=REGISTRATION", "/v1/registration/resume_token/?token=RESUME"],
    ),
    ("/v1/apikey/check/", &["/v1/apikey/check/"]),
    ("/v1/absentee/request/{uuid}/", &["/v1/absentee/request/REQUEST/?incomplete=true&subscriber=SLUG"]),
    (
        "/v1/registration/confirm-print-and-forward/{action_id}/",
        &["/v1/registration/confirm-print-and-forward/BEGUN/?token=TOKEN&subscriber=SLUG"],
    ),
    (
        "/v1/absentee/confirm-print-and-forward/{action_id}/",
        &["/v1/absentee/confirm-print-and-forward/ASKED/?token=TOKEN&subscriber=SLUG"],
    ),
    ("/register-to-vote/confirm/", &["/register-to-vote/confirm/?id=BEGUN&token=TOKEN&subscriber=SLUG"]),
    ("/vote-by-mail/confirm/", &["/vote-by-mail/confirm/?id=ASKED&token=TOKEN&subscriber=SLUG"]),
    ("/v1/subscriber/id/{slug}/", &["/v1/subscriber/id/SLUG/"]),
    ("/download/{id}/", &["/download/FILE/?token=TOKEN", "/download/FILE/?token=x"]),
    ("/", &["/?subscriber=SLUG"]),
    ("/register/{code}/", &["/register/OH/?subscriber=SLUG"]),
    (
        "/register/{code}/done/",
        &[
            "/register/OH/done/?id=FILE&token=TOKEN&subscriber=SLUG",
            "/register/OH/done/?id=FILE&subscriber=SLUG",
        ],
    ),
    (
        "/register-to-vote/resume/",
        &["/register-to-vote/resume/?uuid=REGISTRATION", "/register-to-vote/resume/?token=RESUME"],
    ),
    ("/election-reminders/", &["/election-reminders/?subscriber=SLUG"]),
    ("/election-reminders/thanks/", &["/election-reminders/thanks/?subscriber=SLUG"]),
    ("/download/", &["/download/?id=FILE&subscriber=SLUG"]),
    ("/download-purged/", &["/download-purged/?id=FILE&subscriber=SLUG"]),
];

/// The others: what they answer is nobody's.
const NOBODYS: &[&str] = &[
    "/v1/absentee/state/{code}/",
    "/v1/election/state/",
    "/v1/election/state/{code}/",
    "/v1/election/field/",
    "/v1/election/field/{slug}/",
    "/v1/official/state/{code}/",
    "/v1/official/region/{external_id}/",
    "/v1/official/address/",
    "/assets/{name}/",
    "/v1/openapi.json",
    "/docs/api/",
    "/subscribe/",
    "/subscribe/thanks/",
    "/unsubscribe/",
    "/-/alive/",
    "/-/health/",
];

/// Random data of a subscriber. Every text has its mark in it, which nobody else's has.
#[derive(Debug, Clone)]
struct Data {
    mark: String,
    slug: String,
    plan: Plan,
    flags: [Option<bool>; 3],
    disclaimer: bool,
    voters: Vec<String>,
}

fn data(first: &'static str) -> impl Strategy<Value = Data> {
    let plan = prop::sample::select(vec![Plan::Free, Plan::Premium, Plan::Nonprofit]);
    let flag = || prop::option::of(any::<bool>());
    let voters = prop::collection::vec("[A-Za-zÀ-ÿ' -]{0,12}", 1..4);
    let parts = ("[a-z]{9}", "[a-z0-9-]{0,6}", plan, [flag(), flag(), flag()], any::<bool>(), voters);
    parts.prop_map(move |(letters, end, plan, flags, disclaimer, voters)| {
        let mark = format!("{first}{letters}");
        let slug = format!("{mark}{end}");
        Data { mark, slug, plan, flags, disclaimer, voters }
    })
}

/// A subscriber that is there, with one of each of its voters' records.
struct Tenant {
    data: Data,
    subscriber: SubscriberId,
    header: String,
    records: Vec<Record>,
}

struct Record {
    registration: String,
    registration_action: String,
    request: String,
    request_action: String,
    file: String,
    token: String,
    resume: String,
}

impl Tenant {
    async fn new(server: &TestServer, number: u128, data: &Data) -> Self {
        let now = server.clock.now();
        let subscriber = SubscriberId(Uuid::from_u128(1_000 + number));
        let slug = Slug {
            id: SlugId(Uuid::from_u128(2_000 + number)),
            subscriber,
            slug: data.slug.clone(),
            created_at: now,
        };
        let mark = &data.mark;
        let [sms_enabled, sms_checkbox, sms_checkbox_default] = data.flags;
        let row = Subscriber {
            id: subscriber,
            name: format!("{mark} votes"),
            url: format!("https://{mark}.example.org/"),
            email: Some(format!("office@{mark}.example.org")),
            privacy_policy: Some(format!("https://{mark}.example.org/privacy/")),
            terms_of_service: Some(format!("https://{mark}.example.org/terms/")),
            sms_enabled,
            sms_checkbox,
            sms_checkbox_default,
            sms_disclaimer: data.disclaimer.then(|| format!("{mark} writes to you")),
            language: None,
            default_slug: Some(slug.id),
            status: SubscriberStatus::Active,
            is_first_party: false,
            has_api_access: true,
            sync_tmc: false,
            sync_bluelink: false,
            plan: data.plan,
            created_at: now + chrono::TimeDelta::hours(1),
            modified_at: now,
        };
        let mut unit = server.store.begin().await.unwrap();
        unit.subscribers_mut().insert(&row).await.unwrap();
        unit.subscribers_mut().insert_slug(&slug).await.unwrap();
        unit.commit().await.unwrap();
        let byte = u8::try_from(number).unwrap();
        let created = api_key::create(&server.app, &slug.slug, None, [byte; 32]).await.unwrap();
        let header = basic(&created.key.id.to_string(), created.secret.reveal());
        let mut tenant = Self { data: data.clone(), subscriber, header, records: Vec::new() };
        for voter in &data.voters {
            let record = tenant.record(server, voter).await;
            tenant.records.push(record);
        }
        tenant
    }

    fn voter(&self, name: &str) -> Value {
        let mark = &self.data.mark;
        json!({
            "first_name": format!("{mark} {name}"), "middle_name": mark, "last_name": format!("{mark}-last"),
            "suffix": mark, "address1": format!("1 {mark} St"), "address2": mark, "city": mark, "state": "OH",
            "zipcode": "45801", "date_of_birth": "1990-06-19", "email": format!("{mark}@example.org"),
            "phone": "+16175557890", "us_citizen": true, "is_18_or_over": true, "state_id_number": mark,
            "utm_source": mark, "source": mark,
        })
    }

    async fn record(&self, server: &TestServer, name: &str) -> Record {
        let text = |body: &Value, name: &str| body[name].as_str().unwrap().to_owned();
        let post = async |path: &str, body: &Value| {
            let path = format!("{path}subscriber={}", self.data.slug);
            let answer = server.post(&path, body).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            answer.json()
        };
        let voter = self.voter(name);
        let registered = post("/v1/registration/register/?", &voter).await;
        let requested = post("/v1/absentee/request/?incomplete=true&", &voter).await;
        for (path, more) in [
            ("/v1/verification/verify/?", json!({})),
            ("/v1/reminder/signup/?", json!({ "sms_opt_in": true })),
        ] {
            let mut body = voter.clone();
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let answer = server.post(&format!("{path}subscriber={}", self.data.slug), &body).await;
            assert!([200, 503].contains(&answer.status.as_u16()), "{path}: {}", answer.text());
        }
        let mut external = voter.clone();
        external.as_object_mut().unwrap().retain(|name, _| {
            !["us_citizen", "is_18_or_over", "state_id_number", "utm_source", "source"]
                .contains(&name.as_str())
        });
        external["sms_opt_in"] = json!(true);
        let begun = server
            .ask("POST", "/v1/registration/external/request/")
            .header("authorization", &self.header)
            .json(&external)
            .send()
            .await;
        assert_eq!(begun.status, 200, "{}", begun.text());
        let resume = begun.text();
        let resume =
            resume.split("token=").nth(1).unwrap().split(['"', '&', '\\']).next().unwrap().to_owned();
        let id = RegistrationId::parse(registered["uuid"].as_str().unwrap()).unwrap();
        let mut view = server.store.view().await.unwrap();
        let file = view.registrations().by_id(id).await.unwrap().unwrap().result_item.unwrap();
        let row = view.files().by_id(file).await.unwrap().unwrap();
        Record {
            registration: text(&registered, "uuid"),
            registration_action: text(&registered, "action_id"),
            request: text(&requested, "uuid"),
            request_action: text(&requested, "action_id"),
            file: file.to_string(),
            token: server.app.file_tokens.issue(&row).text().to_owned(),
            resume,
        }
    }

    /// An address as this tenant's voter or program asks it.
    fn address(&self, pattern: &str, record: &Record) -> String {
        let values = [
            ("SLUG", &self.data.slug),
            ("REGISTRATION", &record.registration),
            ("REQUEST", &record.request),
            ("FILE", &record.file),
            ("TOKEN", &record.token),
            ("RESUME", &record.resume),
            ("BEGUN", &record.registration_action),
            ("ASKED", &record.request_action),
        ];
        values.iter().fold(pattern.to_owned(), |address, (name, value)| address.replace(name, value))
    }

    async fn ask(&self, server: &TestServer, method: &Method, address: &str, body: &Value) -> Answer {
        let ask = server.ask(method.as_str(), address).header("authorization", &self.header);
        if method == Method::GET { ask.send().await } else { ask.json(body).send().await }
    }

    /// What nobody else may be told.
    fn secrets(&self) -> Vec<&str> {
        let ids = self.records.iter().flat_map(|it| {
            [&it.registration, &it.registration_action, &it.request, &it.request_action, &it.file, &it.token]
        });
        ids.map(String::as_str).chain([self.data.mark.as_str()]).collect()
    }

    /// That an answer holds nothing of this tenant, or of `but` only.
    fn is_not_in(&self, answer: &Answer, asked: &str, but: &[&str]) {
        let headers: String =
            answer.headers.values().map(|it| String::from_utf8_lossy(it.as_bytes())).collect();
        let said = format!("{headers}\n{}", answer.text());
        for secret in self.secrets() {
            assert!(
                but.contains(&secret) || !said.contains(secret),
                "{asked} tells {secret} of another tenant"
            );
        }
    }
}

/// Whose route it is, and that none is missing here.
fn methods_of_all() -> Vec<(&'static str, Vec<Method>)> {
    const ASKED: [Method; 3] = [Method::GET, Method::PUT, Method::PATCH];
    let table = routes::all();
    let answers = |path: &str| {
        let route = table.iter().find(|route| route.path() == path).unwrap();
        ASKED.into_iter().filter(|method| route.answers(method)).collect::<Vec<_>>()
    };
    // who may see which page of the site is asked in `manage/reach.rs`
    let is_of_the_site = |path: &str| path.starts_with("/manage/") || path.starts_with("/account/");
    let read: BTreeSet<_> = table
        .iter()
        .filter(|it| ASKED.iter().any(|method| it.answers(method)))
        .map(|it| it.path())
        .filter(|path| !is_of_the_site(path))
        .collect();
    let listed: BTreeSet<_> = OWN.iter().map(|(path, _)| *path).chain(NOBODYS.iter().copied()).collect();
    assert_eq!(read, listed, "an address of the table is not listed here, or the other way round");
    OWN.iter().map(|(path, _)| (*path, answers(path))).collect()
}

async fn prove(one: &Data, other: &Data) {
    let server = TestServer::new().await;
    let tenants = [Tenant::new(&server, 1, one).await, Tenant::new(&server, 2, other).await];
    // by turns, so that what one was told could be kept for the other
    for ((path, methods), (_, patterns)) in methods_of_all().into_iter().zip(OWN) {
        for (method, pattern) in methods.iter().flat_map(|method| patterns.iter().map(move |it| (method, it)))
        {
            for (me, you) in [(0, 1), (1, 0), (0, 1)].map(|(me, you)| (&tenants[me], &tenants[you])) {
                for (record, name) in me.records.iter().zip(&me.data.voters) {
                    let body = if path.contains("status") {
                        json!({ "status": "ReferOVR" })
                    } else {
                        me.voter(name)
                    };
                    let address = me.address(pattern, record);
                    let answer = me.ask(&server, method, &address, &body).await;
                    assert!(answer.status.as_u16() < 500, "{method} {address}: {}", answer.text());
                    you.is_not_in(&answer, &format!("{method} {pattern}"), &[]);
                }
            }
        }
    }
    for (me, you) in [(&tenants[0], &tenants[1]), (&tenants[1], &tenants[0])] {
        nobody_else_is_found(&server, me, you).await;
        what_is_yours_stays_yours(&server, me, you).await;
        nobody_elses_token_opens(&server, me, you).await;
    }
    server.work().await;
}

/// In a list are the subscriber's own voters, whatever is looked for; on the free plan only those that its own program
/// began.
async fn nobody_else_is_found(server: &TestServer, me: &Tenant, you: &Tenant) {
    let mut view = server.store.view().await.unwrap();
    for tool in [Tool::Register, Tool::Absentee] {
        let list = VoterList { subscriber: me.subscriber, tool };
        let own = me.records.iter().map(|it| match tool {
            Tool::Register => it.registration_action.clone(),
            _ => it.request_action.clone(),
        });
        let own: BTreeSet<String> = if me.data.plan == Plan::Free { BTreeSet::new() } else { own.collect() };
        for query in ["", &me.data.mark, &you.data.mark] {
            let page = PageRequest { after: None, limit: 100 };
            let rows = view.search().find(list, &SearchQuery::parse(query), page).await.unwrap().rows;
            let actions: BTreeSet<String> = rows.iter().map(|key| key.action.to_string()).collect();
            if query == you.data.mark {
                assert!(actions.is_empty(), "{tool:?} {query}: {actions:?}");
            }
            assert!(
                query == you.data.mark || own.is_subset(&actions),
                "{tool:?} {query}: {own:?} {actions:?}"
            );
            assert!(you.secrets().iter().all(|secret| !actions.contains(*secret)), "{tool:?} {query}");
        }
    }
}

/// Whoever knows a record's id may write it, but moves it to nobody and learns no more than the id tells.
async fn what_is_yours_stays_yours(server: &TestServer, me: &Tenant, you: &Tenant) {
    let mine = &me.records[0];
    for yours in &you.records {
        let told =
            [yours.registration.as_str(), &yours.registration_action, &yours.request, &yours.request_action];
        for (path, body) in [
            (format!("/v1/registration/register/{}/?incomplete=true", yours.registration), json!({})),
            (format!("/v1/registration/status/{}/?", yours.registration), json!({ "status": "ReferOVR" })),
            (format!("/v1/absentee/request/{}/?incomplete=true", yours.request), json!({})),
        ] {
            let mut body = body;
            body["subscriber"] = json!(me.subscriber);
            body["action"] = json!(mine.registration_action);
            let path = format!("{path}&subscriber={}", me.data.slug);
            let answer = me.ask(server, &Method::PATCH, &path, &body).await;
            // the form is made, so its status stays
            let expected = if path.contains("/status/") { 404 } else { 200 };
            assert_eq!(answer.status, expected, "{path}: {}", answer.text());
            you.is_not_in(&answer, &path, &told);
        }
        let resume = format!("/v1/registration/resume_token/?uuid={}", yours.registration);
        you.is_not_in(&me.ask(server, &Method::GET, &resume, &json!({})).await, &resume, &told);
        let mut view = server.store.view().await.unwrap();
        let id = RegistrationId::parse(&yours.registration).unwrap();
        let registration = view.registrations().by_id(id).await.unwrap().unwrap();
        assert_eq!(registration.subscriber, Some(you.subscriber));
        assert_eq!(registration.action.unwrap().to_string(), yours.registration_action);
        let id = BallotRequestId::parse(&yours.request).unwrap();
        let request = view.ballot_requests().by_id(id).await.unwrap().unwrap();
        assert_eq!(request.subscriber, Some(you.subscriber));
        assert_eq!(request.action.unwrap().to_string(), yours.request_action);
    }
}

/// Keys and tokens open what they are of.
async fn nobody_elses_token_opens(server: &TestServer, me: &Tenant, you: &Tenant) {
    let (mine, yours) = (&me.records[0], &you.records[0]);
    let told = [yours.file.as_str()];
    for path in [
        format!("/download/{}/?token={}", yours.file, mine.token),
        format!("/register/OH/done/?id={}&token={}", yours.file, mine.token),
    ] {
        let answer = me.ask(server, &Method::GET, &path, &json!({})).await;
        you.is_not_in(&answer, &path, &told);
        let location = answer.header("location").unwrap_or_default();
        assert!(!location.contains("/files/") && !answer.text().contains("/files/"), "{path}: {location}");
    }
    let id = |header: &str| {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let decoded = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
        let (id, secret) = std::str::from_utf8(&decoded).unwrap().split_once(':').unwrap();
        (id.to_owned(), secret.to_owned())
    };
    let mixed = basic(&id(&you.header).0, &id(&me.header).1);
    let answer = server.ask("GET", "/v1/apikey/check/").header("authorization", &mixed).send().await;
    answer.is(401, &json!({ "detail": "Incorrect API key secret" }));
    for (tenant, stranger) in [(me, you), (you, me)] {
        let answer = tenant.ask(server, &Method::GET, "/v1/apikey/check/", &json!({})).await;
        answer.is(200, &json!({ "ok": true, "subscriber": tenant.data.slug }));
        stranger.is_not_in(&answer, "/v1/apikey/check/", &[]);
    }
}

#[test]
fn no_address_tells_a_tenant_what_is_anothers() {
    let config = Config { cases: PAIRS, failure_persistence: None, max_shrink_iters: 8, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = TestRunner::new(config).run(&(data("uno"), data("duo")), |(one, other)| {
        runtime.block_on(prove(&one, &other));
        Ok(())
    });
    outcome.unwrap();
}
