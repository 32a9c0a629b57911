//! Who wants to know of each call, before what came of it is tidied, selected from or put into words: an author's tools.

use std::sync::Arc;

use autocontent_gate::HttpUsage;
use autocontent_manifest::ProviderId;
use autocontent_runtime::{Fault, Usage};
use autocontent_store::Function;

use crate::contract::{Choice, Failure, Page};

/// A call of a provider that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Called<'a> {
    /// The provider.
    pub provider: &'a ProviderId,
    /// What was asked of it.
    pub function: Function,
    /// The command's full name.
    pub command: &'a str,
    /// What it said.
    pub answer: CallAnswer<'a>,
    /// What it cost.
    pub usage: Usage,
    /// What it used of HTTP.
    pub http: HttpUsage,
}

/// What a provider said, as it said it.
#[derive(Clone, Copy, Debug)]
pub enum CallAnswer<'a> {
    /// Content.
    Page(&'a Page),
    /// Choices for an option.
    Choices(&'a [Choice]),
    /// That it has no answer.
    Failure(&'a Failure),
    /// Nothing: the sandbox ended the call.
    Fault(&'a Fault),
    /// Nothing: whoever asked waits no longer, as for suggestions that take too long. Of what it cost only the time is known,
    /// and what it used of HTTP.
    Abandoned,
}

/// Told of each call on the task that made it, so it must not wait.
pub type OnCall = Arc<dyn Fn(&Called<'_>) + Send + Sync>;
