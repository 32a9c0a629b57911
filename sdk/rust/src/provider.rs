//! What a provider is, and the way of a call into it.

use crate::contract;
use crate::{Choice, Command, Failure, Page, Partial, Press, Request};

/// Finds content. Implement it under [`#[export]`](crate::export), which makes the component's exports of
/// those functions that are there.
pub trait Provider {
    /// What [`provider!`](crate::provider) made from provider.toml.
    type Command: Command;

    /// Content for a command.
    ///
    /// Each call happens in a fresh instance: a `static` is never seen again.
    ///
    /// # Errors
    ///
    /// Why there is no answer; the host puts it into words for the member.
    fn find(request: Request<Self::Command>) -> Result<Page, Failure>;

    /// At most 25 proposals for an option marked `autocomplete`, while a member types it. Write it where
    /// provider.toml has such an option.
    fn suggest(partial: Partial<<Self::Command as Command>::Typing>) -> Vec<Choice> {
        let _ = partial;
        Vec::new()
    }

    /// The answer to a button under one of the provider's items. Write it where items carry
    /// [`Action`](crate::Action)s.
    ///
    /// # Errors
    ///
    /// As for [`Provider::find`].
    fn act(press: Press<Self::Command>) -> Result<Page, Failure> {
        Err(Failure::Internal(format!("the provider has no answer to its button {:?}", press.action)))
    }
}

/// The component's `content.find`.
#[doc(hidden)]
pub fn find<P: Provider>(request: contract::Request) -> Result<Page, Failure> {
    report_panics();
    P::find(Request::parse(request)?)
}

/// The component's `suggestions.suggest`.
#[doc(hidden)]
pub fn suggest<P: Provider>(partial: contract::Partial) -> Vec<Choice> {
    report_panics();
    Partial::parse::<P::Command>(partial).map(P::suggest).unwrap_or_default()
}

/// The component's `actions.act`.
#[doc(hidden)]
pub fn act<P: Provider>(press: contract::Press) -> Result<Page, Failure> {
    report_panics();
    P::act(Press::parse(press)?)
}

/// In a component a panic is a bare trap; its message and place reach the operator only through the log.
#[cfg(target_family = "wasm")]
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("no message");
        match panic.location() {
            Some(place) => crate::log::error(format!("panicked at {place}: {message}")),
            None => crate::log::error(format!("panicked: {message}")),
        }
    }));
}

/// In a native test the test's own hook reports.
#[cfg(not(target_family = "wasm"))]
fn report_panics() {}
