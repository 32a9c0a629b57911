//! An operator's ordinary story: add a bot, give it providers, look at what it does, change one's mind.

use std::net::TcpListener;

use autocontent_simulator::Fault;
use autocontent_store::testing::TestDatabase;
use insta::assert_snapshot;

use crate::components::bytes;
use crate::crowd::Crowd;
use crate::host::{Host, PASSWORD, WRONG_TOKEN, generous_discord};

/// Runs commands that must succeed, and shows them with what they print.
async fn done(host: &Host, commands: &[&[&str]]) -> String {
    let mut transcript = String::new();
    for command in commands {
        let outcome = host.run(command).await;
        assert_eq!(outcome.code, Some(0), "{command:?}: {outcome:#?}");
        transcript += &outcome.transcript(command);
    }
    transcript
}

#[tokio::test]
async fn accounts_and_providers_come_and_go() {
    let host = Host::new();
    host.write("parrot.wasm", bytes("parrot"));
    let (accounts, providers): (&[&str], &[&str]) = (&["account", "list"], &["provider", "list"]);
    let mut transcript = done(&host, &[accounts, providers, &["history"]]).await;
    let add: &[&str] = &["account", "add", "main"];
    transcript += &host.run_with_input(add, &format!("{WRONG_TOKEN}\n")).await.transcript(add);
    let host = host.with("DISCORD_TOKEN", WRONG_TOKEN);
    transcript += &done(&host, &[&["account", "add", "second", "--transport", "http"]]).await;
    let host = host.without("DISCORD_TOKEN");
    transcript += &done(
        &host,
        &[
            accounts,
            &["provider", "check", "parrot.wasm"],
            &["provider", "install", "parrot.wasm"],
            &["provider", "enable", "parrot", "--account", "main"],
            &["provider", "enable", "parrot", "--account", "second"],
            providers,
            &["provider", "disable", "parrot", "--account", "main"],
            &["provider", "disable", "parrot", "--account", "main"],
            providers,
            &["provider", "remove", "parrot"],
            providers,
            &["account", "stop", "main"],
            &["account", "start", "main"],
            &["account", "remove", "main"],
            &["account", "remove", "second"],
            accounts,
        ],
    )
    .await;
    assert_snapshot!(transcript, @r#"
    $ autocontent account list
    no accounts yet: add one with `autocontent account add NAME`

    $ autocontent provider list
    no providers yet: install one with `autocontent provider install FILE`

    $ autocontent history
    nothing was delivered yet

    $ autocontent account add main
    added account `main`: `autocontent serve` runs it; give it content with `autocontent provider enable PROVIDER --account main`

    $ autocontent account add second --transport http
    added account `second`: `autocontent serve` runs it; give it content with `autocontent provider enable PROVIDER --account second`

    $ autocontent account list
    main                 gateway  stopped
    second               http     stopped

    $ autocontent provider check parrot.wasm
    advice: parrot.wasm: it calls `http`, and provider.toml names no host, so each request will be denied; name them in [capabilities] http = ["…"]
    parrot.wasm is valid

    $ autocontent provider install parrot.wasm
    installed parrot 1.0.0: `autocontent provider enable parrot` lets an account use it

    $ autocontent provider enable parrot --account main
    `parrot` now answers members of `main`

    $ autocontent provider enable parrot --account second
    `parrot` now answers members of `second`

    $ autocontent provider list
    parrot               1.0.0      enabled for main, second

    $ autocontent provider disable parrot --account main
    `parrot` no longer answers members of `main`

    $ autocontent provider disable parrot --account main
    `parrot` no longer answers members of `main`

    $ autocontent provider list
    parrot               1.0.0      enabled for second

    $ autocontent provider remove parrot
    removed `parrot`

    $ autocontent provider list
    no providers yet: install one with `autocontent provider install FILE`

    $ autocontent account stop main
    `main` will stop

    $ autocontent account start main
    `main` will run

    $ autocontent account remove main
    removed account `main`

    $ autocontent account remove second
    removed account `second`

    $ autocontent account list
    no accounts yet: add one with `autocontent account add NAME`
    "#);
}

#[tokio::test]
async fn what_a_component_says_of_itself_can_be_read_by_people_and_programs() {
    let host = Host::new();
    host.write("parrot.wasm", bytes("parrot"));
    let text = host.succeed(&["provider", "inspect", "parrot.wasm"]).await;
    assert!(text.starts_with("Parrot 1.0.0 (parrot)\nAnswers what it is told to\n"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&host.succeed(&["provider", "inspect", "parrot.wasm", "--json"]).await).unwrap();
    assert_eq!(json["id"], "parrot");
    assert_eq!(json["commands"], serde_json::json!(["parrot", "patient-parrot", "rude-parrot"]));
    assert!(text.contains(json["digest"].as_str().unwrap()));
}

#[tokio::test]
async fn a_command_does_its_work_where_nobody_reads_what_it_prints() {
    let host = Host::new();
    host.write("parrot.wasm", bytes("parrot"));
    let install = host.unheard(&["provider", "install", "parrot.wasm"], None).await;
    assert_eq!((install.code, install.stderr.as_str()), (Some(0), ""));
    let ask = ["ask", "/parrot script:items:a"];
    let asked = host.unheard(&ask, None).await;
    assert_eq!((asked.code, asked.stderr.as_str()), (Some(0), ""));
    assert_eq!(host.json(&["history", "--json"]).await.len(), 1);

    let asked = host.unheard(&ask, Some("/dev/full")).await;
    let sentence = "autocontent: could not print what the command has to say: No space left on device (os error 28)\n";
    assert_eq!((asked.code, asked.stderr.as_str()), (Some(1), sentence));
}

#[tokio::test]
async fn a_command_is_answered_in_the_terminal_and_kept_in_the_history() {
    let host = Host::new();
    host.write("parrot.wasm", bytes("parrot"));
    host.succeed(&["provider", "install", "parrot.wasm"]).await;
    let text = host.succeed(&["ask", "/parrot script:items:a"]).await;
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines[0], lines[2]), ("a", "user: operator"), "{text}");
    assert_eq!(lines[lines.len() - 2..], ["[🔁 Another] [👍] [👎] [⭐] [⋯]", "— Parrot"], "{text}");

    let ask: &[&str] = &["ask", "/parrot script:items:b", "--json", "--locale", "pt-BR"];
    let reply: serde_json::Value = serde_json::from_str(&host.succeed(ask).await).unwrap();
    assert_eq!((&reply["reply"], &reply["item"]["id"]), (&"post".into(), &"b".into()), "{reply:#}");
    assert_eq!(reply["item"]["rating"], "everyone");
    assert_eq!(reply["rows"][0][0]["label"], "Outro");
    let ask: &[&str] = &["ask", "/rude-parrot script:\"items:b sensitive:b action:again\"", "--json", "--sensitive"];
    let reply: serde_json::Value = serde_json::from_str(&host.succeed(ask).await).unwrap();
    assert_eq!(reply["item"]["rating"], "sensitive", "{reply:#}");
    assert_eq!(
        reply["item"]["actions"],
        serde_json::json!([{ "id": "again", "label": "again", "style": "secondary" }])
    );
    let refusal = host.run(&["ask", "/parrot script:nothing", "--locale", "pt-BR"]).await;
    assert_eq!((refusal.code, refusal.stdout.as_str()), (Some(1), "Nada encontrado. Que tal outras palavras?\n"));

    let sensitive = "/parrot script:\"items:c sensitive:c\"";
    assert_eq!(host.run(&["ask", sensitive]).await.code, Some(1));
    host.succeed(&["ask", sensitive, "--sensitive"]).await;

    let history = host.json(&["history", "--json"]).await;
    let items: Vec<_> = history.iter().map(|delivery| delivery["items"][0]["id"].as_str().unwrap()).collect();
    assert_eq!(items, ["c", "b", "b", "a"]);
    for delivery in &history {
        assert_eq!((&delivery["state"], &delivery["trigger"]), (&"delivered".into(), &"preview".into()));
    }
    let text = host.succeed(&["history", "--limit", "1"]).await;
    let (_, line) = text.split_at("2026-01-01 00:00:00  ".len());
    assert_eq!(line, "delivered   /parrot by preview  from parrot: c\n");
}

#[tokio::test]
async fn the_configuration_that_is_shown_can_be_kept_as_a_file() {
    let settings: &[&str] = &[
        "config",
        "show",
        "--data",
        "my data",
        "--listen",
        "[::1]:8081",
        "--log",
        "warn,provider=debug",
        "--log-format",
        "json",
    ];
    let host = Host::new();
    let shown = host.succeed(settings).await;
    assert_snapshot!(shown, @r#"
    data = "my data"
    database = "sqlite:my data/autocontent.db"
    log = "warn,provider=debug"
    log-format = "json"
    listen = "[::1]:8081"
    discord-api = "http://127.0.0.1:9/"
    concurrency = 256
    history-days = 90
    calls-per-provider = 64
    calls-per-account = 128
    calls-waiting = 128
    provider-log = "info"
    signatures = "any"
    trusted-key = []
    "#);
    let bare = Host::new().without("AUTOCONTENT_DATA").without("AUTOCONTENT_LISTEN").without("AUTOCONTENT_DISCORD_API");
    bare.write("autocontent.toml", &shown);
    assert_eq!(bare.succeed(&["--config", "autocontent.toml", "config", "show"]).await, shown);
    bare.succeed(&["--config", "autocontent.toml", "config", "check"]).await;

    // A flag beats the environment, which beats the file.
    let bare = bare.with("AUTOCONTENT_CONFIG", "autocontent.toml").with("AUTOCONTENT_LISTEN", "127.0.0.1:8082");
    for (flags, listen) in [(&[][..], "127.0.0.1:8082"), (&["--listen", "127.0.0.1:8083"], "127.0.0.1:8083")] {
        let shown = bare.succeed(&[&["config", "show"], flags].concat()).await;
        assert!(shown.contains(&format!("listen = \"{listen}\"\n")), "{shown}");
    }
}

#[tokio::test]
async fn the_configuration_that_is_shown_lacks_nothing_of_the_database_but_the_password() {
    let parameters = "sslmode=require&application_name=content";
    let url = format!("postgres://nina:{PASSWORD}@db.example:5433/content?password={PASSWORD}&{parameters}");
    let shown = Host::new().with("AUTOCONTENT_DATABASE", &url).succeed(&["config", "show"]).await;
    let expected = format!("database = \"postgres://nina@db.example:5433/content?{parameters}\"\n");
    assert!(shown.contains(&expected), "{shown}");

    let database = TestDatabase::postgres().await;
    let host = Host::new().with("AUTOCONTENT_DATABASE", database.url_text());
    host.succeed_with_input(&["account", "add", "main"], WRONG_TOKEN).await;
    host.write("autocontent.toml", host.succeed(&["config", "show"]).await);
    let host = host.without("AUTOCONTENT_DATABASE").with("AUTOCONTENT_CONFIG", "autocontent.toml");
    assert_eq!(host.account("main").await["transport"], "gateway");
}

#[tokio::test]
async fn the_doctor_finds_a_healthy_host_healthy() {
    let discord = generous_discord().await;
    let bot = discord.add_bot("main");
    let host = Host::with_discord(&discord);
    host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
    host.provide("main", &["parrot"]).await;
    let serving = host.serve().await;
    host.account_when("main", "running").await;
    let address = serving.address().await;
    let found = host.succeed(&["doctor", "--listen", &address]).await;
    let rest = discord.rest_url();
    let found = found.replace(&address, "ADDRESS").replace(rest.as_str().trim_end_matches('/'), "DISCORD");
    assert_snapshot!(found, @r"
    ✓ configuration: data in data
    ✓ port: a host serves on ADDRESS
    ✓ discord: DISCORD answers
    ✓ database: sqlite:data/autocontent.db
    ✓ providers: commands that can be served: 4
    ✓ account main: its token can be read; its bot was last seen running
    all is well
    ");
    serving.stop().await;
}

#[tokio::test]
async fn the_doctor_names_all_that_is_wrong() {
    let discord = generous_discord().await;
    let host = Host::with_discord(&discord);
    host.succeed_with_input(&["account", "add", "main"], WRONG_TOKEN).await;
    host.provide("main", &["parrot"]).await;
    let serving = host.serve().await;
    host.account_when("main", "failed").await;
    serving.stop().await;
    let store = host.store().await;
    let parrot = store.installed().await.unwrap().remove(0);
    store.close().await;
    std::fs::remove_dir_all(host.path("data/compiled")).unwrap();
    host.change_database("UPDATE components SET component = x'00'").await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    // Whoever connects to it is answered at once.
    let answering = std::thread::spawn(move || drop(taken.accept()));
    let nowhere: &[&str] = &["doctor", "--discord-api", "http://127.0.0.1:9", "--listen", &address];
    let outcome = host.run(nowhere).await;
    answering.join().unwrap();
    assert_eq!(outcome.code, Some(1), "{outcome:#?}");
    let found = outcome.stdout + &outcome.stderr;
    let found = found.replace(&address, "ADDRESS").replace(parrot.digest.as_str(), "DIGEST");
    assert_snapshot!(found, @r"
    ✓ configuration: data in data
    ✗ port: ADDRESS can't be used (Address already in use (os error 98)): choose another with --listen, or stop what uses it
    ✗ discord: http://127.0.0.1:9 can't be reached (error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)): look at the network, proxy and firewall
    ✓ database: sqlite:data/autocontent.db
    ✗ provider parrot: this component is cut off: it ends after 1 bytes in the middle of something; copy or build it again (install it again, or remove it)
    ✓ providers: commands that can be served: 1
    ✗ account main: discord refuses the bot's token (401): copy the token from the developer portal again, or reset it there
    4 of these need you
    ");
}

#[tokio::test]
async fn a_running_host_notices_what_another_process_changes() {
    let discord = generous_discord().await;
    let (main, second) = (discord.add_bot("main"), discord.add_bot("second"));
    // Everything that could be logged, to see that no token is in it.
    let host = Host::with_discord(&discord).with("AUTOCONTENT_LOG", "trace");
    host.succeed_with_input(&["account", "add", "main"], &main.token()).await;
    let serving = host.serve().await;
    main.until_ready().await.unwrap();
    host.provide("main", &["parrot"]).await;
    main.until_command("parrot").await.unwrap();
    host.succeed(&["provider", "disable", "parrot"]).await;
    main.until(|_| main.commands().iter().all(|command| command["name"] != "parrot")).await.unwrap();

    host.succeed_with_input(&["account", "add", "second", "--transport", "http"], &second.token()).await;
    host.succeed(&["provider", "enable", "parrot", "--account", "second"]).await;
    second.until_command("parrot").await.unwrap();
    let id = host.account_when("second", "running").await["id"].as_str().unwrap().to_owned();
    let endpoint = format!("http://{}/interactions/{id}", serving.address().await);
    second.set_interactions_endpoint(Some(endpoint.parse().unwrap())).await.unwrap();
    let crowd = Crowd::new(discord, second);
    crowd.bot.run(&crowd.command).unwrap().message().await.unwrap();

    host.succeed(&["account", "stop", "main"]).await;
    main.until(|counts| counts.connections == 0).await.unwrap();
    host.account_when("main", "stopped").await;
    host.succeed(&["account", "start", "main"]).await;
    main.until_ready().await.unwrap();
    host.succeed(&["account", "remove", "main"]).await;
    main.until(|counts| counts.connections == 0).await.unwrap();

    let log = serving.stop().await;
    assert!(!log.contains(r#""level":"WARN""#) && !log.contains(r#""level":"ERROR""#), "{log}");
    host.hear(&log);
    for token in [main.token(), crowd.bot.token()] {
        assert_eq!(host.gave_away(&token), None);
    }
}

#[tokio::test]
async fn a_token_in_the_environment_is_the_first_account_and_no_second_one() {
    let discord = generous_discord().await;
    let (bot, other) = (discord.add_bot("first"), discord.add_bot("other"));
    let host = Host::with_discord(&discord);
    host.write("parrot.wasm", bytes("parrot"));
    host.succeed(&["provider", "install", "parrot.wasm"]).await;
    let host = host.with("DISCORD_TOKEN", &bot.token());
    let serving = host.serve().await;
    bot.until_ready().await.unwrap();
    bot.until_command("parrot").await.unwrap();
    serving.stop().await;

    let host = host.with("DISCORD_TOKEN", &other.token());
    let serving = host.serve().await;
    bot.until_ready().await.unwrap();
    let accounts = host.json(&["account", "list", "--json"]).await;
    let names: Vec<_> = accounts.iter().map(|account| account["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["main"]);
    host.hear(&serving.stop().await);
    assert_eq!(host.gave_away(&bot.token()), None);
    assert_eq!(other.identifies(), 0);
}

#[tokio::test]
async fn keys_are_rotated_while_the_host_serves() {
    let discord = generous_discord().await;
    let bot = discord.add_bot("main");
    let host = Host::with_discord(&discord);
    host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
    host.provide("main", &["parrot"]).await;
    let serving = host.serve().await;
    bot.until_ready().await.unwrap();
    bot.until_command("parrot").await.unwrap();
    let crowd = Crowd::new(discord, bot);
    let before = crowd.bot.run(&crowd.command).unwrap().message().await.unwrap();
    let said = host.succeed(&["keys", "rotate"]).await;
    // The token, and the host's own keys for pseudonyms and buttons.
    assert!(said.starts_with("encrypted 3 secrets with a new key: make a backup of data/autocontent.key"), "{said}");
    let pressed = crowd.bot.press(&before, "🔁", &crowd.member).unwrap();
    pressed.message().await.unwrap();
    // It reads the token anew, which the key encrypted that it did not know yet.
    host.succeed(&["account", "stop", "main"]).await;
    crowd.bot.until(|counts| counts.connections == 0).await.unwrap();
    host.succeed(&["account", "start", "main"]).await;
    crowd.bot.until_ready().await.unwrap();
    serving.stop().await;
    assert_eq!(host.gave_away(&crowd.bot.token()), None);
}

#[tokio::test]
async fn a_bot_that_gave_up_tries_again_when_it_is_started() {
    let discord = generous_discord().await;
    let bot = discord.add_bot("main");
    let host = Host::with_discord(&discord);
    host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
    let serving = host.serve().await;
    bot.until_ready().await.unwrap();
    bot.fault(Fault::Close(4014));
    host.account_when("main", "failed").await;
    // Both within the second after which the host looks.
    host.succeed(&["account", "stop", "main"]).await;
    host.succeed(&["account", "start", "main"]).await;
    bot.until_ready().await.unwrap();
    host.account_when("main", "running").await;
    serving.stop().await;
}
