//! The text format of Prometheus, version 0.0.4, as strictly as `promtool check metrics` reads it.

use std::collections::{BTreeMap, BTreeSet};

/// A sample: its labels, sorted, and its value.
pub(super) type Sample = (BTreeMap<String, String>, f64);

/// What a text says.
#[derive(Default)]
pub(super) struct Exposition {
    /// The kinds of the families.
    pub(super) kinds: BTreeMap<String, String>,
    helps: BTreeSet<String>,
    /// The samples, by name.
    pub(super) samples: BTreeMap<String, Vec<Sample>>,
}

impl Exposition {
    /// Reads all of it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut it = Self::default();
        let (mut family, mut done) = (String::new(), BTreeSet::new());
        if !text.ends_with('\n') {
            return Err("the last line does not end".into());
        }
        for line in text.lines().filter(|line| !line.is_empty()) {
            let of = it.line(line).map_err(|error| format!("{error}: {line}"))?;
            if of != family {
                if !done.insert(of.clone()) {
                    return Err(format!("{of} is in two places"));
                }
                family = of;
            }
        }
        it.check_histograms()?;
        Ok(it)
    }

    /// The family of a line.
    fn line(&mut self, line: &str) -> Result<String, String> {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, _) = rest.split_once(' ').ok_or("no words")?;
            named(name, true)?;
            return if self.helps.insert(name.to_owned()) {
                Ok(name.to_owned())
            } else {
                Err("twice".into())
            };
        }
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').ok_or("no kind")?;
            named(name, true)?;
            if !["counter", "gauge", "histogram", "summary", "untyped"].contains(&kind) {
                return Err("no such kind".into());
            }
            let is_new = self.kinds.insert(name.to_owned(), kind.to_owned()).is_none();
            return if is_new { Ok(name.to_owned()) } else { Err("twice".into()) };
        }
        if line.starts_with('#') {
            return Err("neither help nor type".into());
        }
        let (name, labels, value) = sample(line)?;
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|end| name.strip_suffix(end))
            .find(|family| self.kinds.get(*family).is_some_and(|kind| kind == "histogram"))
            .unwrap_or(&name)
            .to_owned();
        let kind = self.kinds.get(&family).ok_or("of no type")?;
        if kind == "counter" && value < 0.0 {
            return Err("a counter below 0".into());
        }
        let all = self.samples.entry(name).or_default();
        if all.iter().any(|(known, _)| *known == labels) {
            return Err("the same twice".into());
        }
        all.push((labels, value));
        Ok(family)
    }

    /// Buckets grow, and the last has all.
    fn check_histograms(&self) -> Result<(), String> {
        for (name, _) in self.kinds.iter().filter(|(_, kind)| *kind == "histogram") {
            let mut rows: BTreeMap<BTreeMap<String, String>, Vec<(f64, f64)>> = BTreeMap::new();
            for (labels, value) in self.samples.get(&format!("{name}_bucket")).into_iter().flatten() {
                let mut labels = labels.clone();
                let bound = labels.remove("le").ok_or("a bucket without a bound")?;
                let bound =
                    if bound == "+Inf" { f64::INFINITY } else { bound.parse().map_err(|_| "no bound")? };
                rows.entry(labels).or_default().push((bound, *value));
            }
            for (labels, buckets) in rows {
                let grows = buckets.windows(2).all(|it| it[0].0 < it[1].0 && it[0].1 <= it[1].1);
                let whole = self.value(&format!("{name}_count"), &labels);
                if !grows
                    || buckets.last().map(|it| it.1) != whole
                    || buckets.last().is_none_or(|it| it.0.is_finite())
                {
                    return Err(format!("the buckets of {name} {labels:?} do not add up"));
                }
                self.value(&format!("{name}_sum"), &labels).ok_or(format!("{name} has no sum"))?;
            }
        }
        Ok(())
    }

    fn value(&self, name: &str, labels: &BTreeMap<String, String>) -> Option<f64> {
        self.samples.get(name)?.iter().find(|(known, _)| known == labels).map(|(_, value)| *value)
    }

    /// The sum of the samples of that name that have these labels.
    pub(super) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let has = |sample: &&Sample| {
            labels.iter().all(|(name, value)| sample.0.get(*name).map(String::as_str) == Some(*value))
        };
        let mut found = self.samples.get(name)?.iter().filter(has).map(|(_, value)| *value).peekable();
        found.peek()?;
        Some(found.sum())
    }
}

fn named(name: &str, may_have_colons: bool) -> Result<(), String> {
    let is_fine = |(at, it): (usize, char)| {
        it == '_'
            || (may_have_colons && it == ':')
            || it.is_ascii_alphabetic()
            || (at > 0 && it.is_ascii_digit())
    };
    if !name.is_empty() && name.chars().enumerate().all(is_fine) {
        Ok(())
    } else {
        Err(format!("{name:?} is no name"))
    }
}

/// `name{label="value",…} value`
fn sample(line: &str) -> Result<(String, BTreeMap<String, String>, f64), String> {
    let end = line.find(['{', ' ']).ok_or("no value")?;
    let (name, mut rest) = line.split_at(end);
    named(name, true)?;
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"").ok_or("a label without a value")?;
            named(label, false)?;
            let mut value = String::new();
            let mut all = after.char_indices();
            let end = loop {
                match all.next().ok_or("a value that does not end")? {
                    (at, '"') => break at + 1,
                    (_, '\\') => value.push(match all.next() {
                        Some((_, 'n')) => '\n',
                        Some((_, it @ ('\\' | '"'))) => it,
                        _ => return Err("an escape that is none".into()),
                    }),
                    (_, it) => value.push(it),
                }
            };
            if labels.insert(label.to_owned(), value).is_some() {
                return Err(format!("{label} twice"));
            }
            rest = &after[end..];
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        rest = &rest[1..];
    }
    let value = rest.strip_prefix(' ').ok_or("no value")?;
    let value = match value {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        text => text.parse().map_err(|_| "no number".to_owned())?,
    };
    Ok((name.to_owned(), labels, value))
}

#[test]
fn what_is_no_exposition_is_refused() {
    let good = "# HELP a_total words\n# TYPE a_total counter\na_total{b=\"c\\\"d\"} 1\na_total 2\n\n\
                # TYPE s histogram\ns_bucket{le=\"1\"} 1\ns_bucket{le=\"+Inf\"} 2\ns_sum 3\ns_count 2\n";
    let read = Exposition::parse(good).unwrap();
    assert_eq!(read.sum("a_total", &[("b", "c\"d")]), Some(1.0));
    assert_eq!(read.sum("a_total", &[]), Some(3.0));
    for (change, to) in [
        ("a_total 2", "a_total two"),
        ("a_total 2", "a_total{b=\"c\\\"d\"} 2"),
        ("a_total 2", "a-total 2"),
        ("a_total 2", "other 2"),
        ("# TYPE a_total counter\n", ""),
        ("b=\"", "0b=\""),
        ("c\\\"d", "c\"d"),
        ("s_count 2", "s_count 3"),
        ("s_bucket{le=\"1\"} 1", "s_bucket{le=\"1\"} 3"),
        ("s_sum 3\n", ""),
        ("s_count 2\n", "s_count 2\na_total{e=\"f\"} 1\n"),
        ("s_count 2\n", "s_count 2"),
    ] {
        assert!(Exposition::parse(&good.replacen(change, to, 1)).is_err(), "{change} -> {to}");
    }
}
