//! Second factors are set up, and taken away: an authenticator app, telephones that get codes by text, printed codes.
//!
//! Whoever has one changes factors only after showing a code. Whoever has none yet sets up the first, and from then on every
//! other session of theirs is over.

use chrono::TimeDelta;
use qrcode::{QrCode, render::svg};

use super::{
    Authenticator, PhoneFactor, Session, SessionStage, User, factor,
    factor::Factors,
    jobs::SendCode,
    otp, rules,
    session::{self, bring_to},
    sign_in::LONGEST_CODE,
};
use crate::{
    app::App,
    change::Change,
    decision::Purpose,
    ids::{AuthenticatorId, PhoneFactorId, UserId},
    input::{Input, Reader, Rules},
    person::Phone,
    ports::{
        passwords::PasswordCheck,
        store::{StoreError, Unit},
        throttle::Verdict,
    },
    problems::{Problem, Problems},
    sms::unkept,
};

/// Who issued the secret, as apps show it.
const ISSUER: &str = "VoteAmerica";
/// How many telephones somebody may have.
const MOST_PHONES: usize = 5;
/// How many dots a module of a QR code is wide.
const MODULE: u32 = 5;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum TwoFactorError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// There is no such factor, or nothing that awaits a code.
    #[error("no such factor")]
    NotFound,
    /// The session has ended, or a code has to be shown first.
    #[error("not signed in with a second factor")]
    NotVerified,
    /// Tried too often; one more is allowed in so long.
    #[error("tried too often")]
    Throttled(TimeDelta),
    /// It is the only factor there is, or the only one that opens the site at present.
    #[error("the only second factor")]
    LastOne,
    /// The telephone asked for no texts: write START from it to the number that texts codes.
    #[error("the telephone asked for no texts")]
    Stopped {
        /// The number that texts codes.
        code_number: Phone,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an authenticator app is told. Has no `Debug`: it is a secret.
pub struct AuthenticatorSetup {
    /// The secret in groups of four, to type.
    pub secret: String,
    /// The same with everything around it, as apps read it: `otpauth://totp/…`.
    pub uri: String,
    /// That as a picture, to photograph: an SVG document.
    pub qr: String,
}

/// A factor that counts from now on.
pub struct Confirmed {
    /// The session, under its new token.
    pub session: Session,
    /// Codes to print, where none were left: they cannot be shown again.
    pub codes: Option<Vec<String>>,
}

/// Locks whoever has the session, which must still be open and may change factors.
async fn locked(
    app: &App,
    unit: &mut dyn Unit,
    session: &Session,
) -> Result<(User, Session, Factors), TwoFactorError> {
    let locked = unit.accounts_mut().lock(session.user).await?;
    let user = locked.filter(|it| it.is_active).ok_or(TwoFactorError::NotVerified)?;
    let current = session::current(unit, session, app.now()).await?.ok_or(TwoFactorError::NotVerified)?;
    let factors = factor::of(app, unit, user.id).await?;
    let may = match current.stage {
        SessionStage::Password => false,
        SessionStage::SignedIn => !factors.is_set_up(),
        SessionStage::Verified => true,
    };
    if may { Ok((user, current, factors)) } else { Err(TwoFactorError::NotVerified) }
}

async fn note(app: &App, unit: &mut dyn Unit, user: UserId, act: &str) -> Result<(), StoreError> {
    Change::new(app, Some(user), User::KIND, user, act).write(unit).await
}

/// Begins to set up an authenticator app, with a new secret. It counts once a code of it was shown.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn begin_authenticator(
    app: &App,
    session: &Session,
    random: [u8; 32],
) -> Result<(), TwoFactorError> {
    let mut unit = app.store.begin().await?;
    let (user, ..) = locked(app, unit.as_mut(), session).await?;
    let now = app.now();
    for it in unit.accounts_mut().authenticators(user.id).await? {
        if it.confirmed_at.is_none() {
            let removed_at = Some(now);
            unit.accounts_mut().update_authenticator(&Authenticator { removed_at, ..it }).await?;
        }
    }
    let authenticator = Authenticator {
        id: AuthenticatorId(app.ids.uuid()),
        user: user.id,
        secret: random[..otp::SECRET_BYTES].to_vec(),
        confirmed_at: None,
        last_step: 0,
        removed_at: None,
        created_at: now,
    };
    unit.accounts_mut().insert_authenticator(&authenticator).await?;
    unit.commit().await?;
    Ok(())
}

/// What the app is told that somebody is setting up.
///
/// # Errors
/// When the store fails.
pub async fn pending_authenticator(app: &App, user: &User) -> Result<Option<AuthenticatorSetup>, StoreError> {
    let apps = app.store.view().await?.accounts().authenticators(user.id).await?;
    let pending = apps.into_iter().rev().find(|it| it.confirmed_at.is_none());
    Ok(pending.and_then(|it| setup(&it.secret, &user.email)))
}

/// Nothing for an address that is too long for a picture.
fn setup(secret: &[u8], email: &str) -> Option<AuthenticatorSetup> {
    let text = otp::base32(secret);
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|it| if it.is_ascii_alphanumeric() { char::from(it).into() } else { format!("%{it:02X}") })
            .collect()
    };
    let (issuer, email) = (escape(ISSUER), escape(email));
    let uri = format!(
        "otpauth://totp/{issuer}:{email}?secret={text}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    );
    let code = QrCode::new(&uri).ok()?;
    let qr = code.render::<svg::Color<'_>>().module_dimensions(MODULE, MODULE).build();
    let groups: Vec<&str> = (0..text.len()).step_by(4).map(|at| &text[at..text.len().min(at + 4)]).collect();
    Some(AuthenticatorSetup { secret: groups.join(" "), uri, qr })
}

/// Reads a code, of which only so many are looked at.
async fn code(app: &App, session: &Session, input: &Input) -> Result<String, TwoFactorError> {
    let mut reader = Reader::whole(input);
    let code = reader.text("code", Rules::required().at_most(LONGEST_CODE)).value();
    reader.into_problems().into_result()?;
    let quota = app.settings.rate_limits.codes_per_account;
    match app.may(&format!("code:{}", session.user), quota).await {
        Verdict::Wait(wait) => Err(TwoFactorError::Throttled(wait)),
        Verdict::Allowed => Ok(otp::plain(&code.unwrap_or_default())),
    }
}

fn wrong_code() -> TwoFactorError {
    let what =
        "This code is not right. Codes change every half minute: wait for the next one, and try again.";
    Problems::one("code", Problem::Other("problem-code", what.into())).into()
}

/// The app counts from now on, in place of the one before, as a code of it is shown.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn confirm_authenticator(
    app: &App,
    session: &Session,
    input: &Input,
    random: [u8; 32],
    token_hash: [u8; 32],
) -> Result<Confirmed, TwoFactorError> {
    let shown = code(app, session, input).await?;
    let mut unit = app.store.begin().await?;
    let (user, current, factors) = locked(app, unit.as_mut(), session).await?;
    let apps = unit.accounts_mut().authenticators(user.id).await?;
    let Some(mut pending) = apps.iter().rev().find(|it| it.confirmed_at.is_none()).cloned() else {
        return Err(TwoFactorError::NotFound);
    };
    let step = otp::step_at(app.now());
    let taken = otp::step_of(&pending.secret, &shown, step - 1..=step + 1, pending.last_step);
    pending.last_step = taken.ok_or_else(wrong_code)?;
    pending.confirmed_at = Some(app.now());
    unit.accounts_mut().update_authenticator(&pending).await?;
    for it in apps.into_iter().filter(|it| it.id != pending.id) {
        let removed_at = Some(app.now());
        unit.accounts_mut().update_authenticator(&Authenticator { removed_at, ..it }).await?;
    }
    note(app, unit.as_mut(), user.id, "set_up_authenticator").await?;
    confirmed(app, unit, &current, &factors, random, token_hash).await
}

/// What is done once a factor is confirmed.
async fn confirmed(
    app: &App,
    mut unit: Box<dyn Unit>,
    session: &Session,
    before: &Factors,
    random: [u8; 32],
    token_hash: [u8; 32],
) -> Result<Confirmed, TwoFactorError> {
    let session = bring_to(app, unit.as_mut(), session, SessionStage::Verified, Some(token_hash)).await?;
    if !before.is_set_up() {
        unit.sessions_mut().remove_others(session.user, Some(session.id)).await?;
    }
    let codes = match before.codes_left {
        0 => Some(factor::print(app, unit.as_mut(), session.user, random).await?),
        _ => None,
    };
    unit.commit().await?;
    Ok(Confirmed { session, codes })
}

/// Begins to set up a telephone, and texts a code to it. It counts once that code was shown.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn begin_phone(
    app: &App,
    session: &Session,
    input: &Input,
    random: [u8; 32],
) -> Result<PhoneFactorId, TwoFactorError> {
    let code_number = app.settings.account.code_number.clone().ok_or(TwoFactorError::NotFound)?;
    let mut reader = Reader::whole(input);
    let number = reader.phone("number", Rules::required()).value();
    reader.into_problems().into_result()?;
    let Some(number) = number else { return Err(TwoFactorError::NotFound) };
    may_text(app, session.user).await?;
    let mut unit = app.store.begin().await?;
    let (user, _, factors) = locked(app, unit.as_mut(), session).await?;
    refuse_known(&factors, &number)?;
    refuse_stopped(app, unit.as_mut(), &number, code_number).await?;
    let now = app.now();
    for it in unit.accounts_mut().phones(user.id).await? {
        if it.confirmed_at.is_none() {
            let removed_at = Some(now);
            unit.accounts_mut().update_phone(&PhoneFactor { removed_at, ..it }).await?;
        }
    }
    let phone = PhoneFactor {
        id: PhoneFactorId(app.ids.uuid()),
        user: user.id,
        number,
        secret: random[..otp::SECRET_BYTES].to_vec(),
        is_backup: factors.is_set_up(),
        confirmed_at: None,
        last_step: 0,
        removed_at: None,
        created_at: now,
    };
    unit.accounts_mut().insert_phone(&phone).await?;
    unit.jobs_mut().enqueue(&SendCode::now(app, &phone).job(app)).await?;
    unit.commit().await?;
    Ok(phone.id)
}

/// # Errors
/// When there are too many telephones, or this one is among them.
fn refuse_known(factors: &Factors, number: &Phone) -> Result<(), Problems> {
    let what = if factors.phones.iter().any(|it| it.number == *number) {
        "This telephone gets codes already."
    } else if factors.phones.len() >= MOST_PHONES {
        "There are enough telephones. Remove one first."
    } else {
        return Ok(());
    };
    Err(Problems::one("number", Problem::Other("problem-phone-known", what.into())))
}

/// Whoever waits for a code that will not come is told why.
///
/// # Errors
/// [`TwoFactorError::Stopped`] when no code would go to the telephone.
async fn refuse_stopped(
    app: &App,
    unit: &mut dyn Unit,
    number: &Phone,
    code_number: Phone,
) -> Result<(), TwoFactorError> {
    match unkept::refusal(app, unit, number, Purpose::Code).await? {
        None => Ok(()),
        Some(rule) => {
            tracing::debug!(%rule, "a code is not texted");
            Err(TwoFactorError::Stopped { code_number })
        }
    }
}

/// # Errors
/// [`TwoFactorError::Throttled`] when too many codes were texted.
async fn may_text(app: &App, user: UserId) -> Result<(), TwoFactorError> {
    let quota = app.settings.rate_limits.code_texts_per_account;
    match app.may(&format!("code text:{user}"), quota).await {
        Verdict::Allowed => Ok(()),
        Verdict::Wait(wait) => Err(TwoFactorError::Throttled(wait)),
    }
}

/// The telephone of somebody that awaits its code.
///
/// # Errors
/// When the store fails.
pub async fn pending_phone(
    app: &App,
    user: &User,
    id: PhoneFactorId,
) -> Result<Option<PhoneFactor>, StoreError> {
    let phones = app.store.view().await?.accounts().phones(user.id).await?;
    Ok(phones.into_iter().find(|it| it.id == id && it.confirmed_at.is_none()))
}

/// Texts a code to a telephone of somebody: one that counts, while the session awaits a code; one that awaits its code too,
/// later.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn send_code(app: &App, session: &Session, phone: PhoneFactorId) -> Result<(), TwoFactorError> {
    let code_number = app.settings.account.code_number.clone().ok_or(TwoFactorError::NotFound)?;
    may_text(app, session.user).await?;
    let mut unit = app.store.begin().await?;
    let current = session::current(unit.as_mut(), session, app.now()).await?;
    let Some(current) = current else { return Err(TwoFactorError::NotVerified) };
    let phones = unit.accounts_mut().phones(session.user).await?;
    let is_pending_fine = current.stage != SessionStage::Password;
    let found = phones.iter().find(|it| it.id == phone && (it.confirmed_at.is_some() || is_pending_fine));
    let Some(found) = found else { return Err(TwoFactorError::NotFound) };
    refuse_stopped(app, unit.as_mut(), &found.number, code_number).await?;
    unit.jobs_mut().enqueue(&SendCode::now(app, found).job(app)).await?;
    unit.commit().await?;
    Ok(())
}

/// The telephone counts from now on, as the code is shown that was texted to it.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn confirm_phone(
    app: &App,
    session: &Session,
    id: PhoneFactorId,
    input: &Input,
    random: [u8; 32],
    token_hash: [u8; 32],
) -> Result<Confirmed, TwoFactorError> {
    let shown = code(app, session, input).await?;
    let mut unit = app.store.begin().await?;
    let (user, current, factors) = locked(app, unit.as_mut(), session).await?;
    let phones = unit.accounts_mut().phones(user.id).await?;
    let Some(mut phone) = phones.into_iter().find(|it| it.id == id && it.confirmed_at.is_none()) else {
        return Err(TwoFactorError::NotFound);
    };
    refuse_known(&factors, &phone.number)?;
    let steps = factor::of_a_text(otp::step_at(app.now()));
    let taken = otp::step_of(&phone.secret, &shown, steps, phone.last_step);
    phone.last_step = taken.ok_or_else(wrong_code)?;
    phone.confirmed_at = Some(app.now());
    phone.is_backup = factors.is_set_up();
    unit.accounts_mut().update_phone(&phone).await?;
    note(app, unit.as_mut(), user.id, "set_up_phone").await?;
    confirmed(app, unit, &current, &factors, random, token_hash).await
}

/// A telephone gets no codes any more.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn remove_phone(app: &App, session: &Session, id: PhoneFactorId) -> Result<(), TwoFactorError> {
    let mut unit = app.store.begin().await?;
    let (user, _, factors) = locked(app, unit.as_mut(), session).await?;
    let phones = unit.accounts_mut().phones(user.id).await?;
    let found = phones.into_iter().find(|it| it.id == id).ok_or(TwoFactorError::NotFound)?;
    if found.confirmed_at.is_some() && factors.count() == 1 {
        return Err(TwoFactorError::LastOne);
    }
    let removed_at = Some(app.now());
    unit.accounts_mut().update_phone(&PhoneFactor { removed_at, ..found }).await?;
    note(app, unit.as_mut(), user.id, "removed_phone").await?;
    unit.commit().await?;
    Ok(())
}

/// The authenticator app counts no more.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn remove_authenticator(app: &App, session: &Session) -> Result<(), TwoFactorError> {
    let mut unit = app.store.begin().await?;
    let (user, _, factors) = locked(app, unit.as_mut(), session).await?;
    if factors.authenticator.is_none() {
        return Err(TwoFactorError::NotFound);
    }
    // a telephone does not take its place while nobody is texted
    if !(Factors { authenticator: None, ..factors }).takes_codes() {
        return Err(TwoFactorError::LastOne);
    }
    for it in unit.accounts_mut().authenticators(user.id).await? {
        let removed_at = Some(app.now());
        unit.accounts_mut().update_authenticator(&Authenticator { removed_at, ..it }).await?;
    }
    note(app, unit.as_mut(), user.id, "removed_authenticator").await?;
    unit.commit().await?;
    Ok(())
}

/// Prints ten codes; those before are void. They cannot be shown again.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn print_codes(
    app: &App,
    session: &Session,
    random: [u8; 32],
) -> Result<Vec<String>, TwoFactorError> {
    let mut unit = app.store.begin().await?;
    let (user, _, factors) = locked(app, unit.as_mut(), session).await?;
    if !factors.is_set_up() {
        return Err(TwoFactorError::NotFound);
    }
    let codes = factor::print(app, unit.as_mut(), user.id, random).await?;
    note(app, unit.as_mut(), user.id, "printed_codes").await?;
    unit.commit().await?;
    Ok(codes)
}

/// Takes all factors away, as the password is given once more: another has to be set up before anything else.
///
/// # Errors
/// See [`TwoFactorError`].
pub async fn disable(app: &App, session: &Session, input: &Input) -> Result<Session, TwoFactorError> {
    let mut reader = Reader::whole(input);
    let password = rules::typed(&mut reader, input, "password");
    reader.into_problems().into_result()?;
    let Some(password) = password else { return Err(TwoFactorError::NotVerified) };
    let quota = app.settings.rate_limits.codes_per_account;
    if let Verdict::Wait(wait) = app.may(&format!("password:{}", session.user), quota).await {
        return Err(TwoFactorError::Throttled(wait));
    }
    let hash = app.store.view().await?.accounts().by_id(session.user).await?.and_then(|it| it.password);
    if app.passwords.check(&password, hash.as_deref()).await == PasswordCheck::Wrong {
        return Err(Problems::one("password", rules::wrong_password()).into());
    }
    let mut unit = app.store.begin().await?;
    let (user, current, _) = locked(app, unit.as_mut(), session).await?;
    factor::clear(app, unit.as_mut(), user.id).await?;
    let session = bring_to(app, unit.as_mut(), &current, SessionStage::SignedIn, None).await?;
    unit.sessions_mut().remove_others(user.id, Some(session.id)).await?;
    note(app, unit.as_mut(), user.id, "disabled_second_factor").await?;
    unit.commit().await?;
    Ok(session)
}
