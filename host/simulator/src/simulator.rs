//! The simulator as tests hold it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::{
    Bot, Channel, ChannelKind, Endpoint, Guild, Limit, Member, Message, RequestRecord, RestFault, SimClock, Snowflake,
    Times, server,
    world::{World, lock, read, write},
};

/// How the simulator behaves.
#[derive(Clone, Debug)]
pub struct SimulatorConfig {
    /// The port of the REST API on 127.0.0.1; 0 for any. The gateway takes any other.
    pub port: u16,
    /// The time by which all rules go.
    pub clock: SimClock,
    /// What tokens, keys and session ids are made from.
    pub seed: u64,
    /// How often bots are told to send heartbeats.
    pub heartbeat_interval: Duration,
    /// IDENTIFYs of one bot in 5 seconds.
    pub max_concurrency: u32,
    /// IDENTIFYs of one bot in a day; one more resets its token.
    pub identifies_per_day: u32,
    /// REST calls of one bot in a second, interaction callbacks apart; none for no limit.
    pub global_limit: Option<u32>,
    /// Whether routes have limits of their own. The headers are there either way.
    pub route_limits: bool,
    /// Answers of 401, 403 and 429 in 10 minutes that ban the address; none for no ban. Discord's is 10,000.
    pub invalid_request_limit: Option<usize>,
    /// How many REST calls are remembered.
    pub keep_requests: usize,
    /// The largest body that is taken, in bytes.
    pub upload_limit: usize,
    /// How long anything is waited for before the wait fails, in tokio's time.
    pub patience: Duration,
}

/// The simulator could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// No socket to listen on.
    #[error("could not listen on 127.0.0.1:{port}: choose another port or stop what uses it")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A Discord double on this machine. It stops when the last clone is dropped.
#[derive(Clone)]
pub struct Simulator {
    pub(crate) world: Arc<World>,
    stop: CancellationToken,
    /// Stops the servers when the last handle goes.
    _guard: Arc<DropGuard>,
}

impl Default for SimulatorConfig {
    /// As Discord is: 41.25 s heartbeats, one IDENTIFY in 5 s and 1,000 a day, 50 REST calls a second; no ban.
    fn default() -> SimulatorConfig {
        SimulatorConfig {
            port: 0,
            clock: SimClock::real(),
            seed: 1,
            heartbeat_interval: Duration::from_millis(41_250),
            max_concurrency: 1,
            identifies_per_day: 1_000,
            global_limit: Some(50),
            route_limits: true,
            invalid_request_limit: None,
            keep_requests: 10_000,
            upload_limit: 25 * 1024 * 1024,
            patience: Duration::from_secs(30),
        }
    }
}

impl Simulator {
    /// Starts listening.
    ///
    /// # Errors
    /// When a port is in use.
    pub async fn start(config: SimulatorConfig) -> Result<Simulator, StartError> {
        let (rest, rest_url) = listen(config.port, "http").await?;
        let (gateway, gateway_url) = listen(0, "ws").await?;
        // Bound and closed again: an address where nobody listens.
        let (_, nowhere_url) = listen(0, "ws").await?;
        let world = Arc::new(World::new(config, rest_url, gateway_url, nowhere_url));
        let stop = CancellationToken::new();
        server::serve(&world, rest, gateway, &stop);
        Ok(Simulator { world, _guard: Arc::new(stop.clone().drop_guard()), stop })
    }

    /// Where the REST API is, instead of `https://discord.com/`; paths begin with `api/v10`.
    pub fn rest_url(&self) -> Url {
        self.world.rest_url.clone()
    }

    /// The gateway's address that serves every bot. `GET /gateway/bot` gives each bot one of its own on the same
    /// port, so that faults before IDENTIFY can strike one bot alone.
    pub fn gateway_url(&self) -> Url {
        self.world.gateway_url.clone()
    }

    /// The clock by which the rules go.
    pub fn clock(&self) -> SimClock {
        self.world.clock.clone()
    }

    /// Registers an application with a bot.
    pub fn add_bot(&self, name: &str) -> Bot {
        Bot { world: Arc::clone(&self.world), app: self.world.add_app(name) }
    }

    /// All bots, oldest first.
    pub fn bots(&self) -> Vec<Bot> {
        let bot = |app| Bot { world: Arc::clone(&self.world), app };
        self.world.apps().into_iter().map(bot).collect()
    }

    /// Makes a guild; every bot is in it.
    pub fn guild(&self, name: &str) -> Guild {
        let guild = Guild { id: self.world.next_id(), name: name.to_owned(), locale: "en-US".to_owned() };
        write(&self.world.places).guilds.push(guild.clone());
        guild
    }

    /// Makes a text channel in a guild.
    pub fn channel(&self, guild: &Guild, name: &str) -> Channel {
        self.keep_channel(name, false, ChannelKind::Guild(guild.clone()))
    }

    /// Makes an age-restricted text channel in a guild.
    pub fn age_restricted_channel(&self, guild: &Guild, name: &str) -> Channel {
        self.keep_channel(name, true, ChannelKind::Guild(guild.clone()))
    }

    /// The direct messages between a member and a bot.
    pub fn dm(&self, member: &Member) -> Channel {
        self.keep_channel("", false, ChannelKind::BotDm { with: member.id })
    }

    /// Direct messages between members, where a user-installed app can be used.
    pub fn private_channel(&self) -> Channel {
        self.keep_channel("", false, ChannelKind::Private)
    }

    /// Makes a member; `locale` is their client's, such as `pt-BR`.
    pub fn member(&self, username: &str, locale: &str) -> Member {
        Member::new(self.world.next_id(), username, locale)
    }

    /// From now on the member takes no direct messages (50007).
    pub fn close_dms(&self, member: &Member) {
        write(&self.world.places).closed_dms.insert(member.id);
    }

    /// Lets REST calls of all bots go wrong, also those without a token; see [`Bot::fault`] for one bot's.
    pub fn fault(&self, fault: RestFault, endpoint: Option<Endpoint>, times: Times) {
        lock(&self.world.faults).add_rest(fault, endpoint, times);
    }

    /// Ends the faults of [`Simulator::fault`] and opens the gateway's port.
    pub fn heal(&self) {
        lock(&self.world.faults).clear();
        self.open_gateway();
    }

    /// Closes the gateway's port: connections are refused. Open sockets stay.
    pub fn close_gateway(&self) {
        self.world.gateway_open.send_replace(false);
    }

    /// Opens the gateway's port again.
    pub fn open_gateway(&self) {
        self.world.gateway_open.send_replace(true);
    }

    /// Sets a route's limit for every bucket that starts from now on.
    pub fn limit(&self, endpoint: Endpoint, limit: Limit) {
        write(&self.world.limits).insert(endpoint, limit);
    }

    /// The last REST calls, oldest first.
    pub fn requests(&self) -> Vec<RequestRecord> {
        lock(&self.world.log).all()
    }

    /// How many answers of 401, 403 and 429 there were in the last 10 minutes.
    pub fn invalid_requests(&self) -> usize {
        lock(&self.world.invalid).recent(self.world.clock.millis())
    }

    /// A message, as long as it is not deleted.
    pub fn message(&self, id: Snowflake) -> Option<Message> {
        self.world.message(id)
    }

    /// The messages of a channel, newest first, ephemeral ones included.
    pub fn messages(&self, channel: &Channel) -> Vec<Message> {
        lock(&self.world.messages).of_channel(channel.id)
    }

    /// Stops listening and ends every socket, also where clones of this handle are left.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    fn keep_channel(&self, name: &str, nsfw: bool, kind: ChannelKind) -> Channel {
        let mut places = write(&self.world.places);
        if let ChannelKind::BotDm { .. } = &kind
            && let Some(known) = places.channels.values().find(|channel| channel.kind == kind)
        {
            return known.clone();
        }
        let channel = Channel { id: self.world.next_id(), name: name.to_owned(), nsfw, kind };
        places.channels.insert(channel.id, channel.clone());
        channel
    }

    /// The channel with this id.
    pub fn channel_by_id(&self, id: Snowflake) -> Option<Channel> {
        read(&self.world.places).channels.get(&id).cloned()
    }
}

async fn listen(port: u16, scheme: &str) -> Result<(TcpListener, Url), StartError> {
    let fail = |source| StartError::Listen { port, source };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(fail)?;
    let address = listener.local_addr().map_err(fail)?;
    let url = Url::parse(&format!("{scheme}://{address}/"));
    let url = url.map_err(|error| fail(std::io::Error::other(error)))?;
    Ok((listener, url))
}
