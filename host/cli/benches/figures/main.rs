//! What the host costs, each figure beside a peer that was measured in the same run.
//!
//! `cargo xtask bench [--quick] [--json]`. Figures are medians of several rounds, in which host and peer take turns, so
//! that whatever else the machine does meets both. The load comes from this process, on the same cores.

mod echo;
mod fresh;
mod host;
mod idle;
mod inside;
mod neighbours;
mod reload;
mod report;
mod start;
mod transport;
mod zoo;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

use crate::report::Report;
use crate::transport::Transport;

/// Measure the host beside its peers.
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    /// Fewer rounds: some minutes
    #[arg(long)]
    quick: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Only these figures: fresh_call, gateway, http, idle, start, storage, breaker, reload, zoo
    #[arg(long, value_name = "FIGURE")]
    only: Vec<String>,
    /// Passed by cargo
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    peer: Option<Peer>,
}

/// A peer runs as a process of its own, as the host does.
#[derive(Subcommand)]
enum Peer {
    #[command(hide = true)]
    EchoGateway { discord: String, token: String },
    #[command(hide = true)]
    EchoHttp { public_key: String },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.peer {
            Some(Peer::EchoGateway { discord, token }) => echo::gateway(&discord, token).await,
            Some(Peer::EchoHttp { public_key }) => echo::http(&public_key).await,
            None => measure(&arguments).await,
        }
    })
}

async fn measure(arguments: &Arguments) -> Result<()> {
    let mut report = Report::default();
    let measured = measure_all(arguments, &mut report).await;
    // Where one figure fails, those before it are not lost.
    report.print(arguments.json)?;
    measured
}

async fn measure_all(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let wanted = |figure: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == figure);
    let quick = arguments.quick;
    if wanted("fresh_call") {
        eprintln!("measuring fresh calls");
        report.fresh_call = Some(fresh::measure(quick).await.context("fresh calls")?);
    }
    if wanted("gateway") {
        eprintln!("measuring commands over the gateway");
        report.gateway = Some(transport::measure(Transport::Gateway, quick).await.context("the gateway")?);
    }
    if wanted("http") {
        eprintln!("measuring commands by HTTP");
        report.http = Some(transport::measure(Transport::Http, quick).await.context("HTTP interactions")?);
    }
    if wanted("idle") {
        eprintln!("measuring idle bots");
        report.idle = Some(idle::measure(quick).await.context("idle bots")?);
    }
    if wanted("start") {
        eprintln!("measuring the start");
        report.start = Some(start::measure(quick).context("the start")?);
    }
    if wanted("storage") {
        eprintln!("measuring storage");
        report.storage = Some(neighbours::storage().await.context("storage")?);
    }
    if wanted("breaker") {
        eprintln!("measuring a failing provider's neighbour");
        report.breaker = Some(neighbours::breaker(quick).await.context("the breaker")?);
    }
    if wanted("reload") {
        eprintln!("measuring reloads under load");
        report.reload = Some(reload::measure(quick).await.context("reloads")?);
    }
    if wanted("zoo") {
        eprintln!("measuring a provider beside the hostile zoo");
        report.zoo = Some(zoo::measure(quick).await.context("the zoo")?);
    }
    Ok(())
}
