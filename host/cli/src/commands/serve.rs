//! `autocontent serve`: runs the bots until told to stop.

use std::future::IntoFuture as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use autocontent_content::Content;
use autocontent_discord::{BotEvent, Fleet, FleetConfig, Wanted};
use autocontent_store::{Desired, Store};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::commands::account;
use crate::config::Config;
use crate::host::Host;

/// How often the database is asked whether an operator changed what is wanted.
const LOOK: Duration = Duration::from_secs(1);
/// Deliveries older than this that are still pending at the start belong to a host that was stopped.
const INTERRUPTED: Duration = Duration::from_secs(15 * 60);
/// The name of the account that is made of DISCORD_TOKEN.
const FIRST_ACCOUNT: &str = "main";

pub async fn run(config: &Config) -> Result<()> {
    // The port first: another host that runs already should notice before anything is touched.
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("could not listen on {}: choose another address with --listen, or stop what uses it", config.listen))?;
    let listen = listener.local_addr()?;
    let Host { store, content, clock, random } = Host::open(config).await?;
    let interrupted = store.close_interrupted(clock.now() - INTERRUPTED).await?;
    if interrupted > 0 {
        tracing::warn!(interrupted, "deliveries of an earlier run can't be confirmed");
    }
    first_account(&store, &content, clock.now()).await?;

    let fleet_config = FleetConfig { rest: config.discord_api.clone(), ..FleetConfig::default() };
    let fleet = Fleet::new(content.clone(), fleet_config, random, clock);
    let stop = CancellationToken::new();
    let statuses = tokio::spawn(keep_statuses(store.clone(), fleet.events()));
    let server = axum::serve(listener, fleet.router()).with_graceful_shutdown(stop.clone().cancelled_owned());
    let server = tokio::spawn(server.into_future());
    tracing::info!(%listen, "serving");

    let watching = watch(&store, &content, &fleet);
    tokio::select! {
        result = watching => result?,
        () = told_to_stop() => tracing::info!("stopping: finishing what is in flight; a second signal ends it at once"),
    }
    let stopping = async {
        stop.cancel();
        fleet.stop().await;
        drop(fleet);
        let _ = server.await;
        let _ = statuses.await;
        store.close().await
    };
    tokio::select! {
        closed = stopping => closed?,
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
        if let Err(error) = content.enable(id, &provider.id).await {
            tracing::warn!(provider = %provider.id, %error, "not enabled for the first account");
        }
    }
    tracing::info!(account = FIRST_ACCOUNT, "made the first account of DISCORD_TOKEN");
    Ok(())
}

/// Makes what runs equal to what is wanted, whenever that changed.
async fn watch(store: &Store, content: &Content, fleet: &Fleet) -> Result<()> {
    let mut known = None;
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let revision = match store.revision().await {
            Ok(revision) => revision,
            Err(error) if known.is_some() => {
                tracing::error!(%error, "could not look for changes; the bots go on as they are");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if known == Some(revision) {
            continue;
        }
        match apply(store, content, fleet).await {
            Ok(()) => {
                // Raised meanwhile by what was applied itself, or by an operator: then the next look applies again.
                known = Some(revision);
            }
            Err(error) if known.is_some() => tracing::error!(error = format!("{error:#}"), "could not apply a change; trying again"),
            Err(error) => return Err(error),
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
            wanted.push(Wanted { account: account.id, name: account.name.to_string(), token, transport: account.transport });
        }
    }
    fleet.reconcile(wanted).await;
    fleet.commands_changed();
    Ok(())
}

/// Keeps what the bots say of themselves, for `account list`.
async fn keep_statuses(store: Store, mut events: Receiver<BotEvent>) {
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "missed some bots' statuses");
                continue;
            }
            Err(RecvError::Closed) => return,
        };
        let BotEvent { account, status, reason, identity } = event;
        let mut kept = store.set_status(account, status, reason.as_deref()).await;
        if let (Ok(()), Some((application, public_key))) = (&kept, identity) {
            kept = store.set_identity(account, application, &public_key).await;
        }
        if let Err(error) = kept {
            tracing::warn!(%account, %error, "could not keep a bot's status");
        }
    }
}

/// Waits for SIGINT or SIGTERM.
async fn told_to_stop() {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
