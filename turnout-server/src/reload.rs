//! The loop around [`FormLibrary::refresh`]: takes a changed forms folder without a restart.

use std::{error::Error, sync::Arc, time::Duration};

use tokio::{task::spawn_blocking, time::sleep};
use tokio_util::sync::CancellationToken;
use turnout_pdf::FormLibrary;

/// How often the folder is looked at. A change is taken at the second look that finds it.
const EVERY: Duration = Duration::from_secs(3);

/// Looks at the folder until `stop`; at first, whether all of it can be used. Needs a tokio runtime.
pub async fn run(library: Arc<FormLibrary>, stop: CancellationToken) {
    run_every(EVERY, library, stop).await;
}

/// The same, looking more or less often.
pub async fn run_every(every: Duration, library: Arc<FormLibrary>, stop: CancellationToken) {
    if !library.is_official() {
        return;
    }
    let looking = Arc::clone(&library);
    if let Ok(Err(broken)) = spawn_blocking(move || looking.verify()).await {
        complain(&broken, "a form of the forms folder cannot be used");
    }
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(every) => {}
        }
        let looking = Arc::clone(&library);
        match spawn_blocking(move || looking.refresh()).await {
            Ok(Ok(true)) => tracing::info!("the forms folder has changed, and is in force as it is now"),
            Ok(Err(broken)) => {
                complain(
                    &broken,
                    "the forms folder has changed and cannot be used: the forms before it stay in force",
                );
            }
            Ok(Ok(false)) | Err(_) => {}
        }
    }
}

fn complain(broken: &[turnout_pdf::Error], what: &str) {
    for error in broken {
        tracing::error!(error = error as &dyn Error, "{what}");
    }
}
