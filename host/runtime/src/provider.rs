//! A provider that is compiled, linked and ready: each call runs in a fresh instance, within the manifest's limits.

use std::sync::Arc;

use autocontent_manifest::Manifest;
use tokio::time::{Instant, timeout_at};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, ComponentNamedList, InstancePre, Lift, Lower};
use wasmtime::{Store, format_err};

use crate::call::{Call, CallState, Usage};
use crate::capabilities::Capabilities;
use crate::contract::{Choice, Failure, Media, Page, Partial, Press, Request};
use crate::digest::Digest;
use crate::fault::Fault;
use crate::inspect::Exports;
use crate::lines::printable;
use crate::runtime::Shared;

/// A provider that is ready to be asked. Cheap to clone; keeps the sandbox alive.
#[derive(Clone)]
pub struct Provider {
    loaded: Arc<Loaded>,
}

struct Loaded {
    shared: Arc<Shared>,
    digest: Digest,
    manifest: Arc<Manifest>,
    instance: InstancePre<CallState>,
    find: ComponentExportIndex,
    suggest: Option<ComponentExportIndex>,
    act: Option<ComponentExportIndex>,
}

impl Provider {
    /// Links the component and finds its exports. Runs none of its code.
    pub(crate) fn new(
        shared: Arc<Shared>,
        digest: Digest,
        manifest: Manifest,
        component: &Component,
    ) -> wasmtime::Result<Provider> {
        let instance = shared.linker.instantiate_pre(component)?;
        let find = export::<(&Request,), (Result<Page, Failure>,)>(&instance, "content", "find")?
            .ok_or_else(|| format_err!("it does not export `content`"))?;
        let suggest = export::<(&Partial,), (Vec<Choice>,)>(&instance, "suggestions", "suggest")?;
        let act = export::<(&Press,), (Result<Page, Failure>,)>(&instance, "actions", "act")?;
        let loaded = Loaded { shared, digest, manifest: Arc::new(manifest), instance, find, suggest, act };
        Ok(Provider { loaded: Arc::new(loaded) })
    }

    /// What the provider says about itself.
    pub fn manifest(&self) -> &Arc<Manifest> {
        &self.loaded.manifest
    }

    /// The component's digest.
    pub fn digest(&self) -> &Digest {
        &self.loaded.digest
    }

    /// Which of the optional interfaces it exports.
    pub fn exports(&self) -> Exports {
        Exports { suggestions: self.loaded.suggest.is_some(), actions: self.loaded.act.is_some() }
    }

    /// Asks for content.
    pub async fn find(&self, request: &Request, host: &Capabilities) -> Call<Result<Page, Failure>> {
        self.within_contract(self.loaded.call(Ok(&self.loaded.find), (request,), host).await)
    }

    /// Asks for choices while a member types. Without the export `suggestions` it ends in [`Fault::Missing`].
    pub async fn suggest(&self, partial: &Partial, host: &Capabilities) -> Call<Vec<Choice>> {
        self.loaded.call(self.loaded.suggest.as_ref().ok_or("suggestions"), (partial,), host).await
    }

    /// Tells of a pressed button. Without the export `actions` it ends in [`Fault::Missing`].
    pub async fn act(&self, press: &Press, host: &Capabilities) -> Call<Result<Page, Failure>> {
        self.within_contract(self.loaded.call(self.loaded.act.as_ref().ok_or("actions"), (press,), host).await)
    }

    /// The call, unless its files are larger than the manifest says. What an operator reads of a failure is made fit to
    /// be printed, as a log line is.
    fn within_contract(&self, mut call: Call<Result<Page, Failure>>) -> Call<Result<Page, Failure>> {
        let limit = self.loaded.manifest.limits.media.bytes();
        match &mut call.outcome {
            Ok(Ok(page)) if files(page) > limit => call.outcome = Err(Fault::ResultTooLarge),
            Ok(Err(Failure::Upstream(reason) | Failure::Misconfigured(reason) | Failure::Internal(reason))) => {
                *reason = printable(reason);
            }
            _ => {}
        }
        call
    }
}

impl Loaded {
    async fn call<P, R>(
        &self,
        export: Result<&ComponentExportIndex, &'static str>,
        params: P,
        host: &Capabilities,
    ) -> Call<R>
    where
        P: ComponentNamedList + Lower + Send + Sync,
        R: Send + 'static,
        (R,): ComponentNamedList + Lift,
    {
        let begin = Instant::now();
        let limits = &self.manifest.limits;
        let deadline = begin + limits.time;
        let unasked = |fault| Call { outcome: Err(fault), usage: Usage { time: begin.elapsed(), ..Usage::default() } };
        let export = match export {
            Ok(export) => export,
            Err(export) => return unasked(Fault::Missing { export }),
        };
        // Whoever holds a slot finds room in wasmtime's pool: its sizes are multiples of the slots.
        let Ok(Ok(slot)) = timeout_at(deadline, self.shared.slots.acquire()).await else {
            return unasked(Fault::Busy);
        };
        let shared = &self.shared;
        let mut store = CallState::new(host, &shared.clock, &shared.random, shared.ticker.ticks(), limits)
            .into_store(&shared.engine, limits);
        let answer = timeout_at(deadline, self.run(&mut store, export, params)).await;
        // The instance goes back to the pool before its slot does.
        let call = store.into_data();
        drop(slot);
        call.lines.close(&*call.host.log);
        let outcome = match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(Fault::new(&error, &call)),
            Err(_elapsed) => Err(Fault::Time),
        };
        Call { outcome, usage: call.usage(begin.elapsed()) }
    }

    /// The guest's part, which starts with the start functions of its modules.
    async fn run<P, R>(
        &self,
        store: &mut Store<CallState>,
        export: &ComponentExportIndex,
        params: P,
    ) -> wasmtime::Result<R>
    where
        P: ComponentNamedList + Lower + Send + Sync,
        R: Send + 'static,
        (R,): ComponentNamedList + Lift,
    {
        let instance = self.instance.instantiate_async(&mut *store).await?;
        let function = instance.get_typed_func::<P, (R,)>(&mut *store, export)?;
        let (answer,) = function.call_async(store, params).await?;
        Ok(answer)
    }
}

/// Bytes of a page's files.
fn files(page: &Page) -> u64 {
    let sizes = page.items.iter().map(|item| match &item.media {
        Some(Media::Blob(blob)) => blob.data.len() as u64,
        Some(Media::Url(_)) | None => 0,
    });
    sizes.sum()
}

/// Finds a function of one of the contract's interfaces and compares its types with the contract's; none if the
/// component lacks the interface.
fn export<P, R>(
    instance: &InstancePre<CallState>,
    interface: &str,
    function: &str,
) -> wasmtime::Result<Option<ComponentExportIndex>>
where
    P: ComponentNamedList + Lower,
    R: ComponentNamedList + Lift,
{
    let component = instance.component();
    let name = format!("autocontent:provider/{interface}@1.0.0");
    let Some(exported) = component.get_export_index(None, name.as_str()) else { return Ok(None) };
    let (ComponentItem::ComponentFunc(found), index) = component
        .get_export(Some(&exported), function)
        .ok_or_else(|| format_err!("its `{interface}` lacks the function `{function}`"))?
    else {
        return Err(format_err!("`{function}` in its `{interface}` is no function"));
    };
    found
        .typecheck::<P, R>(&instance.instance_type())
        .map_err(|error| format_err!("`{interface}.{function}` has other types than the contract: {error:#}"))?;
    Ok(Some(index))
}
