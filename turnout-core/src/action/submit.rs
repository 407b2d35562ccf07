//! What the tools have in common when a voter hands something in.

use super::Action;
use crate::{app::App, ids::ActionId, subscriber::Subscriber};

impl Action {
    /// A new action of one of the subscriber's voters, now.
    pub(crate) fn begin(app: &App, subscriber: Option<&Subscriber>) -> Self {
        let now = app.now();
        Self {
            id: ActionId(app.ids.uuid()),
            visible_to_subscriber: subscriber.is_none_or(Subscriber::has_data_access),
            last_voter_lookup: None,
            created_at: now,
            modified_at: now,
        }
    }
}
