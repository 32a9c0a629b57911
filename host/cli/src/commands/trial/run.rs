//! `autocontent provider run LINE`: one command, and buttons pressed after it.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use autocontent_workshop::harness::{Harness, Ran, Setup, Time, Traffic, Who};
use autocontent_workshop::{Component, compiled_folder, secrets};

use super::RunArguments;
use crate::host::compiler;
use crate::say::say;
use crate::show::trial::Paper;

pub(super) async fn run(arguments: RunArguments) -> Result<ExitCode> {
    let component = Component::find(&arguments.component)?;
    let traffic = traffic(&arguments, &component);
    let own = match &traffic {
        Traffic::Live | Traffic::Recorded(_) => {
            secrets::find(component.project.as_deref(), &component.manifest.secrets)?
        }
        // Nobody is asked, so none is needed.
        Traffic::Played(_) => BTreeMap::new(),
    };
    let setup = Setup {
        traffic: traffic.clone(),
        time: Time::Standing(arguments.now),
        seed: arguments.seed,
        settings: arguments.settings.iter().map(|one| (one.name.to_string(), one.value.clone())).collect(),
        grants: arguments.grants.iter().cloned().collect(),
        secrets: own,
        ..Setup::new(component.bytes, compiler()?, compiled_folder())
    };
    let harness = setup.open().await?;
    let who = Who {
        locale: arguments.locale.clone(),
        place: arguments.place.into(),
        sensitive: arguments.sensitive,
        ..Who::default()
    };
    let paper = Paper { colours: !arguments.json && std::io::stdout().is_terminal() };
    let mut ran = harness.run(&who, &arguments.line).await?;
    tell(&harness, &arguments, &paper, &ran)?;
    for button in &arguments.press {
        // What comes of what was not recorded means nothing.
        if !ran.missing.is_empty() {
            break;
        }
        if !arguments.json {
            say!("\n{}\n", paper.faint(&format!("presses [{button}]")));
        }
        // The clock stands, and whoever presses a button has waited until they may.
        harness.forgive();
        ran = harness.press(&who, button).await?;
        tell(&harness, &arguments, &paper, &ran)?;
    }
    let recorded = harness.recorded();
    harness.close().await;
    match &traffic {
        Traffic::Recorded(_) if recorded == 0 => eprintln!("autocontent: nothing was asked, so nothing was recorded"),
        Traffic::Recorded(file) => eprintln!("autocontent: recorded in {}", file.display()),
        Traffic::Live | Traffic::Played(_) => {}
    }
    if !ran.missing.is_empty() {
        bail!("{}\nask the network with --live, or record it with --record FILE", ran.missing.join("\n"));
    }
    Ok(if ran.reply.kind == "notice" { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn traffic(arguments: &RunArguments, component: &Component) -> Traffic {
    if let Some(file) = &arguments.record {
        return Traffic::Recorded(file.clone());
    }
    if !arguments.replay.is_empty() {
        return Traffic::Played(arguments.replay.clone());
    }
    // As a person here would name them.
    let here = std::env::current_dir().unwrap_or_default();
    let named = |file: PathBuf| file.strip_prefix(&here).map(Path::to_owned).unwrap_or(file);
    let recordings: Vec<_> = component.recordings().into_iter().map(named).collect();
    if arguments.live || recordings.is_empty() { Traffic::Live } else { Traffic::Played(recordings) }
}

fn tell(harness: &Harness, arguments: &RunArguments, paper: &Paper, ran: &Ran) -> Result<()> {
    if arguments.json {
        say!("{}", serde_json::to_string(ran)?);
    } else {
        crate::say::text(format_args!("{}", paper.reply(&ran.reply)));
        crate::say::text(format_args!("{}", paper.report(ran, harness.inspection().size)));
    }
    Ok(())
}
