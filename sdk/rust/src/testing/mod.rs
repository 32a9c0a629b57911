//! Native tests of a provider: `cargo test` calls it through its exports' way in, and what it would ask the host
//! for is answered from here. Not there in a component.
//!
//! ```
//! use autocontent_sdk::testing::{Ask, Host};
//! # mod provider {
//! #     use autocontent_sdk::prelude::*;
//! #     autocontent_sdk::provider!("tests/greeting.toml");
//! #     pub struct Greeting;
//! #     impl Provider for Greeting {
//! #         type Command = Command;
//! #         fn find(request: Request<Command>) -> Result<Page, Failure> {
//! #             let Command::Greeting { name, .. } = request.command;
//! #             Ok(Item::new(&name, Kind::Greeting).title(format!("Hello, {name}")).into())
//! #         }
//! #     }
//! # }
//! # use provider::Greeting;
//!
//! let host = Host::new();
//! host.set_now(1_790_000_000_000);
//! let page = Ask::new("greeting").argument("name", "Ada").find::<Greeting>().unwrap();
//! assert_eq!(page.items[0].title.as_deref(), Some("Hello, Ada"));
//! assert!(host.log().is_empty());
//! ```
//!
//! What servers answer comes from [`Host::answer`], or from files with [`Host::replay`].

mod ask;
pub(crate) mod fakes;
mod host;
mod replay;

pub use ask::Ask;
pub use host::Host;
