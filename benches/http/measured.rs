//! A call and its limit, in turns.

use serde_json::{Map, Value, json};

use crate::{
    calls::{Call, WITH_FORM},
    load::{Load, Loader},
    place::{Place, Prepared},
    process::Running,
    report::{Report, rounded},
    seen,
};

/// How often server and limit take turns.
pub(crate) const ROUNDS: usize = 5;
/// How long each is asked beforehand, in seconds.
const WARM_UP: u32 = 1;

/// What each side's rounds gave.
pub(crate) struct Measured {
    place: Place,
    call: Call,
    ours: Vec<Load>,
    limit: Vec<Load>,
    /// Of a complete registration: the limit that also makes the form and stores it.
    with_form: Option<Vec<Load>>,
}

/// The server and the bare endpoint.
pub(crate) struct Sides<'a> {
    pub(crate) ours: &'a Running,
    pub(crate) bare: &'a Running,
}

impl Measured {
    /// Asks both sides, one after the other.
    pub(crate) fn new(
        loader: &Loader,
        sides: &Sides<'_>,
        (place, prepared): (Place, &Prepared),
        call: Call,
        seconds: u32,
    ) -> anyhow::Result<Self> {
        let (bodies, path) = (seen::bodies(call, prepared), call.path());
        let mut asked = vec![(sides.ours, path.as_str()), (sides.bare, path.as_str())];
        if call == Call::Complete {
            asked.push((sides.bare, WITH_FORM));
        }
        let run = |(running, path): (&Running, &str), seconds| {
            loader.run(call, (running.port, running.id()), path, &bodies, seconds)
        };
        for side in &asked {
            run(*side, WARM_UP)?;
        }
        let mut loads = vec![Vec::new(); asked.len()];
        for _ in 0..ROUNDS {
            for (side, loads) in asked.iter().zip(&mut loads) {
                loads.push(run(*side, seconds)?);
            }
        }
        let mut loads = loads.into_iter();
        let mut next = || loads.next().unwrap_or_default();
        let (ours, limit) = (next(), next());
        Ok(Self { place, call, ours, limit, with_form: loads.next() })
    }

    /// The head of the table.
    pub(crate) fn head(place: Place) {
        println!(
            "\n{:<28} {:>7} {:>7} {:>7} {:>6}  {:>7} {:>7} {:>7}  {:>5}  {:>8}  {:>4} {:>6}",
            place.name(),
            "/s",
            "p50 ms",
            "p99 ms",
            "MB",
            "limit/s",
            "p50 ms",
            "p99 ms",
            "ratio",
            "original",
            "wrk",
            "server"
        );
    }

    /// Its lines of the table.
    pub(crate) fn print(&self) {
        self.line(self.call.name(), &self.limit);
        if let Some(with_form) = &self.with_form {
            self.line("  limit that makes the form", with_form);
        }
    }

    fn line(&self, name: &str, limit: &[Load]) {
        let ours = Medians::of(&self.ours);
        let other = Medians::of(limit);
        println!(
            "{name:<28} {:>7} {:>7} {:>7} {:>6}  {:>7} {:>7} {:>7}  {:>4.0}%  {:>7}x  {:>3.0}% {:>5.0}%",
            rounded(ours.rate),
            rounded(ours.p50),
            rounded(ours.p99),
            rounded(ours.memory),
            rounded(other.rate),
            rounded(other.p50),
            rounded(other.p99),
            100.0 * self.ratio(limit),
            rounded(ours.rate / self.call.original().0),
            100.0 * ours.own_share,
            100.0 * ours.server_share,
        );
    }

    /// How much of a limit is reached: the median of what it was in each turn.
    fn ratio(&self, limit: &[Load]) -> f64 {
        middle(self.ours.iter().zip(limit).map(|(ours, limit)| ours.rate / limit.rate).collect())
    }

    /// For the JSON.
    pub(crate) fn json(&self) -> Value {
        let mut figures = Map::new();
        let mut put = |name: String, value: f64| figures.insert(name, json!(rounded(value)));
        let mut sides = vec![("", &self.ours), ("limit_", &self.limit)];
        sides.extend(self.with_form.as_ref().map(|it| ("limit_with_form_", it)));
        for (side, loads) in sides {
            let medians = Medians::of(loads);
            for (name, value) in [
                ("per_second", medians.rate),
                ("p50_ms", medians.p50),
                ("p99_ms", medians.p99),
                ("memory_mb", medians.memory),
                ("wrk_share", medians.own_share),
                ("server_share", medians.server_share),
            ] {
                put(format!("{side}{name}"), value);
            }
        }
        put("ratio".to_owned(), self.ratio(&self.limit));
        if let Some(with_form) = &self.with_form {
            put("ratio_with_form".to_owned(), self.ratio(with_form));
        }
        put("times_original".to_owned(), Medians::of(&self.ours).rate / self.call.original().0);
        Value::Object(figures)
    }

    /// What is asked of it.
    pub(crate) fn targets(&self, report: &mut Report) {
        let name = format!("{}, {}", self.place.name(), self.call.name());
        let loads = self.ours.iter().chain(&self.limit).chain(self.with_form.iter().flatten());
        let failures: u64 = loads.map(|load| load.failures).sum();
        report.target(format!("{name}: every call is answered ({failures} were not)"), failures == 0, true);
        let (ratio, least) = (self.ratio(&self.limit), self.call.share_of_limit());
        let what = format!("{name}: {:.0} % of the limit, at least {:.0} %", 100.0 * ratio, 100.0 * least);
        report.target(what, ratio >= least, false);
        let (rate, (original, factor)) = (Medians::of(&self.ours).rate, self.call.original());
        let what = format!("{name}: {:.0} times the original, at least {factor}", rate / original);
        report.target(what, rate >= factor * original, false);
    }
}

/// The medians of some rounds.
struct Medians {
    rate: f64,
    p50: f64,
    p99: f64,
    memory: f64,
    own_share: f64,
    server_share: f64,
}

impl Medians {
    fn of(loads: &[Load]) -> Self {
        let median = |of: fn(&Load) -> f64| middle(loads.iter().map(of).collect());
        Self {
            rate: median(|it| it.rate),
            p50: median(|it| it.p50),
            p99: median(|it| it.p99),
            memory: median(|it| it.memory),
            own_share: median(|it| it.own_share),
            server_share: median(|it| it.server_share),
        }
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
