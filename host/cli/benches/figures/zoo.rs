//! A healthy provider beside the whole hostile zoo in a loop.

use std::time::Duration;

use anyhow::{Result, ensure};
use autocontent_zoo::{Setup, Zoo};

use crate::inside;
use crate::neighbours::p99;
use crate::report::{Beside, median};

/// Between two questions, so that they fall on every part of the round.
const PACE: Duration = Duration::from_millis(2);

pub(crate) async fn measure(quick: bool) -> Result<Beside> {
    let folder = tempfile::tempdir()?;
    let store = inside::store(folder.path()).await?;
    let compiled = folder.path().join("compiled");
    let zoo = Zoo::open(Setup { store, compiled, compiler: inside::compiler() }).await?;
    let rounds = if quick { 1 } else { 3 };
    let mut misdeeds = 0;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (reports, times) = beside_a_round(&zoo).await?;
        misdeeds = reports;
        let quiet = times.len();
        beside.push(p99(times));
        let mut times = Vec::with_capacity(quiet);
        for _ in 0..quiet {
            times.push(zoo.ask_healthy().await?);
            tokio::time::sleep(PACE).await;
        }
        alone.push(p99(times));
    }
    let (alone_p99_ms, beside_p99_ms) = (median(alone), median(beside));
    Ok(Beside { misdeeds, alone_p99_ms, beside_p99_ms, ratio: beside_p99_ms / alone_p99_ms })
}

/// How many misdeeds there were, and how long each of the healthy provider's answers took meanwhile.
async fn beside_a_round(zoo: &Zoo) -> Result<(usize, Vec<Duration>)> {
    let mut times = Vec::new();
    let mut round = std::pin::pin!(zoo.run_round());
    let reports = loop {
        tokio::select! {
            reports = &mut round => break reports,
            () = tokio::time::sleep(PACE) => {}
        }
        // The round goes on meanwhile.
        let asked = zoo.ask_healthy();
        tokio::pin!(asked);
        let asked = tokio::select! {
            asked = &mut asked => asked?,
            reports = &mut round => {
                times.push(asked.await?);
                break reports;
            }
        };
        times.push(asked);
    };
    let wrong: Vec<_> = reports.iter().filter(|report| !report.wrong.is_empty()).map(ToString::to_string).collect();
    ensure!(wrong.is_empty(), "not every misdeed ended as it must: {}", wrong.join("\n"));
    Ok((reports.len(), times))
}
