//! What authors make providers with.
//!
//! An author writes a [`Project`]: a folder with provider.toml and sources in one [`Language`]. [`new()`] makes one,
//! [`build()`] makes the component `dist/ID.wasm` of it, [`check()`] tells all that is wrong with it. Nothing here prints:
//! what long work tells goes to a [`Console`].
//!
//! - `project`, `language`: what an author has; each language's tools and commands in a file of its own
//! - `new`, `sdk`: the templates and the SDKs, which are carried in the binary, so that they always fit it
//! - `build`, `pack`: the component; `check`: what is wrong with manifest and component, with places
//! - `console`: running the languages' tools, with what they print shown as it comes

mod build;
mod check;
mod console;
mod error;
mod language;
mod new;
mod pack;
mod project;
pub mod sdk;

pub use build::build;
pub use check::{Finding, Level, Place, Report, check};
pub use console::Console;
pub use error::WorkshopError;
pub use language::{Effort, Language};
pub use new::new;
pub use pack::{Packed, manifest_of, pack};
pub use project::Project;
