//! What became of an action, as its events tell it (`domain.md` 5.1).

use chrono::{DateTime, Utc};

use super::{Event, EventType};

/// What became of an action. One without events has come to nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the voter is done: by any event of [`FINISHED`](Self::FINISHED).
    pub is_finished: bool,
    /// Whether the form was made to be printed. That alone is not done.
    pub is_self_print: bool,
    /// Whether the voter went on to the state's own site.
    pub is_external: bool,
    /// Whether the form was sent to the election office.
    pub is_sent_to_office: bool,
    /// Whether the voter confirmed that a letter is to be sent.
    pub is_letter_confirmed: bool,
    /// How often the form was downloaded, where one was made to be printed.
    pub downloads: Option<u64>,
    /// When something happened last.
    pub latest: Option<DateTime<Utc>>,
}

impl Outcome {
    /// The events of which any one says that the voter is done.
    pub const FINISHED: &'static [EventType] = &[
        EventType::Finish,
        EventType::FinishExternal,
        EventType::FinishExternalApi,
        EventType::FinishExternalConfirmed,
        EventType::FinishLeo,
        EventType::FinishLeoFaxPending,
        EventType::FinishLeoFaxSent,
        EventType::FinishLeoFaxFailed,
        EventType::Download,
        EventType::FinishLobConfirm,
    ];
    /// That of a form to print.
    pub const SELF_PRINT: &'static [EventType] = &[EventType::FinishPrint];
    /// Those of the state's own site.
    pub const EXTERNAL: &'static [EventType] =
        &[EventType::FinishExternal, EventType::FinishExternalConfirmed];
    /// Those of a form that went to the election office.
    pub const SENT_TO_OFFICE: &'static [EventType] = &[
        EventType::FinishLeo,
        EventType::FinishLeoFaxPending,
        EventType::FinishLeoFaxSent,
        EventType::FinishLeoFaxFailed,
    ];
    /// That of a letter.
    pub const LETTER_CONFIRMED: &'static [EventType] = &[EventType::FinishLobConfirm];

    /// What these events of one action tell.
    #[must_use]
    pub fn of(events: &[Event]) -> Self {
        let any = |kinds: &[EventType]| events.iter().any(|event| kinds.contains(&event.kind));
        let downloads = events.iter().filter(|event| event.kind == EventType::Download).count() as u64;
        let is_self_print = any(Self::SELF_PRINT);
        Self {
            is_finished: any(Self::FINISHED),
            is_self_print,
            is_external: any(Self::EXTERNAL),
            is_sent_to_office: any(Self::SENT_TO_OFFICE),
            is_letter_confirmed: any(Self::LETTER_CONFIRMED),
            downloads: is_self_print.then_some(downloads),
            latest: events.iter().map(|event| event.created_at).max(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ActionId, EventId};
    use uuid::Uuid;

    fn of(kinds: &[EventType]) -> Outcome {
        let event = |(second, kind): (usize, &EventType)| Event {
            id: EventId(Uuid::nil()),
            action: ActionId(Uuid::nil()),
            kind: *kind,
            created_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(second as i64),
        };
        Outcome::of(&kinds.iter().enumerate().map(event).collect::<Vec<_>>())
    }

    #[test]
    fn an_action_without_events_has_come_to_nothing() {
        assert_eq!(of(&[]), Outcome::default());
    }

    #[test]
    fn a_form_to_print_is_not_done_before_it_is_downloaded() {
        let made = of(&[EventType::Start, EventType::FinishPrint]);
        assert!(!made.is_finished && made.is_self_print);
        assert_eq!(made.downloads, Some(0));
        let taken = of(&[EventType::Start, EventType::FinishPrint, EventType::Download, EventType::Download]);
        assert!(taken.is_finished);
        assert_eq!(taken.downloads, Some(2));
        assert_eq!(taken.latest.map(|it| it.timestamp()), Some(3));
    }

    #[test]
    fn a_letter_that_is_offered_is_not_done_and_one_that_is_confirmed_is() {
        assert!(!of(&[EventType::FinishLob]).is_finished);
        let confirmed = of(&[EventType::FinishLob, EventType::FinishLobConfirm]);
        assert!(confirmed.is_finished && confirmed.is_letter_confirmed);
        // downloads count where a form was made to be printed
        assert_eq!(of(&[EventType::Download]).downloads, None);
    }

    #[test]
    fn a_fax_that_failed_went_to_the_office_too() {
        for kind in Outcome::SENT_TO_OFFICE {
            let sent = of(&[*kind]);
            assert!(sent.is_finished && sent.is_sent_to_office && !sent.is_external, "{kind:?}");
        }
    }
}
