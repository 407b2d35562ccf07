//! `turnout-server import`, from the command line, on the shared files.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use turnout_core::{
    address::State,
    ids::RegionId,
    official::Region,
    ports::store::{RegionFilter, Store as _},
};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

#[expect(clippy::disallowed_methods, reason = "where the shared folder is, is told by the environment")]
fn shared(path: &str) -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    std::env::var_os("TURNOUT_SHARED").map_or(beside, PathBuf::from).join(path)
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear();
    command.output().unwrap()
}

/// What a command that succeeds prints.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that fails complains about.
fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn summary(folder: &Path, arguments: &[&str]) -> Value {
    let arguments = [&["import", "offices", "--json"], arguments].concat();
    serde_json::from_str(&said(folder, &arguments)).unwrap()
}

async fn regions(folder: &Path, state: State) -> Vec<Region> {
    let store = SqliteStore::open(folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    let mut view = store.view().await.unwrap();
    view.officials().regions(state, &RegionFilter::default()).await.unwrap()
}

async fn named(folder: &Path, state: State, name: &str) -> Option<RegionId> {
    let regions = regions(folder, state).await;
    regions.iter().find(|region| region.name.as_deref() == Some(name)).map(|region| region.id)
}

fn migrated() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    said(folder.path(), &["migrate"]);
    folder
}

#[tokio::test]
async fn without_a_list_regions_are_those_of_the_census_and_a_list_takes_their_place() {
    let kept = migrated();
    let folder = kept.path();
    let old = RegionId(9_000_012_027);
    assert_eq!(named(folder, State::Fl, "DeSoto County").await, Some(old));
    assert_eq!(named(folder, State::Ny, "New York City: Brooklyn").await, Some(RegionId(9_000_036_047)));
    assert_eq!(regions(folder, State::Ak).await.len(), 5);
    assert_eq!(regions(folder, State::Pr).await.len(), 0);
    let before = regions(folder, State::Ga).await;
    said(folder, &["migrate"]);
    assert_eq!(regions(folder, State::Ga).await, before, "the numbers stay");

    let list = json!({"objects": [
        {"id": 430_666, "region_name": "De Soto County", "state_abbr": "FL", "county_name": "De Soto County"},
        {"id": 7, "region": "/eod/v3/regions/430666", "addresses": [{"id": 8, "street1": "201 E Oak St", "city": "Arcadia",
            "state": "FL", "zip": "34266", "main_phone_number": "863-993-4871", "functions": ["DOM_VR"]}]},
    ]});
    fs::write(folder.join("list.json"), list.to_string()).unwrap();
    let dry = summary(folder, &["--dry-run", "list.json"]);
    assert_eq!((&dry["regions"]["added"], &dry["dry_run"]), (&json!(1), &json!(true)));
    assert_eq!(regions(folder, State::Fl).await.len(), 67);

    let first = summary(folder, &["list.json"]);
    assert_eq!(first["addresses"], json!({"added": 1, "changed": 0, "unchanged": 0, "gone": 0}));
    let replaced = first["replaced"].as_array().unwrap();
    assert_eq!(replaced.len(), 67);
    assert!(replaced.contains(&json!({"generated": old, "region": 430_666})));
    let listed = regions(folder, State::Fl).await;
    assert_eq!(listed.iter().map(|region| region.id).collect::<Vec<_>>(), [RegionId(430_666)]);
    assert_eq!(regions(folder, State::Ga).await, before);

    let found = said(folder, &["match", "319 S Brevard Ave, Arcadia FL 34266"]);
    assert!(found.starts_with("one: De Soto County (430666)"), "{found}");

    let again = summary(folder, &["list.json"]);
    assert_eq!(again["regions"], json!({"added": 0, "changed": 0, "unchanged": 1, "gone": 0}));
    assert_eq!(again["replaced"], json!([]));
    said(folder, &["migrate"]);
    assert_eq!(regions(folder, State::Fl).await.len(), 1, "generated ones stay away");
}

#[tokio::test]
async fn a_table_is_imported_and_one_with_mistakes_leaves_everything_as_it_was() {
    let kept = migrated();
    let folder = kept.path();
    let head = "region_id,region_name,state_abbr,office_id,address_id,street1,city,state,zip,functions\n";
    fs::write(
        folder.join("good.csv"),
        format!("{head}1,Town of Brookline,MA,2,3,333 Washington St,Brookline,MA,02445,DOM_VR\n"),
    )
    .unwrap();
    let text = said(folder, &["import", "offices", "good.csv"]);
    assert!(text.lines().nth(1).unwrap().split_whitespace().eq(["regions", "1", "0", "0", "0"]), "{text}");
    assert!(text.contains("14 generated regions gave way"), "{text}");

    fs::write(folder.join("bad.csv"), format!("{head}1,Renamed,MA,,,,,,,\n2,B,ZZ,,,,,,,\n3,,MA,x,,,,,,\n"))
        .unwrap();
    let text = complaint(folder, &["import", "offices", "bad.csv"]);
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        [
            "Nothing was imported. What is wrong with the list, 3 in all:",
            "  bad.csv, row 3: state_abbr \"ZZ\" must be the code of a state, such as MA",
            "  bad.csv, row 4: region_name is missing",
            "  bad.csv, row 4: office_id must be a whole number from 1 to 8999999999",
        ]
    );
    assert!(complaint(folder, &["import", "offices", "none.csv"]).contains("none.csv cannot be read"));
    assert_eq!(named(folder, State::Ma, "Town of Brookline").await, Some(RegionId(1)));
}

/// A row of a table of PostGIS: a rectangle in degrees.
fn row(key: &str, name: &str, kind: &str, [west, south, east, north]: [f64; 4]) -> String {
    let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let head = [&[1][..], &0x2000_0003_u32.to_le_bytes(), &4326_u32.to_le_bytes()].concat();
    let counts = [1_u32.to_le_bytes(), 5_u32.to_le_bytes()].concat();
    let points = corners.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()].concat()).collect();
    format!("{key},{name},{kind},{}\n", hex::encode([head, counts, points].concat()))
}

#[test]
fn tables_of_postgis_are_imported_and_wrong_ones_leave_everything_as_it_was() {
    let kept = migrated();
    let folder = kept.path();
    let head = "geoid,name,lsad,geom\n";
    let georgia = row("5001127700", "Georgia", "43", [-73.3, 44.6, -73.0, 44.8]);
    fs::write(folder.join("towns.csv"), format!("{head}{georgia}")).unwrap();
    fs::write(folder.join("broken.csv"), format!("{head}{georgia}{}", georgia.replace(",0103", ",0102")))
        .unwrap();
    let text = complaint(folder, &["import", "gis", "--layer", "municipality", "towns.csv", "broken.csv"]);
    assert!(text.contains("broken.csv cannot be imported; nothing was") && text.contains("row 3"), "{text}");
    let text = complaint(folder, &["import", "streets", "--state", "VT", "towns.csv"]);
    assert!(text.contains("no line"), "{text}");
    assert!(!folder.join("var/gis/municipality-VT.tgeo").exists());

    said(folder, &["import", "gis", "--layer", "municipality", "--vintage", "2024", "towns.csv"]);
    let found = said(folder, &["match", "4416 Ethan Allen Hwy, Georgia VT 05478", "--explain"]);
    assert!(found.contains("Georgia"), "{found}");
    assert!(folder.join("var/gis/municipality-VT.tgeo").exists());
}

#[test]
fn counties_with_finer_borders_are_imported_where_they_are_the_same_counties() {
    let kept = migrated();
    let folder = kept.path();
    let counties = shared("data/counties_500k/cb_2016_us_county_500k.shp");
    let text = said(folder, &["import", "gis", "--state", "DE", counties.to_str().unwrap()]);
    assert!(text.contains("county-DE") && text.contains("3 areas of 2016"), "{text}");
    assert!(folder.join("var/gis/county-DE.tgeo").exists());

    // planning regions have taken their place since
    let head = "geoid,name,lsad,geom\n";
    let region = row("09110", "Capitol", "PL", [-73.0, 41.5, -72.3, 42.0]);
    let counties = ["10001", "10003", "10005"].map(|key| row(key, key, "06", [-75.7, 38.5, -75.1, 39.7]));
    fs::write(folder.join("ct.csv"), format!("{head}{region}")).unwrap();
    fs::write(folder.join("both.csv"), format!("{head}{region}{}", counties.concat())).unwrap();
    let text = complaint(folder, &["import", "gis", "--layer", "county", "ct.csv"]);
    assert!(
        text.contains("nothing was imported: CT has other counties here than in 2016; unknown: 09110"),
        "{text}"
    );
    let text = said(folder, &["import", "gis", "--layer", "county", "--vintage", "2024", "both.csv"]);
    assert!(text.contains("left out: CT has other counties") && text.contains("3 areas of 2024"), "{text}");
    assert!(!folder.join("var/gis/county-CT.tgeo").exists());
}

#[tokio::test]
async fn boundaries_of_the_census_and_of_others_are_imported_and_found_by() {
    let kept = migrated();
    let folder = kept.path();
    let towns = shared("data/ma_towns_census_75m.geojson");
    let [towns, places, districts] = [
        towns,
        shared("data/tiger_place/tl_2019_55_place.zip"),
        shared("data/ak_house_districts_2013plan.geojson.gz"),
    ]
    .map(|path| path.to_str().unwrap().to_owned());
    let text = complaint(folder, &["import", "gis", &towns]);
    assert!(text.contains("say what it holds: --layer municipality"), "{text}");
    let text = complaint(folder, &["import", "gis", "--layer", "district", &districts]);
    assert!(text.contains("--plan 2013"), "{text}");
    let states = shared("data/counties_500k/cb_2016_us_state_500k.shp");
    let text = complaint(folder, &["import", "gis", states.to_str().unwrap()]);
    assert!(
        text.contains("it holds state; boundaries are imported of cousub, place, sldl and county"),
        "{text}"
    );
    assert!(!folder.join("var/gis/place-WI.tgeo").exists());

    let dry = said(folder, &["import", "gis", "--dry-run", &places]);
    assert!(dry.contains("place-WI") && dry.contains("of 2019") && dry.contains("dry run"), "{dry}");
    assert!(!folder.join("var/gis/place-WI.tgeo").exists());
    said(folder, &["import", "gis", &places]);
    said(folder, &["import", "gis", "--layer", "municipality", "--vintage", "2020", &towns]);
    said(folder, &["import", "gis", "--layer", "district", "--plan", "2013", &districts]);

    // 351 towns in the place of 14 counties, by the numbers of the Census
    let massachusetts = regions(folder, State::Ma).await;
    assert_eq!(massachusetts.len(), 351);
    assert_eq!(named(folder, State::Ma, "Brookline").await, Some(RegionId(9_000_000_000 + 2_502_109_175)));
    let found = said(folder, &["match", "52A St Paul St, Brookline MA 02446"]);
    assert!(found.contains("Brookline (11502109175)"), "{found}");
    assert!(named(folder, State::Wi, "Dane County").await.is_some());

    let damaged = folder.join("damaged.zip");
    fs::write(&damaged, &fs::read(&places).unwrap()[..10_000]).unwrap();
    let text = complaint(folder, &["import", "gis", "damaged.zip"]);
    assert!(text.contains("no archive that can be read"), "{text}");
    let text = said(folder, &["import", "gis", &places]);
    assert!(text.contains("place-WI"), "again gives the same: {text}");
}

/// A square as GeoJSON.
fn square(properties: Value, west: f64, south: f64, side: f64) -> String {
    let (east, north) = (west + side, south + side);
    let ring = json!([[west, south], [east, south], [east, north], [west, north], [west, south]]);
    json!({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}},
    ]})
    .to_string()
}

#[tokio::test]
async fn files_of_the_states_are_known_by_their_attributes() {
    let kept = migrated();
    let folder = kept.path();
    // the State House in meters of the Massachusetts mainland, as MassGIS has it
    let boston = json!({"TOWN_ID": 35, "TOWN": "BOSTON", "TYPE": "C"});
    fs::write(folder.join("towns.geojson"), square(boston, 230_000.0, 895_000.0, 10_000.0)).unwrap();
    let text = complaint(folder, &["import", "gis", "towns.geojson"]);
    assert!(text.contains("is it another projection?"), "{text}");
    let text = said(folder, &["import", "gis", "--epsg", "26986", "--vintage", "2023", "towns.geojson"]);
    assert!(text.starts_with("municipality-MA        1 areas of 2023"), "{text}");
    let madison = json!({"MCD_FIPS": "5502548000", "MCD_NAME": "Madison", "CTV": "C"});
    fs::write(folder.join("wi.geojson"), square(madison, -89.5, 43.0, 0.2)).unwrap();
    said(folder, &["import", "gis", "--vintage", "2020", "wi.geojson"]);

    let list = "region_id,region_name,state_abbr\n1,City of Boston,MA\n2,Town of Milton,MA\n\
                3,\"City of Madison, Dane County\",WI\n";
    fs::write(folder.join("list.csv"), list).unwrap();
    said(folder, &["import", "offices", "list.csv"]);
    for (address, region) in [
        (
            json!({"state": "MA", "city": "Boston", "lat": 42.3588, "lng": -71.0638}),
            "one: City of Boston (1)",
        ),
        (
            json!({"state": "WI", "city": "Madison", "lat": 43.0747, "lng": -89.3841}),
            "one: City of Madison, Dane County (3)",
        ),
    ] {
        let found = said(folder, &["match", &address.to_string()]);
        assert!(found.starts_with(region), "{found}");
    }
}

#[tokio::test]
async fn streets_of_the_census_and_of_a_city_are_imported() {
    let kept = migrated();
    let folder = kept.path();
    let meagher = shared("data/tiger_addrfeat/tl_2021_30059_addrfeat.shp");
    let meagher = meagher.to_str().unwrap();
    let text = said(folder, &["import", "streets", "--dry-run", meagher]);
    assert!(text.starts_with("streets-MT") && text.ends_with("this was a dry run.\n"), "{text}");
    assert!(!folder.join("var/gis/streets-MT.tgst").exists());
    let text = said(folder, &["import", "streets", meagher]);
    assert!(text.contains("from 1 files"), "{text}");
    assert!(folder.join("var/gis/streets-MT.tgst").exists());

    let cambridge = shared("data/cambridge_ma/TRANS_Centerlines.geojson");
    let cambridge = cambridge.to_str().unwrap();
    let text = complaint(folder, &["import", "streets", cambridge]);
    assert!(text.contains("which state TRANS_Centerlines.geojson is of"), "{text}");
    let text = complaint(folder, &["import", "streets", "--state", "MA", cambridge]);
    assert!(text.contains("there is no attribute TLID") && text.contains("--line"), "{text}");
    let named = [
        "--line",
        "ID",
        "--name",
        "Street",
        "--left",
        "L_From,L_To,ZIP_Left",
        "--right",
        "R_From,R_To,ZIP_Right",
    ];
    let text = said(folder, &[&["import", "streets", "--state", "MA"], &named[..], &[cambridge]].concat());
    assert!(text.starts_with("streets-MA"), "{text}");
    let boundaries = shared("data/tiger_place/tl_2019_55_place.zip");
    let text = complaint(folder, &["import", "streets", boundaries.to_str().unwrap()]);
    assert!(text.contains("no line") && text.contains("nothing was"), "{text}");
}
