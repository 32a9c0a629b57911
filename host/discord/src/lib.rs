//! Bots: what connects the content service to Discord.
//!
//! - [`Fleet`] keeps the bots that are wanted running; `bot` is one of them, a supervised task
//! - `gateway` holds a bot's socket, `identify` its daily budget of sessions; `endpoint` takes interactions by HTTP
//! - `handler` is the way of an interaction, the same for both: `interaction` reads it, the content service answers,
//!   `render` makes the message, `exchange` brings it to Discord
//! - `commands` keeps the slash commands equal to the catalogue
//! - `rest` calls Discord's API within its limits
//!
//! serenity gives Discord's routes, models, builders and the verifier of signatures; what it loses or gets wrong is
//! ours (`interaction`, `rest`), and the socket is twilight's (`gateway` says why).

mod bot;
mod commands;
mod endpoint;
mod exchange;
mod fleet;
mod gateway;
mod handler;
mod identify;
mod interaction;
mod pace;
mod preview;
mod render;
mod rest;
mod status;
#[cfg(feature = "testing")]
pub mod testing;
mod words;

pub use autocontent_store::Transport;
pub use fleet::{Fleet, FleetConfig, FleetError, Wanted};
pub use preview::{Preview, PreviewFile, preview};
pub use status::{BotEvent, Identity, Status};
