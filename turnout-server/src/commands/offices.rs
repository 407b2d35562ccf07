//! `offices test-region`.

use std::process::ExitCode;

use clap::Subcommand;
use turnout_core::{
    App,
    address::State,
    ids::{OfficeAddressId, OfficeId, RegionId},
    official::{Office, OfficeAddress, Region},
    person::Phone,
};

use super::{over_rows, suppressions::address};

/// The ids of the Django service.
const REGION: RegionId = RegionId(999_999_999);
const OFFICE: OfficeId = OfficeId(999_999_998);
const ADDRESS: OfficeAddressId = OfficeAddressId(999_999_997);

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Puts a region for tests, with an office that is yours: what is sent to it goes to you. Lists leave it out; a request
    /// names it by its id, 999999999. Run it again to change it.
    TestRegion {
        /// The state it lies in.
        #[arg(long, value_name = "CODE", value_parser = state, default_value = "MA")]
        state: State,
        /// Where the office is mailed; not at all without it.
        #[arg(long, value_name = "ADDRESS", value_parser = address)]
        email: Option<String>,
        /// Where the office is faxed; not at all without it.
        #[arg(long, value_name = "NUMBER", value_parser = phone)]
        fax: Option<Phone>,
        /// Says what would be put, and puts nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

fn state(code: &str) -> Result<State, String> {
    State::parse(&code.to_ascii_uppercase()).ok_or_else(|| "this is no state: MA, for example".to_owned())
}

fn phone(text: &str) -> Result<Phone, String> {
    Phone::parse(text).ok_or_else(|| "this is no telephone number of the United States".to_owned())
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::TestRegion { state, email, fax, dry_run } = command;
    over_rows::print(async |app, _| put(app, *state, email.clone(), fax.clone(), *dry_run).await)
}

async fn put(
    app: &App,
    state: State,
    email: Option<String>,
    fax: Option<Phone>,
    dry_run: bool,
) -> anyhow::Result<String> {
    let (region, office, address) = rows(state, email, fax);
    let reached = match (&address.email, &address.fax) {
        (Some(_), Some(_)) => "by e-mail and fax",
        (Some(_), None) => "by e-mail",
        (None, Some(_)) => "by fax",
        (None, None) => "by nothing but paper: --email and --fax make it reachable",
    };
    let mut unit = app.store.begin().await?;
    let was_there = unit.officials().region(REGION).await?.is_some();
    unit.officials_mut().put_region(&region).await?;
    unit.officials_mut().put_office(&office).await?;
    unit.officials_mut().put_address(&address).await?;
    if !dry_run {
        unit.commit().await?;
    }
    let done = match (dry_run, was_there) {
        (true, false) => "It would be new; nothing was written",
        (true, true) => "It would be changed; nothing was written",
        (false, false) => "It is new",
        (false, true) => "It is changed",
    };
    Ok(format!(
        "The test region {REGION} of {}, with the office {OFFICE} and the address {ADDRESS}, hidden, reached {reached}. \
         {done}.\nLists of offices leave it alone, as it is hidden and none of them has it.\n",
        state.name()
    ))
}

fn rows(state: State, email: Option<String>, fax: Option<Phone>) -> (Region, Office, OfficeAddress) {
    let text = |text: &str| Some(text.to_owned());
    let region = Region {
        id: REGION,
        name: text("Test Region"),
        county: None,
        municipality: None,
        municipality_type: None,
        state: Some(state),
        hidden: true,
        external_updated: None,
    };
    let office =
        Office { id: OFFICE, region: Some(REGION), hours: None, notes: None, external_updated: None };
    let address = OfficeAddress {
        id: Some(ADDRESS),
        office: Some(OFFICE),
        address: text("Test Election Office"),
        address2: text("1 Main Street"),
        address3: None,
        city: text("Testville"),
        state: Some(state),
        zipcode: text("00000"),
        website: None,
        email,
        phone: None,
        fax,
        location: None,
        is_physical: true,
        is_regular_mail: true,
        process_domestic_registrations: true,
        process_absentee_requests: true,
        process_absentee_ballots: true,
        process_overseas_requests: true,
        process_overseas_ballots: true,
        external_updated: None,
    };
    (region, office, address)
}
