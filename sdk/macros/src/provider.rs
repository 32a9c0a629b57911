//! `provider!("provider.toml")`

use std::path::{Path, PathBuf};
use std::{env, fs};

use autocontent_manifest::{Kind, Manifest};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, LitStr, Result};

use crate::command;
use crate::names::Names;

/// The types for the manifest that `input`, a string, is the path of.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream> {
    let path: LitStr = syn::parse2(input)?;
    let manifest = read(&path)?;
    let commands = command::expand(&manifest);
    let kinds = kinds(&manifest.provider.kinds);
    Ok(quote! {
        // A change of the file compiles the crate again.
        const _: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #path));
        #commands
        #kinds
    })
}

/// Reads and checks the manifest. Every error stands at the path, with the place in the file.
fn read(path: &LitStr) -> Result<Manifest> {
    let name = path.value();
    let fail = |message: String| Error::new(path.span(), message);
    if Path::new(&name).is_absolute() {
        return Err(fail(format!("{name} is an absolute path; give it from the folder of Cargo.toml on")));
    }
    let folder = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let text = fs::read_to_string(folder.join(&name))
        .map_err(|error| fail(format!("could not read {name}, which is looked for beside Cargo.toml: {error}")))?;
    Manifest::parse(&text).map_err(|errors| fail(errors.with_file(name.as_str()).to_string()))
}

/// `enum Kind`
fn kinds(kinds: &[Kind]) -> TokenStream {
    let mut names = Names::new();
    let variants: Vec<_> = kinds.iter().map(|kind| names.variant(&[kind.as_str()])).collect();
    let texts: Vec<_> = kinds.iter().map(Kind::as_str).collect();
    let docs = texts.iter().map(|text| format!("Content of kind {text:?}."));
    quote! {
        /// The kinds of content that provider.toml names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            #(#[doc = #docs] #variants,)*
        }

        impl Kind {
            /// The kind as provider.toml writes it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(Kind::#variants => #texts,)*
                }
            }
        }

        impl ::core::convert::From<Kind> for ::std::string::String {
            fn from(kind: Kind) -> ::std::string::String {
                ::std::string::String::from(kind.as_str())
            }
        }
    }
}
