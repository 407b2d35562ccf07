//! A server with subscribers and people of every role, and how they sign in.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use turnout_core::{
    account::{Association, Authenticator, SessionStage, User, UserZone},
    conformance::rows as samples,
    ids::{AssociationId, AuthenticatorId, JobId, SubscriberId, UserId},
    memory::QuickPasswords,
    ports::{
        clock::Clock as _,
        passwords::PasswordHasher as _,
        store::{Store, Unit},
    },
    secret::Password,
    subscriber::{Plan, Subscriber, SubscriberStatus},
    subscription::Subscription,
};
use uuid::Uuid;

use super::{browser::Browser, operation_rows, rows};
use crate::support::{Setup, TestServer};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Its hash as the service before wrote it, of one round. A sign-in makes it anew.
pub(super) const OLD_HASH: &str = "pbkdf2_sha256$1$abcdefghijkl$wBVRfQb+fZgkSkHPXRXZNE94QOYZLZuGr+gCfn848xE=";

/// How a subscriber differs from the others.
type Differs = fn(&mut Subscriber);

/// A subscriber of the site's tests, by its slug. Each has what the name says and everything else.
pub(crate) const SUBSCRIBERS: [(u128, &str, Differs); 4] = [
    (OWN, "votenow", |_| {}),
    (OTHER, "elsewhere", |_| {}),
    (103, "frugal", |it| it.plan = Plan::Free),
    (104, "keyless", |it| it.has_api_access = false),
];
/// The number of the subscriber whose rows are in [`rows`].
pub(crate) const OWN: u128 = 101;
/// That of one that nobody but strangers works for.
pub(crate) const OTHER: u128 = 102;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nobody.
    Anonymous,
    /// Somebody who gave the password and not the code.
    HalfWay,
    /// A member who has no second factor yet.
    NoSecondFactor,
    /// Somebody to whom the site is closed.
    NotStaff,
    /// A member of another subscriber.
    Stranger,
    /// A member.
    Member,
    /// A member of a subscriber on the free plan.
    DataOff,
    /// A member of a subscriber without keys for programs.
    ApiOff,
    /// Who looks after subscribers.
    SubscriberAdmin,
    /// Who keeps the facts about elections.
    ElectionAdmin,
    /// Who looks after signed applications.
    EsignAdmin,
    /// Who may do everything.
    Superuser,
}

impl Role {
    /// Every one.
    pub(crate) const ALL: [Self; 12] = [
        Self::Anonymous,
        Self::HalfWay,
        Self::NoSecondFactor,
        Self::NotStaff,
        Self::Stranger,
        Self::Member,
        Self::DataOff,
        Self::ApiOff,
        Self::SubscriberAdmin,
        Self::ElectionAdmin,
        Self::EsignAdmin,
        Self::Superuser,
    ];

    fn number(self) -> u128 {
        200 + self as u128
    }

    /// Where the person signs in from.
    pub(crate) fn email(self) -> String {
        format!("{self:?}@example.org").to_lowercase()
    }

    /// The id of the person.
    pub(crate) fn id(self) -> UserId {
        UserId(Uuid::from_u128(self.number()))
    }

    /// The subscriber that the person works for.
    fn works_for(self) -> Option<u128> {
        match self {
            Self::Anonymous | Self::ElectionAdmin | Self::EsignAdmin => None,
            Self::Stranger => Some(OTHER),
            Self::DataOff => Some(103),
            Self::ApiOff => Some(104),
            _ => Some(OWN),
        }
    }

    /// Whether the person belongs to it: those who look after subscribers need not.
    fn is_member(self) -> bool {
        !matches!(self, Self::SubscriberAdmin | Self::Superuser)
    }

    /// The slug of the pages that the person asks for: those of its subscriber, and a stranger those of another one.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::DataOff => "frugal",
            Self::ApiOff => "keyless",
            _ => "votenow",
        }
    }

    fn has_second_factor(self) -> bool {
        self != Self::NoSecondFactor
    }

    /// What the person's authenticator app knows.
    pub(crate) fn secret(self) -> Vec<u8> {
        vec![u8::try_from(self.number()).unwrap_or_default(); 20]
    }

    fn user(self, now: DateTime<Utc>, hash: &str) -> User {
        User {
            id: self.id(),
            email: self.email(),
            password: Some(hash.to_owned()),
            first_name: format!("{self:?}"),
            last_name: "Example".to_owned(),
            is_staff: self != Self::NotStaff,
            is_active: true,
            is_superuser: self == Self::Superuser,
            is_election_admin: self == Self::ElectionAdmin,
            is_subscriber_admin: self == Self::SubscriberAdmin,
            is_esign_admin: self == Self::EsignAdmin,
            time_zone: UserZone::Eastern,
            active_subscriber: self.works_for().map(|number| SubscriberId(Uuid::from_u128(number))),
            last_login: None,
            generation: 0,
            reset_expires: None,
            created_at: now,
            modified_at: now,
        }
    }
}

/// Puts the subscribers, everybody, and the rows that pages show. `hash` is that of [`PASSWORD`].
pub(crate) async fn furnish(store: &dyn Store, now: DateTime<Utc>, hash: &str) {
    let mut unit = store.begin().await.unwrap();
    for (number, slug, change) in SUBSCRIBERS {
        let mut subscriber = Subscriber {
            status: SubscriberStatus::Active,
            is_first_party: false,
            name: format!("The {slug} campaign"),
            created_at: now,
            ..samples::subscriber(number, 0)
        };
        change(&mut subscriber);
        unit.subscribers_mut().insert(&subscriber).await.unwrap();
        unit.subscribers_mut().insert_slug(&samples::slug(number, slug)).await.unwrap();
        if unit.subscriptions_mut().lock(subscriber.id).await.unwrap().is_none() {
            let subscription =
                Subscription { interest: None, plan: subscriber.plan, ..samples::subscription(number) };
            unit.subscriptions_mut().insert(&subscription).await.unwrap();
        }
    }
    for role in Role::ALL {
        person(unit.as_mut(), role, now, hash).await;
    }
    rows::put(unit.as_mut(), now).await;
    unit.commit().await.unwrap();
}

async fn person(unit: &mut dyn Unit, role: Role, now: DateTime<Utc>, hash: &str) {
    let user = role.user(now, hash);
    unit.accounts_mut().insert(&user).await.unwrap();
    if let Some(subscriber) = user.active_subscriber.filter(|_| role.is_member()) {
        let id = AssociationId(Uuid::from_u128(role.number() + 1000));
        let association = Association { id, subscriber, user: user.id, created_at: now };
        unit.accounts_mut().associate(&association).await.unwrap();
    }
    if role.has_second_factor() {
        let app = Authenticator {
            id: AuthenticatorId(Uuid::from_u128(role.number() + 2000)),
            user: user.id,
            secret: role.secret(),
            confirmed_at: Some(now),
            last_step: 0,
            removed_at: None,
            created_at: now,
        };
        unit.accounts_mut().insert_authenticator(&app).await.unwrap();
    }
}

/// The code of an authenticator app at a moment (RFC 6238, HMAC-SHA1, six digits, 30 seconds).
pub(crate) fn code(secret: &[u8], at: DateTime<Utc>) -> String {
    let step = at.timestamp() / 30;
    let mac = Hmac::<Sha1>::new_from_slice(secret).unwrap().chain_update(step.to_be_bytes()).finalize();
    let bytes = mac.into_bytes();
    let from = usize::from(bytes[19] & 0xf);
    let number = u32::from_be_bytes(bytes[from..from + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// A server whose people are there.
pub(crate) async fn site() -> TestServer {
    site_with(|_| {}).await
}

/// One that differs from the usual one.
pub(crate) async fn site_with(change: impl FnOnce(&mut Setup)) -> TestServer {
    let server = TestServer::with(change).await;
    let hash = QuickPasswords.hash(&Password::new(PASSWORD.to_owned()), [7; 16]).await.unwrap();
    furnish(server.store.as_ref(), server.clock.now(), &hash).await;
    let shown = [operation_rows::DEAD, operation_rows::TOMORROW];
    server.left.lock().unwrap().extend(shown.map(|id| JobId::parse(id).unwrap()));
    server
}

/// Whatever is to be done now may be left when the test ends, as the test is not about what it does.
pub(crate) async fn leave_jobs(server: &TestServer) {
    let jobs: Vec<JobId> = server.jobs().await.into_iter().map(|job| job.id).collect();
    server.left.lock().unwrap().extend(jobs);
}

/// The browser of somebody who has signed in, through the pages, as far as the role goes.
pub(crate) async fn signed_in(server: &TestServer, role: Role) -> Browser<'_> {
    let mut browser = Browser::new(server);
    if role == Role::Anonymous {
        return browser;
    }
    let email = role.email();
    let sent = [("step", "password"), ("email", email.as_str()), ("password", PASSWORD)];
    let answer = browser.post("/manage/login/", &sent).await;
    assert_eq!(answer.status, 303, "{role:?}: {}", answer.text());
    if role == Role::HalfWay || !role.has_second_factor() {
        return browser;
    }
    let code = code(&role.secret(), server.clock.now());
    let answer = browser.post("/manage/login/", &[("step", "code"), ("code", &code)]).await;
    assert_eq!(answer.status, 303, "{role:?}: {}", answer.text());
    browser
}

/// How far somebody has come with signing in, as the store has it.
pub(crate) async fn stage(server: &TestServer, role: Role) -> Option<SessionStage> {
    let mut view = server.store.view().await.unwrap();
    view.sessions().of_user(role.id()).await.unwrap().first().map(|session| session.stage)
}
