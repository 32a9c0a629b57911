//! Write content providers for Autocontent in Rust.
//!
//! A provider describes itself in provider.toml. [`provider!`] makes typed commands from it, and [`export`] makes
//! the component's exports from an implementation of [`Provider`]:
//!
//! ```
//! use autocontent_sdk::prelude::*;
//!
//! // The path begins beside Cargo.toml; a provider's own is just "provider.toml".
//! autocontent_sdk::provider!("tests/greeting.toml");
//!
//! struct Greeting;
//!
//! #[autocontent_sdk::export]
//! impl Provider for Greeting {
//!     type Command = Command;
//!
//!     fn find(request: Request<Command>) -> Result<Page, Failure> {
//!         let Command::Greeting { name, tone } = request.command;
//!         let hello = match tone {
//!             Some(GreetingTone::Formal) => "Good day",
//!             Some(GreetingTone::Casual) | None => "Hello",
//!         };
//!         Ok(Item::new(&name, Kind::Greeting).title(format!("{hello}, {name}")).into())
//!     }
//!
//!     fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
//!         match partial.typing {
//!             Typing::GreetingName { .. } => {
//!                 Choice::matching(&partial.typed, ["Ada", "Grace"].map(|name| Choice::new(name, name)))
//!             }
//!         }
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! # Where to look
//!
//! - [`Provider`]: what to write. [`Item`], [`Page`], [`Failure`]: what to answer with.
//! - [`http`], [`storage`], [`settings`], [`log`], [`system`]: what to ask the host for.
//! - [`Deck`]: content in random order, nothing twice. [`Choice::matching`]: proposals for autocomplete.
//! - [`text`], [`html`], [`markdown`]: comparing, cutting and cleaning what others wrote.
//! - [`testing`](mod@testing): `cargo test` without a host.
//!
//! # How it becomes a component
//!
//! The crate is built as a `cdylib` for wasm32-unknown-unknown; [`export`] leaves in it what wit-component needs to
//! make a component of it. A component has no WASI: files, sockets, threads, environment variables and the standard
//! library's clock are not there. A panic ends the call, after its message and place went to the operator's log.

#[doc(hidden)]
pub mod bindings;
mod command;
mod deck;
#[cfg(target_arch = "wasm32")]
mod heap;
pub mod html;
pub mod http;
mod item;
pub mod log;
pub mod markdown;
mod provider;
pub mod settings;
pub mod storage;
mod suggestion;
pub mod system;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
pub mod text;

/// Reads a provider.toml and makes from it, where it stands:
///
/// - `enum Command`, with a variant for each command or subcommand (`News`, `NewsTop`) whose fields are the options:
///   `T` where required, else `Option<T>`. Text is a `String`, an integer `i64`, a number `f64`, a boolean `bool`, and
///   the rest [`User`], [`Channel`], [`Role`], [`Attachment`]. It implements [`Command`].
/// - an enum for each text option with choices, called after both (`NewsCategory`), with `as_str`, `label` and `ALL`.
/// - `enum Typing`, with a variant for each option marked `autocomplete`, called after both (`NewsTopic`), whose fields
///   are the other options of the command, as far as they are filled in.
/// - `enum Kind`, with a variant for each kind of content, which becomes a `String` where one is asked for.
///
/// The path begins beside the crate's Cargo.toml. What is wrong with the file is a compile error that names the line.
pub use autocontent_macros::provider;

/// Makes the component's exports of an `impl Provider`: `find` always, `suggest` and `act` where they are there.
///
/// `suggest` must be there exactly where provider.toml marks an option `autocomplete`.
pub use autocontent_macros::export;

pub use bindings::autocontent::provider::items::{
    Action, ActionStyle, Blob, Failure, Field, InvalidArgument, Item, Link, Media, Page, Rating,
};
pub use bindings::autocontent::provider::requests::{Activity, Audience, Choice, Game, Place, Track, Trigger, Value};
pub use command::{Arguments, Attachment, Channel, Command, FromValue, Partial, Press, Request, Role, User};
pub use deck::Deck;
pub use provider::Provider;

/// The contract's own shapes of what the host hands over. Providers see [`Request`], [`Partial`] and [`Press`] instead.
pub mod contract {
    pub use crate::bindings::acting::exports::autocontent::provider::actions::Press;
    pub use crate::bindings::autocontent::provider::requests::{Argument, Partial, Request};
}

/// What nearly every provider uses, for `use autocontent_sdk::prelude::*`. The trait [`Command`] is left out for the
/// enum of that name.
pub mod prelude {
    pub use crate::{Action, ActionStyle, Choice, Failure, Item, Page, Partial, Press, Provider, Request};
}

/// What `#[export]` calls.
#[doc(hidden)]
pub mod entry {
    pub use crate::bindings::acting::exports::autocontent::provider::actions::Guest as Actions;
    pub use crate::bindings::exports::autocontent::provider::content::Guest as Content;
    pub use crate::bindings::suggesting::exports::autocontent::provider::suggestions::Guest as Suggestions;
    pub use crate::provider::{act, find, suggest};
}

/// The contract's imports: the host's in a component, the fakes' in a native test.
mod host {
    #[cfg(target_family = "wasm")]
    pub(crate) use crate::bindings::autocontent::provider::{http, log, settings, storage, system};
    #[cfg(not(target_family = "wasm"))]
    pub(crate) use crate::testing::fakes::{http, log, settings, storage, system};
}
