//! The official providers through the whole host, with their upstreams on loopback: they answer what is recorded, and whatever
//! goes wrong there gives the member a sensible sentence and the operator the cause.

use std::path::Path;
use std::sync::Mutex;

use autocontent_recordings::Recording;
use autocontent_simulator::{
    Bot, Channel, Interaction, Invocation, Message, Simulator, Unanswered, UpstreamFault, Upstreams,
};
use tokio::task::JoinSet;

use crate::host::{Host, generous_discord};
use crate::serving::Serving;

/// An official provider that asks upstreams.
struct Official {
    id: &'static str,
    /// A command of its that does.
    command: &'static str,
    options: &'static [(&'static str, &'static str)],
    /// Whom that asks.
    hosts: &'static [&'static str],
    /// Whether the operator fills a key in.
    keyed: bool,
    /// What a member reads where the upstream wants another key, or one at all.
    unauthorized: &'static str,
}

const OFFICIAL: [Official; 8] = [
    Official {
        id: "comic",
        command: "comic latest",
        options: &[],
        hosts: &["xkcd.com"],
        keyed: false,
        unauthorized: UNREACHABLE,
    },
    Official {
        id: "game",
        command: "game info",
        options: &[("name", "Portal 2")],
        hosts: &["store.steampowered.com"],
        keyed: false,
        unauthorized: UNREACHABLE,
    },
    Official {
        id: "gif",
        command: "gif",
        options: &[("topic", "happy cat")],
        hosts: &["api.giphy.com"],
        keyed: true,
        unauthorized: NOT_SET_UP,
    },
    Official {
        id: "image-of-the-day",
        command: "image-of-the-day",
        options: &[("date", "2024-01-31")],
        hosts: &["api.nasa.gov"],
        keyed: false,
        unauthorized: NOT_SET_UP,
    },
    Official {
        id: "meme",
        command: "meme",
        // None of its examples, which were tried when it was installed: it keeps what it paid for.
        options: &[("topic", "Example Quest")],
        hosts: &["serpapi.com"],
        keyed: true,
        unauthorized: NOT_SET_UP,
    },
    Official {
        id: "music",
        command: "music artist",
        options: &[("name", "Milton Nascimento")],
        hosts: &["musicbrainz.org", "itunes.apple.com"],
        keyed: false,
        unauthorized: UNREACHABLE,
    },
    Official {
        id: "news",
        command: "news latest",
        options: &[("feed", "BBC News")],
        hosts: &["feeds.bbci.co.uk"],
        keyed: false,
        unauthorized: UNREACHABLE,
    },
    Official {
        id: "wiki",
        command: "wiki summary",
        options: &[("title", "Ada Lovelace")],
        hosts: &["en.wikipedia.org"],
        keyed: false,
        unauthorized: UNREACHABLE,
    },
];

const BUSY: &str = "The source is busy. Please try again later.";
const UNREACHABLE: &str = "The source could not be reached. Please try again later.";
const NOT_SET_UP: &str = "This command isn't set up completely. Its operator has to see to it.";

/// A host with all of them, and a member for each question.
struct Scene {
    discord: Simulator,
    bot: Bot,
    channel: Channel,
    upstreams: Upstreams,
    serving: Serving,
    /// What members were told and should not have been.
    wrong: Mutex<Vec<String>>,
    /// It has the folder that the host works in.
    _host: Host,
}

impl Scene {
    async fn open() -> Scene {
        let plugins = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins");
        let recordings =
            OFFICIAL.map(|one| Recording::load(&plugins.join(one.id).join("recordings/examples.json")).unwrap());
        let upstreams = Upstreams::start(recordings).await.unwrap();
        let discord = generous_discord().await;
        let bot = discord.add_bot("main");
        let host = Host::with_discord(&discord).with("AUTOCONTENT_CONFIG", "settings.toml");
        host.write("settings.toml", format!("development-upstreams = [\"*={}\"]\n", upstreams.address()));
        host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
        for Official { id, keyed, .. } in OFFICIAL {
            let file = crate::components::path(id);
            let told = host.run(&["provider", "install", "--grant", file.to_str().unwrap()]).await;
            assert_eq!(told.code, Some(0), "{id}: {told:?}");
            if keyed {
                let told = host.run_with_input(&["provider", "secret", id, "api-key"], "a-key-of-nobody").await;
                assert_eq!(told.code, Some(0), "{id}: {told:?}");
            }
            host.run(&["provider", "enable", id, "--account", "main"]).await;
        }
        let serving = host.serve().await;
        bot.until_ready().await.unwrap();
        bot.until_command("wiki").await.unwrap();
        let channel = discord.channel(&discord.guild("guild"), "general");
        Scene { discord, bot, channel, upstreams, serving, wrong: Mutex::default(), _host: host }
    }

    /// What a member is shown who uses each provider's command, all at once.
    async fn ask_all(&self) -> Vec<(&'static str, Message)> {
        let mut asking = JoinSet::new();
        for Official { id, command, options, .. } in OFFICIAL {
            // A new member each time, who waits for no cooldown.
            let member = self.discord.member("ana", "en-US");
            let invocation = Invocation::new(command, &member, &self.channel);
            let invocation = options.iter().fold(invocation, |invocation, (name, value)| invocation.with(name, *value));
            let interaction = self.bot.run(&invocation).unwrap();
            asking.spawn(async move { (id, shown(&interaction).await) });
        }
        asking.join_all().await
    }

    /// Has the upstreams fail so, and expects each provider to tell this to the member, and a cause to the operator.
    async fn expect(&self, fault: UpstreamFault, told: impl Fn(&str) -> &'static str) {
        for host in OFFICIAL.iter().flat_map(|one| one.hosts) {
            self.upstreams.fail(host, fault.clone());
        }
        let mark = self.serving.mark();
        for (id, message) in self.ask_all().await {
            if message.content() != told(id) {
                self.wrong.lock().unwrap().push(format!(
                    "{id} at {fault:?}: {:?} instead of {:?}",
                    message.content(),
                    told(id)
                ));
                continue;
            }
            let event = match message.content() {
                NOT_SET_UP => "a provider is not set up",
                UNREACHABLE => "a provider's source failed",
                // An upstream that asks to wait is nothing to see to.
                _ => continue,
            };
            let cause = |entry: &serde_json::Value| {
                entry["provider"] == id && entry["reason"].as_str().is_some_and(|reason| !reason.is_empty())
            };
            self.serving.logged_where(mark, event, cause).await;
        }
    }
}

/// What the member sees in the end: where the answer was deferred and is for them alone, it follows.
async fn shown(interaction: &Interaction) -> Message {
    match interaction.message().await {
        Err(Unanswered::Deleted) => interaction.followups_when(1).await.unwrap().remove(0),
        answer => answer.unwrap(),
    }
}

#[tokio::test]
async fn what_goes_wrong_upstream_is_told_to_members_in_plain_words_and_to_operators_with_its_cause() {
    let scene = Scene::open().await;
    let unauthorized =
        |id: &str| OFFICIAL.iter().find(|one| one.id == id).map(|one| one.unauthorized).unwrap_or_default();
    scene.expect(UpstreamFault::Status(401), unauthorized).await;
    scene.expect(UpstreamFault::Status(500), |_| UNREACHABLE).await;
    scene.expect(UpstreamFault::Malformed, |_| UNREACHABLE).await;
    scene.expect(UpstreamFault::Empty, |_| UNREACHABLE).await;
    scene.expect(UpstreamFault::Status(429), |_| BUSY).await;
    scene.expect(UpstreamFault::Hangs, |_| UNREACHABLE).await;

    let wrong = scene.wrong.lock().unwrap().join("\n");
    assert!(wrong.is_empty(), "{wrong}");

    // None of that was the providers' fault, so none of them is paused.
    scene.upstreams.heal();
    for (id, message) in scene.ask_all().await {
        assert!(!message.is_ephemeral() && !message.embeds().is_empty(), "{id}: {:?}", message.json);
    }
    scene.serving.stop().await;
}
