//! What somebody signs in by beside the password, and whether a code is one of theirs.

use hmac::Mac;
use subtle::ConstantTimeEq;

use super::{Authenticator, PhoneFactor, RecoveryCode, otp};
use crate::{
    app::App,
    ids::{RecoveryCodeId, RecoverySetId, UserId},
    ports::store::{StoreError, Unit, View},
    secret::SecretKey,
};

/// How many steps before the present one a texted code may be of (`tables.md` 9): it takes a while to arrive.
pub(super) const STEPS_OF_A_TEXT: i64 = 5;
/// How many codes are printed at once.
const PRINTED: u8 = 10;
/// How many characters each has: 50 bits.
const PRINTED_LENGTH: usize = 10;
/// What the key of the hashes of printed codes is for.
const PURPOSE: &str = "turnout.recovery_code";

/// What somebody signs in by beside the password: what was confirmed alone.
#[derive(Debug, Clone, Default)]
pub struct Factors {
    /// The authenticator app.
    pub authenticator: Option<Authenticator>,
    /// Telephones, those that are no backup first.
    pub phones: Vec<PhoneFactor>,
    /// How many printed codes are left.
    pub codes_left: usize,
    /// Whether codes are texted at all. No code of a telephone is taken otherwise.
    pub texts: bool,
}

impl Factors {
    /// Whether there is one. Printed codes alone are none, and a telephone is one even while nobody is texted: the account
    /// is not to be open to the password alone meanwhile.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        self.authenticator.is_some() || !self.phones.is_empty()
    }

    /// Whether a code of an app or a telephone is taken at present. Otherwise a printed one is all there is.
    #[must_use]
    pub fn takes_codes(&self) -> bool {
        self.authenticator.is_some() || (self.texts && !self.phones.is_empty())
    }

    /// How many there are, without printed codes.
    pub(super) fn count(&self) -> usize {
        usize::from(self.authenticator.is_some()) + self.phones.len()
    }
}

/// The factors of somebody.
pub(super) async fn of<V: View + ?Sized>(
    app: &App,
    view: &mut V,
    user: UserId,
) -> Result<Factors, StoreError> {
    let apps = view.accounts().authenticators(user).await?;
    let mut phones = view.accounts().phones(user).await?;
    phones.retain(|it| it.confirmed_at.is_some());
    phones.sort_by_key(|it| it.is_backup);
    let codes = view.accounts().recovery_codes(user).await?;
    Ok(Factors {
        authenticator: apps.into_iter().rev().find(|it| it.confirmed_at.is_some()),
        phones,
        codes_left: codes.iter().filter(|it| it.used_at.is_none()).count(),
        texts: app.settings.account.code_number.is_some(),
    })
}

/// Takes a code of somebody who is locked in this unit, if it is one: it is not taken again. Says of what it was.
pub(super) async fn take(
    app: &App,
    unit: &mut dyn Unit,
    user: UserId,
    shown: &str,
) -> Result<Option<&'static str>, StoreError> {
    let shown = otp::plain(shown);
    let step = otp::step_at(app.now());
    let factors = of(app, unit, user).await?;
    if let Some(mut it) = factors.authenticator
        && let Some(taken) = otp::step_of(&it.secret, &shown, step - 1..=step + 1, it.last_step)
    {
        it.last_step = taken;
        unit.accounts_mut().update_authenticator(&it).await?;
        return Ok(Some("by an authenticator app"));
    }
    for mut phone in factors.phones.into_iter().filter(|_| factors.texts) {
        if let Some(taken) = otp::step_of(&phone.secret, &shown, of_a_text(step), phone.last_step) {
            phone.last_step = taken;
            unit.accounts_mut().update_phone(&phone).await?;
            return Ok(Some("by a texted code"));
        }
    }
    let codes = unit.accounts_mut().recovery_codes(user).await?;
    let mut found = None;
    for code in codes.iter().filter(|it| it.used_at.is_none()) {
        if is_printed(app, code, &shown) {
            found = Some(code.id);
        }
    }
    let Some(code) = found else { return Ok(None) };
    let is_news = unit.accounts_mut().use_code(code, app.now()).await?;
    Ok(is_news.then_some("by a printed code"))
}

/// The steps of which a texted code may be.
pub(super) fn of_a_text(step: i64) -> std::ops::RangeInclusive<i64> {
    step - STEPS_OF_A_TEXT..=step
}

/// What is kept of a printed code of that set, blanks and hyphens aside.
pub(crate) fn printed_hash(secret: &SecretKey, set: RecoverySetId, code: &str) -> Vec<u8> {
    let mut mac = SecretKey::of_purpose(secret.bytes(), PURPOSE).mac(set.0.as_bytes());
    mac.update(otp::plain(code).as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Whether this is a printed code, under the present secret or the one before it.
fn is_printed(app: &App, code: &RecoveryCode, plain: &str) -> bool {
    let is = |secret: &SecretKey| bool::from(printed_hash(secret, code.set, plain).ct_eq(&code.hash));
    is(&app.secret) | app.previous_secret.as_deref().is_some_and(is)
}

/// Prints new codes for somebody; those before are void. Nobody can find them out again.
pub(super) async fn print(
    app: &App,
    unit: &mut dyn Unit,
    user: UserId,
    random: [u8; 32],
) -> Result<Vec<String>, StoreError> {
    let now = app.now();
    let set = RecoverySetId(app.ids.uuid());
    let random = SecretKey::new(random);
    let code = |number: u8| {
        let text = otp::base32(&random.mac(&[number]).finalize().into_bytes()).to_ascii_lowercase();
        format!("{}-{}", &text[..PRINTED_LENGTH / 2], &text[PRINTED_LENGTH / 2..PRINTED_LENGTH])
    };
    let codes: Vec<String> = (0..PRINTED).map(code).collect();
    let keep = |code: &String| RecoveryCode {
        id: RecoveryCodeId(app.ids.uuid()),
        set,
        hash: printed_hash(&app.secret, set, code),
        used_at: None,
        created_at: now,
    };
    let kept: Vec<RecoveryCode> = codes.iter().map(keep).collect();
    unit.accounts_mut().print_codes(user, set, now, &kept).await?;
    Ok(codes)
}

/// Takes away everything that somebody who is locked in this unit signs in by beside the password. Says whether there was
/// anything.
pub(super) async fn clear(app: &App, unit: &mut dyn Unit, user: UserId) -> Result<bool, StoreError> {
    let now = app.now();
    let apps = unit.accounts_mut().authenticators(user).await?;
    let phones = unit.accounts_mut().phones(user).await?;
    let had_any = !apps.is_empty() || !phones.is_empty();
    for it in apps {
        let removed_at = Some(now);
        unit.accounts_mut().update_authenticator(&Authenticator { removed_at, ..it }).await?;
    }
    for it in phones {
        let removed_at = Some(now);
        unit.accounts_mut().update_phone(&PhoneFactor { removed_at, ..it }).await?;
    }
    unit.accounts_mut().print_codes(user, RecoverySetId(app.ids.uuid()), now, &[]).await?;
    Ok(had_any)
}
