//! Commands through a whole host: policy, sandbox, durable history; beside a raw echo bot on the same transport.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use autocontent_simulator::{Act, Bot, Invocation, Load, LoadReport, Simulator, SimulatorConfig};
use futures_util::future::try_join_all;
use serde_json::json;

use crate::host::{self, Host, Serving};
use crate::report::{Commands, median, millis};

/// How interactions reach a bot.
#[derive(Clone, Copy)]
pub(crate) enum Transport {
    Gateway,
    Http,
}

/// Interactions at once. Each of those in flight belongs to a guild of its own, as members of many guilds do.
const IN_FLIGHT: [usize; 3] = [1, 32, 128];
/// Commands of one guild: fewer than there are quotations, so that nobody has seen them all.
const PER_GUILD: usize = 100;

pub(crate) async fn measure(transport: Transport, quick: bool) -> Result<Commands> {
    let config =
        SimulatorConfig { global_limit: None, route_limits: false, max_concurrency: 100, ..SimulatorConfig::default() };
    let simulator = Simulator::start(config).await?;
    let (ours, echo) = (simulator.add_bot("ours"), simulator.add_bot("echo"));
    let _host = start_host(&simulator, &ours, transport).await?;
    let _peer = start_echo(&simulator, &echo, transport).await?;

    let (rounds, commands) = if quick { (3, 1_000) } else { (7, 6_000) };
    let (mut host_figures, mut echo_figures) = (Figures::default(), Figures::default());
    for round in 0..rounds {
        for in_flight in IN_FLIGHT {
            for (bot, figures) in [(&ours, &mut host_figures), (&echo, &mut echo_figures)] {
                let outcome = put_load(&simulator, bot, in_flight, commands).await?;
                // The first round warms connections, caches and prepared statements.
                if round > 0 {
                    figures.add(in_flight, &outcome);
                }
            }
        }
    }
    let (ours_p50_ms, echo_p50_ms) = (median(host_figures.p50s), median(echo_figures.p50s));
    Ok(Commands {
        ours_p50_ms,
        ours_p99_ms: median(host_figures.p99s),
        echo_p50_ms,
        ratio: ours_p50_ms / echo_p50_ms,
        per_second: medians(host_figures.rates),
        echo_per_second: medians(echo_figures.rates),
    })
}

/// What the rounds brought.
#[derive(Default)]
struct Figures {
    /// In milliseconds, one at a time.
    p50s: Vec<f64>,
    p99s: Vec<f64>,
    /// Per second, by how many were in flight.
    rates: BTreeMap<usize, Vec<f64>>,
}

impl Figures {
    fn add(&mut self, in_flight: usize, outcome: &Outcome) {
        self.rates.entry(in_flight).or_default().push(outcome.per_second);
        if in_flight == 1 {
            self.p50s.push(outcome.p50_ms);
            self.p99s.push(outcome.p99_ms);
        }
    }
}

fn medians(rates: BTreeMap<usize, Vec<f64>>) -> BTreeMap<String, f64> {
    rates.into_iter().map(|(in_flight, rates)| (in_flight.to_string(), median(rates))).collect()
}

struct Outcome {
    p50_ms: f64,
    p99_ms: f64,
    per_second: f64,
}

/// Has members of many guilds run `/quote`, so many at once.
async fn put_load(simulator: &Simulator, bot: &Bot, in_flight: usize, commands: usize) -> Result<Outcome> {
    let guilds = (commands / PER_GUILD).max(in_flight);
    let total = commands.div_ceil(guilds);
    let begun = std::time::Instant::now();
    let waves = guilds.div_ceil(in_flight);
    let mut all = LoadReport::default();
    for _ in 0..waves {
        let loads = (0..in_flight).map(|_| {
            let channel = simulator.channel(&simulator.guild("guild"), "channel");
            let member = simulator.member("member", "en-US");
            let act = Act::Run(Invocation::new("quote", &member, &channel));
            // Each member asks once: nobody waits for a cooldown.
            async move { bot.flood(&Load { act, total, in_flight: 1, members: total, stop_on_disconnect: false }).await }
        });
        for report in try_join_all(loads).await? {
            ensure!(
                report.refused.is_empty() && report.unanswered.is_empty(),
                "some commands were not answered: {report:?}"
            );
            all.answered.extend(report.answered);
        }
    }
    all.elapsed = begun.elapsed();
    Ok(Outcome {
        p50_ms: millis(all.percentile(0.5)),
        p99_ms: millis(all.percentile(0.99)),
        per_second: all.per_second(),
    })
}

async fn start_host(simulator: &Simulator, bot: &Bot, transport: Transport) -> Result<(Host, Serving)> {
    let host = Host::new(simulator.rest_url())?;
    host.run(&["provider", "install", &host::provider("quote")?.display().to_string()])?;
    let kind = match transport {
        Transport::Gateway => autocontent_store::Transport::Gateway,
        Transport::Http => autocontent_store::Transport::Http,
    };
    let accounts = host.add_accounts(std::slice::from_ref(bot), kind).await?;
    let serving = host.serve()?;
    bot.until_command("quote").await?;
    match transport {
        Transport::Gateway => bot.until_ready().await?,
        Transport::Http => {
            let account = accounts.first().context("no account")?;
            let url = format!("http://{}/interactions/{account}", serving.address);
            bot.set_interactions_endpoint(Some(url.parse()?)).await?;
        }
    }
    Ok((host, serving))
}

/// The peer; killed when dropped.
struct Echo(Child);

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn start_echo(simulator: &Simulator, bot: &Bot, transport: Transport) -> Result<Echo> {
    register_quote(simulator, bot).await?;
    let mut command = Command::new(std::env::current_exe()?);
    match transport {
        Transport::Gateway => {
            command.args(["echo-gateway", simulator.rest_url().as_str(), &bot.token()]);
            let echo = Echo(command.spawn()?);
            bot.until_ready().await?;
            Ok(echo)
        }
        Transport::Http => {
            command.args(["echo-http", &bot.verify_key()]).stdout(Stdio::piped());
            let mut echo = Echo(command.spawn()?);
            let mut url = String::new();
            BufReader::new(echo.0.stdout.take().context("no output")?).read_line(&mut url)?;
            bot.set_interactions_endpoint(Some(url.trim().parse()?)).await?;
            Ok(echo)
        }
    }
}

/// The command must be registered before members can run it.
async fn register_quote(simulator: &Simulator, bot: &Bot) -> Result<()> {
    let url = format!("{}api/v10/applications/{}/commands", simulator.rest_url(), bot.application_id());
    let commands = json!([{ "name": "quote", "description": "A quotation" }]);
    let authorization = format!("Bot {}", bot.token());
    reqwest::Client::new()
        .put(url)
        .header("Authorization", authorization)
        .json(&commands)
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}
