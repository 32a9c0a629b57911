//! The world outside of the sandbox: the real gate, with names that lead where an attacker would have them lead.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use autocontent_content::{Asker, CallStorage, Capabilities, SystemClock};
use autocontent_gate::{Access, Gate, GateConfig, HostSecret, Resolve};
use autocontent_manifest::Manifest;
use autocontent_runtime::{Http, Log, Storage};
use autocontent_store::Store;

use crate::upstream::Upstream;

/// What every secret in the zoo is; it may be nowhere but in a request to its host.
pub(crate) const CANARY: &str = "canary-7Qm2-sings-Zx81";

/// The gate and the server behind it.
pub(crate) struct Outside {
    pub(crate) gate: Gate,
    pub(crate) upstream: Upstream,
}

/// Names as an attacker's own name server would give them.
struct Names;

#[async_trait::async_trait]
impl Resolve for Names {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let addresses: &[&str] = match host.trim_end_matches('.') {
            // The first is the one host that the operator allowed on this machine.
            "upstream.example" | "localhost" | "foo.localhost" => &["127.0.0.1"],
            "inside.example" => &["10.0.0.1"],
            "metadata.example" => &["169.254.169.254"],
            "mapped.example" => &["::ffff:127.0.0.1"],
            "one-of-two.example" => &["192.168.0.1", "127.0.0.1"],
            "loopback.example" => &["127.0.0.1", "::1"],
            _ => return Err(io::Error::new(io::ErrorKind::NotFound, "there is no such name")),
        };
        Ok(addresses.iter().filter_map(|address| address.parse().ok()).collect())
    }
}

impl Outside {
    pub(crate) async fn open() -> Result<Outside> {
        let upstream = Upstream::start(Ipv4Addr::LOCALHOST).await?;
        Ok(Outside { gate: new_gate(&upstream)?, upstream })
    }

    /// A gate that remembers nothing: neither answers nor who asked to be left alone.
    pub(crate) fn new_gate(&self) -> Result<Gate> {
        new_gate(&self.upstream)
    }

    /// What a provider may do that was granted all that it asks for.
    pub(crate) fn capabilities(
        gate: &Gate,
        store: &Store,
        manifest: &Manifest,
        asker: &Asker,
        log: Arc<dyn Log>,
    ) -> Capabilities {
        let denied = Capabilities::denied(log);
        let provider = manifest.provider.id.clone();
        let secrets = manifest.secrets.iter().map(|secret| HostSecret {
            name: secret.name.clone(),
            host: secret.host.clone(),
            place: secret.place.clone(),
            value: CANARY.into(),
        });
        let access = Access {
            provider: provider.clone(),
            hosts: manifest.capabilities.http.clone(),
            plain_http: Vec::new(),
            secrets: secrets.collect(),
        };
        let http: Arc<dyn Http> = gate.provider(access).call();
        let storage = manifest.capabilities.storage.map(|quota| -> Arc<dyn Storage> {
            Arc::new(CallStorage::new(store.clone(), provider, asker, quota, Arc::new(SystemClock)))
        });
        Capabilities { http, storage: storage.unwrap_or_else(|| denied.storage.clone()), ..denied }
    }
}

fn new_gate(upstream: &Upstream) -> Result<Gate> {
    let allowed = format!("upstream.example:{}", upstream.port).parse().context("no development host")?;
    let config = GateConfig { development: vec![allowed], resolver: Arc::new(Names), ..GateConfig::default() };
    Ok(Gate::new(config, Arc::new(SystemClock))?)
}
