//! Pennsylvania's registrar over real sockets, and the list of its counties.

use std::{path::Path, process::Command, sync::Arc};

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

fn settings(folder: &Path, office: &PennsylvaniaOffice) -> Vec<(&'static str, String)> {
    vec![
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef".into()),
        ("DEBUG", "true".into()),
        ("TURNOUT_DATA_DIR", folder.join("var").display().to_string()),
        ("PA_OVR_KEY", PENNSYLVANIA_KEY.into()),
        ("PA_OVR_BASE_URL", office.origin.to_string()),
    ]
}

/// What is published, as text.
async fn published(folder: &Path, office: &PennsylvaniaOffice) -> Option<String> {
    let settings: String =
        settings(folder, office).iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(&settings, &mut complaints), Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    let wired = wiring::wire(&config).await.unwrap();
    let public = wired.local_files.as_ref().unwrap();
    let file = public.public.get("pa-counties/counties.json").await.unwrap();
    wired.rows.close().await;
    file.map(|file| String::from_utf8(file.bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn the_command_shows_the_counties_or_publishes_them_and_half_a_list_changes_nothing() {
    let (folder, office) = (tempfile::tempdir().unwrap(), PennsylvaniaOffice::open().await);
    let folder = folder.path();
    let run = async |more: &[(&str, &str)], arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(folder).env_clear().envs(settings(folder, &office));
        command.envs(more.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!said.contains(PENNSYLVANIA_KEY), "{said}");
        (output.status.success(), said)
    };
    let sync = ["sync", "pa-counties"];
    let dry = ["sync", "pa-counties", "--dry-run"];
    assert!(run(&[], &["migrate"]).await.0);
    let (done, said) = run(&[], &dry).await;
    let counted = "67 counties with 134 municipalities: ";
    assert!(done && said.contains(&format!("{counted}not published, as this was a dry run.")), "{said}");
    assert_eq!(published(folder, &office).await, None);
    let (done, said) = run(&[], &sync).await;
    assert!(done && said.contains(&format!("{counted}published at http")), "{said}");
    assert!(said.contains("/pa-counties/counties.json"), "{said}");
    let whole = published(folder, &office).await.unwrap();
    assert!(whole.starts_with("[{\"county_id\":\"2290\",\"county_name\":\"COUNTY 00\""), "{whole}");
    assert_eq!(whole.matches("\"county_id\"").count(), 67);

    office.knows(66);
    for arguments in [&sync[..], &dry] {
        let (done, said) = run(&[], arguments).await;
        assert!(!done && said.contains("nothing was published"), "{said}");
    }
    office.knows(67);
    let (done, said) = run(&[("PA_OVR_KEY", "another")], &sync).await;
    assert!(!done && said.contains("nothing was published") && said.contains("rejected"), "{said}");
    let (done, said) = run(&[("PA_OVR_KEY", "")], &sync).await;
    assert!(!done && said.contains("sync pa-counties needs PA_OVR_KEY"), "{said}");
    assert_eq!(published(folder, &office).await, Some(whole));
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
