//! People with accounts come over, with everything they sign in by.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use turnout_core::{
    App,
    account::{self, Argon2, NewSession, OpenedInvite, SessionStage, SignInError, SignedIn, User},
    ids::{UserId, parse_uuid, small_uuid},
    input::Input,
    person::Phone,
    ports::{clock::Clock as _, store::Store},
    settings::Settings,
};
use turnout_server::system::{RandomIds, SystemClock};
#[cfg(feature = "postgres")]
use turnout_storage::postgres::{PgOptions, PgStore};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

use super::{
    document::{Contract, id, with},
    place::{Place, normal},
};

/// Models whose rows get another shape here.
pub(super) const FACTORS: [&str; 4] =
    ["otp_totp.totpdevice", "two_factor.phonedevice", "otp_static.staticdevice", "otp_static.statictoken"];

const PASSWORD: &str = "Sésame, öffne dich";
/// Of that password, made with Python's `hashlib.pbkdf2_hmac`.
const HASH: &str = "pbkdf2_sha256$150000$kD3fZp0QxT7a$Z5zxKeNyiNkbF4p7hraF8ewGN14/qTOBnU8lmHg5hOg=";
/// Secrets of an app and a telephone.
const APP: &str = "3132333435363738393031323334353637383930";
const PHONE: &str = "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff";

/// Somebody with a password, an app, a telephone and printed codes.
fn somebody(contract: &Contract) -> Vec<Value> {
    vec![
        with(contract.record("multi_tenant.client", 0), &json!({ "status": "active" })),
        contract.record("multi_tenant.subscriberslug", 0),
        with(contract.record("accounts.user", 0), &json!({ "password": HASH, "is_active": true })),
        contract.record("multi_tenant.association", 0),
        with(
            contract.record("otp_totp.totpdevice", 0),
            &json!({ "key": APP, "confirmed": true, "last_t": 5, "drift": 1 }),
        ),
        with(
            contract.record("two_factor.phonedevice", 0),
            &json!({ "key": PHONE, "confirmed": true, "name": "backup", "number": "(617) 555-0188" }),
        ),
        contract.record("otp_static.staticdevice", 0),
        with(contract.record("otp_static.statictoken", 0), &json!({ "token": "ab3dwxyz" })),
    ]
}

/// The ports over the rows of a place.
async fn app(place: &Place) -> App {
    #[cfg(feature = "postgres")]
    if let Some(url) = place.url() {
        return ports(PgStore::open(url.as_str(), PgOptions::default()).unwrap());
    }
    let path = place.folder.path().join("var/turnout.db");
    ports(SqliteStore::open(path, SqliteOptions::default()).await.unwrap())
}

fn ports(store: impl Store) -> App {
    let mut settings = Settings::default();
    settings.account.code_number = Phone::parse("+16175550100");
    App::builder(store, SystemClock, RandomIds, b"0123456789abcdef0123456789abcdef")
        .with_passwords(Argon2)
        .with_settings(settings)
        .build()
}

fn form(pairs: &[(&str, &str)]) -> Input {
    Input::form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

async fn sign_in(app: &App, token: u8) -> Result<SignedIn, SignInError> {
    let input = form(&[("email", "Person-0@example.org"), ("password", PASSWORD)]);
    account::sign_in(app, &input, "192.0.2.7", NewSession { token_hash: [token; 32], agent: String::new() })
        .await
}

async fn enter(app: &App, token: u8, code: &str) -> Result<SignedIn, SignInError> {
    let first = sign_in(app, token).await.unwrap();
    assert_eq!(first.session.stage, SessionStage::Password);
    account::second_step(app, &first.session, &form(&[("code", code)]), "192.0.2.7", [token + 1; 32]).await
}

fn code(key: &str, steps_ago: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(&hex::decode(key).unwrap()).unwrap();
    mac.update(&(SystemClock.now().timestamp() / 30 - steps_ago).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let word = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

pub(super) async fn somebody_signs_in_as_before(place: Place) {
    let contract = Contract::read();
    let records = somebody(&contract);
    let later = (SystemClock.now() + chrono::TimeDelta::days(1)).to_rfc3339();
    let invite = json!({ "expires": later, "consumed_at": null, "user": null, "email": "new@example.org" });
    let invite = with(contract.record("accounts.invite", 0), &invite);
    let leads_to = contract.record("multi_tenant.inviteassociation", 0);
    place.import(&[records, vec![invite.clone(), leads_to]].concat()).unwrap();
    let app = app(&place).await;

    assert!(matches!(enter(&app, 10, "000000").await, Err(SignInError::Refused)));
    let person = enter(&app, 20, "AB3D WXYZ").await.unwrap().user;
    assert_eq!(person.id.0, id(&contract.record("accounts.user", 0)));
    assert!(person.password.unwrap().starts_with("$argon2id$"), "it was made anew");
    assert!(matches!(enter(&app, 30, "ab3dwxyz").await, Err(SignInError::Refused)), "it was used");
    enter(&app, 40, &code(APP, 0)).await.unwrap();
    enter(&app, 50, &code(PHONE, 2)).await.unwrap();
    let factors = account::factors(&app, person.id).await.unwrap();
    assert_eq!((factors.phones[0].number.e164(), factors.phones[0].is_backup), ("+16175550188", true));

    let token = parse_uuid(invite["fields"]["token"].as_str().unwrap()).unwrap();
    let opened = account::opened_invite(&app, &small_uuid(token)).await.unwrap();
    assert!(matches!(opened, OpenedInvite::Open { invite, .. } if invite.email == "new@example.org"));
}

pub(super) async fn second_factors_come_once_and_what_was_removed_here_stays_so(place: Place) {
    let records = somebody(&Contract::read());
    place.import(&records).unwrap();
    let app = app(&place).await;
    let person = sign_in(&app, 1).await.unwrap().user.id;
    account::reset_two_factor(&app, None, person).await.unwrap();
    let said = place.import(&records).unwrap();
    for label in FACTORS {
        assert!(
            said.lines().any(|line| line.trim_start().starts_with(label) && line.ends_with(" 0")),
            "{said}"
        );
    }
    assert!(!account::factors(&app, person).await.unwrap().is_set_up());
    let odd = with(records[4].clone(), &json!({ "digits": 8, "key": "no hex" }));
    let refused = place.import(&[odd]).unwrap_err();
    assert!(refused.contains("digits is not 6") && refused.contains("key is no bytes in hex"), "{refused}");
    assert!(!refused.contains("no hex,"), "{refused}");
}

pub(super) async fn an_account_that_was_made_here_first_is_the_same_person(place: Place) {
    let app = app(&place).await;
    let made = account::create_user(&app, "person-0@example.org", true).await.unwrap().user;
    let records = somebody(&Contract::read());
    place.import(&records).unwrap();
    let theirs = UserId(id(&records[2]));
    let mut view = app.store.view().await.unwrap();
    assert!(view.accounts().by_id(made.id).await.unwrap().is_none());
    let person: User = view.accounts().by_email("person-0@example.org").await.unwrap().unwrap();
    assert_eq!(person.id, theirs);
    assert!(person.is_superuser, "what was made here later counts");
    let row = place.row("change_entry", "subject", &json!(made.id.to_string())).await;
    assert_eq!(normal(&row["act"]), json!("created_superuser"));
}
