//! The whole of it, on one machine: a simulated Discord, the host with two bots, and members who use them.
//!
//! `cargo xtask demo` builds what this needs and runs it.

mod host;
mod scene;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use autocontent_recordings::Recording;
use autocontent_simulator::{Bot, Channel, Invocation, Member, Simulator, SimulatorConfig, Upstreams};
use clap::Parser;

use crate::host::Host;

/// The official providers that carry their content with them, and those that ask upstreams.
const BUNDLED: [&str; 3] = ["quote", "trivia", "fact"];
const ASKING: [&str; 8] = ["comic", "game", "gif", "image-of-the-day", "meme", "music", "news", "wiki"];
/// Those that want a key of the operator's.
const KEYED: [&str; 2] = ["gif", "meme"];

/// Show two bots on a simulated Discord answering members' commands.
#[derive(Parser)]
#[command(name = "cargo xtask demo")]
struct Arguments {
    /// Keep everything running afterwards, until Ctrl-C
    #[arg(long)]
    serve: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir().context("could not make a folder for the demo's data")?;
    let simulator = Simulator::start(SimulatorConfig::default()).await?;
    let first = simulator.add_bot("first");
    let second = simulator.add_bot("second");
    println!("A simulated Discord listens on {}\n", simulator.rest_url());

    let upstreams = Upstreams::start(ASKING.map(recording).into_iter().collect::<Result<Vec<_>>>()?).await?;
    println!("Recorded answers of the providers' upstreams are served on http://{}/\n", upstreams.address());

    let host = Host::new(folder.path(), &simulator.rest_url())?;
    host.configure(&format!("development-upstreams = [\"*={}\"]\n", upstreams.address()))?;
    for (bot, transport) in [(&first, "gateway"), (&second, "http")] {
        host.run_with_input(&["account", "add", bot.name(), "--transport", transport], &bot.token())?;
    }
    for provider in BUNDLED.into_iter().chain(ASKING) {
        host.run(&["provider", "install", "--grant", &provider_file(provider)?.display().to_string()])?;
        if KEYED.contains(&provider) {
            host.run_with_input(&["provider", "secret", provider, "api-key"], "a key for the demo")?;
        }
        for bot in [&first, &second] {
            host.run(&["provider", "enable", provider, "--account", bot.name()])?;
        }
    }
    let serving = host.serve().await?;
    for bot in [&first, &second] {
        for command in ["quote", "trivia", "fact", "wiki"] {
            bot.until_command(command).await?;
        }
    }
    first.until_ready().await?;
    let endpoint = serving.interactions_url(&host.account_id(second.name())?)?;
    second.set_interactions_endpoint(Some(endpoint)).await?;
    println!("Two bots run: `first` over the gateway, `second` by HTTP interactions.");

    let guild = simulator.guild("Reading room");
    let channel = simulator.channel(&guild, "quotes");
    let ana = simulator.member("ana", "en-US");
    let rui = simulator.member("rui", "pt-BR");

    scene::title("A quotation, over the gateway");
    let quote = scene::command(&first, &Invocation::new("quote", &ana, &channel).with("topic", "courage")).await?;
    scene::press(&first, &quote, "Another", &rui).await?;
    scene::press(&first, &quote, "👍", &rui).await?;
    scene::press(&first, &quote, "⭐", &ana).await?;

    scene::title("Suggestions while typing");
    scene::autocomplete(&first, &Invocation::new("quote", &ana, &channel).with("author", "sha"), "author").await?;

    scene::title("The same by HTTP interactions, in the member's language");
    scene::command(&second, &Invocation::new("quote", &rui, &channel)).await?;

    scene::title("A question with buttons of the provider's own");
    let question = scene::command(&second, &Invocation::new("trivia", &ana, &channel)).await?;
    let answer = question.buttons().into_iter().next().context("the question has no answers to press")?;
    scene::press(&second, &question, &answer.label, &ana).await?;

    scene::title("What the other official providers found");
    ask_the_others(&first, &ana, &channel).await?;

    scene::title("What ana saved");
    scene::command(&first, &Invocation::new("favourites", &ana, &channel)).await?;

    scene::title("The host's history");
    // Settlements are written a moment after the answers.
    while host.run(&["history", "--json"])?.contains("\"pending\"") {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    print!("{}", host.run(&["history"])?);

    if arguments.serve {
        println!("\nStill running; press Ctrl-C to stop. The host's data is in {}", folder.path().display());
        tokio::signal::ctrl_c().await?;
    }
    serving.stop().await?;
    Ok(())
}

/// A command of each, that its recording has the answer to.
async fn ask_the_others(bot: &Bot, member: &Member, channel: &Channel) -> Result<()> {
    let commands: [(&str, &[(&str, &str)]); 9] = [
        ("fact", &[]),
        ("comic latest", &[]),
        ("game info", &[("name", "Portal 2")]),
        ("gif", &[("topic", "happy cat")]),
        ("image-of-the-day", &[("date", "2024-01-31")]),
        ("meme", &[("topic", "monday morning")]),
        ("music artist", &[("name", "Milton Nascimento")]),
        ("news latest", &[("feed", "BBC News")]),
        ("wiki summary", &[("title", "Ada Lovelace")]),
    ];
    for (command, options) in commands {
        let invocation = Invocation::new(command, member, channel);
        let invocation = options.iter().fold(invocation, |invocation, (name, value)| invocation.with(name, *value));
        scene::command(bot, &invocation).await?;
    }
    Ok(())
}

/// What the upstreams of a provider answered once.
fn recording(id: &str) -> Result<Recording> {
    let plugins = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../plugins");
    Ok(Recording::load(&plugins.join(id).join("recordings/examples.json"))?)
}

/// A provider as `cargo xtask build-providers` left it.
fn provider_file(id: &str) -> Result<PathBuf> {
    let target = host::target_folder()?;
    let file = target
        .ancestors()
        .map(|folder| folder.join("providers").join(id).with_extension("wasm"))
        .find(|file| file.exists());
    file.with_context(|| format!("the provider `{id}` isn't built: run `cargo xtask build-providers`"))
}
