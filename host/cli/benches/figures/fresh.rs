//! A call of `quote` in a fresh instance, beside the same component on bare wasmtime.
//!
//! Bare wasmtime has the same pool and the same memory settings, and none of what makes it safe to run a stranger's
//! code: no budget of processor time, no clock, no limit of memory but the pool's, no bound on what is handed over, no
//! log, no turn to wait for.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use autocontent_content::{Asker, CallStorage};
use autocontent_gate::{Access, Gate, GateConfig, ProviderGate};
use autocontent_manifest::ByteSize;
use autocontent_runtime::contract::{Argument, Audience, Place, Request, Trigger, Value, log};
use autocontent_runtime::{Capabilities, Log, Provider, Runtime, RuntimeConfig, SystemClock, SystemRandom};
use autocontent_store::Store as OurStore;
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store};

use crate::report::{FreshCall, median};
use crate::{host, inside};

mod bare {
    wasmtime::component::bindgen!({ path: "../../sdk/wit", world: "provider", exports: { default: async } });
}

use bare::autocontent::provider::{http, items, log as bare_log, requests, settings, storage, system};
use bare::{Provider as BareProvider, ProviderPre};

/// Calls between two looks at the clock of who is measured.
const BATCH: usize = 200;

pub(crate) async fn measure(quick: bool) -> Result<FreshCall> {
    let component = std::fs::read(host::provider("quote")?)?;
    let folder = tempfile::tempdir()?;
    let ours = Ours::new(folder.path(), &component, World::Bare).await?;
    let capable = Ours { world: World::capable(folder.path()).await?, ..ours.clone() };
    let bare = Bare::new(&component)?;
    let batches = if quick { 40 } else { 200 };
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for batch in 0..batches {
        let round = [ours.batch().await?, capable.batch().await?, bare.batch().await?];
        // The first one warms the caches.
        for (times, time) in times.iter_mut().zip(round).filter(|_| batch > 0) {
            times.push(time);
        }
    }
    let [ours_us, capable_us, bare_us] = times.map(median);
    let per_second = ours.per_second(if quick { Duration::from_secs(2) } else { Duration::from_secs(5) }).await?;
    let (ratio, capable_ratio) = (ours_us / bare_us, capable_us / bare_us);
    Ok(FreshCall { ours_us, capable_us, bare_us, ratio, capable_ratio, per_second })
}

/// The median of a batch of calls, in microseconds.
fn p50(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

struct Unheard;

impl Log for Unheard {
    fn write(&self, _: log::Level, _: &str) {}
}

/// What each call is given.
#[derive(Clone)]
enum World {
    /// Nothing.
    Bare,
    /// What a provider gets that was granted everything, made anew for each call as the content service does.
    Capable { gate: Arc<ProviderGate>, store: OurStore, asker: Arc<Asker> },
}

impl World {
    async fn capable(folder: &Path) -> Result<World> {
        let gate = Gate::new(GateConfig::default(), Arc::new(SystemClock))?;
        let (provider, hosts) = ("quote".parse()?, vec!["example.com".parse()?]);
        let asker = Asker {
            account: None,
            member: Some(1.into()),
            guild: Some(2.into()),
            channel: Some(3.into()),
            place: Place::Guild,
            locale: "en-US".into(),
            age_restricted: false,
            moderator: false,
        };
        Ok(World::Capable {
            gate: Arc::new(gate.provider(Access { provider, hosts, plain_http: Vec::new(), secrets: Vec::new() })),
            store: inside::store(folder).await?,
            asker: Arc::new(asker),
        })
    }

    fn capabilities(&self, provider: &Provider) -> Capabilities {
        let nothing = Capabilities::denied(Arc::new(Unheard));
        let World::Capable { gate, store, asker } = self else { return nothing };
        let (id, clock) = (provider.manifest().provider.id.clone(), Arc::new(SystemClock));
        let storage = CallStorage::new(store.clone(), id, asker, ByteSize::mib(1), clock);
        Capabilities { http: gate.call(), storage: Arc::new(storage), ..nothing }
    }
}

#[derive(Clone)]
struct Ours {
    provider: Provider,
    world: World,
    request: Request,
}

impl Ours {
    async fn new(folder: &Path, component: &[u8], world: World) -> Result<Self> {
        let config = RuntimeConfig::new(folder.join("compiled"), inside::compiler());
        let runtime = Runtime::new(config, Arc::new(SystemClock), Arc::new(SystemRandom))?;
        let inspection = runtime.compile(component).await?;
        let provider = runtime.load(&inspection.digest, async || Err::<Vec<u8>, _>("it was compiled just now")).await?;
        let audience = Audience {
            user: "user".into(),
            scope: "scope".into(),
            place: Place::Guild,
            locale: "en-US".into(),
            sensitive_allowed: false,
        };
        let arguments = vec![Argument { name: "topic".into(), value: Value::Text("courage".into()) }];
        let request =
            Request { command: "quote".into(), arguments, trigger: Trigger::Command, audience, limit: 5, cursor: None };
        Ok(Self { provider, world, request })
    }

    async fn call(&self) -> Result<()> {
        let capabilities = self.world.capabilities(&self.provider);
        let page = self.provider.find(&self.request, &capabilities).await.outcome?.ok().context("no quotation")?;
        ensure!(page.items.len() == 5);
        Ok(())
    }

    async fn batch(&self) -> Result<f64> {
        let mut times = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            let begun = Instant::now();
            self.call().await?;
            times.push(begun.elapsed());
        }
        Ok(p50(times))
    }

    /// Calls per second with as many at once as there are cores.
    async fn per_second(&self, time: Duration) -> Result<f64> {
        let cores = std::thread::available_parallelism()?.get();
        let begun = Instant::now();
        let callers = (0..cores).map(|_| {
            let ours = self.clone();
            tokio::spawn(async move {
                let mut calls = 0_u32;
                while begun.elapsed() < time {
                    ours.call().await?;
                    calls += 1;
                }
                anyhow::Ok(calls)
            })
        });
        let mut calls = 0;
        for caller in futures_util::future::join_all(callers).await {
            calls += caller??;
        }
        Ok(f64::from(calls) / begun.elapsed().as_secs_f64())
    }
}

struct Bare {
    engine: Engine,
    provider: ProviderPre<()>,
}

impl Bare {
    fn new(component: &[u8]) -> Result<Self> {
        let mut pool = PoolingAllocationConfig::default();
        pool.total_component_instances(16)
            .total_core_instances(128)
            .total_memories(32)
            .total_tables(64)
            .total_stacks(16);
        pool.max_memory_size(64 << 20)
            .table_elements(20_000)
            .linear_memory_keep_resident(64 << 10)
            .table_keep_resident(64 << 10);
        pool.pagemap_scan(wasmtime::Enabled::Auto);
        let mut config = Config::new();
        config
            .concurrency_support(false)
            .memory_init_cow(true)
            .memory_reservation(64 << 20)
            .memory_guard_size(32 << 20);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = Engine::new(&config).map_err(anyhow_of)?;
        let mut linker = Linker::<()>::new(&engine);
        BareProvider::add_to_linker::<(), Bareness>(&mut linker, |nothing| nothing).map_err(anyhow_of)?;
        let component = Component::new(&engine, component).map_err(anyhow_of)?;
        let provider = ProviderPre::new(linker.instantiate_pre(&component).map_err(anyhow_of)?).map_err(anyhow_of)?;
        Ok(Self { engine, provider })
    }

    async fn call(&self, request: &requests::Request) -> Result<()> {
        let mut store = Store::new(&self.engine, ());
        let provider = self.provider.instantiate_async(&mut store).await.map_err(anyhow_of)?;
        let page = provider.autocontent_provider_content().call_find(&mut store, request).await.map_err(anyhow_of)?;
        ensure!(page.is_ok_and(|page| page.items.len() == 5), "no quotations");
        Ok(())
    }

    async fn batch(&self) -> Result<f64> {
        let audience = requests::Audience {
            user: "user".into(),
            scope: "scope".into(),
            place: requests::Place::Guild,
            locale: "en-US".into(),
            sensitive_allowed: false,
        };
        let topic = requests::Argument { name: "topic".into(), value: requests::Value::Text("courage".into()) };
        let trigger = requests::Trigger::Command;
        let request = requests::Request {
            command: "quote".into(),
            arguments: vec![topic],
            trigger,
            audience,
            limit: 5,
            cursor: None,
        };
        let mut times = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            let begun = Instant::now();
            self.call(&request).await?;
            times.push(begun.elapsed());
        }
        Ok(p50(times))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn anyhow_of(error: wasmtime::Error) -> anyhow::Error {
    anyhow::Error::msg(format!("{error:#}"))
}

struct Bareness;

impl wasmtime::component::HasData for Bareness {
    type Data<'a> = &'a mut ();
}

impl requests::Host for () {}

impl items::Host for () {}

impl bare_log::Host for () {
    fn write(&mut self, _: bare_log::Level, _: String) {}
}

impl system::Host for () {
    fn now(&mut self) -> u64 {
        0
    }

    fn random(&mut self, length: u32) -> Vec<u8> {
        use autocontent_runtime::Random as _;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        SystemRandom.fill(&mut bytes);
        bytes
    }
}

impl settings::Host for () {
    fn get(&mut self, _: String) -> Option<settings::Value> {
        None
    }
}

impl http::Host for () {
    fn fetch(&mut self, _: http::Request) -> Result<http::Response, http::Error> {
        Err(http::Error::Exhausted)
    }

    fn fetch_all(&mut self, _: Vec<http::Request>) -> Vec<Result<http::Response, http::Error>> {
        Vec::new()
    }
}

impl storage::Host for () {
    fn get(&mut self, _: storage::Scope, _: String) -> Result<Option<Vec<u8>>, storage::Error> {
        Err(storage::Error::Unavailable)
    }

    fn set(&mut self, _: storage::Scope, _: String, _: Vec<u8>, _: Option<u32>) -> Result<(), storage::Error> {
        Err(storage::Error::Unavailable)
    }

    fn delete(&mut self, _: storage::Scope, _: String) -> Result<(), storage::Error> {
        Err(storage::Error::Unavailable)
    }

    fn increment(&mut self, _: storage::Scope, _: String, _: i64) -> Result<i64, storage::Error> {
        Err(storage::Error::Unavailable)
    }

    fn keys(&mut self, _: storage::Scope, _: String, _: Option<String>, _: u32) -> Result<Vec<String>, storage::Error> {
        Err(storage::Error::Unavailable)
    }
}
