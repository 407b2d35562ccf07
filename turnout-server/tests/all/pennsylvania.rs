//! Pennsylvania's registrar over real sockets, and the list of its counties.

use std::sync::Arc;

use chrono::TimeDelta;
use turnout_core::{
    address::State,
    conformance::{
        rows::registration,
        state_registrar::{Deed, FIRST_NAME, LICENSE, SSN4, StateOffice},
    },
    error::ProviderErrorKind,
    ids::RegionId,
    official::Region,
    person::Party,
    ports::state_registrar::{Application, StateRegistrar},
    register::counties,
    secret::StateIdNumber,
};
use turnout_server::{
    config::{Complaints, Config, Env, Role, Secret},
    providers::{http_client::Reqwest, pennsylvania::Pennsylvania},
    wiring,
};

use crate::support::{PENNSYLVANIA_KEY, PennsylvaniaOffice};

struct Loopback {
    registrar: Pennsylvania,
    office: PennsylvaniaOffice,
}

async fn open() -> Loopback {
    let office = PennsylvaniaOffice::open().await;
    Loopback { registrar: registrar(&office, PENNSYLVANIA_KEY), office }
}

fn registrar(office: &PennsylvaniaOffice, key: &str) -> Pennsylvania {
    let (http, key) = (Arc::new(Reqwest::new().unwrap()), Some(Secret::new(key.to_owned())));
    Pennsylvania::new(http, &office.origin, key, TimeDelta::milliseconds(500))
}

impl StateOffice for Loopback {
    fn registrar(&self) -> &dyn StateRegistrar {
        &self.registrar
    }

    fn whole(&self) -> Application {
        let mut registration = registration();
        registration.name.first = Some(FIRST_NAME.into());
        registration.address.state = Some(State::Pa);
        registration.address.zipcode = Some("17325".into());
        registration.party = Some(Party::Republican);
        registration.state_fields = Some(serde_json::json!({"region_id": 1, "declaration": true}));
        let region = Region {
            id: RegionId(1),
            name: Some("Adams County".into()),
            county: None,
            municipality: None,
            municipality_type: None,
            state: Some(State::Pa),
            hidden: false,
            external_updated: None,
        };
        Application {
            registration,
            region: Some(region),
            license: Some(StateIdNumber::new(LICENSE.into())),
            ssn4: Some(StateIdNumber::new(SSN4.into())),
            signature: None,
        }
    }

    fn will(&self, deed: Deed) {
        self.office.will(deed);
    }

    fn reached(&self) -> usize {
        self.office.reached()
    }
}

turnout_core::state_registrar_conformance!(open);

#[tokio::test]
async fn counties_come_with_their_municipalities_and_half_a_list_is_none() {
    let it = open().await;
    let counties = it.registrar.counties().await.unwrap();
    assert_eq!(counties.len(), 67);
    assert_eq!((counties[0].county_id.as_str(), counties[0].county_name.as_str()), ("2290", "COUNTY 00"));
    let names: Vec<&str> =
        counties[0].municipalities.iter().map(|it| it.municipality_name.as_str()).collect();
    assert_eq!(names, ["COUNTY 00 BOROUGH & CITY", "COUNTY 00 TOWNSHIP"]);
    assert_eq!(counties[0].municipalities[0].municipality_id, "MN01");
    it.office.knows(66);
    assert_eq!(it.registrar.counties().await.unwrap_err().kind, ProviderErrorKind::Unintelligible);
    let stranger = registrar(&it.office, "wrong");
    assert_eq!(stranger.counties().await.unwrap_err().kind, ProviderErrorKind::Rejected);
}

#[tokio::test]
async fn settings_lead_to_the_state_and_to_a_file_for_everybody() {
    let (folder, office) = (tempfile::tempdir().unwrap(), PennsylvaniaOffice::open().await);
    let (data, origin) = (folder.path().display(), &office.origin);
    let settings = format!(
        "TURNOUT_DATA_DIR={data}\nPA_OVR_KEY={PENNSYLVANIA_KEY}\nPA_OVR_BASE_URL={origin}\nPA_COUNTIES_SYNC=true\n\
         PA_COUNTIES_CRON_HOUR=*/6"
    );
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(&settings, &mut complaints), Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    assert_eq!(config.settings.register.counties_at.as_deref(), Some("25 */6 * * *"));
    let wired = wiring::wire(&config).await.unwrap();
    let lists = counties::fetch(&wired.app).await.unwrap();
    assert_eq!(lists.len(), 1);
    counties::publish(&wired.app, &lists[0]).await.unwrap();
    let public = wired.local_files.as_ref().unwrap();
    let file = public.public.get("pa-counties/counties.json").await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&file.bytes).starts_with("[{\"county_id\":\"2290\""));
    wired.rows.close().await;
}
