//! An application with its bot, as Discord keeps it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicU32, AtomicU64},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use ed25519_dalek::SigningKey;
use rand::{Rng, RngExt, rngs::StdRng};
use serde_json::{Value, json};
use tokio::sync::watch;
use url::Url;

use crate::{Snowflake, commands::Commands, fault::Faults, gateway::Gateway, limits::Limits, live::Live, world::read};

/// How many interactions are kept before those with dead tokens are looked for.
const SWEEP_AT: usize = 50_000;

/// What happened on a bot's sockets so far; all but `connections` only rise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sockets that reached the bot's own gateway address, whatever became of them.
    pub sockets: u64,
    /// Sessions that are connected now.
    pub connections: u64,
    /// IDENTIFYs, refused ones included.
    pub identifies: u64,
    /// RESUMEs, refused ones included.
    pub resumes: u64,
    /// Heartbeats.
    pub heartbeats: u64,
    /// Successful writes to the command list.
    pub command_writes: u64,
}

/// An application and its bot user.
pub(crate) struct App {
    /// The application's id, which is the bot's user id too.
    pub(crate) id: Snowflake,
    pub(crate) name: String,
    pub(crate) token: RwLock<String>,
    pub(crate) token_resets: AtomicU32,
    pub(crate) key: SigningKey,
    /// Where interactions are posted to instead of the gateway.
    pub(crate) endpoint: RwLock<Option<Url>>,
    /// The privileged intents that it may ask for.
    pub(crate) privileged: AtomicU64,
    pub(crate) commands: Mutex<Commands>,
    pub(crate) gateway: Mutex<Gateway>,
    pub(crate) counts: watch::Sender<Counts>,
    pub(crate) interactions: Mutex<HashMap<Snowflake, Arc<Live>>>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) limits: Mutex<Limits>,
}

impl App {
    pub(crate) fn new(id: Snowflake, name: &str, random: &mut StdRng) -> App {
        let mut seed = [0; 32];
        random.fill_bytes(&mut seed);
        App {
            id,
            name: name.to_owned(),
            token: RwLock::new(bot_token(id, random)),
            token_resets: AtomicU32::new(0),
            key: SigningKey::from_bytes(&seed),
            endpoint: RwLock::new(None),
            privileged: AtomicU64::new(0),
            commands: Mutex::default(),
            gateway: Mutex::default(),
            counts: watch::Sender::default(),
            interactions: Mutex::default(),
            faults: Mutex::default(),
            limits: Mutex::default(),
        }
    }

    pub(crate) fn verify_key(&self) -> String {
        self.key.verifying_key().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn user_json(&self) -> Value {
        json!({
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "global_name": null,
            "avatar": null,
            "banner": null,
            "accent_color": null,
            "bot": true,
            "system": false,
            "mfa_enabled": true,
            "verified": true,
            "email": null,
            "flags": 0,
            "public_flags": 0,
        })
    }

    pub(crate) fn application_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "icon": null,
            "description": "",
            "summary": "",
            "type": null,
            "bot": self.user_json(),
            "bot_public": true,
            "bot_require_code_grant": false,
            "verify_key": self.verify_key(),
            "flags": 0,
            "hook": true,
            "redirect_uris": [],
            "interactions_endpoint_url": read(&self.endpoint).as_ref().map(Url::as_str),
            "role_connections_verification_url": null,
            "event_webhooks_url": null,
            "event_webhooks_status": 1,
            "integration_types_config": { "0": {}, "1": {} },
            "approximate_guild_count": 1,
            "approximate_user_install_count": 0,
            "owner": null,
            "team": null,
        })
    }

    /// Keeps an interaction as long as its token lives; `now` in milliseconds since the Unix epoch.
    pub(crate) fn keep(interactions: &mut HashMap<Snowflake, Arc<Live>>, live: Arc<Live>, now: u64) {
        if interactions.len() >= SWEEP_AT && interactions.len().is_multiple_of(SWEEP_AT) {
            interactions.retain(|_, live| live.expires() > now);
        }
        interactions.insert(live.id, live);
    }
}

/// A token of the shape that Discord's have: the id in base64, a time, a secret.
pub(crate) fn bot_token(id: Snowflake, random: &mut StdRng) -> String {
    let head = STANDARD_NO_PAD.encode(id.to_string());
    format!("{head}.{}.{}", letters(random, 6), letters(random, 38))
}

/// Random letters and digits.
pub(crate) fn letters(random: &mut StdRng, length: usize) -> String {
    let letter = || char::from(random.sample(rand::distr::Alphanumeric));
    std::iter::repeat_with(letter).take(length).collect()
}
