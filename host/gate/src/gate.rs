//! The gate of the process, and each provider's part of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use autocontent_manifest::{HostPattern, ProviderId, SecretName, SecretPlace};
use autocontent_runtime::Clock;
use autocontent_runtime::contract::http::Error;
use http::HeaderValue;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use secrecy::SecretString;
use tokio::sync::Semaphore;

use crate::body::PERMIT;
use crate::cache::Memory;
use crate::call::CallGate;
use crate::config::{DevelopmentHost, GateConfig, OnFetch};
use crate::connect::{Sender, Tcp, sender};
use crate::limits::{GateLimits, UNUSED};
use crate::network::Network;
use crate::pace::{Turns, Waiting};
use crate::resolve::Lookups;
use crate::secrets::{SHORTEST, Secrets};
use crate::target::Grants;
use crate::upstream::DevelopmentUpstream;

/// The way out for all providers: one in a process, cheap to clone. It must be used within a tokio runtime.
#[derive(Clone)]
pub struct Gate {
    state: Arc<GateState>,
}

/// Why a gate can't be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// A certificate of [`GateConfig::extra_roots`] is none.
    #[error("a root certificate can't be read; give it in the form of X.509")]
    Root(#[source] rustls::Error),
    /// TLS can't be set up.
    #[error("TLS can't be set up")]
    Tls(#[source] rustls::Error),
    /// The user agent has characters that no header can hold.
    #[error("{0:?} can't stand in a header; use letters, digits and / . - ( ) ; : @ + for the user agent")]
    UserAgent(String),
}

/// What one provider may do for one account: what its manifest asks for, as far as it was granted.
pub struct Access {
    /// Whose requests they are.
    pub provider: ProviderId,
    /// Hosts that it may ask.
    pub hosts: Vec<HostPattern>,
    /// Those of the hosts that it may also ask over plain http.
    pub plain_http: Vec<HostPattern>,
    /// The account's secrets.
    pub secrets: Vec<HostSecret>,
}

/// A secret with its value.
#[derive(Clone)]
pub struct HostSecret {
    /// Its name in the manifest.
    pub name: SecretName,
    /// Where it is sent.
    pub host: HostPattern,
    /// Where it stands in the request.
    pub place: SecretPlace,
    /// What is sent; at least [`HostSecret::SHORTEST`] bytes, or requests to its host are refused.
    pub value: SecretString,
}

impl HostSecret {
    /// The bytes that a value has at least. What is shorter could be guessed by a provider, as it is blotted out wherever
    /// it stands.
    pub const SHORTEST: usize = SHORTEST;
}

/// One provider's way out, for one account. Connections, cache and bounds are shared between all of the same provider.
pub struct ProviderGate {
    gate: Arc<GateState>,
    provider: Arc<ProviderState>,
    access: Arc<AccessState>,
}

pub(crate) struct GateState {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: GateLimits,
    pub(crate) development: Arc<[DevelopmentHost]>,
    pub(crate) upstreams: Arc<[DevelopmentUpstream]>,
    pub(crate) network: Network,
    pub(crate) on_fetch: Option<OnFetch>,
    pub(crate) turns: Turns,
    user_agent: String,
    tls: Arc<ClientConfig>,
    lookups: Lookups,
    providers: Mutex<HashMap<ProviderId, (Arc<ProviderState>, Timestamp)>>,
}

pub(crate) struct ProviderState {
    pub(crate) id: ProviderId,
    pub(crate) user_agent: HeaderValue,
    pub(crate) sender: Sender,
    pub(crate) memory: Memory,
    pub(crate) waiting: Waiting,
    /// Requests under way.
    pub(crate) places: Arc<Semaphore>,
    /// KiB of bodies under way.
    pub(crate) held: Arc<Semaphore>,
}

pub(crate) struct AccessState {
    pub(crate) grants: Grants,
    pub(crate) secrets: Secrets,
}

impl AccessState {
    /// The error without any secret.
    pub(crate) fn clean(&self, error: Error) -> Error {
        match error {
            Error::Denied(text) => Error::Denied(self.secrets.blot(text)),
            Error::InvalidRequest(text) => Error::InvalidRequest(self.secrets.blot(text)),
            Error::Unreachable(text) => Error::Unreachable(self.secrets.blot(text)),
            other @ (Error::Timeout | Error::TooLarge | Error::Exhausted) => other,
        }
    }
}

impl Gate {
    /// Sets the gate up. Logs a warning for each development host and development upstream.
    ///
    /// # Errors
    ///
    /// A root certificate or the user agent is wrong, or TLS can't be set up.
    pub fn new(config: GateConfig, clock: Arc<dyn Clock>) -> Result<Gate, GateError> {
        if HeaderValue::from_str(&config.user_agent).is_err() {
            return Err(GateError::UserAgent(config.user_agent));
        }
        for host in &config.development {
            tracing::warn!(%host, "development host: granted providers may call it on this machine; not for production");
        }
        for upstream in &config.upstreams {
            tracing::warn!(%upstream, "development upstream: requests for this host go to this machine, secrets too; not for production");
        }
        let tls = Arc::new(tls(config.extra_roots)?);
        let lookups = Lookups::new(config.resolver);
        let turns = Turns::new(config.limits.host_pace, config.limits.provider_pace);
        let state = GateState {
            clock,
            limits: config.limits,
            development: config.development.into(),
            upstreams: config.upstreams.into(),
            network: config.network,
            on_fetch: config.on_fetch,
            turns,
            user_agent: config.user_agent,
            tls,
            lookups,
            providers: Mutex::default(),
        };
        Ok(Gate { state: Arc::new(state) })
    }

    /// The way out of a provider. To be kept while the access stays the same, as secrets are prepared here.
    pub fn provider(&self, access: Access) -> ProviderGate {
        let provider = self.state.provider(&access.provider);
        let grants = Grants { hosts: access.hosts, plain_http: access.plain_http };
        let access = Arc::new(AccessState { grants, secrets: Secrets::new(access.secrets) });
        ProviderGate { gate: Arc::clone(&self.state), provider, access }
    }
}

impl ProviderGate {
    /// The way out of one call, with a budget of its own.
    pub fn call(&self) -> Arc<CallGate> {
        Arc::new(CallGate::new(Arc::clone(&self.gate), Arc::clone(&self.provider), Arc::clone(&self.access)))
    }
}

impl GateState {
    /// What is shared between all that ask for the same provider. What nobody used for long is let go.
    fn provider(&self, id: &ProviderId) -> Arc<ProviderState> {
        let now = self.clock.now();
        let mut providers = self.providers.lock().unwrap_or_else(PoisonError::into_inner);
        providers.retain(|_, (state, used)| {
            Arc::strong_count(state) > 1 || now.duration_since(*used).unsigned_abs() <= UNUSED
        });
        let entry = providers.entry(id.clone()).or_insert_with(|| (Arc::new(self.new_provider(id)), now));
        entry.1 = now;
        Arc::clone(&entry.0)
    }

    fn new_provider(&self, id: &ProviderId) -> ProviderState {
        let user_agent = HeaderValue::from_str(&format!("{} ({id})", self.user_agent));
        let (development, upstreams) = (Arc::clone(&self.development), Arc::clone(&self.upstreams));
        let tcp = Tcp { lookups: self.lookups.for_provider(), development, upstreams };
        ProviderState {
            id: id.clone(),
            user_agent: user_agent.unwrap_or(HeaderValue::from_static("autocontent")),
            sender: sender(Arc::clone(&self.tls), tcp, self.limits.connect),
            memory: Memory::new(self.limits.cache_per_provider),
            waiting: Waiting::default(),
            places: Arc::new(Semaphore::new(self.limits.concurrent_per_provider)),
            held: Arc::new(Semaphore::new(self.limits.held_per_provider / PERMIT)),
        }
    }
}

fn tls(extra_roots: Vec<CertificateDer<'static>>) -> Result<ClientConfig, GateError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in extra_roots {
        roots.add(root).map_err(GateError::Root)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(GateError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
