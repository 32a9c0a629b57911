//! How far one call reaches outside the sandbox: what its provider was granted, for this account, place and member.

use std::collections::BTreeSet;
use std::sync::Arc;

use autocontent_gate::{Access, CallGate, Gate, HostSecret, HttpUsage, ProviderGate};
use autocontent_manifest::{ByteSize, Capability, ProviderId};
use autocontent_runtime::{Capabilities, Clock, Denied, Http, Log, Storage};
use autocontent_store::Store;

use crate::ask::Asker;
use crate::settings::Configured;
use crate::storage::CallStorage;

/// What answers the import `http`.
#[derive(Clone)]
pub enum HttpSource {
    /// The gate, for hosts that were granted and no others.
    Gate(Gate),
    /// The same for every provider, whatever it was granted: for tests and benches, which have no network.
    Given(Arc<dyn Http>),
}

/// A provider's way to the network, for one account.
pub(crate) enum Way {
    None,
    Gate(ProviderGate),
    Given(Arc<dyn Http>),
}

/// The outside of one call.
pub(crate) struct Reach {
    pub(crate) capabilities: Capabilities,
    gate: Option<Arc<CallGate>>,
}

/// What calls of one provider share.
pub(crate) struct Outside {
    pub(crate) provider: ProviderId,
    pub(crate) log: Arc<dyn Log>,
    pub(crate) quota: Option<ByteSize>,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Way {
    /// The way of a provider that may do this.
    pub(crate) fn new(
        source: &HttpSource,
        provider: &ProviderId,
        granted: &BTreeSet<Capability>,
        secrets: Vec<HostSecret>,
    ) -> Way {
        let (mut hosts, mut plain_http) = (Vec::new(), Vec::new());
        for capability in granted {
            match capability {
                Capability::Http(host) => hosts.push(host.clone()),
                Capability::PlainHttp(host) => plain_http.push(host.clone()),
                Capability::Storage(_) | Capability::Activity(_) | Capability::Schedule => {}
            }
        }
        match source {
            HttpSource::Given(http) => Way::Given(Arc::clone(http)),
            HttpSource::Gate(_) if hosts.is_empty() => Way::None,
            HttpSource::Gate(gate) => {
                Way::Gate(gate.provider(Access { provider: provider.clone(), hosts, plain_http, secrets }))
            }
        }
    }
}

impl Outside {
    /// What one call for this asker may do.
    pub(crate) fn reach(&self, configured: &Configured, asker: &Asker) -> Reach {
        let gate = match &configured.way {
            Way::Gate(gate) => Some(gate.call()),
            Way::None | Way::Given(_) => None,
        };
        let http: Arc<dyn Http> = match (&configured.way, &gate) {
            (Way::Given(http), _) => Arc::clone(http),
            (_, Some(gate)) => Arc::clone(gate) as Arc<dyn Http>,
            (_, None) => Arc::new(Denied),
        };
        let storage: Arc<dyn Storage> = match self.quota {
            Some(quota) => {
                let (store, clock) = (self.store.clone(), Arc::clone(&self.clock));
                Arc::new(CallStorage::new(store, self.provider.clone(), asker, quota, clock))
            }
            None => Arc::new(Denied),
        };
        let capabilities =
            Capabilities { http, storage, settings: configured.settings.clone(), log: Arc::clone(&self.log) };
        Reach { capabilities, gate }
    }
}

impl Reach {
    /// What the call used of HTTP until now.
    pub(crate) fn http(&self) -> HttpUsage {
        self.gate.as_ref().map(|gate| gate.usage()).unwrap_or_default()
    }
}

/// How much a provider may keep, of what it may do.
pub(crate) fn quota(granted: &BTreeSet<Capability>) -> Option<ByteSize> {
    granted.iter().find_map(|capability| match capability {
        Capability::Storage(size) => Some(*size),
        _ => None,
    })
}
