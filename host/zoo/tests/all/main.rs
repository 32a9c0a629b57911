//! The hostile zoo as one table: a line for each misdeed, and whether it ended as it must.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use autocontent_runtime::{Compiler, compile_child_main};
use autocontent_store::testing::TestDatabase;
use autocontent_zoo::{Setup, Zoo};

/// This test binary compiles for itself, by running just the test below with two arguments more.
const CHILD: [&str; 3] = ["--exact", "--nocapture", "compiles_when_told_to"];

#[test]
fn compiles_when_told_to() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.len() > CHILD.len() && arguments.starts_with(&CHILD.map(Into::into)) {
        return compile_child_main(arguments.into_iter().skip(CHILD.len()));
    }
    ExitCode::SUCCESS
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_misdeed_ends_as_it_must_and_a_healthy_provider_does_not_notice() {
    let program = std::env::current_exe().unwrap();
    // Beside the programs, so that the next run finds what this one compiled.
    let compiled = program.parent().unwrap().join("zoo-compiled");
    let database = TestDatabase::sqlite();
    let compiler = Compiler { program, args: CHILD.map(Into::into).to_vec() };
    let zoo = Zoo::open(Setup { store: database.open().await, compiled, compiler }).await.unwrap();

    let alone = ask_healthy(&zoo, |answers| answers < 400).await;
    let done = AtomicBool::new(false);
    let beside = ask_healthy(&zoo, |_| !done.load(Ordering::Relaxed));
    let round = async {
        // One case, or a few, while they are being written.
        let reports = match std::env::var("ZOO") {
            Ok(name) => zoo.run_some(&name).await,
            Err(_) => zoo.run_round().await,
        };
        done.store(true, Ordering::Relaxed);
        reports
    };
    let (reports, beside) = tokio::join!(round, beside);

    for report in &reports {
        println!("{report}");
    }
    println!("{} misdeeds of {:?}", reports.len(), zoo.languages());
    println!("{} healthy answers beside them, p99 {:?}; alone {:?}", beside.len(), p99(beside), p99(alone));
    let bad = reports.iter().filter(|report| !report.wrong.is_empty()).map(ToString::to_string);
    assert_eq!(bad.collect::<Vec<_>>().join("\n"), "");
    assert!(zoo.languages().values().sum::<usize>() >= 60, "{:?}", zoo.languages());
}

/// Asks the healthy provider two hundred times a second while it is to be asked, and says how long each answer took.
async fn ask_healthy(zoo: &Zoo, go_on: impl Fn(usize) -> bool) -> Vec<Duration> {
    let mut times = Vec::new();
    let mut pace = tokio::time::interval(Duration::from_millis(5));
    while go_on(times.len()) {
        pace.tick().await;
        times.push(zoo.ask_healthy().await.unwrap());
    }
    times
}

fn p99(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() * 99 / 100).copied()
}
