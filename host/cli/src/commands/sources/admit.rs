//! The door through which every component comes in: what its signature must be, whoever brings it.

use anyhow::{Result, bail};
use autocontent_content::Origin;
use autocontent_runtime::{Clock, inspect};
use autocontent_sources::{Fetched, SignaturePolicy, Trust, Verdict};
use autocontent_store::{Store, Versions};

/// A component that may be installed.
pub(crate) struct Admitted {
    /// Its bytes.
    pub(crate) component: Vec<u8>,
    /// Where it came from, and whose signature was found good.
    pub(crate) origin: Origin,
    /// The same for the operator.
    pub(crate) verdict: Verdict,
}

/// What decides.
#[derive(Clone, Copy)]
pub(crate) struct Door<'a> {
    /// What the configuration wants.
    pub(crate) trust: &'a Trust,
    /// Tells which keys are still trusted.
    pub(crate) clock: &'a dyn Clock,
    /// What is installed already.
    pub(crate) store: &'a Store,
}

impl Door<'_> {
    /// Takes what was fetched if its signature is what the configuration wants. Where any signer will do, the versions of
    /// one provider must still be the same one's.
    pub(crate) async fn admit(&self, fetched: Fetched) -> Result<Admitted> {
        let Fetched { bytes: component, origin, signature } = fetched;
        let verdict = self.trust.judge(&component, signature.as_deref(), self.clock.now())?;
        let origin = Origin { source: origin.to_string(), signer: verdict.signer() };
        if self.trust.policy == SignaturePolicy::Signed
            && let Verdict::Stranger(_) = verdict
        {
            expect_same_signer(self.store, &component, &origin).await?;
        }
        Ok(Admitted { component, origin, verdict })
    }
}

/// Refuses a stranger's version of a provider of which somebody else signed a version that is still here.
async fn expect_same_signer(store: &Store, component: &[u8], origin: &Origin) -> Result<()> {
    // What is no provider is told so when it is installed.
    let Ok(inspection) = inspect(component) else { return Ok(()) };
    let id = &inspection.manifest.provider.id;
    let versions = store.versions().await?.into_iter().find(|versions| versions.id == *id);
    let Some(Versions { current, previous, waiting, .. }) = versions else { return Ok(()) };
    for version in [current, previous, waiting].into_iter().flatten() {
        let signer = version.origin.and_then(|origin| origin.signer);
        if let Some(signer) = signer
            && Some(&signer) != origin.signer.as_ref()
        {
            bail!(
                "`{id}` {} was signed by {signer}, and this is signed by another key, {}: if both are the author's, add the new one to the configuration as a [[trusted-key]]",
                version.version,
                origin.signer.as_deref().unwrap_or("none")
            );
        }
    }
    Ok(())
}
