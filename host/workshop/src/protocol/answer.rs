//! Carrying requests out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Tools;
use super::request::{Open, Request};
use crate::error::sentence;
use crate::harness::{Harness, Setup, Traffic};
use crate::{Component, secrets};

/// A harness, once it is open.
pub(super) struct Session {
    tools: Tools,
    harness: Option<Harness>,
}

impl Session {
    pub(super) fn new(tools: Tools) -> Session {
        Session { tools, harness: None }
    }

    /// What is answered, or a sentence that says why it can't be.
    pub(super) async fn answer(&mut self, request: Request) -> Result<Value, String> {
        if let Request::Open(open) = request {
            return self.open(*open).await;
        }
        let Some(harness) = &self.harness else {
            return Err("no component is open; ask for `open` first".to_owned());
        };
        match request {
            Request::Open(_) => Ok(Value::Null),
            Request::Run { who, line } => {
                let ran = harness.run(&who, &line).await.map_err(said)?;
                strict(&ran.missing)?;
                value(&ran)
            }
            Request::Press { who, button } => {
                let ran = harness.press(&who, &button).await.map_err(said)?;
                strict(&ran.missing)?;
                value(&ran)
            }
            Request::Suggest { who, line, option } => {
                let suggested = harness.suggest(&who, &line, &option).await.map_err(said)?;
                strict(&suggested.missing)?;
                value(&suggested)
            }
            Request::Storage { who, scope } => {
                let entries = harness.storage(&who, scope).await.map_err(said)?;
                let bytes = harness.storage_use().await.map_err(said)?;
                Ok(json!({ "entries": entries, "bytes": bytes }))
            }
            Request::Advance(by) => {
                harness.advance(by);
                Ok(json!({ "now": harness.now() }))
            }
            Request::Unasked => Ok(json!({ "requests": harness.unasked() })),
        }
    }

    async fn open(&mut self, open: Open) -> Result<Value, String> {
        self.close().await;
        let component = Component::find(&open.component).map_err(said)?;
        let mut secrets = match &open.traffic {
            // Nobody is asked, so none is needed.
            Traffic::Played(_) => BTreeMap::new(),
            Traffic::Live | Traffic::Recorded(_) => {
                secrets::find(component.project.as_deref(), &component.manifest.secrets).map_err(said)?
            }
        };
        secrets.extend(open.secrets);
        let setup = Setup {
            traffic: open.traffic,
            time: open.time,
            seed: open.seed,
            settings: open.settings,
            grants: open.grants,
            secrets,
            ..Setup::new(component.bytes, self.tools.compiler.clone(), self.tools.cache.clone())
        };
        let harness = setup.open().await.map_err(said)?;
        let manifest = harness.manifest();
        let commands: Vec<_> = manifest.commands.iter().flat_map(autocontent_manifest::Command::invocations).collect();
        let commands: Vec<_> = commands.iter().map(|one| json!({ "name": one.full_name() })).collect();
        let about = &manifest.provider;
        let opened = json!({
            "id": about.id.as_str(),
            "name": about.name.clone(),
            "version": about.version.to_string(),
            "commands": commands,
            "size_bytes": harness.inspection().size,
            "now": harness.now(),
        });
        self.harness = Some(harness);
        Ok(opened)
    }

    pub(super) async fn close(&mut self) {
        if let Some(harness) = self.harness.take() {
            harness.close().await;
        }
    }
}

/// A request that no recording has fails, whatever the provider made of it.
fn strict(missing: &[String]) -> Result<(), String> {
    if missing.is_empty() { Ok(()) } else { Err(missing.join("\n")) }
}

fn value(answer: &impl serde::Serialize) -> Result<Value, String> {
    serde_json::to_value(answer).map_err(said)
}

fn said(error: impl std::error::Error) -> String {
    sentence(&error)
}
