//! A text that shows the way to a polling place (`flows.md` 8.6 and 8.7): what the map says is composed when the text is handed
//! over, and kept nowhere, as not every source of places allows it.

use crate::{
    app::App,
    ids::MessageId,
    jobs::JobError,
    ports::{
        maps::Voting,
        wording::{MapProblem, MapWords},
    },
    sms::{self, jobs::Live, map::find_from},
};

/// What may stand in braces in the words of such a blast, and is filled in for each.
pub(super) const BLANKS: [&str; 5] =
    ["locator_url", "home_address_short", "dest_name", "dest_address", "dest_hours"];

/// Whether everything in braces is one of the blanks.
pub(super) fn can_be_filled(content: &str) -> bool {
    let mut rest = content;
    while let Some(at) = rest.find(['{', '}']) {
        let Some((name, after)) = rest[at..].strip_prefix('{').and_then(|inside| inside.split_once('}'))
        else {
            return false;
        };
        if !BLANKS.contains(&name) {
            return false;
        }
        rest = after;
    }
    true
}

/// The words with what a map says in the place of the blanks. Nothing that is filled in is looked at again.
fn filled(content: &str, home: &str, map: &MapWords) -> String {
    let short = home.split(',').next().unwrap_or_default().trim().to_uppercase();
    let link = map.link.as_deref().unwrap_or_default();
    let of = [link, &short, &map.name, &map.address, &map.hours];
    let mut text = String::with_capacity(2 * content.len());
    let mut rest = content;
    while let Some((before, inside)) = rest.split_once('{') {
        text += before;
        let (name, after) = inside.split_once('}').unwrap_or((inside, ""));
        let blank = BLANKS.iter().position(|it| *it == name);
        text += blank.map_or("", |at| of[at]);
        rest = after;
    }
    text + rest
}

/// What makes the link to the page with all polling places count for the campaign.
fn counted(campaign: Option<&str>) -> Vec<(&'static str, String)> {
    let campaign = campaign.unwrap_or("blast");
    vec![
        ("utm_medium", "mms".to_owned()),
        ("utm_source", "turnout".to_owned()),
        ("utm_campaign", campaign.to_owned()),
        ("source", format!("va_mms_turnout_{campaign}")),
    ]
}

/// What goes with a text: the map from where the recipient `from` lives. Nothing where the text does not go now, and it is
/// noted then why, or it was before.
///
/// # Errors
/// When somebody who is asked does not answer: it is tried again.
pub(super) async fn compose(
    app: &App,
    message: MessageId,
    from: MessageId,
) -> Result<Option<Live>, JobError> {
    let mut view = app.store.view().await?;
    let Some(text) = view.messages().by_id(message).await? else { return Ok(None) };
    if !sms::jobs::would_go(app, view.as_mut(), &text).await? {
        // whoever hands it over notes why
        return Ok(Some(Live::default()));
    }
    let Some((blast, recipient)) = view.blasts().recipient(from).await? else { return Ok(None) };
    let Some(blast) = view.blasts().by_id(blast).await? else { return Ok(None) };
    drop(view);
    let (Some(voting), Some(home)) = (blast.map, recipient.address) else {
        sms::jobs::fail_without_map(app, message).await?;
        return Ok(None);
    };
    let map = match find_from(app, &home, voting, &counted(blast.campaign.as_deref())).await {
        Ok(map) => map,
        Err(MapProblem::NoLocator) => {
            return Err(JobError::Retry("who knows polling places does not answer".into()));
        }
        Err(MapProblem::NoVoter | MapProblem::UnknownAddress | MapProblem::NoPlace) => {
            sms::jobs::fail_without_map(app, message).await?;
            return Ok(None);
        }
    };
    let mut unit = app.store.begin().await?;
    map.enqueue_removal(app, unit.as_mut()).await?;
    unit.commit().await?;
    let text = filled(&blast.content, &home, &map.words);
    Ok(Some(Live::of_map(text, map.picture.map(|(_, url)| url))))
}

/// The most characters that such a text has besides what is filled in: a line for each blank fits in, too.
pub(super) const LONGEST: usize = 800;

/// What is noted with each text of a blast with maps, and its test.
pub(crate) fn note_of(voting: Voting) -> serde_json::Value {
    serde_json::json!({ sms::jobs::BLAST_MAP: voting })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_and_other_braces_are_told() {
        let words = MapWords {
            voting: Voting::Early,
            name: "{dest_hours}".into(),
            address: "2 OAK ST".into(),
            hours: "8 to 20".into(),
            link: Some("https://i.example/x".into()),
            picture: true,
        };
        let content =
            "From {home_address_short} to {dest_name}, {dest_address} ({dest_hours}): {locator_url}.";
        assert!(can_be_filled(content));
        assert_eq!(
            filled(content, "1 Main St, Lima, OH", &words),
            "From 1 MAIN ST to {dest_hours}, 2 OAK ST (8 to 20): https://i.example/x."
        );
        for wrong in ["{name}", "{dest_name", "dest_name}", "{{dest_name}}", "{ dest_name }"] {
            assert!(!can_be_filled(wrong), "{wrong}");
        }
        assert!(can_be_filled("no blanks") && can_be_filled(""));
    }
}
