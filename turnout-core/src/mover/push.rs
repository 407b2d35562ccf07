//! People who moved are put onto the contact list (`flows.md` 17, 3).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Home, MoverLead, decided, jobs::load, leave_alone};
use crate::{
    address::Address,
    app::App,
    crm::{CrmLead, follow_meanwhile, push_lead},
    decision::{Channel, Decision},
    ids::MoverLeadId,
    jobs::{JobContext, JobError, NewJob},
    person::PersonName,
    ports::crm::CrmAccount,
    switch::{Switches, movers},
};

/// How long the contact list waits until it is known where somebody lives.
const AWAITS_PLACE: TimeDelta = TimeDelta::days(1);

/// Puts somebody who moved onto the contact list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Push {
    /// Which lead.
    pub lead: MoverLeadId,
}

/// Whether there is a contact list, and people who moved are put onto it.
pub(super) fn is_on(app: &App, switches: &Switches) -> bool {
    switches.flag(&movers::PUSH_TO_ACTIONNETWORK) && app.crm.has(&CrmAccount::Service)
}

impl Push {
    /// The job's name; its lane in the Django service is the same.
    pub const KIND: &'static str = "mover.push";

    /// The job, due now, once a lead.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).once(format!("{}:{}", Self::KIND, self.lead))
    }

    /// Tells the contact list, unless they said no, and notes what it calls them.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let lead = load(app, self.lead).await?;
        let switches = app.switches().await;
        let is_done = lead.crm_person.is_some() || lead.left_alone.is_some();
        if is_done || !is_on(app, &switches) {
            return Ok(());
        }
        // who is located later is told about then
        let is_fresh = app.now() - lead.created_at < AWAITS_PLACE;
        if switches.flag(&movers::GEOCODE) && lead.located_at.is_none() && is_fresh {
            return Ok(());
        }
        if let Decision::Refuse(rule) = decided(app, &lead, Channel::Email).await? {
            return Ok(leave_alone(app, self.lead, rule).await?);
        }
        let Some(person) = push_lead(app, contact(&app.settings.mover.source, &lead)).await? else {
            return Ok(());
        };
        app.reached("mover.after_push");
        let now = app.now();
        let mut unit = app.store.begin().await?;
        if let Some(mut lead) = unit.movers_mut().lock(self.lead).await? {
            (lead.crm_person, lead.modified_at) = (Some(person.0), now);
            unit.movers_mut().update(&lead).await?;
            if let Some(email) = &lead.email {
                follow_meanwhile(app, unit.as_mut(), email, None).await?;
            }
        }
        context.finish_in(unit.as_mut(), now).await?;
        Ok(unit.commit().await?)
    }
}

/// What the contact list is told: the new address is the person's, the rest stands in fields of the source's.
fn contact(source: &str, lead: &MoverLead) -> CrmLead {
    let mut fields = home("new", &lead.new);
    fields.extend(home("old", &lead.old));
    fields.extend([
        ("move_date".to_owned(), lead.move_date.map(|moment| moment.date_naive().to_string().into())),
        ("cross_state".to_owned(), lead.crossed_states().map(Value::from)),
        ("cross_region".to_owned(), lead.crossed_regions().map(Value::from)),
    ]);
    let known = fields.into_iter().filter_map(|(name, value)| Some((format!("{source}_{name}"), value?)));
    let (first, last) = (lead.first_name.clone(), lead.last_name.clone());
    CrmLead {
        source: source.to_owned(),
        name: PersonName { first, last, ..PersonName::default() },
        email: lead.email.clone(),
        address: lead.new.address.clone(),
        fields: known.collect(),
    }
}

fn home(side: &str, home: &Home) -> Vec<(String, Option<Value>)> {
    let Address { address1, city, state, zipcode, .. } = &home.address;
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let fields = [
        ("address", text(address1)),
        ("city", text(city)),
        ("state", state.map(|state| state.code().into())),
        ("zipcode", text(zipcode)),
        ("housing_tenure", text(&home.tenure)),
    ];
    fields.into_iter().map(|(name, value)| (format!("{side}_{name}"), value)).collect()
}
