//! The whole service on one SQLite file and a folder, put together by hand: no environment, no `.env`. A voter
//! registers over HTTP, the worker writes the mail, its link gives the form, and everything stops in order.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use turnout_core::{
    App,
    file::DerivedTokens,
    ports::{clock::Clock, wake::Wake},
    seed::seed,
    settings::Settings,
};
use turnout_pdf::FormLibrary;
use turnout_server::{
    http::{HttpSettings, Web, serve},
    off_thread::OffThread,
    providers::outbox::Outbox,
    routes, scheduler,
    system::{RandomIds, SystemClock},
    worker::Worker,
};
use turnout_storage::{
    files::LocalFiles,
    in_process::{LocalCache, LocalThrottle, LocalWake},
    sqlite::{SqliteOptions, SqliteStore},
};

/// Signs links and tokens. A program that stays up keeps one of its own, and nobody else knows it.
const SECRET: &[u8] = b"32 bytes that only we know, or more";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);

    let wake: Arc<dyn Wake> = Arc::new(LocalWake::new());
    let options = SqliteOptions::default().with_wake(Arc::clone(&wake));
    let store = Arc::new(SqliteStore::open(folder.path().join("turnout.db"), options).await?);
    store.migrate(|step| println!("migrated: {}", step.name)).await?;

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let files = LocalFiles::open(folder.path().join("files"), origin.parse()?, SECRET, Arc::clone(&clock))?;
    let files = Arc::new(files);
    let outbox = Outbox::open(folder.path().join("outbox"))?;
    let mut settings = Settings::default();
    settings.origins.primary.clone_from(&origin);
    settings.origins.www.clone_from(&origin);
    settings.file.reset_url = format!("{origin}/download/?id={{item_id}}");
    let app = App::builder(Arc::clone(&store), SystemClock, RandomIds, SECRET)
        .with_settings(settings)
        .with_files(Arc::clone(&files))
        .with_file_tokens(DerivedTokens::new(SECRET, TimeDelta::days(7)))
        .with_forms(OffThread::new(FormLibrary::open(None)?, 2))
        .with_email(outbox.clone())
        .with_cache(LocalCache::new(8 * 1024 * 1024, Arc::clone(&clock)))
        .with_throttle(LocalThrottle::new(clock))
        .build();
    let seeded = seed(&app).await?;
    println!("seeded: {} states, {} facts about them", seeded.states, seeded.information);

    let mut table = routes::all();
    table.push(routes::local_files(files));
    let web = Web::with_routes(app.clone(), HttpSettings::default(), table);
    let stop = CancellationToken::new();
    println!("Turnout is at {origin}");
    let (served, (), (), visited) = tokio::join!(
        serve(web, listener, stop.cancelled()),
        Worker::new(app.clone(), wake, 4).run(stop.clone()),
        scheduler::run(&app, stop.clone()),
        async {
            let visited = visit(&origin, &outbox).await;
            stop.cancel();
            visited
        },
    );
    served?;
    store.close().await;
    visited?;
    println!("stopped");
    Ok(())
}

/// What a voter does.
async fn visit(origin: &str, outbox: &Outbox) -> anyhow::Result<()> {
    // an error says that there is one already
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build()?;

    let voter = json!({"first_name": "Ada", "last_name": "Lovelace", "address1": "1 Main Street", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "ada@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "TL123456"});
    let answer = client.post(format!("{origin}/v1/registration/register/")).json(&voter).send().await?;
    let (status, body): (_, Value) = (answer.status(), answer.json().await?);
    println!("registered: {status}, {body}");
    ensure!(status == 200 && body["uuid"].is_string(), "the registration was not taken");

    let mail = first_mail(outbox).await?;
    println!("mailed to {}: {}", mail.to.address, mail.subject);
    let is_link = |word: &&str| word.starts_with(&format!("{origin}/download/"));
    let link = mail.text.split_whitespace().find(is_link).context("the mail has no link")?;
    let answer = client.get(link).send().await?;
    let (status, pdf) = (answer.status(), answer.bytes().await?);
    println!("downloaded: {status}, {} bytes of PDF", pdf.len());
    ensure!(status == 200 && pdf.starts_with(b"%PDF-"), "the link does not lead to the form");
    Ok(())
}

/// The worker is woken by the registration, so the mail is there in a moment.
async fn first_mail(outbox: &Outbox) -> anyhow::Result<turnout_server::providers::outbox::KeptMail> {
    for _ in 0..500 {
        let outbox = outbox.clone();
        let mails = tokio::task::spawn_blocking(move || outbox.list()).await??;
        if let Some(mail) = mails.into_iter().next() {
            return Ok(mail);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("no mail within 10 s")
}
