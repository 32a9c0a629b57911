//! Settings and secrets: what operators set, for one account or for all, and what a call gets of it.
//!
//! A value is an account's own, else the one for all accounts, else the manifest's default. A value that a new version of the
//! provider does not take is passed over, so that an upgrade never breaks what runs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use autocontent_gate::HostSecret;
use autocontent_manifest::{Capability, Manifest, SettingKind, SettingName, SettingValue};
use autocontent_runtime::{Digest, Settings};
use autocontent_store::{AccountId, Installed, KeptSetting, Store, StoreError};
use serde::Serialize;

use crate::contract::settings::Value;
use crate::life::reload::Kept;
use crate::reach::{HttpSource, Way};

/// What each account's calls get.
pub(crate) struct Configurations {
    all: Configured,
    /// Only accounts with values of their own.
    accounts: HashMap<AccountId, Configured>,
}

/// What one account's calls get.
pub(crate) struct Configured {
    pub(crate) settings: Arc<Snapshot>,
    pub(crate) way: Way,
    /// Another one wherever a provider could answer otherwise: another version, grant, setting or secret.
    pub(crate) variant: Digest,
}

/// The settings' values as they were when a call began.
pub(crate) struct Snapshot(BTreeMap<SettingName, Value>);

/// Where a setting's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingSource {
    /// It was set for this account.
    Account,
    /// It was set for all accounts.
    AllAccounts,
    /// It is the manifest's.
    Default,
    /// It has no value.
    Nowhere,
}

impl Configurations {
    /// Reads the secrets' values, too.
    pub(crate) async fn read(
        store: &Store,
        http: &HttpSource,
        version: &Installed,
        manifest: &Manifest,
        granted: &BTreeSet<Capability>,
        kept: &Kept,
    ) -> Result<Configurations, StoreError> {
        let settings: Vec<_> = kept.settings.iter().filter(|one| one.provider == version.id).collect();
        let secrets: Vec<_> = kept.secrets.iter().filter(|one| one.provider == version.id).collect();
        let own: BTreeSet<AccountId> =
            settings.iter().filter_map(|one| one.account).chain(secrets.iter().filter_map(|one| one.account)).collect();
        let read = async |account: Option<AccountId>| {
            let values: BTreeMap<&SettingName, SettingValue> = manifest
                .settings
                .iter()
                .filter_map(|setting| {
                    Some((&setting.name, effective(&setting.kind, &setting.name, account, &settings).0?))
                })
                .collect();
            let (mut filled_in, mut changed) = (Vec::new(), Vec::new());
            for secret in &manifest.secrets {
                let of = |of| secrets.iter().find(|one| one.name == secret.name && one.account == of);
                let Some(found) = account.and_then(|account| of(Some(account))).or_else(|| of(None)) else { continue };
                let Some(value) = store.secret(&version.id, found.account, &secret.name).await? else { continue };
                changed.push((&secret.name, found.account, found.changed_at.as_millisecond()));
                let (name, host, place) = (secret.name.clone(), secret.host.clone(), secret.place.clone());
                filled_in.push(HostSecret { name, host, place, value });
            }
            let told = serde_json::to_vec(&(&version.digest, granted, &values, changed)).unwrap_or_default();
            let settings = values.into_iter().map(|(name, value)| (name.clone(), contracts(value))).collect();
            let way = Way::new(http, &version.id, granted, filled_in);
            Ok::<_, StoreError>(Configured { settings: Arc::new(Snapshot(settings)), way, variant: Digest::of(&told) })
        };
        let all = read(None).await?;
        let mut accounts = HashMap::with_capacity(own.len());
        for account in own {
            accounts.insert(account, read(Some(account)).await?);
        }
        Ok(Configurations { all, accounts })
    }

    /// What the account's calls get; without an account those of a preview.
    pub(crate) fn of(&self, account: Option<AccountId>) -> &Configured {
        account.and_then(|account| self.accounts.get(&account)).unwrap_or(&self.all)
    }
}

impl Settings for Snapshot {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value.clone())
    }
}

/// A setting's value for an account, and where it comes from.
pub(crate) fn effective(
    kind: &SettingKind,
    name: &SettingName,
    account: Option<AccountId>,
    kept: &[&KeptSetting],
) -> (Option<SettingValue>, SettingSource) {
    let set = |of: Option<AccountId>| {
        let kept = kept.iter().find(|one| one.name == *name && one.account == of)?;
        let value = serde_json::from_str(&kept.value).ok().filter(|value| kind.check(value).is_ok());
        if value.is_none() {
            tracing::warn!(provider = %kept.provider, setting = %name, "a value that was set is not one that this version takes; it is passed over");
        }
        value
    };
    if let Some(value) = account.and_then(|account| set(Some(account))) {
        return (Some(value), SettingSource::Account);
    }
    if let Some(value) = set(None) {
        return (Some(value), SettingSource::AllAccounts);
    }
    match kind.default_value() {
        Some(value) => (Some(value), SettingSource::Default),
        None => (None, SettingSource::Nowhere),
    }
}

fn contracts(value: SettingValue) -> Value {
    match value {
        SettingValue::Text(text) => Value::Text(text),
        SettingValue::Integer(number) => Value::Integer(number),
        SettingValue::Number(number) => Value::Number(number),
        SettingValue::Boolean(boolean) => Value::Boolean(boolean),
        SettingValue::Texts(texts) => Value::Texts(texts),
    }
}
