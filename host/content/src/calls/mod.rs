//! The one door to the providers: whatever is asked of one passes here.
//!
//! What a call may do is decided here for this call, and what went wrong is logged here for the operator and put into
//! words for the member. Nothing else calls a provider that serves.

use autocontent_runtime::{Call, Fault};

use crate::ask::Asker;
use crate::catalogue::Served;
use crate::contract::{Choice, Failure, Page, Partial, Press, Request};
use crate::words::Word;

/// What is asked of a provider for one request of somebody's. May ask more than once.
pub(crate) struct Asking<'a> {
    pub(crate) served: &'a Served,
    pub(crate) asker: &'a Asker,
    /// The command's full name, for the operator.
    pub(crate) command: &'a str,
}

impl Asking<'_> {
    /// Asks for content.
    pub(crate) async fn find(&self, request: &Request) -> Result<Page, Word> {
        self.page(self.served.provider.find(request, &self.served.capabilities).await)
    }

    /// Tells of a pressed button.
    pub(crate) async fn act(&self, press: &Press) -> Result<Page, Word> {
        self.page(self.served.provider.act(press, &self.served.capabilities).await)
    }

    /// Asks for choices while a member types; none where the provider can't say.
    pub(crate) async fn suggest(&self, partial: &Partial) -> Vec<Choice> {
        let call = self.served.provider.suggest(partial, &self.served.capabilities).await;
        call.outcome.unwrap_or_else(|fault| {
            let (provider, account) = (&self.served.id, self.asker.account.map(|account| account.to_string()));
            tracing::warn!(%provider, account, command = self.command, %fault, "a suggestion failed");
            Vec::new()
        })
    }

    /// What a call brought; what went wrong is logged for the operator and put into words for the member.
    fn page(&self, call: Call<Result<Page, Failure>>) -> Result<Page, Word> {
        let (provider, command) = (&self.served.id, self.command);
        let account = self.asker.account.map(|account| account.to_string());
        match call.outcome {
            Ok(Ok(page)) => Ok(page),
            Ok(Err(failure)) => Err(match failure {
                Failure::NothingFound => Word::NothingFound,
                Failure::InvalidArgument(invalid) => {
                    Word::InvalidOption { option: invalid.name, reason: Some(invalid.reason) }
                }
                Failure::Busy(seconds) => Word::Busy { seconds },
                Failure::Upstream(reason) => {
                    tracing::warn!(%provider, account, command, reason, "a provider's source failed");
                    Word::Upstream
                }
                Failure::Misconfigured(reason) => {
                    tracing::warn!(%provider, account, command, reason, "a provider is not set up");
                    Word::Misconfigured
                }
                Failure::Internal(reason) => {
                    tracing::error!(%provider, account, command, reason, "a provider failed");
                    Word::ProviderFailed
                }
            }),
            Err(Fault::Busy) => {
                tracing::warn!(%provider, account, command, "no room for another call");
                Err(Word::HostBusy)
            }
            Err(fault) => {
                tracing::error!(%provider, account, command, %fault, "a provider was stopped");
                Err(Word::ProviderFailed)
            }
        }
    }
}
