//! Which pages may stand in a frame of somebody else's page: those that a subscriber puts into its own.

use turnout_core::{
    App,
    subscriber::{SubscriberStatus, frame_sites},
};

use super::{Answer, frame::allow_frames, visit::Visit};

/// The answer of a page with a tool, which may stand in frames of ours and of the site of the subscriber that its address
/// names, and of the book where that stands beside us. Without a subscriber it stays as it is: nobody frames it.
pub(super) async fn for_subscriber(app: &App, visit: Visit<'_>, mut answer: Answer) -> Answer {
    let carried = visit.carried();
    let Some(slug) = carried.subscriber() else { return answer };
    let found = match app.store.view().await {
        Ok(mut view) => view.subscribers().by_slug(slug).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(Some(subscriber)) if subscriber.status == SubscriberStatus::Active => {
            let mut sites = frame_sites(&subscriber);
            sites.extend(app.settings.origins.book.clone());
            allow_frames(&mut answer, &sites);
        }
        Ok(_) => {}
        // the page is good, only not in a frame
        Err(error) => tracing::warn!(%error, "the subscriber of a page was not read"),
    }
    answer
}
