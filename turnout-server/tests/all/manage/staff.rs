//! What staff do on the site, in a real browser: `tests/browser/staff.mjs`.

use serde_json::json;

use super::walk::reset_path;
use crate::support::{Running, passes};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_form_is_filled_in_and_sent_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[("RATE_LIMITS", "off")]).await;
    let (superuser, nobody) = ("ann@example.org", "bob@example.org");
    let accounts = json!({
        "superuser": { "email": superuser, "link": reset_path(folder.path(), &[superuser, "--superuser"]) },
        "nobody": { "email": nobody, "link": reset_path(folder.path(), &[nobody]) },
    });
    passes("staff", &server, Some(("TURNOUT_STAFF", accounts)), 250).await;
    assert!(server.stop().await.success());
}
