//! What is asked, and what is asked for.

/// One kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    States,
    State,
    Region,
    Event,
    Incomplete,
    Complete,
}

/// The region that is read; one of those that `place.rs` imports.
pub(crate) const REGION: i64 = 430_017;
/// The state that is read, and where everybody lives.
pub(crate) const STATE: &str = "OH";
/// Where the bare endpoint also makes the form and stores it.
pub(crate) const WITH_FORM: &str = "/v1/registration/register/?form=true";

impl Call {
    /// Those whose answers the server keeps as finished bytes.
    pub(crate) const KEPT: [Self; 3] = [Self::States, Self::State, Self::Region];

    pub(crate) const ALL: [Self; 6] =
        [Self::States, Self::State, Self::Region, Self::Event, Self::Incomplete, Self::Complete];

    /// Its name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::States => "all states",
            Self::State => "one state",
            Self::Region => "a region",
            Self::Event => "an event",
            Self::Incomplete => "an incomplete registration",
            Self::Complete => "a complete registration",
        }
    }

    /// Its name in the JSON.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::States => "states",
            Self::State => "state",
            Self::Region => "region",
            Self::Event => "event",
            Self::Incomplete => "incomplete",
            Self::Complete => "complete",
        }
    }

    pub(crate) fn method(self) -> &'static str {
        if self.is_read() { "GET" } else { "POST" }
    }

    pub(crate) fn path(self) -> String {
        match self {
            Self::States => "/v1/election/state/".to_owned(),
            Self::State => format!("/v1/election/state/{STATE}/"),
            Self::Region => format!("/v1/official/region/{REGION}/"),
            Self::Event => "/v1/event/track/".to_owned(),
            Self::Incomplete => "/v1/registration/register/?incomplete=true".to_owned(),
            Self::Complete => "/v1/registration/register/".to_owned(),
        }
    }

    /// The status of the answer.
    pub(crate) fn status(self) -> u16 {
        if self == Self::Event { 201 } else { 200 }
    }

    pub(crate) fn is_read(self) -> bool {
        Self::KEPT.contains(&self)
    }

    /// How much of the limit it has to reach.
    pub(crate) fn share_of_limit(self) -> f64 {
        if self.is_read() { 0.6 } else { 0.5 }
    }

    /// How many the Django service answered in a second on a machine of two cores, and how many times as many are asked
    /// for.
    pub(crate) fn original(self) -> (f64, f64) {
        match self {
            Self::States => (4.2, 100.0),
            Self::State => (164.0, 100.0),
            Self::Region => (160.0, 100.0),
            Self::Event => (343.0, 6.0),
            Self::Incomplete => (90.0, 10.0),
            Self::Complete => (0.58, 200.0),
        }
    }
}
