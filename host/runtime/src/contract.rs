//! The contract's types in Rust, made from `sdk/wit` by wasmtime's macro, under one roof.

/// What the macro writes. Everything in it is named as in `provider.wit`.
#[expect(
    missing_docs,
    reason = "provider.wit is the documentation, and records without a comment there have none here"
)]
mod bindings {
    wasmtime::component::bindgen!({
        path: "../../sdk/wit",
        world: "interactive-provider",
        additional_derives: [PartialEq, serde::Deserialize, serde::Serialize],
    });
}

pub use bindings::autocontent::provider::items::{
    Action, ActionStyle, Blob, Failure, Field, InvalidArgument, Item, Link, Media, Page, Rating,
};
pub use bindings::autocontent::provider::requests::{
    Activity, Argument, Audience, Choice, Game, Partial, Place, Request, Track, Trigger, Value,
};
pub use bindings::autocontent::provider::{http, log, settings, storage};
pub use bindings::exports::autocontent::provider::actions::Press;

/// The package that the contract's interfaces belong to.
pub(crate) const PACKAGE: &str = "autocontent:provider/";
/// The version of the contract that this host speaks. A component may ask for any patch of it.
pub(crate) const VERSION: (u64, u64) = (1, 0);
/// What a provider may import.
pub(crate) const IMPORTS: [&str; 7] = ["requests", "items", "http", "storage", "settings", "log", "system"];
