//! The contract's imports, each bound to what the caller gave for this call. wasmtime compares their types with the
//! component's when it is loaded.

use std::sync::Arc;

use futures_util::future::join_all;
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

use crate::call::CallState;
use crate::capabilities::{Http, Storage};
use crate::contract::storage::Scope;
use crate::contract::{http, log};
use crate::fault::Refusal;

/// The most random bytes that one call of `system.random` gives.
const RANDOM: usize = 4 << 10;

/// Everything that a provider may import, and nothing else.
pub(crate) fn link(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    // Types only, but a component names them among its imports.
    linker.instance("autocontent:provider/requests@1.0.0")?;
    linker.instance("autocontent:provider/items@1.0.0")?;
    link_http(linker)?;
    link_storage(linker)?;

    linker.instance("autocontent:provider/settings@1.0.0")?.func_wrap(
        "get",
        |mut store: StoreContextMut<'_, CallState>, (name,): (String,)| {
            let call = counted(&mut store);
            Ok((call.host.settings.get(&name),))
        },
    )?;

    linker.instance("autocontent:provider/log@1.0.0")?.func_wrap(
        "write",
        |mut store: StoreContextMut<'_, CallState>, (level, message): (log::Level, String)| {
            let call = counted(&mut store);
            call.lines.write(&*call.host.log, level, &message);
            Ok(())
        },
    )?;

    let mut system = linker.instance("autocontent:provider/system@1.0.0")?;
    system.func_wrap("now", |mut store: StoreContextMut<'_, CallState>, (): ()| {
        // A clock before 1970 is no time that the contract can tell.
        Ok((u64::try_from(counted(&mut store).clock.now().as_millisecond()).unwrap_or(0),))
    })?;
    system.func_wrap("random", |mut store: StoreContextMut<'_, CallState>, (length,): (u32,)| {
        let call = counted(&mut store);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > RANDOM {
            return Err(
                Refusal(format!("`system.random` of {length} bytes; at most {RANDOM} are given at once")).into()
            );
        }
        let mut bytes = vec![0; length];
        call.random.fill(&mut bytes);
        Ok((bytes,))
    })
}

fn link_http(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    let mut instance = linker.instance("autocontent:provider/http@1.0.0")?;
    instance.func_wrap_async("fetch", |store: StoreContextMut<'_, CallState>, (request,): (http::Request,)| {
        let http = Arc::clone(&store.data().host.http);
        Box::new(waiting(store, async move { http.fetch(request).await }))
    })?;
    instance.func_wrap_async(
        "fetch-all",
        |store: StoreContextMut<'_, CallState>, (requests,): (Vec<http::Request>,)| {
            let http: Arc<dyn Http> = Arc::clone(&store.data().host.http);
            Box::new(waiting(
                store,
                async move { join_all(requests.into_iter().map(|request| http.fetch(request))).await },
            ))
        },
    )
}

fn link_storage(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    let mut instance = linker.instance("autocontent:provider/storage@1.0.0")?;
    instance.func_wrap_async("get", |store: StoreContextMut<'_, CallState>, (scope, key): (Scope, String)| {
        let storage = storage(&store);
        Box::new(waiting(store, async move { storage.get(scope, key).await }))
    })?;
    instance.func_wrap_async(
        "set",
        |store: StoreContextMut<'_, CallState>, (scope, key, value, ttl): (Scope, String, Vec<u8>, Option<u32>)| {
            let storage = storage(&store);
            Box::new(waiting(store, async move { storage.set(scope, key, value, ttl).await }))
        },
    )?;
    instance.func_wrap_async("delete", |store: StoreContextMut<'_, CallState>, (scope, key): (Scope, String)| {
        let storage = storage(&store);
        Box::new(waiting(store, async move { storage.delete(scope, key).await }))
    })?;
    instance.func_wrap_async(
        "increment",
        |store: StoreContextMut<'_, CallState>, (scope, key, by): (Scope, String, i64)| {
            let storage = storage(&store);
            Box::new(waiting(store, async move { storage.increment(scope, key, by).await }))
        },
    )?;
    instance.func_wrap_async(
        "keys",
        |store: StoreContextMut<'_, CallState>, (scope, prefix, after, limit): (Scope, String, Option<String>, u32)| {
            let storage = storage(&store);
            Box::new(waiting(store, async move { storage.keys(scope, prefix, after, limit).await }))
        },
    )
}

fn storage(store: &StoreContextMut<'_, CallState>) -> Arc<dyn Storage> {
    Arc::clone(&store.data().host.storage)
}

fn counted<'a>(store: &'a mut StoreContextMut<'_, CallState>) -> &'a mut CallState {
    let call = store.data_mut();
    call.host_calls = call.host_calls.saturating_add(1);
    call
}

/// Waits for the host's answer. Ticks that fall meanwhile don't count as the guest's.
async fn waiting<T>(
    mut store: StoreContextMut<'_, CallState>,
    answer: impl Future<Output = T> + Send,
) -> wasmtime::Result<(T,)> {
    let pause = counted(&mut store).cpu.pause();
    let answer = answer.await;
    if store.data_mut().cpu.resume(&pause) {
        store.set_epoch_deadline(1);
    }
    Ok((answer,))
}
