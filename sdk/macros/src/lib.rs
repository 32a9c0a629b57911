//! The macros of `autocontent-sdk`, which documents them where it exports them.
//!
//! - `provider`: from provider.toml to the types of its commands
//! - `command`, `choices`, `names`: the parts of that
//! - `export`: from an `impl Provider` to the component's exports

mod choices;
mod command;
mod export;
mod names;
mod provider;

use proc_macro::TokenStream;

/// See `autocontent_sdk::provider`.
#[proc_macro]
pub fn provider(input: TokenStream) -> TokenStream {
    provider::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// See `autocontent_sdk::export`.
#[proc_macro_attribute]
pub fn export(arguments: TokenStream, item: TokenStream) -> TokenStream {
    export::expand(arguments.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
