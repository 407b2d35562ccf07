//! PPMAP and EVMAP: a map to where the voter votes, as the answer to a text (`flows.md` 8.1, 8.7).
//!
//! What a locator says is composed when the text goes, and kept nowhere: not every source allows to store it. The row says
//! that there was a map. The picture, in which the voter's home is, is public under a random name for a day.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Direction, Message,
    jobs::{self, Live},
};
use crate::{
    address::{Address, State},
    app::App,
    decision::Purpose,
    ids::MessageId,
    jobs::{JobContext, JobError, NewJob},
    language::Language,
    official::Location,
    person::Phone,
    ports::{
        maps::{Place, Voting},
        public_files::PublicFile,
        store::{StoreError, Unit, unless_absent},
        wording::{MapProblem, MapWords, TextMessage},
    },
    switch::locate_use_dnc_data,
};

/// How long a picture is there: the carrier fetches it within minutes.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// The longest address that is looked for, in characters.
const LONGEST_ADDRESS: usize = 200;

/// Answers a text that asked for a map.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendMap {
    /// What the voter wrote.
    pub message: MessageId,
    /// Where the voter wants to vote.
    pub voting: Voting,
}

/// Takes a picture away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveMap {
    /// Its key among the public files.
    pub key: String,
}

/// The map, ready to be put into words.
pub(crate) struct Map {
    /// What is said of the place.
    pub(crate) words: MapWords,
    /// The picture's key and address.
    pub(crate) picture: Option<(String, String)>,
}

impl Map {
    /// Has the picture taken away when the carrier has long fetched it.
    pub(crate) async fn enqueue_removal(&self, app: &App, unit: &mut dyn Unit) -> Result<(), StoreError> {
        let Some((key, _)) = &self.picture else { return Ok(()) };
        let remove = RemoveMap { key: key.clone() }.job(app);
        unit.jobs_mut().enqueue(&remove.at(app.now() + KEPT)).await?;
        Ok(())
    }
}

/// The command's name in a text, if it is one, and the address behind it.
pub(super) fn command(text: &str) -> Option<(Voting, &str)> {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let word = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    let voting = match word.to_ascii_uppercase().as_str() {
        "PPMAP" => Voting::ElectionDay,
        "EVMAP" => Voting::Early,
        _ => return None,
    };
    Some((voting, rest.trim()))
}

impl SendMap {
    /// The job's name.
    pub const KIND: &'static str = "sms.send_map";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Finds the place, draws the map, and sends both; or says shortly what did not work. Once: the row of the answer has an
    /// id of this job's.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let id = MessageId(context.id.0);
        let mut view = app.store.view().await?;
        let Some(asked) = view.messages().by_id(self.message).await? else { return Ok(()) };
        let Some(phone) = asked.phone else { return Ok(()) };
        let number = view.messages().number(&phone).await?;
        let language = match number {
            Some(number) if !number.is_stopped() => number.language.unwrap_or_default(),
            _ => return Ok(()),
        };
        let before = view.messages().by_id(id).await?;
        drop(view);
        if before.as_ref().and_then(|it| it.status).is_some_and(|it| !it.is_doubtful()) {
            return Ok(());
        }
        let found = find(app, asked.text.as_deref().unwrap_or_default(), &phone, self.voting).await?;
        let (kept, live, media) = match &found {
            Ok(map) => {
                let said = app.wording.text(&TextMessage::Map(map.words.clone()), "", &language);
                let kept = words(app, &TextMessage::MapSent(self.voting), &language)?;
                let said = said.map_err(|error| JobError::GiveUp(error.to_string()))?;
                (kept, Some(said.text), map.picture.as_ref().map(|(_, url)| url.clone()))
            }
            Err(problem) => {
                (words(app, &TextMessage::MapProblem(self.voting, *problem), &language)?, None, None)
            }
        };
        let mut unit = app.store.begin().await?;
        if before.is_none() {
            let mut message = Message::new(app, phone, Direction::Out, Some(kept));
            message.id = id;
            message.more = live.is_some().then(|| json!({ "map": self.voting }));
            message.purpose = Some(Purpose::Reply);
            unit.messages_mut().insert(&message).await?;
        }
        if let Ok(map) = &found {
            map.enqueue_removal(app, unit.as_mut()).await?;
        }
        unit.commit().await?;
        let live = Live { text: live, media: media.into_iter().collect(), wrote_at: Some(asked.created_at) };
        jobs::Send { message: id }.hand_over(app, context, live).await
    }
}

impl RemoveMap {
    /// The job's name.
    pub const KIND: &'static str = "sms.remove_map";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Takes it away.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        Ok(app.public_files.remove(&self.key).await?)
    }
}

fn words(app: &App, text: &TextMessage, language: &Language) -> Result<String, JobError> {
    let words = app.wording.text(text, "", language);
    Ok(words.map_err(|error| JobError::GiveUp(error.to_string()))?.text)
}

/// The map for a text; or what did not work, which is said and not tried again: somebody waits.
async fn find(
    app: &App,
    text: &str,
    phone: &Phone,
    voting: Voting,
) -> Result<Result<Map, MapProblem>, JobError> {
    let typed = command(text).map(|(_, address)| address.to_owned()).filter(|typed| !typed.is_empty());
    let typed = match typed {
        Some(typed) => typed,
        None => {
            let mut view = app.store.view().await?;
            match unless_absent(view.voters().by_phone(phone).await)?.and_then(|voter| home(&voter)) {
                Some(home) => home,
                None => return Ok(Err(MapProblem::NoVoter)),
            }
        }
    };
    Ok(find_from(app, &typed, voting, &[]).await)
}

/// The map for an address in one line. The page that it links to gets `more` in its query.
pub(crate) async fn find_from(
    app: &App,
    typed: &str,
    voting: Voting,
    more: &[(&str, String)],
) -> Result<Map, MapProblem> {
    let typed: String = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let typed: String = typed.chars().take(LONGEST_ADDRESS).collect();
    let address = read_address(&typed);
    let Some((from, state)) = locate(app, &address).await else {
        return Err(MapProblem::UnknownAddress);
    };
    let state = state.or(address.state);
    let switches = app.switches().await;
    let is_ours = state.is_some_and(|state| switches.in_state(&locate_use_dnc_data::FEATURE, state));
    let locator = if is_ours { &app.own_locator } else { &app.locator };
    let place = match locator.locate(&typed, voting).await {
        Ok(Some(place)) => place,
        Ok(None) => return Err(MapProblem::NoPlace),
        Err(error) => {
            tracing::warn!(%error, "a polling place was not found");
            return Err(MapProblem::NoLocator);
        }
    };
    let to = match place.location {
        Some(to) => Some(to),
        None => locate(app, &place.address).await.map(|(to, _)| to),
    };
    let picture = match to {
        Some(to) => picture(app, from, to).await,
        None => None,
    };
    let link = link(app, &typed, more).await;
    Ok(Map { words: MapWords { voting, picture: picture.is_some(), link, ..said(&place) }, picture })
}

/// What is said of a place: name and address in capitals, on one line each.
fn said(place: &Place) -> MapWords {
    MapWords {
        voting: Voting::ElectionDay,
        name: place.name.trim().to_uppercase(),
        address: place.address.lines().join(", ").to_uppercase(),
        hours: place.hours.trim().to_owned(),
        link: None,
        picture: false,
    }
}

/// Draws the map and publishes it; nothing where that does not work: the place is said all the same.
async fn picture(app: &App, from: Location, to: Location) -> Option<(String, String)> {
    let picture = match app.map.draw(from, to).await {
        Ok(picture) => picture,
        Err(error) => {
            tracing::warn!(%error, "a map was not drawn");
            return None;
        }
    };
    let key = format!("maps/{}.png", app.ids.uuid().simple());
    let file = PublicFile {
        bytes: picture.bytes,
        content_type: picture.content_type,
        cache: TimeDelta::hours(1),
        redirect: None,
    };
    let published = app.public_files.publish(&key, file).await.and_then(|()| app.public_files.url(&key));
    match published {
        Ok(url) => Some((key, url)),
        Err(error) => {
            tracing::warn!(%error, "a map was not published");
            None
        }
    }
}

/// Where the page about polling places knows the address; only made short, as it is a voter's.
async fn link(app: &App, typed: &str, more: &[(&str, String)]) -> Option<String> {
    let page = app.settings.origins.www_page("/where-to-vote/");
    let mut url = url::Url::parse(&page).ok()?;
    url.query_pairs_mut().append_pair("address", typed).extend_pairs(more);
    super::say::short_link(app, url.as_str(), &page).await
}

/// The point of an address, and its state, by the first geocoder that knows it.
async fn locate(app: &App, address: &Address) -> Option<(Location, Option<State>)> {
    for geocoder in &app.geocoders {
        match geocoder.geocode(address).await {
            Ok(found) => {
                if let Some(first) = found.first() {
                    return Some((first.location, first.components.state));
                }
            }
            Err(error) => tracing::warn!(%error, "an address for a map was not located"),
        }
    }
    None
}

/// The address of a voter whom a roll knows, in one line.
fn home(voter: &crate::voter::Voter) -> Option<String> {
    let street = voter.address.clone().filter(|it| !it.trim().is_empty())?;
    let state = voter.state.map(|state| state.code().to_owned());
    let last = [state, voter.zipcode.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let parts = [Some(street), voter.city.clone(), Some(last)];
    Some(parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(", "))
}

/// An address as people write it in one line, `1 Main St, Springfield, IL 62701`, from the right: ZIP code, state, city.
fn read_address(text: &str) -> Address {
    let mut rest = text.trim().trim_end_matches(['.', ',']);
    let mut zipcode = None;
    if let Some((before, last)) = rest.rsplit_once([' ', ',']) {
        let five = last.split('-').next().unwrap_or_default();
        if five.len() == 5 && five.bytes().all(|byte| byte.is_ascii_digit()) {
            zipcode = Some(five.to_owned());
            rest = before.trim_end_matches([' ', ',']);
        }
    }
    let lower = rest.to_ascii_lowercase();
    let ending = |words: &str| {
        let start = lower.strip_suffix(&words.to_ascii_lowercase())?;
        (start.is_empty() || start.ends_with([' ', ','])).then_some(start.len())
    };
    // the longest name: West Virginia is not Virginia
    let at = |state: &State| Some((ending(state.code()).or_else(|| ending(state.name()))?, *state));
    let found = State::ALL.iter().filter_map(at).min_by_key(|(at, _)| *at);
    if let Some((at, _)) = found {
        rest = rest[..at].trim_end_matches([' ', ',']);
    }
    let state = found.map(|(_, state)| state);
    let (street, city) = match rest.rsplit_once(',') {
        Some((street, city)) => (street.trim(), Some(city.trim().to_owned())),
        None => (rest, None),
    };
    Address {
        address1: Some(street.to_owned()).filter(|it| !it.is_empty()),
        address2: None,
        city: city.filter(|it| !it.is_empty()),
        state,
        zipcode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_the_first_word_and_the_address_what_follows() {
        assert_eq!(command(" ppmap 1 Main St "), Some((Voting::ElectionDay, "1 Main St")));
        assert_eq!(command("EvMap: 1 Main St"), Some((Voting::Early, "1 Main St")));
        assert_eq!(command("PPMAP"), Some((Voting::ElectionDay, "")));
        for other in ["", "PPMAPS", "please PPMAP", "map"] {
            assert_eq!(command(other), None, "{other}");
        }
    }

    #[test]
    fn an_address_in_one_line_is_read_from_the_right() {
        let read = |text: &str| {
            let Address { address1, city, state, zipcode, .. } = read_address(text);
            let text = |it: Option<String>| it.unwrap_or_default();
            (text(address1), text(city), state.map(State::code).unwrap_or_default(), text(zipcode))
        };
        let springfield = ("1 Main St".to_owned(), "Springfield".to_owned(), "IL", "62701".to_owned());
        for text in [
            "1 Main St, Springfield, IL 62701",
            "1 Main St, Springfield IL, 62701-1234.",
            "1 Main St, Springfield, Illinois 62701",
            "1 Main St , springfield il 62701".replace("springfield", "Springfield").as_str(),
        ] {
            assert_eq!(read(text), springfield, "{text}");
        }
        let nowhere = |street: &str| (street.to_owned(), String::new(), "", String::new());
        assert_eq!(read("1 Main St"), nowhere("1 Main St"));
        assert_eq!(read(""), nowhere(""));
        assert_eq!(read("1 Main St 62701").3, "62701");
        assert_eq!(read("5 Ohio"), ("5".into(), String::new(), "OH", String::new()));
        let virginia = read("9 Elm St, Charleston, West Virginia 25301");
        assert_eq!((virginia.1.as_str(), virginia.2), ("Charleston", "WV"));
    }
}
