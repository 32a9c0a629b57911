//! The content service: who may ask for what, and what they get.
//!
//! The way of a command is one straight line: [`Content::admit`] looks the command up in the catalogue and applies
//! the policy, so that a refusal can be private; [`Admitted::answer`] asks the provider (or the answer cache), drops
//! what may not be shown, selects what this audience has not seen, and records the delivery as pending; whoever shows
//! the [`Reply`] then tells [`Content::settle`] whether it arrived. A pressed button goes the same way through
//! [`Content::admit_press`].
//!
//! Nothing here knows Discord's JSON, HTTP or SQL. Clocks, randomness, a [`Runtime`](autocontent_runtime::Runtime) and a
//! [`Store`](autocontent_store::Store) are passed in.

mod answer;
mod arguments;
mod ask;
mod buttons;
mod cache;
mod calls;
mod catalogue;
mod cooldown;
mod favourites;
mod life;
mod policy;
mod press;
mod pseudonym;
mod reach;
mod selection;
mod service;
mod settings;
mod storage;
mod suggest;
#[cfg(feature = "testing")]
pub mod testing;
mod tidy;
mod words;

pub use answer::{Admitted, Shown};
pub use ask::{Ask, Asker, Button, ButtonRow, Notice, Post, Press, Reply, Typing};
pub use autocontent_runtime::{Capabilities, Clock, Digest, Inspection, Random, SystemClock, SystemRandom, contract};
pub use autocontent_store::{
    AccountId, Actor, ApplicationId, ChannelId, DeliveryId, GuildId, MemberId, MessageId, Origin, Settled, Trigger,
};
pub use calls::{CallAnswer, Called, CallsConfig, OnCall, Shares, count_unconfirmed, describe_metrics, latency_metric};
pub use catalogue::{CatalogueCommand, Unusable};
pub use life::{Advance, GrantOutcome, Installation, OperateError, SecretState, SettingState, VersionGrants};
pub use reach::HttpSource;
pub use service::{Content, LineError, Parts};
pub use settings::SettingSource;
pub use storage::CallStorage;
