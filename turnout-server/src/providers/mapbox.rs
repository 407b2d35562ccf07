//! Mapbox: maps as pictures (docs of Mapbox: "Static Images API", 2026-11).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    official::Location,
    ports::{
        http::{HttpClient, HttpRequest, HttpResponse, header},
        maps::{Picture, StaticMap},
    },
};
use url::Url;

use crate::config::Secret;

const NAME: &str = "mapbox";
/// Somebody waits.
const TIMEOUT: TimeDelta = TimeDelta::seconds(8);
/// The most bytes of a picture: more, few carriers take.
const PICTURE: usize = 1024 * 1024;
/// Its width and height.
const SIZE: &str = "512x512";
/// No closer than a few streets, no farther than a state.
const ZOOMS: (f64, f64) = (5.0, 16.0);

/// Draws by Mapbox.
pub struct Mapbox {
    http: Arc<dyn HttpClient>,
    base: Url,
    key: Secret,
}

impl Mapbox {
    /// Asks at `base` with this key.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: Url, key: Secret) -> Self {
        Self { http, base, key }
    }

    /// A blue pin at home, a red one at the place, and both in the picture.
    fn request(&self, home: Location, place: Location) -> HttpRequest {
        let point = |at: Location| format!("{:.5},{:.5}", at.lng, at.lat);
        let pins = format!("pin-l-home+1a56c4({}),pin-l-star+c62828({})", point(home), point(place));
        let middle =
            Location { lat: f64::midpoint(home.lat, place.lat), lng: f64::midpoint(home.lng, place.lng) };
        let mut url = self.base.clone();
        let view = format!("{},{:.2}", point(middle), zoom(home, place));
        url.set_path(&format!("/styles/v1/mapbox/streets-v11/static/{pins}/{view}/{SIZE}"));
        let request = HttpRequest::get(url).with_query([("access_token", self.key.reveal())]);
        request.with_timeout(TIMEOUT).with_answer_limit(PICTURE)
    }

    fn answer(response: HttpResponse) -> Result<Picture, ProviderError> {
        let response = response.success(NAME)?;
        let kind = response.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
        match kind.filter(|kind| matches!(*kind, "image/png" | "image/jpeg")) {
            Some(kind) if !response.body.is_empty() => {
                Ok(Picture { content_type: kind.to_owned(), bytes: response.body })
            }
            _ => Err(ProviderError::new(NAME, ProviderErrorKind::Unintelligible)),
        }
    }
}

/// How close the map is, so that both points are in it (`flows.md` 8.7): each step halves what it shows.
fn zoom(one: Location, other: Location) -> f64 {
    let apart = (one.lat - other.lat).abs().max((one.lng - other.lng).abs());
    if apart == 0.0 {
        return ZOOMS.1;
    }
    ((1.0 / apart).log2() + 7.5).clamp(ZOOMS.0, ZOOMS.1)
}

#[async_trait]
impl StaticMap for Mapbox {
    async fn draw(&self, home: Location, place: Location) -> Result<Picture, ProviderError> {
        Self::answer(self.http.send(self.request(home, place)).await.map_err(|error| error.at(NAME))?)
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{memory::ScriptedHttp, ports::http::StatusCode};

    use super::*;

    const HOME: Location = Location { lat: 39.80, lng: -89.65 };
    const PLACE: Location = Location { lat: 39.70, lng: -89.40 };

    #[tokio::test]
    async fn both_points_have_a_pin_and_the_picture_is_taken() {
        let http = ScriptedHttp::new();
        let base = "https://api.example.org".parse().expect("an address");
        let map = Mapbox::new(Arc::new(http.clone()), base, Secret::new("hush".to_owned()));
        let mut answer = HttpResponse::new(StatusCode::OK).with_body("a picture");
        answer.headers.insert(header::CONTENT_TYPE, "image/png".parse().expect("a value"));
        http.answer("api.example.org", answer);
        let picture = map.draw(HOME, PLACE).await.expect("a picture");
        assert_eq!((picture.content_type.as_str(), &picture.bytes[..]), ("image/png", &b"a picture"[..]));
        let url = http.requests()[0].url.clone();
        assert_eq!(
            url.path(),
            "/styles/v1/mapbox/streets-v11/static/pin-l-home+1a56c4(-89.65000,39.80000),\
             pin-l-star+c62828(-89.40000,39.70000)/-89.52500,39.75000,9.50/512x512"
        );
        assert_eq!(url.query(), Some("access_token=hush"));
    }

    #[test]
    fn the_closer_the_points_the_closer_the_map_within_bounds() {
        let at = |lat| Location { lat, lng: -89.65 };
        for (lat, expected) in [(39.80, 16.0), (39.8001, 16.0), (40.80, 7.5), (43.80, 5.5), (60.0, 5.0)] {
            assert!((zoom(HOME, at(lat)) - expected).abs() < 0.01, "{lat}");
        }
    }

    #[test]
    fn what_is_no_picture_is_a_failure() {
        let page = HttpResponse::new(StatusCode::OK).with_body("<html>");
        for (response, kind) in [
            (page, ProviderErrorKind::Unintelligible),
            (HttpResponse::new(StatusCode::UNAUTHORIZED), ProviderErrorKind::Rejected),
            (HttpResponse::new(StatusCode::BAD_GATEWAY), ProviderErrorKind::Unreachable),
        ] {
            assert_eq!(Mapbox::answer(response).err().expect("a failure").kind, kind);
        }
    }
}
