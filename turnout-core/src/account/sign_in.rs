//! Signing in: by password, then by the code of a second factor (`flows.md` 20.1).
//!
//! A wrong password, an address that nobody has and an account that is closed get the same answer after the same time: each
//! has one password compared, and that costs the same whatever is kept
//! ([`PasswordHasher::check`](crate::ports::passwords::PasswordHasher::check)).

use chrono::TimeDelta;

use super::{
    Session, SessionStage, User,
    factor::{self, Factors},
    rules,
    session::{self, NewSession},
};
use crate::{
    app::App,
    change::Change,
    ids::UserId,
    input::{Input, Reader, Rules},
    ports::{
        passwords::PasswordCheck,
        store::{StoreError, Unit},
        throttle::Verdict,
    },
    problems::Problems,
};

/// The most characters of what may be a code.
pub(super) const LONGEST_CODE: usize = 40;

/// Somebody who is signed in, or about to be.
#[derive(Debug)]
pub struct SignedIn {
    /// Who it is.
    pub user: User,
    /// The session; its stage says what comes next.
    pub session: Session,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Something was not filled in.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// It is not said what is wrong.
    #[error("not signed in")]
    Refused,
    /// Tried too often; one more is allowed in so long.
    #[error("tried too often")]
    Throttled(TimeDelta),
    /// The password was given too long ago, or the session was ended.
    #[error("the session has ended")]
    Expired,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The first step: address and password. `client` is what calls of one sender are counted under.
///
/// The session awaits the code where the person has a second factor; otherwise one has to be set up first.
///
/// # Errors
/// See [`SignInError`].
pub async fn sign_in(
    app: &App,
    input: &Input,
    client: &str,
    new: NewSession,
) -> Result<SignedIn, SignInError> {
    let mut reader = Reader::whole(input);
    let email = reader.text("email", Rules::required()).value();
    let password = rules::typed(&mut reader, input, "password");
    reader.into_problems().into_result()?;
    let (Some(email), Some(password)) = (email, password) else { return Err(SignInError::Refused) };
    may(app, &email, client).await?;

    let mut view = app.store.view().await?;
    let found = view.accounts().by_email(&email).await?.filter(|it| it.is_active);
    drop(view);
    let hash = found.as_ref().and_then(|it| it.password.as_deref());
    let check = app.passwords.check(&password, hash).await;
    let Some(found) = found.filter(|_| check != PasswordCheck::Wrong) else {
        tracing::info!(counter = "turnout.account.sign_in_refused", "a sign-in was refused");
        return Err(SignInError::Refused);
    };
    let better = match check {
        PasswordCheck::RightButOld => app.passwords.hash(&password, *app.ids.uuid().as_bytes()).await.ok(),
        PasswordCheck::Right | PasswordCheck::Wrong => None,
    };

    let mut unit = app.store.begin().await?;
    let locked = unit.accounts_mut().lock(found.id).await?;
    let Some(mut user) = locked.filter(|it| it.is_active && it.password == found.password) else {
        return Err(SignInError::Refused);
    };
    let factors = factor::of(app, unit.as_mut(), user.id).await?;
    let stage = if factors.is_set_up() { SessionStage::Password } else { SessionStage::SignedIn };
    let session = session::begin(app, unit.as_mut(), user.id, stage, new).await?;
    let is_better = better.is_some();
    if is_better {
        user.password = better;
    }
    if stage == SessionStage::SignedIn {
        user.last_login = Some(app.now());
        note(app, unit.as_mut(), user.id, "without a second factor").await?;
    }
    if is_better || stage == SessionStage::SignedIn {
        unit.accounts_mut().update(&user).await?;
    }
    unit.commit().await?;
    Ok(SignedIn { user, session })
}

/// Whether somebody may try to sign in once more.
///
/// # Errors
/// [`SignInError::Throttled`].
async fn may(app: &App, email: &str, client: &str) -> Result<(), SignInError> {
    let limits = &app.settings.rate_limits;
    for (key, quota) in [
        (format!("sign-in from:{client}"), limits.sign_ins_per_address),
        (format!("sign-in to:{}", email.to_lowercase()), limits.sign_ins_per_account),
    ] {
        if let Verdict::Wait(wait) = app.may(&key, quota).await {
            tracing::info!(counter = "turnout.account.sign_in_throttled", "sign-ins are held back");
            return Err(SignInError::Throttled(wait));
        }
    }
    Ok(())
}

/// The second step: a code of one of the person's factors, or one of those that were printed. From here on the session has
/// another token, so that nobody else who knew the first one is in.
///
/// # Errors
/// See [`SignInError`].
pub async fn second_step(
    app: &App,
    session: &Session,
    input: &Input,
    client: &str,
    token_hash: [u8; 32],
) -> Result<SignedIn, SignInError> {
    let mut reader = Reader::whole(input);
    let code = reader.text("code", Rules::required().at_most(LONGEST_CODE)).value();
    reader.into_problems().into_result()?;
    let Some(code) = code else { return Err(SignInError::Refused) };
    let limits = &app.settings.rate_limits;
    for (key, quota) in [
        (format!("sign-in from:{client}"), limits.sign_ins_per_address),
        (format!("code:{}", session.user), limits.codes_per_account),
    ] {
        if let Verdict::Wait(wait) = app.may(&key, quota).await {
            return Err(SignInError::Throttled(wait));
        }
    }

    let mut unit = app.store.begin().await?;
    let locked = unit.accounts_mut().lock(session.user).await?;
    let Some(mut user) = locked.filter(|it| it.is_active) else { return Err(SignInError::Expired) };
    let current = session::current(unit.as_mut(), session, app.now()).await?;
    let Some(current) = current.filter(|it| it.stage == SessionStage::Password) else {
        return Err(SignInError::Expired);
    };
    let Some(by) = factor::take(app, unit.as_mut(), user.id, &code).await? else {
        tracing::info!(counter = "turnout.account.code_refused", "a code was refused");
        return Err(SignInError::Refused);
    };
    let verified = SessionStage::Verified;
    let session = session::bring_to(app, unit.as_mut(), &current, verified, Some(token_hash)).await?;
    user.last_login = Some(app.now());
    unit.accounts_mut().update(&user).await?;
    note(app, unit.as_mut(), user.id, by).await?;
    unit.commit().await?;
    Ok(SignedIn { user, session })
}

async fn note(app: &App, unit: &mut dyn Unit, user: UserId, by: &str) -> Result<(), StoreError> {
    Change::new(app, Some(user), User::KIND, user, "signed_in").because(by).write(unit).await
}

/// By what somebody signs in beside the password.
///
/// # Errors
/// When the store fails.
pub async fn factors(app: &App, user: UserId) -> Result<Factors, StoreError> {
    let mut view = app.store.view().await?;
    factor::of(app, view.as_mut(), user).await
}
