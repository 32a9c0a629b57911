//! No secret in any log, error, trace, metric, database or guest's memory: canaries are set as secrets, everything that can
//! go wrong goes wrong while they are in use, and then everything that was said, shown and kept is searched for them.
//!
//! `upstream` is the server that is sent the secrets and gives them back in every way; `evidence` is what is searched.

mod evidence;
mod upstream;

use std::net::Ipv4Addr;

use autocontent_simulator::{Bot, Channel, Invocation, Member, Simulator};
use autocontent_store::testing::TestDatabase;
use serde_json::Value;

use self::evidence::{Canary, Evidence};
use self::upstream::{HEADER_SECRET, QUERY_SECRET, Upstream};
use crate::components;
use crate::host::{Host, generous_discord};
use crate::serving::Serving;

/// What stands where a secret stood.
const BLOT: &str = "[secret]";

#[tokio::test]
async fn no_secret_is_found_anywhere_with_sqlite() {
    Story::new(Host::new(), None).await.run().await;
}

#[tokio::test]
async fn no_secret_is_found_anywhere_with_postgresql() {
    let database = TestDatabase::postgres().await;
    let host = Host::new().with("AUTOCONTENT_DATABASE", database.url_text());
    Story::new(host, Some(database)).await.run().await;
}

/// A host with its canaries, and all that is heard of it.
struct Story {
    host: Host,
    /// Its database, where that isn't a file in its folder.
    postgresql: Option<TestDatabase>,
    #[expect(dead_code, reason = "it ends with this")]
    discord: Simulator,
    bot: Bot,
    channel: Channel,
    member: Member,
    /// It is sent the secrets.
    upstream: Upstream,
    /// It is granted, but no secret is for it.
    stranger: Upstream,
    evidence: Evidence,
    canaries: Vec<Canary>,
}

impl Story {
    async fn new(host: Host, postgresql: Option<TestDatabase>) -> Story {
        let discord = generous_discord().await;
        let stranger = Upstream::start(Ipv4Addr::new(127, 0, 0, 2), String::new()).await;
        let upstream = Upstream::start(Ipv4Addr::LOCALHOST, stranger.url("/landed")).await;
        let bot = discord.add_bot("main");
        let channel = discord.channel(&discord.guild("guild"), "general");
        let member = discord.member("ana", "en-US");
        let host = host
            .with("AUTOCONTENT_DISCORD_API", discord.rest_url().as_str())
            .with("AUTOCONTENT_METRICS_LISTEN", "127.0.0.1:0")
            .with("AUTOCONTENT_CONFIG", "settings.toml")
            .with("AUTOCONTENT_LOG", "trace")
            .with("AUTOCONTENT_LOG_FORMAT", "json");
        let hosts = [&upstream, &stranger].map(|server| server.address.to_string());
        host.write("settings.toml", format!("development-hosts = {hosts:?}\nprovider-log = 'trace'\n"));
        let canaries = vec![
            Canary::new("the bot's token", &bot.token()),
            Canary::new("the secret in a header", HEADER_SECRET),
            Canary::new("the secret in the query", QUERY_SECRET),
        ];
        let evidence = Evidence::default();
        Story { host, postgresql, discord, bot, channel, member, upstream, stranger, evidence, canaries }
    }

    /// Lets everything happen, and searches.
    async fn run(mut self) {
        self.set_up().await;
        let serving = self.host.serve().await;
        self.bot.until_ready().await.unwrap();
        self.bot.until_command("gossip").await.unwrap();
        self.visit().await;
        self.look_at(&serving).await;
        self.search_files("while it serves");
        let log = serving.stop().await;
        assert!(log.contains(BLOT) && log.contains(r#""level":"TRACE""#), "the guest's words are in the log");
        assert!(followed(&log), "a request can't be followed from the interaction to the server");
        self.evidence.add("the log", log);
        self.ask_everything().await;
        self.evidence.add_database(&self.host, self.postgresql.as_ref()).await;
        self.search_files("when it stopped");
        self.search_requests();
        self.judge();
    }

    /// Gives the secrets, first in all wrong ways.
    async fn set_up(&mut self) {
        let gossip = components::path("gossip");
        let token = self.bot.token();
        self.say(&["account", "add", "main"], &token, true).await;
        self.say(&["account", "add", "main"], &token, false).await;
        self.say(&["account", "token", "nobody"], &token, false).await;
        self.say(&["provider", "secret", "gossip", "header-key"], HEADER_SECRET, false).await;
        self.say(&["provider", "install", "--grant", gossip.to_str().unwrap()], "", true).await;
        self.say(&["provider", "enable", "gossip"], "", true).await;
        self.say(&["provider", "secret", "gossip", "no-such-key"], HEADER_SECRET, false).await;
        self.say(&["provider", "secret", "gossip", "No Such Key"], HEADER_SECRET, false).await;
        self.say(&["provider", "secret", "gossip", "header-key", "--account", "nobody"], HEADER_SECRET, false).await;
        let broken = format!("{HEADER_SECRET}\u{7f}");
        self.say(&["provider", "secret", "gossip", "header-key"], &broken, false).await;
        self.say(&["provider", "secret", "gossip", "header-key"], HEADER_SECRET, true).await;
        self.say(&["provider", "secret", "gossip", "query-key"], QUERY_SECRET, true).await;
    }

    /// A member has the guest visit each path of the upstream, and tell it in each way.
    async fn visit(&mut self) {
        let memory = format!("memory:{}", self.stranger.url("/memory"));
        let visits = [
            ("/echo", Some(memory.as_str())),
            ("/echo", None),
            ("/echo", Some("panic")),
            ("/echo", Some("argument")),
            ("/failing", Some("upstream")),
            ("/failing", Some("misconfigured")),
            ("/redirect", None),
            ("/redirect-to-a-stranger", None),
            ("/redirect-to-its-host", Some("misconfigured")),
            ("/redirect-to-its-host", None),
            ("/dropped", Some(memory.as_str())),
            ("/dropped", Some("panic")),
            ("/garbage", None),
        ];
        for (path, then) in visits {
            let mut command = Invocation::new("gossip", &self.member, &self.channel);
            command = command.with("visit", self.upstream.url(path));
            if let Some(then) = then {
                command = command.with("then", then);
            }
            let interaction = self.bot.run(&command).unwrap();
            let message = interaction.message().await.unwrap();
            self.evidence.add("a message", message.json.to_string());
            for message in interaction.followups() {
                self.evidence.add("a message", message.json.to_string());
            }
            self.canaries.push(Canary::new("an interaction's token", interaction.token()));
        }
        let typing =
            Invocation::new("gossip", &self.member, &self.channel).with("visit", self.upstream.url("/echo").as_str());
        let choices = self.bot.autocomplete(&typing, "visit").await.unwrap();
        self.evidence.add("a suggestion", format!("{choices:?}"));
    }

    /// What can be seen of a running host.
    async fn look_at(&mut self, serving: &Serving) {
        let address = serving.logged("metrics can be read").await["listen"].as_str().unwrap().to_owned();
        let metrics = reqwest::get(format!("http://{address}/metrics")).await.unwrap().text().await.unwrap();
        assert!(metrics.contains(r#"provider="gossip""#), "{metrics}");
        self.evidence.add("the metrics", metrics);
        let address = serving.address().await;
        self.say(&["doctor", "--listen", &address], "", true).await;
    }

    /// Every command that shows something.
    async fn ask_everything(&mut self) {
        let ask = format!("/gossip visit:{}", self.upstream.url("/echo"));
        let member = self.member.id.to_string();
        let commands: [&[&str]; 18] = [
            &["ask", &ask],
            &["ask", &ask, "--json"],
            &["provider", "secrets", "gossip"],
            &["provider", "secrets", "gossip", "--json"],
            &["provider", "settings", "gossip"],
            &["provider", "grants", "gossip"],
            &["provider", "list", "--json"],
            &["provider", "logs", "gossip", "--limit", "1000"],
            &["provider", "logs", "gossip", "--limit", "1000", "--json"],
            &["provider", "stats", "--json"],
            &["account", "list", "--json"],
            &["history", "--json", "--limit", "1000"],
            &["export", "--member", &member],
            &["notifications", "--json"],
            &["audit", "--json", "--limit", "1000"],
            &["config", "show"],
            &["config", "check"],
            &["keys", "rotate"],
        ];
        for command in commands {
            self.say(command, "", true).await;
        }
        for telling in ["a command: ask", "a command: provider logs", "a command: history", "a command: export"] {
            assert!(self.evidence.of(telling).any(|text| text.contains(BLOT)), "{telling} tells what the guest saw");
        }
    }

    /// Runs a command that must succeed, or must not, and keeps what it says.
    async fn say(&mut self, arguments: &[&str], input: &str, succeeds: bool) {
        // What a guest panicked with is among what is shown.
        let outcome = self.host.outcome(arguments, input).await;
        assert_eq!(outcome.code == Some(0), succeeds, "{arguments:?}: {outcome:#?}");
        self.evidence.add(format!("a command: {}", arguments.join(" ")), outcome.stdout + &outcome.stderr);
    }

    fn search_files(&mut self, when: &str) {
        for (path, content) in self.host.contents() {
            self.evidence.add(format!("{when}, the file {}", path.display()), content);
        }
    }

    /// The secrets reached their own server, so they were there to be found, and no other; the guest's memory, which
    /// it sent, has what it saw.
    fn search_requests(&mut self) {
        let received = self.upstream.received();
        for canary in self.canaries.iter().filter(|canary| canary.name.starts_with("the secret")) {
            let all = received.iter().all(|request| canary.is_in(request));
            assert!(all && received.len() > 10, "{} was sent to its server each time", canary.name);
        }
        let memory: Vec<u8> = self.stranger.received_at("/memory/").concat();
        let text = String::from_utf8_lossy(&memory);
        assert!(memory.len() > 2 << 20 && text.contains("saw raw [secret]"), "the guest sent what it remembers");
        self.evidence.add("the guest's memory", memory);
        assert!(!self.stranger.received_at("/landed").is_empty(), "a redirect led to the stranger");
        for request in self.stranger.received() {
            self.evidence.add("what a stranger was sent", request);
        }
    }

    fn judge(mut self) {
        let file = self.host.path("data/autocontent.key");
        let (keys, home) = (Canary::keys(&file), std::fs::read(&file).unwrap());
        assert!(keys.len() == 2 && keys.iter().all(|key| key.is_in(&home)), "the keys were rotated, and are found");
        self.canaries.extend(keys);
        for place in ["a message", "a suggestion", "the database's table"] {
            assert!(self.evidence.of(place).any(|text| text.contains(BLOT)), "{place} has what the guest saw");
        }
        let found: Vec<_> = self.canaries.iter().flat_map(|canary| self.evidence.search(canary)).collect();
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// Whether what was logged while a server was asked says for which call of which interaction that was, and what came of it.
fn followed(log: &str) -> bool {
    log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).any(|entry| {
        let spans = entry["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
        let [interaction, call, fetch] = spans else { return false };
        [interaction, call, fetch].map(|span| span["name"].as_str())
            == [Some("interaction"), Some("call"), Some("fetch")]
            && fetch["provider"] == "gossip"
            && fetch["host"].is_string()
            && fetch["status"].is_number()
    })
}
