//! Installed providers: which version serves, which did before, and which waits for its turn. Every version that served
//! stays by its digest, as the history refers to it. What changes versions is in `versions`.

use std::collections::BTreeMap;

use autocontent_manifest::ProviderId;
use jiff::Timestamp;
use semver::Version;
use sqlx::FromRow;

use crate::Store;
use crate::database::on;
use crate::error::StoreError;
use crate::ids::ComponentDigest;
use crate::rows::Reading;

/// A component to be installed, checked before.
#[derive(Clone, Debug)]
pub struct NewProvider {
    /// The id in its manifest.
    pub id: ProviderId,
    /// The version in its manifest.
    pub version: Version,
    /// SHA-256 of the component.
    pub digest: ComponentDigest,
    /// Its provider.toml.
    pub manifest: String,
    /// The component itself.
    pub component: Vec<u8>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a component came from, and how that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// A file, URL or registry reference, as it was given.
    pub source: String,
    /// Whose signature was found good; none where nobody signed.
    pub signer: Option<String>,
}

/// A version of a provider that was installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The provider.
    pub id: ProviderId,
    /// The version in its manifest.
    pub version: Version,
    /// SHA-256 of the component.
    pub digest: ComponentDigest,
    /// Its provider.toml.
    pub manifest: String,
    /// When this version was installed first.
    pub installed_at: Timestamp,
    /// Where it came from when it was installed last; unknown for those that older hosts installed.
    pub origin: Option<Origin>,
}

/// The versions of a provider; at least one of `current` and `waiting` is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The provider.
    pub id: ProviderId,
    /// The one that serves.
    pub current: Option<Installed>,
    /// The one that served before it.
    pub previous: Option<Installed>,
    /// The one that is to serve next.
    pub waiting: Option<Installed>,
}

impl Store {
    /// The version that serves of each provider that has one, by id.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn installed(&self) -> Result<Vec<Installed>, StoreError> {
        Ok(self.versions().await?.into_iter().filter_map(|versions| versions.current).collect())
    }

    /// The versions of every provider, by id.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn versions(&self) -> Result<Vec<Versions>, StoreError> {
        const SQL: &str = "\
            SELECT 'current' AS role, c.provider, c.version, c.digest, c.manifest, c.installed_at, c.origin, c.signer \
            FROM providers p JOIN components c ON c.digest = p.digest \
            UNION ALL \
            SELECT 'previous', c.provider, c.version, c.digest, c.manifest, c.installed_at, c.origin, c.signer \
            FROM providers p JOIN components c ON c.digest = p.previous \
            UNION ALL \
            SELECT 'waiting', c.provider, c.version, c.digest, c.manifest, c.installed_at, c.origin, c.signer \
            FROM waiting w JOIN components c ON c.digest = w.digest";
        let rows = on!(&self.database.reader, pool => sqlx::query_as::<_, VersionRow>(SQL).fetch_all(pool).await)
            .map_err(|error| self.database.error("list the providers", error))?;
        let mut providers: BTreeMap<ProviderId, Versions> = BTreeMap::new();
        for row in rows {
            let role = row.role.clone();
            let version = row.read()?;
            let id = version.id.clone();
            let versions =
                providers.entry(id.clone()).or_insert(Versions { id, current: None, previous: None, waiting: None });
            match role.as_str() {
                "current" => versions.current = Some(version),
                "previous" => versions.previous = Some(version),
                _ => versions.waiting = Some(version),
            }
        }
        Ok(providers.into_values().collect())
    }

    /// The versions of one provider.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchProvider`], or where the database cannot be read.
    pub async fn versions_of(&self, provider: &ProviderId) -> Result<Versions, StoreError> {
        let found = self.versions().await?.into_iter().find(|versions| versions.id == *provider);
        found.ok_or_else(|| StoreError::NoSuchProvider { provider: provider.to_string() })
    }

    /// A component's bytes, of any version that is kept.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchComponent`], or where the database cannot be read.
    pub async fn component(&self, digest: &ComponentDigest) -> Result<Vec<u8>, StoreError> {
        on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, Vec<u8>>("SELECT component FROM components WHERE digest = $1")
                .bind(digest.as_str())
                .fetch_optional(pool)
                .await
        })
        .map_err(|error| self.database.error("read a component", error))?
        .ok_or_else(|| StoreError::NoSuchComponent { digest: digest.to_string() })
    }
}

#[derive(FromRow)]
struct VersionRow {
    role: String,
    provider: String,
    version: String,
    digest: String,
    manifest: String,
    installed_at: i64,
    origin: Option<String>,
    signer: Option<String>,
}

impl VersionRow {
    fn read(self) -> Result<Installed, StoreError> {
        let reading = Reading { table: "components", row: &self.digest };
        let signer = self.signer;
        Ok(Installed {
            id: reading.parse("provider", &self.provider)?,
            version: reading.parse("version", &self.version)?,
            digest: reading.parse("digest", &self.digest)?,
            installed_at: reading.moment("installed_at", self.installed_at)?,
            manifest: self.manifest,
            origin: self.origin.map(|source| Origin { source, signer }),
        })
    }
}
