//! The content service in this process, on SQLite, with every part real but Discord.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use autocontent_content::contract::Place;
use autocontent_content::{
    AccountId, Actor, Ask, Asker, CallsConfig, Content, HttpSource, Origin, Parts, Reply, SystemClock, SystemRandom,
    Trigger,
};
use autocontent_gate::{Gate, GateConfig};
use autocontent_runtime::{Compiler, Runtime, RuntimeConfig};
use autocontent_store::{Desired, NewAccount, Store, Transport, Vault};
use jiff::Timestamp;
use tempfile::TempDir;

/// Calls at the same time: more than any figure makes.
const CONCURRENCY: u32 = 512;

pub(crate) struct Inside {
    _folder: TempDir,
    content: Content,
    account: AccountId,
    members: AtomicU64,
}

impl Inside {
    /// With these components installed, granted what they ask for, and enabled for one account.
    pub(crate) async fn open(components: &[PathBuf]) -> Result<Inside> {
        let folder = tempfile::tempdir()?;
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let config = RuntimeConfig {
            concurrency: CONCURRENCY,
            ..RuntimeConfig::new(folder.path().join("compiled"), compiler())
        };
        let parts = Parts {
            runtime: Runtime::new(config, clock.clone(), random.clone())?,
            store: store(folder.path()).await?,
            http: HttpSource::Gate(Gate::new(GateConfig::default(), clock.clone())?),
            calls: CallsConfig::of(CONCURRENCY),
            clock,
            random,
        };
        let store = parts.store.clone();
        let content = Content::new(parts).await?;
        let (account, operator) = (content.account_id(), Actor::host());
        let name = "bench".parse()?;
        let (transport, desired, created_at) = (Transport::Gateway, Desired::Stopped, Timestamp::UNIX_EPOCH);
        let new = NewAccount { id: account, name, token: "none".into(), transport, desired, created_at };
        store.add_account(new).await?;
        for file in components {
            let origin = Origin { source: file.display().to_string(), signer: None };
            let installed = content.install(std::fs::read(file)?, origin, &operator).await?;
            let id = &installed.inspection.manifest.provider.id;
            content.grant(id, &BTreeSet::new(), &operator).await?;
            content.enable(account, id, &operator).await?;
        }
        content.reload().await?;
        Ok(Inside { _folder: folder, content, account, members: AtomicU64::new(1) })
    }

    /// What a new member gets who types this in a guild.
    pub(crate) async fn ask(&self, line: &str) -> Result<Reply> {
        let (command, arguments) = self.content.read_line(Some(self.account), line)?;
        let member = self.members.fetch_add(1, Ordering::Relaxed);
        let asker = Asker {
            account: Some(self.account),
            member: Some(member.into()),
            // A guild for every hundred members, which haven't seen everything that a provider has.
            guild: Some((member / 100 + 1).into()),
            channel: Some(1.into()),
            place: Place::Guild,
            locale: "en-US".into(),
            age_restricted: false,
            moderator: false,
        };
        Ok(match self.content.admit(Ask { asker, command, arguments, trigger: Trigger::Command }) {
            Ok(admitted) => admitted.answer().await,
            Err(notice) => Reply::Notice(notice),
        })
    }
}

pub(crate) fn compiler() -> Compiler {
    Compiler { program: env!("CARGO_BIN_EXE_autocontent").into(), args: vec!["__compile".into()] }
}

/// A new SQLite database in a folder.
pub(crate) async fn store(folder: &Path) -> Result<Store> {
    let url = format!("sqlite:{}", folder.join("autocontent.db").display());
    let vault = Vault::open_or_create(&folder.join("autocontent.key"))?;
    Store::open(&url.parse()?, vault).await.context("the store")
}
