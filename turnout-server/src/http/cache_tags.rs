//! `Cache-Tag`: what a purge at the CDN can name (`http-api.md` 1.6).

use http::HeaderValue;

use super::settings::TagSettings;

/// The tags of every answer, then `more`, each with the deployment's prefix.
pub(super) fn header(settings: &TagSettings, more: &[String]) -> HeaderValue {
    let raw = [
        format!("detail_{}", settings.cloud_detail),
        format!("tag_{}", settings.tag),
        format!("build_{}", settings.build),
        format!("env_{}", settings.env),
    ];
    let tags: Vec<String> =
        raw.iter().chain(more).map(|tag| slug(&format!("to{}{tag}", settings.env))).collect();
    HeaderValue::from_str(&tags.join(",")).expect("a slug is letters, digits, - and _")
}

/// Lower case; letters, digits, `_` and `-` kept, runs of blanks and `-` one `-`, all else dropped.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        match letter {
            _ if letter.is_ascii_alphanumeric() || letter == '_' => slug.push(letter.to_ascii_lowercase()),
            _ if letter != '-' && !letter.is_whitespace() => {}
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_slugs_with_the_prefix_of_the_deployment() {
        let settings = TagSettings {
            env: "pytest".into(),
            tag: "1.2.3".into(),
            build: "A b".into(),
            ..TagSettings::default()
        };
        let more = ["election.api_views", "IL", "x\r\ny"].map(str::to_owned);
        assert_eq!(
            header(&settings, &more),
            "topytestdetail_,topytesttag_123,topytestbuild_a-b,topytestenv_pytest,\
             topytestelectionapi_views,topytestil,topytestx-y"
        );
    }

    #[test]
    fn empty_settings_still_give_their_tags() {
        assert_eq!(header(&TagSettings::default(), &[]), "todetail_,totag_,tobuild_,toenv_");
    }
}
