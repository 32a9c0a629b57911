//! The simulator as a program: starts a Discord double with bots and people, prints where it is, and serves a small
//! control API so that a person can play the members with curl.

mod control;

use std::{io::Write as _, net::Ipv4Addr};

use anyhow::Context as _;
use autocontent_simulator::{Simulator, SimulatorConfig};
use clap::Parser;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A Discord double on this machine: REST API v10 and gateway over plain HTTP and WebSocket.
#[derive(Parser)]
#[command(after_help = control::HELP)]
struct Arguments {
    /// Port of the REST API on 127.0.0.1; 0 for any.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Port of the control API on 127.0.0.1; 0 for any.
    #[arg(long, default_value_t = 0)]
    control_port: u16,
    /// How many bots there are; they are called bot-1, bot-2 and so on.
    #[arg(long, default_value_t = 1)]
    bots: usize,
    /// What tokens and keys are made from: the same seed gives the same secrets for bots made at the same time.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let config = SimulatorConfig { port: arguments.port, seed: arguments.seed, ..SimulatorConfig::default() };
    let sim = Simulator::start(config).await?;
    for number in 1..=arguments.bots {
        sim.add_bot(&format!("bot-{number}"));
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.control_port));
    let listener = listener.await.context("could not listen for the control API: choose another --control-port")?;
    let control = format!("http://{}/control", listener.local_addr()?);
    let stdout = std::io::stdout();
    if arguments.json {
        writeln!(stdout.lock(), "{}", describe(&sim, &control))?;
    } else {
        writeln!(stdout.lock(), "REST     {}\ngateway  {}\ncontrol  {control}", sim.rest_url(), sim.gateway_url())?;
        for bot in sim.bots() {
            writeln!(stdout.lock(), "{}    {}", bot.name(), bot.token())?;
        }
    }
    let router = control::router(sim.clone());
    tokio::select! {
        served = async { axum::serve(listener, router).await } => served?,
        stopped = tokio::signal::ctrl_c() => stopped?,
    }
    sim.stop();
    Ok(())
}

fn describe(sim: &Simulator, control: &str) -> Value {
    let bot = |bot: autocontent_simulator::Bot| {
        json!({
            "name": bot.name(),
            "token": bot.token(),
            "application_id": bot.application_id(),
            "verify_key": bot.verify_key(),
        })
    };
    json!({
        "rest": sim.rest_url().as_str(),
        "gateway": sim.gateway_url().as_str(),
        "control": control,
        "bots": sim.bots().into_iter().map(bot).collect::<Vec<_>>(),
    })
}
