//! An organization asks to become a subscriber (`flows.md` 19.1).

use chrono::TimeDelta;
use serde_json::json;

use super::{Contact, Interest, InterestStatus, edit::contact, jobs::NotifyLead};
use crate::{
    app::App,
    asked::{self, Field},
    change::Change,
    ids::InterestId,
    input::{Given, Input, Reader, Rules},
    ports::{
        store::{StoreError, unless_absent},
        throttle::Verdict,
    },
    problems::{Problem, Problems},
    subscriber::{LONGEST_NAME, Plan, SmsMode, web_address},
};

/// The most characters of a tax number, with whatever is written around it.
pub(super) const LONGEST_EIN: usize = 20;

/// Why a wish was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// Something is wrong with the input; nothing was stored.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// Too many wishes; one more is allowed in so long.
    #[error("asked too often")]
    Throttled(TimeDelta),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

struct Draft {
    organization_name: Option<String>,
    website: Option<String>,
    contact: Contact,
    plan: Option<Plan>,
    ein: Option<String>,
    sms_mode: SmsMode,
}

fn read(reader: &mut Reader<'_>) -> Draft {
    let organization_name = reader.text("organization_name", Rules::required().at_most(LONGEST_NAME)).value();
    let website = web_address(reader, "website", true);
    let contact = contact(reader, "", Rules::required());
    // the free plan is not offered
    let offered = |wire: &str| Plan::parse(wire).filter(|plan| *plan != Plan::Free);
    let plan = reader.choice("plan", Rules::required(), offered).value();
    let ein = reader.text("ein", Rules::optional().or_null().or_blank().at_most(LONGEST_EIN)).value();
    let ein = ein.filter(|ein| !ein.is_empty());
    if plan == Some(Plan::Nonprofit) && ein.is_none() {
        reader.complain("ein", Problem::Required);
    }
    let offered = |wire: &str| SmsMode::parse(wire).filter(|mode| SmsMode::OFFERED.contains(mode));
    let sms_mode = match reader.choice("sms_mode", Rules::optional().or_blank(), offered) {
        Given::Value(mode) => mode,
        Given::Absent | Given::Null => SmsMode::BoxUnchecked,
    };
    Draft { organization_name, website, contact, plan, ein, sms_mode }
}

/// The fields that [`sign_up`] reads.
#[must_use]
pub fn fields() -> Vec<Field> {
    asked::fields(|input| {
        let _ = read(&mut Reader::whole(input));
    })
}

/// Keeps the wish, and has the team told of it. `client` is what calls of one sender are counted under.
///
/// # Errors
/// See [`SignUpError`].
pub async fn sign_up(app: &App, input: &Input, client: &str) -> Result<Interest, SignUpError> {
    let mut reader = Reader::whole(input);
    let draft = read(&mut reader);
    reader.into_problems().into_result()?;
    let quota = app.settings.rate_limits.leads_per_address;
    if let Verdict::Wait(wait) = app.may(&format!("leads:{client}"), quota).await {
        return Err(SignUpError::Throttled(wait));
    }
    let now = app.now();
    let interest = Interest {
        id: InterestId(app.ids.uuid()),
        organization_name: draft.organization_name,
        website: draft.website,
        contact: draft.contact,
        plan: draft.plan.unwrap_or(Plan::Premium),
        ein: draft.ein,
        sms_mode: draft.sms_mode,
        status: InterestStatus::Pending,
        reject_reason: None,
        nonprofit: None,
        product: None,
        created_at: now,
        modified_at: now,
    };
    let mut unit = app.store.begin().await?;
    unit.subscriptions_mut().insert_interest(&interest).await?;
    let after = json!({ "status": interest.status.wire(), "plan": interest.plan.wire() });
    let change = Change::new(app, None, Interest::KIND, interest.id, "created").from_to(None, Some(after));
    unless_absent(change.write(unit.as_mut()).await)?;
    if app.settings.subscription.notifies_of_leads {
        unit.jobs_mut().enqueue(&NotifyLead { interest: interest.id }.job(app)).await?;
    }
    unit.commit().await?;
    Ok(interest)
}
