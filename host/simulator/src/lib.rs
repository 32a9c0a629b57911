//! A Discord double: the REST API (v10) and the gateway on this machine, over plain HTTP and WebSocket, behaving as
//! Discord's API documentation says, refusing what Discord refuses, with faults on demand.
//!
//! Tests start a [`Simulator`], add a [`Bot`], point the host at [`Simulator::rest_url`] and let members act:
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use autocontent_simulator::{Invocation, Simulator, SimulatorConfig};
//!
//! let sim = Simulator::start(SimulatorConfig::default()).await?;
//! let bot = sim.add_bot("first");
//! // … start the host with bot.token() and sim.rest_url() …
//! bot.until_ready().await?;
//! bot.until_command("quote").await?;
//! let channel = sim.channel(&sim.guild("guild"), "general");
//! let ana = sim.member("ana", "pt-BR");
//! let answer = bot.run(&Invocation::new("quote", &ana, &channel).with("topic", "courage"))?;
//! assert!(!answer.initial().await?.is_ephemeral());
//! let message = answer.message().await?;
//! let pressed = bot.press(&message, "👍", &ana)?;
//! pressed.message().await?;
//! # Ok(()) }
//! ```
//!
//! What lives here: `simulator` and `bot` are the handles; `invocation`, `answer`, `message` and `place` what members
//! do and see; `load` many of them at once; `fault` what can go wrong. Behind them `world` holds all state, `rest`
//! serves the routes, `validate` refuses (`form` does so alone), `gateway` keeps sockets and sessions, `endpoint` posts
//! signed interactions. Apart from Discord, `upstreams` serves recorded answers to providers.

#![expect(
    clippy::indexing_slicing,
    reason = "by keys into JSON values, where what is missing is null; assignments are to objects made here"
)]

mod answer;
mod app;
mod bot;
mod clock;
mod commands;
mod endpoint;
mod fault;
pub mod form;
mod gateway;
mod invocation;
mod launch;
mod limits;
mod live;
mod load;
mod load_run;
mod log;
mod message;
mod payload;
mod place;
mod rest;
mod server;
mod simulator;
mod snowflake;
mod upstreams;
mod validate;
mod world;

pub use answer::{Acknowledgement, CallbackKind, Choice, Interaction, Unanswered};
pub use app::Counts;
pub use bot::{Bot, SuggestError};
pub use clock::{ClockHand, SimClock};
pub use endpoint::EndpointRefused;
pub use fault::{Break, Endpoint, Fault, Moment, RestFault, Times};
pub use invocation::{Attachment, Input, Invocation, InvokeError};
pub use limits::Limit;
pub use load::{Act, Answered, Load, LoadReport};
pub use log::{Mentions, RequestRecord};
pub use message::{Button, Message};
pub use place::{Channel, ChannelKind, Guild, Member};
pub use simulator::{Simulator, SimulatorConfig, StartError};
pub use snowflake::Snowflake;
pub use upstreams::{UpstreamFault, UpstreamRequest, Upstreams};
