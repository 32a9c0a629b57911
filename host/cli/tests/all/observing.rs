//! What an operator sees of providers at work: metrics, statistics and logs.

use std::collections::BTreeMap;

use autocontent_simulator::Invocation;
use insta::assert_snapshot;

use crate::crowd::Crowd;
use crate::host::{Host, PATIENCE, generous_discord};

/// The metrics by name and labels, as Prometheus reads their text.
fn parsed(text: &str) -> BTreeMap<String, f64> {
    let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    samples
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
            assert!(name.starts_with("autocontent_"), "{line}");
            assert_eq!(name.contains('{'), name.ends_with('}'), "{line}");
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
        })
        .collect()
}

#[tokio::test]
async fn metrics_statistics_and_logs_tell_the_same_of_known_calls() {
    let discord = generous_discord().await;
    let bot = discord.add_bot("main");
    let host = Host::with_discord(&discord).with("AUTOCONTENT_METRICS_LISTEN", "127.0.0.1:0");
    host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
    host.provide("main", &["parrot"]).await;
    let serving = host.serve().await;
    bot.until_ready().await.unwrap();
    bot.until_command("parrot").await.unwrap();
    let crowd = Crowd::new(discord, bot);
    let channel = crowd.discord.channel(&crowd.discord.guild("other"), "general");
    let said = Invocation::new("parrot", &crowd.member, &channel).with("script", "items:c log:hello");
    for command in [&crowd.command, &crowd.command, &said] {
        crowd.bot.run(command).unwrap().message().await.unwrap();
    }
    for member in ["bia", "caio"] {
        let member = crowd.discord.member(member, "pt-BR");
        let failing = Invocation::new("parrot", &member, &channel).with("script", "fail:internal");
        let told = crowd.bot.run(&failing).unwrap().message().await.unwrap();
        assert!(told.content().starts_with("Algo deu errado"), "{}", told.content());
    }

    let address = serving.logged("metrics can be read").await["listen"].as_str().unwrap().to_owned();
    // Settlements are written a moment after the answers.
    let settled = async {
        loop {
            let answer = reqwest::get(format!("http://{address}/metrics")).await.unwrap().error_for_status().unwrap();
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
            let text = answer.text().await.unwrap();
            let metrics = parsed(&text);
            if metrics["autocontent_store_waiting_writes"] == 0.0 {
                return (text, metrics);
            }
        }
    };
    let (text, metrics) = tokio::time::timeout(PATIENCE, settled).await.unwrap();
    let of = |name: &str| metrics.get(name).copied().unwrap_or_else(|| panic!("no {name} in:\n{text}"));
    let parrot = r#"provider="parrot",version="1.0.0""#;
    assert_eq!(of(&format!(r#"autocontent_provider_calls_total{{{parrot},function="find"}}"#)), 5.0);
    assert_eq!(of(&format!(r#"autocontent_provider_outcomes_total{{{parrot},outcome="answered"}}"#)), 3.0);
    assert_eq!(of(&format!(r#"autocontent_provider_outcomes_total{{{parrot},outcome="internal"}}"#)), 2.0);
    assert_eq!(of(&format!("autocontent_provider_call_seconds_count{{{parrot}}}")), 5.0);
    assert_eq!(of(&format!(r#"autocontent_provider_call_seconds_bucket{{{parrot},le="+Inf"}}"#)), 5.0);
    assert!(of(&format!("autocontent_provider_peak_memory_bytes{{{parrot}}}")) > 0.0);
    assert_eq!(of(r#"autocontent_deliveries_total{state="pending"}"#), 3.0);
    assert_eq!(of(r#"autocontent_bots{status="running"}"#), 1.0);
    assert_eq!(of(r#"autocontent_bots{status="failed"}"#), 0.0);
    for secret in [crowd.bot.token(), host.account("main").await["id"].as_str().unwrap().to_owned()] {
        assert!(!text.contains(&secret), "{secret} in:\n{text}");
    }
    let public = serving.address().await;
    let elsewhere = reqwest::get(format!("http://{public}/metrics")).await.unwrap();
    assert_eq!(elsewhere.status(), 404, "where Discord calls there are no metrics");

    serving.stop().await;
    let stats = host.json(&["provider", "stats", "--json"]).await;
    let told: Vec<_> = stats
        .iter()
        .map(|one| format!("{} {} {} {} {}", one["provider"], one["version"], one["calls"], one["ok"], one["outcomes"]))
        .collect();
    assert_snapshot!(told.join("\n"), @r#""parrot" "1.0.0" 5 3 {"answered":3,"internal":2}"#);
    let table = host.succeed(&["provider", "stats", "parrot", "--days", "1"]).await;
    let lines: Vec<_> = table.lines().collect();
    let words: Vec<_> = lines[1].split_whitespace().take(4).collect();
    assert_eq!((words, lines[2]), (vec!["parrot", "1.0.0", "5", "60%"], "  answered 3, internal 2"), "{table}");

    let logged = host.succeed(&["provider", "logs", "parrot"]).await;
    let (_, line) = logged.split_at("2026-01-01 00:00:00".len());
    assert_eq!(line, "  warn   hello\\u{1b}[31m\\nred\n", "one line, and none that paints");
    let lines = host.json(&["provider", "logs", "parrot", "--json", "--level", "warn"]).await;
    assert_eq!((lines.len(), &lines[0]["position"], &lines[0]["level"]), (1, &1.into(), &"warn".into()));
    assert!(host.json(&["provider", "logs", "parrot", "--json", "--level", "error"]).await.is_empty());
    assert_eq!(host.gave_away(&crowd.bot.token()), None);
}

#[tokio::test]
async fn a_host_that_has_nothing_to_tell_says_so() {
    let host = Host::new();
    let today = host.succeed(&["provider", "stats"]).await;
    assert!(today.starts_with("nothing was counted since 2"), "{today}");
    assert_snapshot!(host.succeed(&["provider", "logs", "parrot"]).await, @"`parrot` has logged nothing that was kept");
    assert_eq!(host.succeed(&["provider", "stats", "--json"]).await, "");
    let loud = host.run(&["provider", "logs", "parrot", "--level", "loud"]).await;
    assert!(loud.code == Some(2) && loud.stderr.contains("trace debug info warn error"), "{}", loud.stderr);
}

#[tokio::test]
async fn what_is_asked_in_the_terminal_is_counted_too() {
    let host = Host::new();
    host.write("parrot.wasm", crate::components::bytes("parrot"));
    host.succeed(&["provider", "install", "parrot.wasm"]).await;
    host.succeed(&["ask", "/parrot script:items:a"]).await;
    let stats = host.json(&["provider", "stats", "--json"]).await;
    assert_eq!((stats.len(), &stats[0]["find"], &stats[0]["ok"]), (1, &1.into(), &1.into()));
}
