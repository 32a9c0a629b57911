//! Installing: whatever it is, it is checked, compiled and kept, and then waits for its turn.

use autocontent_runtime::Inspection;
use autocontent_store::{Actor, ComponentDigest, NewProvider, Origin};

use crate::life::{Advance, OperateError};
use crate::service::Content;

/// A component that was installed.
#[derive(Debug)]
pub struct Installation {
    /// What it is.
    pub inspection: Inspection,
    /// Whether it serves.
    pub advance: Advance,
}

impl Content {
    /// Checks a component, compiles it, keeps it as the next version of its provider, and has it serve if it may.
    ///
    /// # Errors
    ///
    /// Where it is no provider that this host can run, fails when it is tried, or the database refuses.
    pub async fn install(
        &self,
        component: Vec<u8>,
        origin: Origin,
        actor: &Actor,
    ) -> Result<Installation, OperateError> {
        let inspection = self.runtime().compile(&component).await?;
        let about = &inspection.manifest.provider;
        let digest: ComponentDigest = inspection.digest.to_string().parse()?;
        let provider = NewProvider {
            id: about.id.clone(),
            version: about.version.clone(),
            digest: digest.clone(),
            manifest: inspection.manifest_text.clone(),
            component,
            origin,
        };
        self.store().install(provider, &self.by(actor)).await?;
        let advance = self.advance(&about.id, Some(&digest), actor).await?;
        Ok(Installation { inspection, advance })
    }
}
