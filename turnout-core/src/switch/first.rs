//! The file of first values: a table for each feature, with `on` and its variables.

use super::{SwitchError, SwitchName, SwitchValue};

/// Reads the TOML text of `TURNOUT_FEATURES`: what it sets, and everything that is wrong with it.
///
/// ```
/// let (first, wrong) = turnout_core::switch::parse_toml(
///     "[vbm_esign]\non = true\nOH = true\n\n[voter_action_check]\nmax_check = 100\n",
/// );
/// assert!(wrong.is_empty());
/// let names: Vec<String> = first.iter().map(|(name, _)| name.to_string()).collect();
/// assert_eq!(names, ["vbm_esign", "vbm_esign.OH", "voter_action_check.max_check"]);
/// ```
#[must_use]
pub fn parse_toml(text: &str) -> (Vec<(SwitchName, SwitchValue)>, Vec<SwitchError>) {
    let (mut first, mut wrong) = (Vec::new(), Vec::new());
    let features: toml::Table = match toml::from_str(text) {
        Ok(features) => features,
        Err(error) => {
            let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
            return (first, vec![SwitchError::File(format!("line {line}: {}", error.message()))]);
        }
    };
    for (feature, variables) in features {
        let toml::Value::Table(variables) = variables else {
            wrong.push(SwitchError::File(format!(
                "{feature} must be a table: [{feature}], and below it on = true"
            )));
            continue;
        };
        for (variable, value) in variables {
            let name = SwitchName::find(&feature, if variable == "on" { "" } else { &variable });
            let value = serde_json::to_value(&value).unwrap_or_default();
            match name.and_then(|name| Ok((name, name.check(&value)?))) {
                Ok(set) => first.push(set),
                Err(error) => wrong.push(error),
            }
        }
    }
    // in the order of the catalogue, whatever the file's is
    first.sort_by_key(|(name, _)| SwitchName::all().position(|it| it.key() == name.key()));
    (first, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once() {
        let (first, wrong) = parse_toml(
            "movote = true\n[drip]\nverify_external = \"no\"\nregister_external = false\nregister_unfinished = true\n\
             [drop]\non = true\n",
        );
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].0.to_string(), "drip.register_external");
        let mut said: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        said.sort_unstable();
        assert_eq!(said.len(), 4, "{said:?}");
        assert!(said[0].starts_with("drip.register_unfinished has no effect"), "{said:?}");
        assert!(said[1].starts_with("drip.verify_external takes on or off"), "{said:?}");
        assert!(said[2].starts_with("movote must be a table"), "{said:?}");
        assert!(said[3].starts_with("no switch is called drop"), "{said:?}");
        assert_eq!(wrong.iter().filter(|error| error.is_idle()).count(), 1);
    }

    #[test]
    fn what_is_no_toml_is_named_by_its_line() {
        let (first, wrong) = parse_toml("[drip]\non = yes\n");
        assert!(first.is_empty());
        assert!(wrong[0].to_string().starts_with("line 2: "), "{wrong:?}");
    }
}
