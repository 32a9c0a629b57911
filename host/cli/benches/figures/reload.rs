//! New versions of a provider while members use it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use autocontent_simulator::{Act, Invocation, Load, Simulator, SimulatorConfig};
use autocontent_store::Transport;

use crate::host::{self, Host};
use crate::report::Reload;

/// Commands at once: some two or three thousand a second.
const IN_FLIGHT: usize = 8;
/// Commands of one guild: fewer than there are quotations.
const PER_GUILD: usize = 100;

pub(crate) async fn measure(quick: bool) -> Result<Reload> {
    let config =
        SimulatorConfig { global_limit: None, route_limits: false, max_concurrency: 100, ..SimulatorConfig::default() };
    let simulator = Simulator::start(config).await?;
    let bot = simulator.add_bot("ours");
    let host = Arc::new(Host::new(simulator.rest_url())?);
    let quote = std::fs::read(host::provider("quote")?)?;
    let files = ["0.1.1", "0.1.2"].map(|version| {
        let file = host.folder().join(format!("quote-{version}.wasm"));
        (file, with_version(&quote, version))
    });
    for (file, component) in &files {
        std::fs::write(file, component)?;
    }
    host.run(&["provider", "install", &host::provider("quote")?.display().to_string()])?;
    host.add_accounts(std::slice::from_ref(&bot), Transport::Gateway).await?;
    let _serving = host.serve()?;
    bot.until_command("quote").await?;
    bot.until_ready().await?;

    let done = Arc::new(AtomicBool::new(false));
    let installing = tokio::task::spawn_blocking({
        let (host, done) = (Arc::clone(&host), Arc::clone(&done));
        let files = files.map(|(file, _)| file.display().to_string());
        move || {
            let mut versions = 0;
            for file in files.iter().cycle() {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                host.run(&["provider", "install", file])?;
                versions += 1;
                // The running host looks once a second.
                std::thread::sleep(Duration::from_millis(1_100));
            }
            anyhow::Ok(versions)
        }
    });
    let (mut sent, mut lost, mut elapsed) = (0, 0, Duration::ZERO);
    let enough = Duration::from_secs(if quick { 5 } else { 20 });
    while elapsed < enough {
        let channel = simulator.channel(&simulator.guild("guild"), "channel");
        let act = Act::Run(Invocation::new("quote", &simulator.member("member", "en-US"), &channel));
        let load = Load { act, total: PER_GUILD, in_flight: IN_FLIGHT, members: PER_GUILD, stop_on_disconnect: false };
        let report = bot.flood(&load).await?;
        sent += report.sent;
        elapsed += report.elapsed;
        // A quotation has buttons; a notice, which says that something failed, has none.
        let shown = report.answered.iter().filter(|answered| answered.custom_id.is_some()).count();
        lost += report.sent - shown;
    }
    done.store(true, Ordering::Relaxed);
    let versions = installing.await??;
    ensure!(versions > 1, "only {versions} version was installed under load");
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let per_second = sent as f64 / elapsed.as_secs_f64();
    Ok(Reload { versions, commands: sent, per_second, lost })
}

/// The component with another version in its manifest, which has the same length.
fn with_version(component: &[u8], version: &str) -> Vec<u8> {
    let (old, new) = (b"version = \"0.1.0\"".as_slice(), format!("version = \"{version}\""));
    let mut component = component.to_vec();
    if let Some(at) = component.windows(old.len()).position(|window| window == old)
        && let Some(place) = component.get_mut(at..at + old.len())
    {
        place.copy_from_slice(new.as_bytes());
    }
    component
}
