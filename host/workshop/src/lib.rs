//! What authors make providers with.
//!
//! An author writes a [`Project`]: a folder with provider.toml and sources in one [`Language`]. [`new()`] makes one,
//! [`build()`] makes the component `dist/ID.wasm` of it, [`check()`] tells all that is wrong with it. What long
//! work tells goes to a [`Console`], as does what the languages' tools print.
//!
//! - `project`, `language`: what an author has; each language's tools and commands in a file of its own
//! - `new`, `sdk`: the templates and the SDKs, which are carried in the binary, so that they always fit it
//! - `build`, `pack`: the component; `check`: what is wrong with manifest and component, with places
//! - `harness`: running a built component as a host would; `protocol`: the same for programs in any language; `component`,
//!   `secrets`: what it is given; `examples`: answers that are compared with those that were kept
//! - `playground`: a project built whenever it is saved, on a page where its provider is tried out
//! - `console`: running the languages' tools, with what they print shown as it comes

mod build;
mod check;
mod component;
mod console;
mod error;
mod examples;
pub mod harness;
mod language;
mod new;
mod pack;
pub mod playground;
mod project;
pub mod protocol;
pub mod sdk;
pub mod secrets;

pub use build::build;
pub use check::{Finding, Level, Place, Report, check};
pub use component::{Component, ComponentError, compiled_folder};
pub use console::Console;
pub use error::WorkshopError;
pub use examples::{ExamplesError, Keep, Tried, Verdict, try_examples};
pub use language::{Effort, Language};
pub use new::new;
pub use pack::{Packed, manifest_of, pack};
pub use project::Project;
