//! Installed providers. Every version that was installed stays by its digest, as the history refers to it.

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
}

/// The version of a provider that serves.
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
}

impl Store {
    /// Installs a provider, or makes another version of it the one that serves. Raises the revision.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn install(&self, new: NewProvider, at: Timestamp) -> Result<(), StoreError> {
        const COMPONENT: &str = "INSERT INTO components (digest, provider, version, manifest, component, installed_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO NOTHING";
        const PROVIDER: &str = "INSERT INTO providers (id, digest) VALUES ($1, $2) \
            ON CONFLICT (id) DO UPDATE SET digest = excluded.digest";
        let mut tx = self.database.begin().await?;
        let (id, digest) = (new.id.as_str(), new.digest.as_str());
        on!(&mut tx, c => async {
            sqlx::query(COMPONENT)
                .bind(digest)
                .bind(id)
                .bind(new.version.to_string())
                .bind(new.manifest)
                .bind(new.component)
                .bind(at.as_millisecond())
                .execute(&mut **c)
                .await?;
            sqlx::query(PROVIDER).bind(id).bind(digest).execute(&mut **c).await?;
            Ok(())
        }.await)
        .map_err(|error| self.database.error("install a provider", error))?;
        self.database.commit_revised(tx).await
    }

    /// All installed providers, by id.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn installed(&self) -> Result<Vec<Installed>, StoreError> {
        const SQL: &str = "SELECT p.id, c.version, c.digest, c.manifest, c.installed_at \
            FROM providers p JOIN components c ON c.digest = p.digest ORDER BY p.id";
        on!(&self.database.reader, pool => sqlx::query_as::<_, InstalledRow>(SQL).fetch_all(pool).await)
            .map_err(|error| self.database.error("list the providers", error))?
            .into_iter()
            .map(InstalledRow::read)
            .collect()
    }

    /// A component's bytes, of any version that was installed.
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

    /// Removes a provider with all its versions, wherever it was enabled, and what it kept. Its history stays. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchProvider`], or where the database cannot be written.
    pub async fn remove_provider(&self, provider: &ProviderId) -> Result<(), StoreError> {
        let mut tx = self.database.begin().await?;
        let removed = on!(&mut tx, c => async {
            let done = sqlx::query("DELETE FROM providers WHERE id = $1")
                .bind(provider.as_str())
                .execute(&mut **c)
                .await?;
            for sql in [
                "DELETE FROM components WHERE provider = $1",
                "DELETE FROM statistics WHERE provider = $1",
                "DELETE FROM provider_logs WHERE provider = $1",
                "DELETE FROM storage_use WHERE provider = $1",
            ] {
                sqlx::query(sql).bind(provider.as_str()).execute(&mut **c).await?;
            }
            Ok(done.rows_affected())
        }.await)
        .map_err(|error| self.database.error("remove a provider", error))?;
        if removed == 0 {
            return Err(StoreError::NoSuchProvider { provider: provider.to_string() });
        }
        self.database.commit_revised(tx).await
    }
}

#[derive(FromRow)]
struct InstalledRow {
    id: String,
    version: String,
    digest: String,
    manifest: String,
    installed_at: i64,
}

impl InstalledRow {
    fn read(self) -> Result<Installed, StoreError> {
        let reading = Reading { table: "components", row: &self.digest };
        Ok(Installed {
            id: reading.parse("provider", &self.id)?,
            version: reading.parse("version", &self.version)?,
            digest: reading.parse("digest", &self.digest)?,
            installed_at: reading.moment("installed_at", self.installed_at)?,
            manifest: self.manifest,
        })
    }
}
