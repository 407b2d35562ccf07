//! What happens to an action, as an append-only list.

use chrono::{DateTime, Utc};

use crate::{
    ids::{ActionId, EventId},
    person::demographics::choices,
};

choices! {
    /// A kind of event (`domain.md` 6).
    EventType {
        Start = "Start", "Started Form";
        StartActionApi = "StartActionAPI", "Started via Action API";
        FinishPrint = "FinishPrint", "Finished via Print and Mail";
        FinishExternal = "FinishExternal", "Finished with External Tool";
        FinishExternalConfirmed = "FinishExternalConfirmed", "Finished with External Tool And Confirmed Completion";
        FinishExternalApi = "FinishExternalAPI", "Finished with External API";
        FinishLeo = "FinishLEO", "Finish via direct LEO email submission";
        FinishLeoFaxPending = "FinishLEOFaxPending", "Finish via direct LEO fax submission (fax pending)";
        FinishLeoFaxSent = "FinishLEOFaxSent", "Finish via direct LEO fax submission (fax sent)";
        FinishLeoFaxFailed = "FinishLEOFaxFailed", "LEO fax submission failed";
        Finish = "Finish", "Completed Action";
        Download = "Download", "Download";
        Donate = "Donate", "Donate";
        Restart = "Restart", "Restarted Flow";
        FinishLob = "FinishLob", "Finish via initiating Lob letter";
        FinishLobConfirm = "FinishLobConfirm", "Finish Lob Confirm";
        LobMailed = "LobMailed", "Lob letter mailed";
        LobProcessedForDelivery = "LobProcessedForDelivery", "Lob letter processed for delivery";
        LobRerouted = "LobRerouted", "Lob letter rerouted (e.g., change of address)";
        LobReturned = "LobReturned", "Lob letter returned";
        LobSendBlankRegisterForms = "LobSendBlankRegisterForms", "Lob sent blank voter registration forms";
    }
}

impl EventType {
    /// Reads an event that a browser can know of; the server's own events are refused (quirk Q58).
    #[must_use]
    pub fn parse_from_client(wire: &str) -> Option<Self> {
        Self::parse(wire).filter(|event| {
            matches!(
                event,
                Self::Start
                    | Self::Restart
                    | Self::Donate
                    | Self::Finish
                    | Self::FinishExternal
                    | Self::FinishExternalConfirmed
            )
        })
    }
}

/// Something that happened to an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The action it happened to.
    pub action: ActionId,
    /// What happened.
    pub kind: EventType,
    /// When.
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_claim_what_only_the_server_knows() {
        assert_eq!(EventType::parse_from_client("FinishExternal"), Some(EventType::FinishExternal));
        for own in ["FinishLEO", "FinishPrint", "Download", "LobMailed", "StartActionAPI", "start"] {
            assert_eq!(EventType::parse_from_client(own), None, "{own}");
        }
    }
}
