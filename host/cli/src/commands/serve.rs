//! `autocontent serve`: runs the bots until told to stop.

use std::future::IntoFuture as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use autocontent_content::{Actor, Content};
use autocontent_discord::{BotEvent, Fleet, FleetConfig, Identity, Status as BotStatus, Wanted};
use autocontent_store::{Desired, Status, Store, StoreError};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::commands::account;
use crate::commands::sources::Door;
use crate::config::Config;
use crate::host::Host;
use crate::metrics::{BotCounts, Metrics};
use crate::sweeper;
use crate::watched::WatchedFolder;

/// How often the database is asked whether an operator changed what is wanted.
const LOOK: Duration = Duration::from_secs(1);
/// How often statistics and providers' logs are written.
const FLUSH: Duration = Duration::from_secs(2);
/// Where a host says that it is there, and how it calls itself.
pub(crate) const HEALTH: &str = "/health";
pub(crate) const NAME: &str = "autocontent";
/// The name of the account that is made of DISCORD_TOKEN.
const FIRST_ACCOUNT: &str = "main";

pub(crate) async fn run(config: &Config, watched: Option<&Path>) -> Result<()> {
    // The port first: another host that runs already should notice before anything is touched.
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        anyhow!(
            "could not listen on {}: {error}; choose another address with --listen, or stop what uses it",
            config.listen
        )
    })?;
    let listen = listener.local_addr()?;
    let watched = watched.map(WatchedFolder::open).transpose()?;
    // Before anything that counts.
    let metrics = match config.metrics_listen {
        Some(address) => Some(Metrics::start(address).await?),
        None => None,
    };
    let Host { store, content, clock, random } = Host::open(config).await?;
    first_account(&store, &content, clock.now()).await?;

    let fleet_config = FleetConfig { rest: config.discord_api.clone(), ..FleetConfig::default() };
    let fleet = Fleet::new(content.clone(), fleet_config, random, Arc::clone(&clock))?;
    let stop = CancellationToken::new();
    let stopped = CancellationToken::new();
    let records = tokio::spawn(keep_records(content.clone(), metrics.as_ref().map(Metrics::upkeep), stopped.clone()));
    let metrics_address = metrics.as_ref().map(Metrics::address).transpose()?;
    let metrics = metrics.map(|metrics| AbortOnDropHandle::new(tokio::spawn(metrics.serve(store.clone()))));
    let statuses = tokio::spawn(keep_statuses(store.clone(), fleet.events(), stopped.clone()));
    let router = fleet.router().route(HEALTH, get(|| async { NAME }));
    let server = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let server = tokio::spawn(server.into_future());
    // What can't be read at the start is a reason not to start; later the bots go on as they are.
    let revision = store.revision().await?;
    apply(&store, &content, &fleet).await?;
    if let Some(metrics) = metrics_address {
        tracing::info!(listen = %metrics, "metrics can be read");
    }
    tracing::info!(%listen, commands = content.commands(None).len(), "serving");

    let installed = Notify::new();
    let door = Door { trust: &config.trust, clock: &*clock, store: &store };
    tokio::select! {
        () = watch(&store, &content, &fleet, revision, &installed) => {}
        () = follow(watched, &content, door, &installed) => {}
        () = sweeper::run(&store, &content, &*clock, config.history) => {}
        () = told_to_stop() => tracing::info!("stopping: finishing what is in flight; a second signal ends it at once"),
    }
    let stopping = async {
        stop.cancel();
        fleet.stop().await;
        stopped.cancel();
        let _ = server.await;
        let _ = statuses.await;
        let _ = records.await;
        // Nothing can be counted any more.
        content.flush().await;
        drop(metrics);
        store.close().await;
    };
    tokio::select! {
        () = stopping => {}
        () = told_to_stop() => anyhow::bail!("stopped at once: what was in flight may be unconfirmed"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// With a token in the environment and no account yet, the token becomes the first account, with everything that is
/// installed: whoever starts a host so has one bot and chose its providers.
async fn first_account(store: &Store, content: &Content, now: jiff::Timestamp) -> Result<()> {
    let Some(token) = account::token_from_environment() else { return Ok(()) };
    if !store.accounts().await?.is_empty() {
        return Ok(());
    }
    let id = content.account_id();
    account::add(store, id, FIRST_ACCOUNT.parse()?, token, autocontent_store::Transport::Gateway, now).await?;
    for provider in store.installed().await? {
        if let Err(error) = content.enable(id, &provider.id, &Actor::host()).await {
            tracing::warn!(provider = %provider.id, %error, "not enabled for the first account");
        }
    }
    tracing::info!(account = FIRST_ACCOUNT, "made the first account of DISCORD_TOKEN");
    Ok(())
}

/// Installs what changes in the watched folder, where there is one.
async fn follow(watched: Option<WatchedFolder>, content: &Content, door: Door<'_>, installed: &Notify) {
    match watched {
        Some(watched) => watched.follow(content, door, installed).await,
        None => std::future::pending().await,
    }
}

/// Makes what runs equal to what is wanted, whenever that changed since `known`; at once where it is told so.
async fn watch(store: &Store, content: &Content, fleet: &Fleet, mut known: i64, installed: &Notify) {
    loop {
        // Where the sleep is over first, nothing that was told is lost.
        let _ = tokio::time::timeout(LOOK, installed.notified()).await;
        let changed = match store.revision().await {
            Ok(revision) if revision == known => continue,
            Ok(revision) => apply(store, content, fleet).await.map(|()| {
                known = revision;
                tracing::info!(revision, "applied what was changed");
            }),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = changed {
            tracing::error!(error = format!("{error:#}"), "could not apply a change; the bots go on as they are");
        }
    }
}

async fn apply(store: &Store, content: &Content, fleet: &Fleet) -> Result<()> {
    for unusable in content.reload().await? {
        tracing::error!(provider = %unusable.provider, reason = unusable.reason, "a provider can't be used");
    }
    let mut wanted = Vec::new();
    for account in store.accounts().await? {
        if account.desired == Desired::Running {
            let token = store.token(account.id).await?;
            wanted.push(Wanted {
                account: account.id,
                name: account.name.to_string(),
                token,
                transport: account.transport,
                // `account start` says so of one that failed.
                again: account.status == Status::Stopped,
            });
        }
    }
    fleet.reconcile(wanted);
    fleet.commands_changed();
    Ok(())
}

/// Writes what was counted and what providers logged, every few seconds until stopped.
async fn keep_records(content: Content, upkeep: Option<impl Fn() + Send>, stopped: CancellationToken) {
    while stopped.run_until_cancelled(tokio::time::sleep(FLUSH)).await.is_some() {
        content.flush().await;
        if let Some(upkeep) = &upkeep {
            upkeep();
        }
    }
}

/// Keeps what the bots say of themselves, for `account list`, until the last has stopped.
async fn keep_statuses(store: Store, mut events: Receiver<BotEvent>, stopped: CancellationToken) {
    let mut counts = BotCounts::default();
    loop {
        let event = tokio::select! {
            biased;
            event = events.recv() => event,
            () = stopped.cancelled() => return,
        };
        match event {
            Ok(event) => {
                counts.note(event.account, &event.status);
                keep_status(&store, event).await;
            }
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "missed some bots' statuses"),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn keep_status(store: &Store, event: BotEvent) {
    let BotEvent { account, status, identity } = event;
    let kept = match &status {
        BotStatus::Starting => Status::Starting,
        BotStatus::Ready => Status::Running,
        BotStatus::Waiting { .. } => Status::Waiting,
        BotStatus::Stopped => Status::Stopped,
        BotStatus::Failed { .. } => Status::Failed,
    };
    let mut outcome = store.set_status(account, kept, status.reason()).await;
    if let (Ok(()), Some(Identity { application, public_key })) = (&outcome, identity) {
        outcome = store.set_identity(account, application, &public_key).await;
    }
    // A bot stops after its account was removed.
    if let Err(error) = outcome
        && !matches!(error, StoreError::NoSuchAccount { .. })
    {
        tracing::warn!(%account, %error, "could not keep a bot's status");
    }
}

/// Waits for SIGINT or SIGTERM.
pub(crate) async fn told_to_stop() {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
