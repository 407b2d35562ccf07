//! Optimizely: which features are on, by the data file that it publishes for an SDK key (`flows.md` 13; docs of Optimizely:
//! "Datafile", version 4, 2026-11). It is asked for the file alone; what is on is decided here, for one and the same
//! user, as that service asked.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        http::{HeaderName, HttpClient, HttpRequest, StatusCode},
        rollouts::Rollouts,
    },
    switch::{Setting, Switches},
};
use url::Url;

const NAME: &str = "optimizely";
const TIMEOUT: TimeDelta = TimeDelta::seconds(5);
/// The most bytes of a data file.
const LARGEST: usize = 8 * 1024 * 1024;
/// Whom Optimizely is asked about (`flows.md` 13).
const USER: &str = "__anonymous__";
const ETAG: HeaderName = HeaderName::from_static("etag");
const IF_NONE_MATCH: HeaderName = HeaderName::from_static("if-none-match");

/// The switches of a data file. Until there is one, those that another source gives.
pub struct Optimizely {
    http: Arc<dyn HttpClient>,
    url: Url,
    before: Arc<dyn Rollouts>,
    /// Where the last good file is kept for the next start.
    copy: Option<PathBuf>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    switches: Arc<Switches>,
    file: Bytes,
    etag: Option<String>,
}

/// What asking for the file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// It is the one that is in force.
    Same,
    /// It is another one, which is in force now.
    Changed,
}

impl Optimizely {
    /// Asks at `base` for the file of this SDK key. Before the first file, `before` says what is on.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: &Url, key: &str, before: Arc<dyn Rollouts>) -> Self {
        let mut url = base.clone();
        url.set_path(&format!("/datafiles/{key}.json"));
        Self { http, url, before, copy: None, kept: Mutex::default() }
    }

    /// Keeps the last good file at this path, and begins with the one that is there. Reads a file.
    #[must_use]
    pub fn with_copy(mut self, path: PathBuf) -> Self {
        if let Ok(file) = std::fs::read(&path) {
            match read(&file) {
                Ok(switches) => {
                    let kept = Kept { switches: Arc::new(switches), file: file.into(), etag: None };
                    self.kept = Mutex::new(Some(kept));
                }
                Err(error) => tracing::warn!(%error, "the kept data file of Optimizely cannot be read"),
            }
        }
        self.copy = Some(path);
        self
    }

    /// Asks for the file. Whatever goes wrong, the last good one stays in force.
    ///
    /// # Errors
    /// When there is no answer, or it is no data file.
    pub async fn refresh(&self) -> Result<Refreshed, ProviderError> {
        let etag = self.kept().as_ref().and_then(|kept| kept.etag.clone());
        let mut request = HttpRequest::get(self.url.clone()).with_timeout(TIMEOUT).with_answer_limit(LARGEST);
        if let Some(etag) = &etag {
            request = request.with_header(IF_NONE_MATCH, etag).map_err(|error| error.at(NAME))?;
        }
        let response = self.http.send(request).await.map_err(|error| error.at(NAME))?;
        if response.status == StatusCode::NOT_MODIFIED && etag.is_some() {
            return Ok(Refreshed::Same);
        }
        let response = response.success(NAME)?;
        let switches = read(&response.body)
            .map_err(|error| ProviderError::new(NAME, ProviderErrorKind::Unintelligible).because(error))?;
        let etag = response.headers.get(&ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let file = response.body;
        let is_same = self.kept().as_ref().is_some_and(|kept| kept.file == file);
        *self.kept() = Some(Kept { switches: Arc::new(switches), file: file.clone(), etag });
        if is_same {
            return Ok(Refreshed::Same);
        }
        self.keep(file).await;
        Ok(Refreshed::Changed)
    }

    /// What cannot be kept is in force all the same.
    async fn keep(&self, file: Bytes) {
        let Some(path) = self.copy.clone() else { return };
        let written = tokio::task::spawn_blocking(move || write(&path, &file)).await;
        if let Err(error) = written.map_err(io::Error::other).flatten() {
            tracing::warn!(%error, "the data file of Optimizely cannot be kept for the next start");
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whole or not at all.
fn write(path: &Path, file: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension(format!("{}.part", std::process::id()));
    std::fs::write(&aside, file)?;
    std::fs::rename(aside, path)
}

#[async_trait]
impl Rollouts for Optimizely {
    async fn switches(&self) -> Arc<Switches> {
        let kept = self.kept().as_ref().map(|kept| Arc::clone(&kept.switches));
        match kept {
            Some(switches) => switches,
            None => self.before.switches().await,
        }
    }

    fn forget(&self) {
        self.before.forget();
    }
}

/// What is needed of a data file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataFile {
    version: String,
    feature_flags: Vec<Feature>,
    #[serde(default)]
    rollouts: Vec<Rollout>,
    #[serde(default)]
    experiments: Vec<Experiment>,
    #[serde(default)]
    groups: Vec<Group>,
    #[serde(default)]
    audiences: Vec<Audience>,
    #[serde(default)]
    typed_audiences: Vec<Audience>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feature {
    key: String,
    #[serde(default)]
    rollout_id: String,
    #[serde(default)]
    experiment_ids: Vec<String>,
    #[serde(default)]
    variables: Vec<Variable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variable {
    id: String,
    key: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    default_value: String,
}

#[derive(Deserialize)]
struct Rollout {
    id: String,
    experiments: Vec<Experiment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Experiment {
    id: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    audience_ids: Vec<String>,
    audience_conditions: Option<Value>,
    #[serde(default)]
    traffic_allocation: Vec<Traffic>,
    #[serde(default)]
    variations: Vec<Variation>,
    #[serde(default)]
    forced_variations: HashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    id: String,
    #[serde(default)]
    policy: String,
    #[serde(default)]
    traffic_allocation: Vec<Traffic>,
    experiments: Vec<Experiment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Traffic {
    #[serde(default)]
    entity_id: String,
    end_of_range: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variation {
    id: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    feature_enabled: bool,
    #[serde(default)]
    variables: Vec<Assigned>,
}

#[derive(Deserialize)]
struct Assigned {
    id: String,
    value: String,
}

#[derive(Deserialize)]
struct Audience {
    id: String,
    conditions: Value,
}

/// Why a file is no data file.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("the data file is not as expected at line {0}, column {1}")]
    Json(usize, usize),
    #[error("the data file is of another version than 4")]
    Version,
}

/// The switches that a data file turns on. Features and variables that nobody here knows are passed over.
fn read(file: &[u8]) -> Result<Switches, Unusable> {
    let file: DataFile =
        serde_json::from_slice(file).map_err(|error| Unusable::Json(error.line(), error.column()))?;
    if file.version != "4" {
        return Err(Unusable::Version);
    }
    let mut settings = Vec::new();
    for feature in &file.feature_flags {
        let variation = file.variation_of(feature).filter(|variation| variation.feature_enabled);
        let set = |variable: &str, value: Value| Setting {
            feature: feature.key.clone(),
            variable: variable.to_owned(),
            value,
            modified_at: chrono::DateTime::UNIX_EPOCH,
        };
        settings.push(set("", json!(variation.is_some())));
        let Some(variation) = variation else { continue };
        for variable in &feature.variables {
            let assigned = variation.variables.iter().find(|it| it.id == variable.id);
            let text = assigned.map_or(&variable.default_value, |it| &it.value);
            settings.extend(variable.value(text).map(|value| set(&variable.key, value)));
        }
    }
    let (switches, complaints) = Switches::of_settings_alone(&settings);
    let features = complaints.iter().filter(|complaint| !complaint.is_idle()).count();
    if features > 0 {
        // not which: they are named by whoever writes that file
        tracing::debug!(features, "features of Optimizely's data file have no effect");
    }
    Ok(switches)
}

impl Variable {
    fn value(&self, text: &str) -> Option<Value> {
        match self.kind.as_str() {
            "boolean" => text.parse::<bool>().ok().map(Value::from),
            "integer" => text.parse::<i64>().ok().map(Value::from),
            "double" => text.parse::<f64>().ok().map(Value::from),
            _ => Some(text.into()),
        }
    }
}

impl DataFile {
    /// What our one user is given of a feature: by the first of its experiments that takes part, otherwise by its rollout.
    fn variation_of(&self, feature: &Feature) -> Option<&Variation> {
        let tested = feature.experiment_ids.iter().find_map(|id| self.of_experiment(id));
        tested.or_else(|| {
            let rollout = self.rollouts.iter().find(|rollout| rollout.id == feature.rollout_id)?;
            self.of_rollout(rollout)
        })
    }

    fn of_experiment(&self, id: &str) -> Option<&Variation> {
        let grouped = self.groups.iter().find_map(|group| {
            Some((Some(group), group.experiments.iter().find(|experiment| experiment.id == id)?))
        });
        let alone = || Some((None, self.experiments.iter().find(|experiment| experiment.id == id)?));
        let (group, experiment) = grouped.or_else(alone)?;
        if experiment.status != "Running" {
            return None;
        }
        if let Some(key) = experiment.forced_variations.get(USER) {
            return experiment.variations.iter().find(|variation| variation.key == *key);
        }
        if let Some(group) = group.filter(|group| group.policy == "random")
            && allotted(&group.traffic_allocation, &group.id) != Some(id)
        {
            return None;
        }
        if self.is_for_us(experiment) { experiment.allotted() } else { None }
    }

    /// Rules one after the other. Who is meant by one and not let in by it gets the last one, which is for everybody.
    fn of_rollout<'a>(&self, rollout: &'a Rollout) -> Option<&'a Variation> {
        let (last, rules) = rollout.experiments.split_last()?;
        if let Some(rule) = rules.iter().find(|rule| self.is_for_us(rule))
            && let Some(variation) = rule.allotted()
        {
            return Some(variation);
        }
        if self.is_for_us(last) { last.allotted() } else { None }
    }

    /// Whether a user of whom nothing is known is meant.
    fn is_for_us(&self, experiment: &Experiment) -> bool {
        let conditions = match &experiment.audience_conditions {
            Some(conditions) => conditions.clone(),
            None => {
                let ids = experiment.audience_ids.iter().map(|id| json!(id));
                std::iter::once(json!("or")).chain(ids).collect()
            }
        };
        let is_everybody = conditions.as_array().is_some_and(|list| list.iter().all(is_operator));
        is_everybody || self.holds(&conditions, 0) == Some(true)
    }

    /// Whether conditions hold, where that is known: whatever is asked of an attribute of ours is not, but whether it is
    /// there.
    fn holds(&self, conditions: &Value, depth: usize) -> Option<bool> {
        if depth > 32 {
            return None;
        }
        match conditions {
            Value::String(text) if text.trim_start().starts_with(['[', '{']) => {
                self.holds(&serde_json::from_str(text).ok()?, depth + 1)
            }
            Value::String(id) => {
                let mut audiences = self.typed_audiences.iter().chain(&self.audiences);
                let audience = audiences.find(|audience| audience.id == *id)?;
                self.holds(&audience.conditions, depth + 1)
            }
            Value::Array(list) => {
                let (operator, rest) = match list.split_first() {
                    Some((first, rest)) if is_operator(first) => (first.as_str().unwrap_or("or"), rest),
                    _ => ("or", list.as_slice()),
                };
                let mut each = rest.iter().map(|condition| self.holds(condition, depth + 1));
                match operator {
                    "and" => each
                        .try_fold(Some(true), |all, one| match (all, one) {
                            (_, Some(false)) => Err(()),
                            (all, Some(true)) => Ok(all),
                            (_, None) => Ok(None),
                        })
                        .unwrap_or(Some(false)),
                    "not" => each.next().flatten().map(|holds| !holds),
                    _ => each
                        .try_fold(Some(false), |any, one| match (any, one) {
                            (_, Some(true)) => Err(()),
                            (any, Some(false)) => Ok(any),
                            (_, None) => Ok(None),
                        })
                        .unwrap_or(Some(true)),
                }
            }
            Value::Object(leaf) if leaf.get("match").and_then(Value::as_str) == Some("exists") => Some(false),
            _ => None,
        }
    }
}

fn is_operator(value: &Value) -> bool {
    matches!(value.as_str(), Some("and" | "or" | "not"))
}

impl Experiment {
    fn allotted(&self) -> Option<&Variation> {
        let id = allotted(&self.traffic_allocation, &self.id)?;
        self.variations.iter().find(|variation| variation.id == id)
    }
}

/// Whose share of the traffic our user falls into.
fn allotted<'a>(traffic: &'a [Traffic], parent: &str) -> Option<&'a str> {
    let place = place(&format!("{USER}{parent}"));
    let share = traffic.iter().find(|share| place < share.end_of_range)?;
    Some(share.entity_id.as_str()).filter(|id| !id.is_empty())
}

/// Where a text stands among ten thousand: by MurmurHash3 with the seed 1.
fn place(text: &str) -> u32 {
    let share = f64::from(murmur3(text.as_bytes(), 1)) / 4_294_967_296.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is less than ten thousand"
    )]
    let place = (share * 10_000.0).floor() as u32;
    place
}

/// MurmurHash3, of 32 bits (Austin Appleby, public domain).
fn murmur3(bytes: &[u8], seed: u32) -> u32 {
    let scrambled = |block: u32| block.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let mut hash = seed;
    let (blocks, tail) = bytes.as_chunks::<4>();
    for block in blocks {
        hash ^= scrambled(u32::from_le_bytes(*block));
        hash = hash.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    let rest = tail.iter().rev().fold(0, |rest, byte| (rest << 8) | u32::from(*byte));
    if !tail.is_empty() {
        hash ^= scrambled(rest);
    }
    #[expect(clippy::cast_possible_truncation, reason = "as the algorithm has it")]
    let length = bytes.len() as u32;
    hash ^= length;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use turnout_core::{
        address::State,
        memory::ScriptedHttp,
        ports::{
            Disabled,
            http::{HttpErrorKind, HttpResponse},
        },
        switch::{drip, locator_region, movote, smsbot, vbm_esign},
    };

    use super::*;

    const HOST: &str = "cdn.example.org";

    /// A rule that lets so many of ten thousand in.
    fn rule(id: &str, of: u32, on: bool, variables: &Value) -> Value {
        json!({
            "id": id, "key": id, "status": "Running", "layerId": "1", "audienceIds": [], "forcedVariations": {},
            "trafficAllocation": [{ "entityId": format!("v{id}"), "endOfRange": of }],
            "variations": [{ "id": format!("v{id}"), "key": id, "featureEnabled": on, "variables": variables }],
        })
    }

    fn file(features: &Value, rollouts: &Value) -> Value {
        json!({
            "version": "4", "rollouts": rollouts, "typedAudiences": [], "anonymizeIP": true, "projectId": "1",
            "variables": [], "featureFlags": features, "experiments": [], "groups": [], "attributes": [],
            "audiences": [
                { "id": "a1", "name": "", "conditions": "[\"or\", {\"name\": \"plan\", \"value\": \"x\"}]" },
                { "id": "a2", "name": "", "conditions": ["not", { "name": "plan", "match": "exists" }] },
            ],
            "botFiltering": false, "accountId": "1", "events": [], "revision": "7",
        })
    }

    fn feature(key: &str, rollout: &str, variables: &Value) -> Value {
        json!({ "id": key, "key": key, "rolloutId": rollout, "experimentIds": [], "variables": variables })
    }

    fn of(file: &Value) -> Switches {
        read(file.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn hashes_and_places_are_those_of_the_vendors_libraries() {
        assert_eq!((murmur3(b"", 1), murmur3(b"hello", 0)), (0x514e_28b7, 0x248b_fa47));
        // from the tests of Optimizely's own SDKs
        for (text, expected) in [
            ("ppid11886780721", 5254),
            ("ppid21886780721", 4299),
            ("ppid21886780722", 2434),
            ("ppid31886780721", 5439),
        ] {
            assert_eq!(place(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_on_and_its_values_are_read_and_what_is_not_there_is_off() {
        let variables = json!([
            { "id": "1", "key": "OH", "type": "boolean", "defaultValue": "false" },
            { "id": "2", "key": "MA", "type": "boolean", "defaultValue": "true" },
        ]);
        let texts = json!([
            { "id": "3", "key": "help", "type": "string", "defaultValue": "Call us." },
            { "id": "4", "key": "poll_slop_seconds", "type": "integer", "defaultValue": "7" },
            { "id": "5", "key": "poll", "type": "boolean", "defaultValue": "true" },
            { "id": "6", "key": "nobody_knows", "type": "string", "defaultValue": "" },
        ]);
        let file = file(
            &json!([
                feature("vbm_esign", "r1", &variables),
                feature("smsbot", "r2", &texts),
                feature("drip", "r3", &json!([])),
                feature("locator_region", "r2", &json!([])),
                feature("made_up", "r2", &json!([]))
            ]),
            &json!([
                { "id": "r1", "experiments": [rule("1", 10_000, true, &json!([{ "id": "1", "value": "true" }]))] },
                { "id": "r2", "experiments": [rule("2", 10_000, true, &json!([]))] },
                { "id": "r3", "experiments": [rule("3", 10_000, false, &json!([]))] },
            ]),
        );
        let switches = of(&file);
        for (state, on) in [(State::Oh, true), (State::Ma, true), (State::Wy, false)] {
            assert_eq!(switches.in_state(&vbm_esign::FEATURE, state), on, "{state:?}");
        }
        assert_eq!(switches.text(&smsbot::HELP), Some("Call us."));
        assert_eq!(switches.number(&smsbot::POLL_SLOP_SECONDS), Some(7));
        assert!(switches.flag(&smsbot::POLL));
        assert!(!switches.flag(&drip::REGISTER_EXTERNAL), "off");
        assert!(!switches.is_on(&movote::FEATURE), "not there");
        assert!(switches.in_state(&locator_region::FEATURE, State::Wy), "absent is on here");
    }

    #[test]
    fn rules_are_gone_through_for_a_user_of_whom_nothing_is_known() {
        let is_on = |experiments: Value| {
            let rollouts = json!([{ "id": "r", "experiments": experiments }]);
            of(&file(&json!([feature("movote", "r", &json!([]))]), &rollouts)).is_on(&movote::FEATURE)
        };
        let with = |mut rule: Value, name: &str, value: Value| {
            rule[name] = value;
            rule
        };
        let (on, off) = (rule("1", 10_000, true, &json!([])), rule("2", 10_000, false, &json!([])));
        assert!(is_on(json!([on])));
        assert!(!is_on(json!([])));
        assert!(!is_on(json!([with(
            on.clone(),
            "trafficAllocation",
            json!([{ "entityId": "", "endOfRange": 10_000 }])
        )])));
        assert!(
            !is_on(json!([with(on.clone(), "audienceIds", json!(["a1"])), off])),
            "nobody knows the plan"
        );
        assert!(is_on(json!([with(on.clone(), "audienceIds", json!(["a2"])), off])), "there is none");
        assert!(!is_on(json!([with(on.clone(), "audienceConditions", json!(["and", "a2", "a1"])), off])));
        assert!(is_on(json!([with(on.clone(), "audienceConditions", json!(["or", "a1", "a2"])), off])));
        // meant and not let in: the last rule decides
        assert!(is_on(json!([rule("3", 0, false, &json!([])), rule("4", 10_000, false, &json!([])), on])));
        // a share of the traffic, by the hash
        let here = place(&format!("{USER}5"));
        assert!(
            is_on(json!([rule("5", here + 1, true, &json!([]))]))
                && !is_on(json!([rule("5", here, true, &json!([]))]))
        );
    }

    fn optimizely(http: &ScriptedHttp) -> Optimizely {
        let base = format!("https://{HOST}").parse().unwrap();
        Optimizely::new(Arc::new(http.clone()), &base, "SDK7", Arc::new(Disabled))
    }

    fn answer(on: bool) -> HttpResponse {
        let rollouts = json!([{ "id": "r", "experiments": [rule("1", 10_000, on, &json!([]))] }]);
        let file = file(&json!([feature("movote", "r", &json!([]))]), &rollouts);
        HttpResponse::json(StatusCode::OK, &file).with_header(ETAG, "\"7\"".parse().unwrap())
    }

    #[tokio::test]
    async fn whatever_goes_wrong_the_last_good_file_stays_in_force() {
        let http = ScriptedHttp::new();
        let rollouts = optimizely(&http);
        http.fail(HOST, HttpErrorKind::TimedOut);
        assert_eq!(rollouts.refresh().await.unwrap_err().kind, ProviderErrorKind::Unreachable);
        assert!(rollouts.switches().await.flag(&drip::REGISTER_EXTERNAL), "what the source before it says");
        http.answer(HOST, answer(true));
        assert_eq!(rollouts.refresh().await.unwrap(), Refreshed::Changed);
        assert!(rollouts.switches().await.is_on(&movote::FEATURE));
        let text = |status: u16, body: &'static str| {
            HttpResponse::new(StatusCode::from_u16(status).unwrap()).with_body(body)
        };
        for broken in [
            text(500, ""),
            text(403, "{}"),
            text(429, ""),
            text(200, "<html>"),
            text(200, "{}"),
            text(200, "{\"version\": \"5\", \"featureFlags\": []}"),
            text(200, ""),
        ] {
            http.answer(HOST, broken);
            assert!(rollouts.refresh().await.is_err());
            assert!(rollouts.switches().await.is_on(&movote::FEATURE));
        }
        for kind in [HttpErrorKind::TimedOut, HttpErrorKind::Broken, HttpErrorKind::TooLarge] {
            http.fail(HOST, kind);
            assert!(rollouts.refresh().await.is_err());
        }
        http.answer(HOST, text(304, ""));
        assert_eq!(rollouts.refresh().await.unwrap(), Refreshed::Same);
        assert_eq!(http.requests().last().unwrap().headers["if-none-match"], "\"7\"");
        http.answer(HOST, answer(true));
        assert_eq!(rollouts.refresh().await.unwrap(), Refreshed::Same);
        http.answer(HOST, answer(false));
        assert_eq!(rollouts.refresh().await.unwrap(), Refreshed::Changed);
        assert!(!rollouts.switches().await.is_on(&movote::FEATURE));
        let request = http.requests().remove(0);
        assert_eq!(request.url.path(), "/datafiles/SDK7.json");
    }

    #[tokio::test]
    async fn the_next_start_begins_with_the_last_good_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("var/optimizely.json");
        let http = ScriptedHttp::new();
        let first = optimizely(&http).with_copy(path.clone());
        http.answer(HOST, answer(true));
        first.refresh().await.unwrap();
        let second = optimizely(&http).with_copy(path.clone());
        assert!(second.switches().await.is_on(&movote::FEATURE));
        std::fs::write(&path, "half a fi").unwrap();
        let third = optimizely(&http).with_copy(path);
        assert!(!third.switches().await.is_on(&movote::FEATURE));
        assert!(third.refresh().await.is_err(), "nobody answers");
    }
}
