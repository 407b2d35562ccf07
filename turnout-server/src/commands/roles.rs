//! `serve`, `worker`, `scheduler`, `migrate`, and what `all-in-one` shares with them.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use turnout_core::{
    official::generated::{self, Generated},
    ports::store::Store as _,
    seed::{self, Seeded},
    switch,
};

use super::{process, progress};
use crate::{
    config::{Config, Role},
    http::{self, Route, Web},
    measures,
    observe::pulse::Pulse,
    reload, scheduler,
    wiring::{self, Wired},
    worker::Worker,
};

/// How far apart a worker of its own looks for jobs where the database tells no process what another one wrote.
const UNWOKEN: Duration = Duration::from_millis(500);

/// HTTP. Serves without a database that is up to date too, and says so at `/-/health/`.
pub(super) fn serve() -> anyhow::Result<ExitCode> {
    process::run(Role::Serve, async |config, stop| {
        let wired = wiring::wire(&config).await?;
        for complaint in wired.app.store.complaints().await {
            tracing::warn!("{}", advice(&[complaint]));
        }
        let listener = listen(&config).await?;
        let (pulse, beside) = (Pulse::default(), listen_for_operators(&config).await?);
        tracing::info!(address = %listener.local_addr()?, "serving");
        let (served, told, (), (), (), ()) = tokio::join!(
            serve_on(listener, &config, &wired, &stop),
            serve_operators(beside, &config, &wired, &pulse, &stop),
            watch_jobs(&config, &wired, &stop),
            reload::run(Arc::clone(&wired.library), stop.clone()),
            wired.regions.run(stop.clone()),
            wired.follow_rollouts(stop.clone()),
        );
        wired.rows.close().await;
        served.and(told)
    })
}

/// Jobs.
pub(super) fn work() -> anyhow::Result<ExitCode> {
    process::run(Role::Worker, async |config, stop| {
        let wired = up_to_date(&config).await?;
        tracing::info!("working");
        let pulse = Pulse::default();
        let mut worker = worker(&wired).with_pulse(pulse.clone());
        if !wired.rows.hears_others() {
            worker = worker.with_longest_rest(UNWOKEN);
        }
        let listener = if config.http.metrics { Some(listen(&config).await?) } else { None };
        let beside = listen_for_operators(&config).await?;
        let (served, told, (), (), (), (), ()) = tokio::join!(
            serve_metrics(listener, &config, &wired, &stop),
            serve_operators(beside, &config, &wired, &pulse, &stop),
            watch_jobs(&config, &wired, &stop),
            work_on(worker, &config, &wired, &stop),
            reload::run(Arc::clone(&wired.library), stop.clone()),
            wired.regions.run(stop.clone()),
            wired.follow_rollouts(stop.clone()),
        );
        wired.rows.close().await;
        served.and(told)
    })
}

/// Cadences.
pub(super) fn schedule() -> anyhow::Result<ExitCode> {
    process::run(Role::Scheduler, async |config, stop| {
        let wired = up_to_date(&config).await?;
        let (pulse, beside) = (Pulse::default(), listen_for_operators(&config).await?);
        tracing::info!("scheduling");
        let (told, (), ()) = tokio::join!(
            serve_operators(beside, &config, &wired, &pulse, &stop),
            watch_jobs(&config, &wired, &stop),
            scheduler::run_beating(&wired.app, &pulse, stop.clone()),
        );
        wired.rows.close().await;
        told
    })
}

/// The database.
pub(super) fn migrate() -> anyhow::Result<ExitCode> {
    process::run(Role::Migrate, async |config, _| {
        let wired = wiring::wire(&config).await?;
        let applied = bring_up_to_date(&config, &wired).await?;
        println!(
            "The database {} is up to date: {applied} migrations applied.",
            config.database.place.shown()
        );
        wired.rows.close().await;
        Ok(())
    })
}

/// Migrates, seeds, and sets switches that nobody has set. How many migrations there were.
pub(super) async fn bring_up_to_date(config: &Config, wired: &Wired) -> anyhow::Result<usize> {
    let applied = wired.rows.migrate(progress::shown()).await?;
    let seeded = seed::seed(&wired.app).await.context("the states and subscribers cannot be added")?;
    if seeded != Seeded::default() {
        tracing::info!(
            states = seeded.states,
            facts = seeded.information,
            subscribers = seeded.subscribers,
            "seeded"
        );
    }
    let generated = generated::put(&wired.app, &wired.regions.finder().generated()).await;
    let generated =
        generated.context("the regions made of the Census' names cannot be brought up to date")?;
    if generated != Generated::default() {
        tracing::info!(put = generated.put, gone = generated.gone, "regions were made of the Census' names");
    }
    let added = switch::add_first(&wired.app, &config.first_switches).await;
    let added = added.context("the first values of switches cannot be added")?;
    if added > 0 {
        tracing::info!(switches = added, "first values of switches were set");
    }
    Ok(applied)
}

/// For a role that cannot do anything otherwise.
async fn up_to_date(config: &Config) -> anyhow::Result<Wired> {
    let wired = wiring::wire(config).await?;
    let complaints = wired.app.store.complaints().await;
    anyhow::ensure!(complaints.is_empty(), "{}", advice(&complaints));
    Ok(wired)
}

pub(super) fn advice(complaints: &[String]) -> String {
    let complaints = complaints.join(", ");
    if complaints.contains("unavailable") {
        format!("{complaints}: is it up, and does DATABASE_URL lead to it?")
    } else {
        format!("{complaints}: run turnout-server migrate")
    }
}

/// The metrics of a role that answers nothing else, where they are asked for.
async fn serve_metrics(
    listener: Option<TcpListener>,
    config: &Config,
    wired: &Wired,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    serve_beside(listener, config, wired, stop, vec![crate::routes::metrics()]).await
}

/// Metrics and health at a port of their own, where one is set.
pub(super) async fn serve_operators(
    listener: Option<TcpListener>,
    config: &Config,
    wired: &Wired,
    pulse: &Pulse,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    serve_beside(listener, config, wired, stop, crate::routes::for_operators(pulse)).await
}

/// What operators are told beside the work. No balancer sends requests here, so nobody waits for one at a stop.
async fn serve_beside(
    listener: Option<TcpListener>,
    config: &Config,
    wired: &Wired,
    stop: &CancellationToken,
    routes: Vec<Route>,
) -> anyhow::Result<()> {
    let Some(listener) = listener else { return Ok(()) };
    let settings = http::HttpSettings { shutdown_delay: Duration::ZERO, ..wiring::http_settings(config) };
    let web = Web::with_routes(wired.app.clone(), settings, routes);
    let served = http::serve(web, listener, stop.cancelled()).await;
    stop.cancel();
    Ok(served?)
}

/// The port for that, where one is set.
pub(super) async fn listen_for_operators(config: &Config) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = config.observing.listen else { return Ok(None) };
    let port = address.port();
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}: stop what listens there, or choose another METRICS_PORT than {port}"
        )
    })?;
    tracing::info!(address = %listener.local_addr()?, "metrics and health are told");
    Ok(Some(listener))
}

/// What waits, and the connections that are used, are measured where somebody is told.
pub(super) async fn watch_jobs(config: &Config, wired: &Wired, stop: &CancellationToken) {
    if config.is_measured() {
        let look = || measures::pools::look(&wired.rows.connections());
        measures::jobs::watch(&wired.app, look, stop.clone()).await;
    }
}

/// Jobs mostly wait for others, so there may be more at once than processors.
pub(super) fn worker(wired: &Wired) -> Worker {
    Worker::new(wired.app.clone(), Arc::clone(&wired.wake), 2 * wiring::processors())
}

/// Runs jobs until `stop`, woken by other processes where the database can do that. Not where Redis does it: whoever
/// heard of a job from the database would tell all the others once more.
pub(super) async fn work_on(worker: Worker, config: &Config, wired: &Wired, stop: &CancellationToken) {
    tokio::select! {
        () = worker.run(stop.clone()) => {}
        never = wired.rows.listen(), if config.redis.is_none() => match never {},
    }
}

pub(super) async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let address = config.http.listen;
    let port = address.port();
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: stop what listens there, or choose another PORT than {port}")
    })
}

pub(super) async fn serve_on(
    listener: TcpListener,
    config: &Config,
    wired: &Wired,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let served = http::serve(wiring::web(config, wired), listener, stop.cancelled()).await;
    // a listener that broke takes the other parts along
    stop.cancel();
    Ok(served?)
}
