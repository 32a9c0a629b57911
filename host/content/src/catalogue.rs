//! Which commands each account has, and the provider behind each.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use autocontent_manifest::{Command, Invocation, ProviderId};
use autocontent_runtime::{Digest, Provider};
use autocontent_store::{AccountId, ComponentDigest, Installed};

use crate::ask::Asker;
use crate::contract::{Item, Rating};
use crate::favourites;
use crate::reach::{Outside, Reach};
use crate::settings::Configurations;

/// A command that an account has, to be registered with Discord.
#[derive(Clone, Debug)]
pub struct CatalogueCommand {
    /// The provider that answers it; none for the host's own.
    pub provider: Option<ProviderId>,
    /// The command as its manifest describes it.
    pub command: Arc<Command>,
}

/// A provider that is installed but can't serve.
#[derive(Clone, Debug)]
pub struct Unusable {
    /// The provider.
    pub provider: ProviderId,
    /// Why, and what to do.
    pub reason: String,
}

/// A provider that is ready to be asked.
pub(crate) struct Served {
    pub(crate) id: ProviderId,
    pub(crate) name: String,
    pub(crate) digest: Digest,
    /// The same as the store has it.
    pub(crate) installed: ComponentDigest,
    pub(crate) provider: Provider,
    configurations: Configurations,
    outside: Outside,
}

/// The contract's limits for an item's id, in characters, and its state, in bytes.
const LONGEST_ID: usize = 128;
const LONGEST_STATE: usize = 1 << 10;

impl Served {
    pub(crate) fn new(
        version: &Installed,
        provider: Provider,
        configurations: Configurations,
        outside: Outside,
    ) -> Self {
        Self {
            id: version.id.clone(),
            name: provider.manifest().provider.name.clone(),
            digest: *provider.digest(),
            installed: version.digest.clone(),
            provider,
            configurations,
            outside,
        }
    }

    /// How far one call for this asker reaches.
    pub(crate) fn reach(&self, asker: &Asker) -> Reach {
        self.outside.reach(self.configurations.of(asker.account), asker)
    }

    /// Another one wherever the same request could be answered otherwise.
    pub(crate) fn variant(&self, asker: &Asker) -> &Digest {
        &self.configurations.of(asker.account).variant
    }

    /// Whether an item keeps to the contract, and to what may be shown there.
    pub(crate) fn may_show(&self, item: &Item, sensitive_allowed: bool) -> bool {
        let kinds = &self.provider.manifest().provider.kinds;
        let valid = (1..=LONGEST_ID).contains(&item.id.chars().count())
            && !item.id.contains(char::is_control)
            && item.state.as_ref().is_none_or(|state| state.len() <= LONGEST_STATE)
            && kinds.iter().any(|kind| kind.as_str() == item.kind);
        if !valid {
            tracing::warn!(provider = %self.id, item = ?item.id, kind = ?item.kind, "an item breaks the contract and is not shown");
        }
        valid && (item.rating == Rating::Everyone || sensitive_allowed)
    }
}

/// What a full command name leads to.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) served: Arc<Served>,
    pub(crate) command: Arc<Command>,
    /// Position of the command in its manifest.
    pub(crate) position: usize,
    subcommand: Option<usize>,
}

impl Entry {
    pub(crate) fn invocation(&self) -> Invocation<'_> {
        let subcommand = self.subcommand.and_then(|position| self.command.subcommands.get(position));
        Invocation { command: &self.command, subcommand }
    }
}

/// Every account's commands.
#[derive(Default)]
pub(crate) struct Catalogue {
    /// For previews: the commands of every provider that can serve.
    all: Arc<Table>,
    accounts: HashMap<AccountId, Arc<Table>>,
    served: Vec<Arc<Served>>,
}

/// The commands of a set of providers; accounts with the same set share one.
#[derive(Default)]
struct Table {
    entries: HashMap<String, Entry>,
    commands: Vec<CatalogueCommand>,
}

impl Catalogue {
    pub(crate) fn new(served: Vec<Arc<Served>>, enabled: &[(AccountId, ProviderId)]) -> Self {
        let mut sets: HashMap<AccountId, BTreeSet<&ProviderId>> = HashMap::new();
        for (account, provider) in enabled {
            sets.entry(*account).or_default().insert(provider);
        }
        let mut tables: HashMap<BTreeSet<&ProviderId>, Arc<Table>> = HashMap::new();
        let mut accounts = HashMap::with_capacity(sets.len());
        for (account, set) in sets {
            let table = tables.entry(set).or_insert_with_key(|set| {
                Arc::new(Table::new(served.iter().filter(|served| set.contains(&served.id))))
            });
            accounts.insert(account, Arc::clone(table));
        }
        Self { all: Arc::new(Table::new(served.iter())), accounts, served }
    }

    /// The provider of this component, if it is in service.
    pub(crate) fn served(&self, component: &ComponentDigest) -> Option<Arc<Served>> {
        self.served.iter().find(|served| served.installed == *component).map(Arc::clone)
    }

    /// What a command leads to; `account` is none for a preview.
    pub(crate) fn entry(&self, account: Option<AccountId>, command: &str) -> Option<Entry> {
        self.table(account)?.entries.get(command).cloned()
    }

    /// The account's commands, sorted by name, the host's own among them.
    pub(crate) fn commands(&self, account: Option<AccountId>) -> Vec<CatalogueCommand> {
        let own = CatalogueCommand { provider: None, command: Arc::new(favourites::command()) };
        let mut commands = self.table(account).map(|table| table.commands.clone()).unwrap_or_default();
        commands.push(own);
        commands.sort_by(|a, b| a.command.name.cmp(&b.command.name));
        commands
    }

    fn table(&self, account: Option<AccountId>) -> Option<&Table> {
        match account {
            Some(account) => self.accounts.get(&account).map(Arc::as_ref),
            None => Some(&self.all),
        }
    }
}

impl Table {
    /// Where two providers have a command of the same name, the first by id keeps it.
    fn new<'a>(served: impl Iterator<Item = &'a Arc<Served>>) -> Self {
        let by_id: BTreeMap<_, _> = served.map(|served| (&served.id, served)).collect();
        let mut table = Self::default();
        let mut names = BTreeSet::new();
        for served in by_id.into_values() {
            for (position, command) in served.provider.manifest().commands.iter().enumerate() {
                if !names.insert(command.name.clone()) {
                    tracing::warn!(provider = %served.id, command = %command.name, "another provider has a command of this name; this one is hidden");
                    continue;
                }
                table.add(served, position, &Arc::new(command.clone()));
            }
        }
        table
    }

    fn add(&mut self, served: &Arc<Served>, position: usize, command: &Arc<Command>) {
        let entry =
            |subcommand| Entry { served: Arc::clone(served), command: Arc::clone(command), position, subcommand };
        if command.subcommands.is_empty() {
            self.entries.insert(command.name.to_string(), entry(None));
        }
        for (position, subcommand) in command.subcommands.iter().enumerate() {
            self.entries.insert(format!("{} {}", command.name, subcommand.name), entry(Some(position)));
        }
        self.commands.push(CatalogueCommand { provider: Some(served.id.clone()), command: Arc::clone(command) });
    }
}
