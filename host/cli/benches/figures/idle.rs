//! What a bot costs that nobody talks to.

use std::time::Duration;

use anyhow::Result;
use autocontent_simulator::{Simulator, SimulatorConfig};
use autocontent_store::Transport;

use crate::host::{self, Host};
use crate::report::Idle;

/// The host gives memory back each minute, and before that it has closed the connections that nobody uses.
const GIVEN_BACK: Duration = Duration::from_secs(65);

pub(crate) async fn measure(quick: bool) -> Result<Idle> {
    let (count, watched) = if quick { (200_u32, Duration::from_secs(3)) } else { (1_000, Duration::from_secs(20)) };
    let config = SimulatorConfig {
        global_limit: None,
        route_limits: false,
        patience: Duration::from_secs(120),
        ..SimulatorConfig::default()
    };
    let simulator = Simulator::start(config).await?;
    let host = Host::new(simulator.rest_url())?;
    for provider in ["quote", "trivia"] {
        host.run(&["provider", "install", &host::provider(provider)?.display().to_string()])?;
    }
    let alone = {
        let serving = host.serve()?;
        tokio::time::sleep(GIVEN_BACK).await;
        serving.memory()?
    };
    let bots: Vec<_> = (0..count).map(|number| simulator.add_bot(&format!("bot-{number}"))).collect();
    host.add_accounts(&bots, Transport::Gateway).await?;
    let serving = host.serve()?;
    for bot in &bots {
        bot.until_ready().await?;
        bot.until_command("quote").await?;
    }
    // What starting took is given back, kept connections last of all; then what idling costs is watched.
    tokio::time::sleep(GIVEN_BACK).await;
    let before = serving.processor_time()?;
    tokio::time::sleep(watched).await;
    let used = serving.processor_time()?.saturating_sub(before);
    let kib_per_bot = (serving.memory()? - alone) / f64::from(count);
    Ok(Idle { bots: bots.len(), kib_per_bot, cpu_percent: 100.0 * used.as_secs_f64() / watched.as_secs_f64() })
}
