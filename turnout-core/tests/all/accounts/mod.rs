//! Accounts, from the invitation to the second factor.

mod invitations;
mod passwords;
mod second_factor;
mod sign_in;
mod team;

use chrono::TimeDelta;
use turnout_core::{
    account::{self, NewSession, Session, SessionStage, SignInError, SignedIn, User},
    change::ChangeFilter,
    conformance::rows,
    ids::{SubscriberId, UserId},
    input::Input,
    memory::{QuickPasswords, World},
    page::PageRequest,
    ports::{passwords::PasswordHasher, store::Store},
    secret::Password,
    settings::Settings,
    subscriber::SubscriberStatus,
};

use crate::voter;

/// A password that is good.
const PASSWORD: &str = "correct horse battery";
/// Another one.
const OTHER: &str = "nine purple lanterns";

/// What a form sends.
fn form(pairs: &[(&str, &str)]) -> Input {
    Input::form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// A session that is about to begin, under the token with this number.
fn new(token: u8) -> NewSession {
    NewSession { token_hash: [token; 32], agent: "Firefox on Linux".into() }
}

/// A world with subscribers 1 to 3, user 1 (Ann, of subscriber 1, with a password), and the telephone that texts codes.
async fn world() -> World {
    world_with(|_| {}).await
}

async fn world_with(change: impl FnOnce(&mut Settings)) -> World {
    let mut settings = Settings::default();
    settings.account.code_number = turnout_core::person::Phone::parse("+16175550100");
    change(&mut settings);
    let world = World::with(|app| app.with_settings(settings));
    let hash = QuickPasswords.hash(&Password::new(PASSWORD.into()), [1; 16]).await.unwrap();
    voter::rows(&world, async |unit| {
        for number in 1..=3 {
            let mut subscriber = rows::subscriber(number, 0);
            subscriber.status = SubscriberStatus::Active;
            unit.subscribers_mut().insert(&subscriber).await.unwrap();
        }
        let user = User {
            email: "Ann@example.org".into(),
            password: Some(hash),
            active_subscriber: Some(subscriber(1)),
            ..User::new(user_id(1), String::new(), rows::at(0))
        };
        unit.accounts_mut().insert(&user).await.unwrap();
        associate(unit, 1, 1).await;
    })
    .await;
    world
}

fn user_id(number: u128) -> UserId {
    UserId(rows::uuid(number))
}

fn subscriber(number: u128) -> SubscriberId {
    SubscriberId(rows::uuid(number))
}

async fn associate(unit: &mut dyn turnout_core::ports::store::Unit, user: u128, of: u128) {
    let association = account::Association {
        id: turnout_core::ids::AssociationId(rows::uuid(1_000 * user + of)),
        subscriber: subscriber(of),
        user: user_id(user),
        created_at: rows::at(0),
    };
    unit.accounts_mut().associate(&association).await.unwrap();
}

async fn insert(world: &World, number: u128, change: impl FnOnce(&mut User)) -> UserId {
    let mut user = User::new(user_id(number), format!("user{number}@example.org"), rows::at(0));
    change(&mut user);
    voter::rows(world, async |unit| unit.accounts_mut().insert(&user).await.unwrap()).await;
    user.id
}

async fn user(world: &World, id: UserId) -> User {
    world.store.view().await.unwrap().accounts().by_id(id).await.unwrap().unwrap()
}

async fn session(world: &World, token: u8) -> Option<Session> {
    world.store.view().await.unwrap().sessions().by_token(&[token; 32]).await.unwrap()
}

async fn sign_in(world: &World, email: &str, password: &str, token: u8) -> Result<SignedIn, SignInError> {
    account::sign_in(&world.app, &form(&[("email", email), ("password", password)]), "192.0.2.7", new(token))
        .await
}

/// Ann, signed in without a second factor.
async fn ann(world: &World) -> Session {
    let signed_in = sign_in(world, "ann@example.org", PASSWORD, 1).await.unwrap();
    assert_eq!(signed_in.session.stage, SessionStage::SignedIn);
    signed_in.session
}

/// What was done to somebody, in the order of the words.
async fn acts(world: &World, user: UserId) -> Vec<String> {
    let filter = ChangeFilter::history("user", user);
    let page = PageRequest { after: None, limit: 100 };
    let page = world.store.view().await.unwrap().changes().page(&filter, &page).await.unwrap();
    let mut acts: Vec<String> = page.rows.into_iter().map(|it| it.act).collect();
    acts.sort();
    acts
}

/// The link in the only mail that went out.
async fn link(world: &World, tag: &str) -> String {
    voter::run_due(world).await;
    let [mail] = world.outbox.take().try_into().unwrap_or_else(|_| panic!("one mail"));
    assert_eq!(mail.tag, tag);
    let start = mail.text.find("http://localhost:9001/").unwrap();
    mail.text[start..].split_whitespace().next().unwrap().to_owned()
}

/// The six digits in the only text that went out.
async fn texted(world: &World) -> String {
    voter::run_due(world).await;
    let [sms] = world.texts.take().try_into().unwrap_or_else(|_| panic!("one text"));
    assert_eq!(sms.from.unwrap().e164(), "+16175550100");
    let digits: String = sms.text.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits.len(), 6, "{}", sms.text);
    digits
}

/// The code that an authenticator app shows.
fn app_code(world: &World, setup: &account::AuthenticatorSetup) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let letters: String = setup.secret.chars().filter(|it| *it != ' ').collect();
    let mut bits = 0_u64;
    let mut count = 0;
    let mut secret = Vec::new();
    for letter in letters.bytes() {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        (bits, count) = (bits << 5 | u64::from(value), count + 5);
        if count >= 8 {
            count -= 8;
            secret.push(u8::try_from(bits >> count & 255).unwrap());
        }
    }
    let step = world.app.now().timestamp() / 30;
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&secret).unwrap();
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let word = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

/// Ann sets up an authenticator app: her session, under token 2; what the app knows; and the printed codes.
async fn with_app(world: &World) -> (Session, account::AuthenticatorSetup, Vec<String>) {
    let session = ann(world).await;
    account::begin_authenticator(&world.app, &session, [7; 32]).await.unwrap();
    let setup =
        account::pending_authenticator(&world.app, &user(world, user_id(1)).await).await.unwrap().unwrap();
    let code = form(&[("code", &app_code(world, &setup))]);
    let confirmed =
        account::confirm_authenticator(&world.app, &session, &code, [8; 32], [2; 32]).await.unwrap();
    world.clock.advance(TimeDelta::seconds(60));
    (confirmed.session, setup, confirmed.codes.unwrap())
}
