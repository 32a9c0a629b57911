//! All that the simulator knows, shared by its REST routes, its sockets and the handles that tests hold.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use rand::{SeedableRng, rngs::StdRng};
use tokio::sync::watch;
use url::Url;

use crate::{
    Channel, Endpoint, Guild, Limit, Message, SimClock, SimulatorConfig, Snowflake,
    app::{self, App},
    fault::Faults,
    limits::InvalidRequests,
    log::Log,
    message::Messages,
    snowflake::Snowflakes,
};

/// The shared state.
pub(crate) struct World {
    pub(crate) config: SimulatorConfig,
    pub(crate) clock: SimClock,
    ids: Snowflakes,
    random: Mutex<StdRng>,
    apps: RwLock<Apps>,
    pub(crate) places: RwLock<Places>,
    pub(crate) messages: Mutex<Messages>,
    pub(crate) log: Mutex<Log>,
    /// Faults of every bot's REST calls, and of those without a bot.
    pub(crate) faults: Mutex<Faults>,
    pub(crate) limits: RwLock<HashMap<Endpoint, Limit>>,
    pub(crate) invalid: Mutex<InvalidRequests>,
    pub(crate) http: reqwest::Client,
    pub(crate) rest_url: Url,
    pub(crate) gateway_url: Url,
    /// An address where nobody listens.
    pub(crate) nowhere_url: Url,
    /// Whether the gateway's port is open.
    pub(crate) gateway_open: watch::Sender<bool>,
}

#[derive(Default)]
struct Apps {
    by_token: HashMap<String, Arc<App>>,
    by_id: HashMap<Snowflake, Arc<App>>,
}

#[derive(Default)]
pub(crate) struct Places {
    pub(crate) guilds: Vec<Guild>,
    pub(crate) channels: HashMap<Snowflake, Channel>,
    /// Members who take no direct messages.
    pub(crate) closed_dms: HashSet<Snowflake>,
}

impl World {
    pub(crate) fn new(config: SimulatorConfig, rest_url: Url, gateway_url: Url, nowhere_url: Url) -> World {
        World {
            clock: config.clock.clone(),
            ids: Snowflakes::default(),
            random: Mutex::new(StdRng::seed_from_u64(config.seed)),
            apps: RwLock::default(),
            places: RwLock::default(),
            messages: Mutex::default(),
            log: Mutex::new(Log::new(config.keep_requests)),
            faults: Mutex::default(),
            limits: RwLock::default(),
            invalid: Mutex::default(),
            http: reqwest::Client::new(),
            rest_url,
            gateway_url,
            nowhere_url,
            gateway_open: watch::Sender::new(true),
            config,
        }
    }

    pub(crate) fn next_id(&self) -> Snowflake {
        self.ids.next(self.clock.millis())
    }

    /// Random letters and digits.
    pub(crate) fn letters(&self, length: usize) -> String {
        app::letters(&mut lock(&self.random), length)
    }

    pub(crate) fn add_app(&self, name: &str) -> Arc<App> {
        let app = Arc::new(App::new(self.next_id(), name, &mut lock(&self.random)));
        let mut apps = write(&self.apps);
        apps.by_token.insert(read(&app.token).clone(), Arc::clone(&app));
        apps.by_id.insert(app.id, Arc::clone(&app));
        app
    }

    pub(crate) fn app(&self, id: Snowflake) -> Option<Arc<App>> {
        read(&self.apps).by_id.get(&id).map(Arc::clone)
    }

    pub(crate) fn app_with_token(&self, token: &str) -> Option<Arc<App>> {
        read(&self.apps).by_token.get(token).map(Arc::clone)
    }

    pub(crate) fn apps(&self) -> Vec<Arc<App>> {
        let mut apps: Vec<Arc<App>> = read(&self.apps).by_id.values().map(Arc::clone).collect();
        apps.sort_by_key(|app| app.id);
        apps
    }

    /// Makes the bot's token wrong from now on and returns the new one.
    pub(crate) fn reset_token(&self, app: &App) -> String {
        let new = app::bot_token(app.id, &mut lock(&self.random));
        let old = std::mem::replace(&mut *write(&app.token), new.clone());
        app.token_resets.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut apps = write(&self.apps);
        if let Some(app) = apps.by_token.remove(&old) {
            apps.by_token.insert(new.clone(), app);
        }
        new
    }

    pub(crate) fn message(&self, id: Snowflake) -> Option<Message> {
        lock(&self.messages).get(id).cloned()
    }

    /// The bot's own gateway address.
    pub(crate) fn gateway_url_of(&self, app: &App) -> String {
        format!("{}bot/{}", self.gateway_url, app.id)
    }
}

/// Takes a lock. A test that panicked while it held one has failed already, so poison is no news.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Like [`lock`], for reading.
pub(crate) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// Like [`lock`], for writing.
pub(crate) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
