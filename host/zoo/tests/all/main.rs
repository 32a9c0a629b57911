//! The hostile zoo as one table: a line for each misdeed, and whether it ended as it must.

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

    let done = AtomicBool::new(false);
    let beside = async {
        let mut answers = 0;
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        while !done.load(Ordering::Relaxed) {
            pace.tick().await;
            zoo.ask_healthy().await.unwrap();
            answers += 1;
        }
        answers
    };
    let round = async {
        // One case, or a few, while they are being written.
        let reports = match std::env::var("ZOO") {
            Ok(name) => zoo.run_some(&name).await,
            Err(_) => zoo.run_round().await,
        };
        done.store(true, Ordering::Relaxed);
        reports
    };
    let (reports, answers) = tokio::join!(round, beside);

    for report in &reports {
        println!("{report}");
    }
    println!("{} misdeeds; {answers} healthy answers beside them; {:?}", reports.len(), zoo.languages());
    let bad = reports.iter().filter(|report| !report.wrong.is_empty()).map(ToString::to_string);
    assert_eq!(bad.collect::<Vec<_>>().join("\n"), "");
    assert!(zoo.languages().values().sum::<usize>() >= 60, "{:?}", zoo.languages());
}
