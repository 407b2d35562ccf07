//! `all-in-one`: every role in one process, the book beside it, and what a person reads at the start.

use std::{fmt::Write as _, net::SocketAddr, path::Path, process::ExitCode, sync::Arc};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{process, roles};
use crate::{
    book::Book,
    config::{Config, FilePlace, Mail, MailHouse, Role, RowPlace, Synchronous},
    observe::pulse::Pulse,
    reload, scheduler, wiring,
};

/// Where `make docs` builds the book, from the working folder.
const BOOK: &str = "target/book";

/// Everything in one process.
pub(super) fn all_in_one() -> anyhow::Result<ExitCode> {
    process::run(Role::AllInOne, async |config, stop| {
        let wired = wiring::wire(&config).await?;
        roles::bring_up_to_date(&config, &wired).await?;
        let listener = roles::listen(&config).await?;
        let (pulse, beside) = (Pulse::default(), roles::listen_for_operators(&config).await?);
        let shelf = Shelf::look(Path::new(BOOK), &config).await;
        print!("{}", greeting(&config, listener.local_addr()?, &shelf));
        let (served, told, (), (), (), (), (), (), ()) = tokio::join!(
            roles::serve_on(listener, &config, &wired, &stop),
            roles::serve_operators(beside, &config, &wired, &pulse, &stop),
            roles::watch_jobs(&config, &wired, &stop),
            roles::work_on(roles::worker(&wired).with_pulse(pulse.clone()), &config, &wired, &stop),
            scheduler::run(&wired.app, stop.clone()),
            reload::run(Arc::clone(&wired.library), stop.clone()),
            wired.regions.run(stop.clone()),
            wired.follow_rollouts(stop.clone()),
            shelf.serve(&stop),
        );
        wired.rows.close().await;
        served.and(told)
    })
}

/// What became of the book. A run goes on without it.
enum Shelf {
    Open(Book, TcpListener),
    NotBuilt,
    Taken(SocketAddr),
}

impl Shelf {
    async fn look(folder: &Path, config: &Config) -> Self {
        let Some(book) = Book::find(folder) else { return Self::NotBuilt };
        let address = SocketAddr::new(config.http.listen.ip(), config.http.docs_port);
        match TcpListener::bind(address).await {
            Ok(listener) => Self::Open(book, listener),
            Err(_) => Self::Taken(address),
        }
    }

    async fn serve(self, stop: &CancellationToken) {
        if let Self::Open(book, listener) = self
            && let Err(error) = book.serve(listener, stop.cancelled()).await
        {
            tracing::warn!(%error, "the book is not served any more");
        }
    }
}

/// What a person who typed `make up` wants to know.
fn greeting(config: &Config, address: SocketAddr, shelf: &Shelf) -> String {
    let origin = &config.settings.origins.primary;
    let mut rows = Vec::new();
    if !origin.ends_with(&format!("localhost:{}", address.port())) {
        rows.push(("listens", format!("on {address}")));
    }
    rows.push(("mail", mail(config)));
    rows.push(("letters", letters(config)));
    rows.push((
        "forms",
        match &config.forms {
            Some(folder) => format!("official: from {}", folder.display()),
            None => {
                "simulated: samples of our own; TURNOUT_FORMS_DIR names a folder of official ones".to_owned()
            }
        },
    ));
    let kept = config.data.display();
    rows.push(("data", format!("kept in {kept}: the next start goes on with it")));
    let place = &config.database.place;
    if !matches!(place, RowPlace::File { path, .. } if path.starts_with(&config.data)) {
        rows.push(("", format!("rows in {}", place.shown())));
    }
    if let FilePlace::S3(place) = &config.files.place {
        rows.push((
            "",
            format!("files on S3, in the buckets {} and {}", place.private_bucket, place.public_bucket),
        ));
    }
    if matches!(place, RowPlace::File { synchronous: Synchronous::Normal, .. }) {
        rows.push(("", "SQLITE_SYNCHRONOUS=NORMAL: a power cut may lose the last moments".to_owned()));
    }
    rows.push((
        "book",
        match shelf {
            Shelf::Open(..) => format!("http://localhost:{}", config.http.docs_port),
            Shelf::NotBuilt => "not built: make docs builds it, the next start serves it".to_owned(),
            Shelf::Taken(address) => {
                format!(
                    "not served: {address} is taken; stop what listens there, or choose another DOCS_PORT"
                )
            }
        },
    ));
    rows.push(("stop", "Ctrl-C".to_owned()));
    let mut text = format!("\nTurnout is at {origin}\n\n");
    for (subject, said) in rows {
        writeln!(text, "  {subject:<9}{said}").expect("a String takes every text");
    }
    text + "\n"
}

fn letters(config: &Config) -> String {
    match &config.letters.house {
        MailHouse::Lob(_) => "real: printed and mailed by lob".to_owned(),
        MailHouse::Outbox(folder) => format!("simulated: not printed, but kept in {}", folder.display()),
        MailHouse::Off => "off: set LOB_KEY".to_owned(),
    }
}

fn mail(config: &Config) -> String {
    match &config.mail {
        Mail::Outbox(folder) if config.http.dev_pages => {
            let origin = &config.settings.origins.primary;
            format!("simulated: not sent, but shown at {origin}/dev/outbox/ (kept in {})", folder.display())
        }
        Mail::Outbox(folder) => format!("simulated: not sent, but kept in {}", folder.display()),
        Mail::Server(server) => format!("real: sent by {}", server.name),
        Mail::Off => "off: set SMTP_URL or SENDGRID_API_KEY".to_owned(),
    }
}
