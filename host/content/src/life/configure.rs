//! Setting settings and filling in secrets, and showing what is set.

use autocontent_gate::HostSecret;
use autocontent_manifest::{Manifest, ProviderId, Secret, SecretName, SecretPlace, Setting, SettingName, SettingValue};
use autocontent_store::{AccountId, Actor, KeptSecret, Versions};
use secrecy::{ExposeSecret as _, SecretString};

use crate::life::error::listed;
use crate::life::{OperateError, manifest_of};
use crate::service::Content;
use crate::settings::{SettingSource, effective};

/// The longest secret, in bytes: more than any API's key, less than servers take of a header.
const LONGEST_SECRET: usize = 4 << 10;

/// A setting and its value for an account.
#[derive(Clone, Debug)]
pub struct SettingState {
    /// What the manifest says of it.
    pub setting: Setting,
    /// Its value, if it has one.
    pub value: Option<SettingValue>,
    /// Where that comes from.
    pub source: SettingSource,
}

/// A secret and for whom it was filled in.
#[derive(Clone, Debug)]
pub struct SecretState {
    /// What the manifest says of it.
    pub secret: Secret,
    /// Where it was filled in: for all accounts or for one.
    pub filled_in: Vec<KeptSecret>,
}

impl Content {
    /// A provider's settings as they are for this account, or for those without values of their own.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, or the database can't be read.
    pub async fn settings(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
    ) -> Result<Vec<SettingState>, OperateError> {
        let manifests = self.manifests(provider).await?;
        let kept = self.store().settings().await?;
        let kept: Vec<_> = kept.iter().filter(|one| one.provider == *provider).collect();
        let state = |setting: Setting| {
            let (value, source) = effective(&setting.kind, &setting.name, account, &kept);
            SettingState { setting, value, source }
        };
        Ok(settings(&manifests).into_iter().map(state).collect())
    }

    /// Gives settings values, typed as text, for this account or for all without values of their own; all or none.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, has no such setting, a value is not one that it takes, or the database refuses.
    pub async fn set(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        values: &[(SettingName, String)],
        actor: &Actor,
    ) -> Result<(), OperateError> {
        let manifests = self.manifests(provider).await?;
        let known = settings(&manifests);
        let checked = values.iter().map(|(name, text)| {
            let setting = find_setting(provider, &known, name)?;
            let value = setting.kind.parse(text).map_err(|problem| OperateError::Setting {
                provider: provider.clone(),
                name: name.clone(),
                problem,
            })?;
            Ok((name.clone(), serde_json::to_string(&value).unwrap_or_default()))
        });
        let checked = checked.collect::<Result<Vec<_>, OperateError>>()?;
        Ok(self.store().set_settings(provider, account, &checked, &self.by(actor)).await?)
    }

    /// Takes settings' values away, for this account or for all without values of their own.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, none of them is set there, or the database refuses.
    pub async fn unset(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        names: &[SettingName],
        actor: &Actor,
    ) -> Result<(), OperateError> {
        self.versions_of(provider).await?;
        let unset = self.store().unset_settings(provider, account, names, &self.by(actor)).await?;
        if unset == 0 {
            return Err(OperateError::NotSet { provider: provider.clone(), what: listed(names) });
        }
        Ok(())
    }

    /// A provider's secrets, and which were filled in.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, or the database can't be read.
    pub async fn secrets(&self, provider: &ProviderId) -> Result<Vec<SecretState>, OperateError> {
        let manifests = self.manifests(provider).await?;
        let kept = self.store().secrets().await?;
        let state = |secret: Secret| {
            let filled_in =
                kept.iter().filter(|one| one.provider == *provider && one.name == secret.name).cloned().collect();
            SecretState { secret, filled_in }
        };
        Ok(secrets(&manifests).into_iter().map(state).collect())
    }

    /// Fills a secret in, for this account or for all without their own.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, has no such secret, the value can't be sent, or the database refuses.
    pub async fn set_secret(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        name: &SecretName,
        value: &SecretString,
        actor: &Actor,
    ) -> Result<(), OperateError> {
        let known = secrets(&self.manifests(provider).await?);
        let secret = known.iter().find(|secret| secret.name == *name).ok_or_else(|| OperateError::UnknownSecret {
            provider: provider.clone(),
            name: name.clone(),
            known: listed(known.iter().map(|secret| &secret.name)),
        })?;
        if let Some(problem) = unfit(secret, value) {
            return Err(OperateError::Secret { provider: provider.clone(), name: name.clone(), problem });
        }
        Ok(self.store().set_secret(provider, account, name, value, &self.by(actor)).await?)
    }

    /// Forgets a secret, for this account or for all without their own.
    ///
    /// # Errors
    ///
    /// Where it isn't installed or the secret isn't filled in there, or the database refuses.
    pub async fn unset_secret(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        name: &SecretName,
        actor: &Actor,
    ) -> Result<(), OperateError> {
        self.versions_of(provider).await?;
        if self.store().unset_secret(provider, account, name, &self.by(actor)).await? {
            return Ok(());
        }
        Err(OperateError::NotSet { provider: provider.clone(), what: name.to_string() })
    }

    /// What the version that serves says about itself, and then the one that waits: its settings and secrets may be
    /// filled in before its turn.
    async fn manifests(&self, provider: &ProviderId) -> Result<Vec<Manifest>, OperateError> {
        let Versions { current, waiting, .. } = self.versions_of(provider).await?;
        current.iter().chain(&waiting).map(manifest_of).collect()
    }
}

fn settings(manifests: &[Manifest]) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for setting in manifests.iter().flat_map(|manifest| &manifest.settings) {
        if settings.iter().all(|known| known.name != setting.name) {
            settings.push(setting.clone());
        }
    }
    settings
}

fn secrets(manifests: &[Manifest]) -> Vec<Secret> {
    let mut secrets: Vec<Secret> = Vec::new();
    for secret in manifests.iter().flat_map(|manifest| &manifest.secrets) {
        if secrets.iter().all(|known| known.name != secret.name) {
            secrets.push(secret.clone());
        }
    }
    secrets
}

fn find_setting<'a>(
    provider: &ProviderId,
    known: &'a [Setting],
    name: &SettingName,
) -> Result<&'a Setting, OperateError> {
    known.iter().find(|setting| setting.name == *name).ok_or_else(|| OperateError::UnknownSetting {
        provider: provider.clone(),
        name: name.clone(),
        known: listed(known.iter().map(|setting| &setting.name)),
    })
}

/// Why a secret's value can't be sent, if it can't.
fn unfit(secret: &Secret, value: &SecretString) -> Option<&'static str> {
    let value = value.expose_secret();
    if value.is_empty() {
        return Some("it is empty; give it on standard input");
    }
    if value.len() < HostSecret::SHORTEST {
        return Some("it has fewer than 8 bytes, and so short a one could be guessed");
    }
    if value.len() > LONGEST_SECRET {
        return Some("it has more than 4096 bytes, which no header or address takes");
    }
    let header = matches!(secret.place, SecretPlace::Header(_));
    let fits = |c: char| if header { c == ' ' || c.is_ascii_graphic() } else { !c.is_control() };
    if !value.chars().all(fits) || value.trim() != value {
        return Some("it has characters that can't be sent; copy it again, without line breaks or spaces around it");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_as_long_as_can_be_sent_and_has_no_odd_characters() {
        let secret = |place| Secret {
            name: "api-key".parse().unwrap(),
            description: "A key".parse().unwrap(),
            host: "example.com".parse().unwrap(),
            place,
        };
        let header = secret(SecretPlace::Header("X-Api-Key".parse().unwrap()));
        let query = secret(SecretPlace::Query("key".parse().unwrap()));
        let fits = |secret: &Secret, value: &str| unfit(secret, &value.to_owned().into()).is_none();
        for good in ["kkkkkkkk", "Bearer a.b-c", &"k".repeat(4_096)] {
            assert!(fits(&header, good) && fits(&query, good), "{good}");
        }
        for bad in ["", "kkkkkkk", " kkkkkkkk", "kkkkkkkk\n", "aaaa\r\nbbbb", "aaaa\0bbbb", &"k".repeat(4_097)] {
            assert!(!fits(&header, bad) && !fits(&query, bad), "{bad:?}");
        }
        assert!(fits(&query, "éééé") && !fits(&header, "éééé"));
    }
}
