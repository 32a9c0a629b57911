//! The enum of a text option's choices.

use autocontent_manifest::Choice;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::names::Names;

/// `enum NewsCategory`, called `name`. `option` says whose choices these are, for its documentation.
pub(crate) fn expand(name: &Ident, option: &str, choices: &[Choice<String>]) -> TokenStream {
    let mut names = Names::new();
    let variants: Vec<_> = choices.iter().map(|choice| names.variant(&[&choice.value])).collect();
    let values: Vec<_> = choices.iter().map(|choice| choice.value.as_str()).collect();
    let labels = choices.iter().map(|choice| &choice.label);
    let documentation = format!("What {option} may be.");
    let localised = choices.iter().map(|choice| {
        let (label, locales) = (&choice.label, choice.labels.keys().map(ToString::to_string));
        let others = choice.labels.values();
        quote!(match locale { #(#locales => #others,)* _ => #label })
    });
    let quoted: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
    let expected = format!("one of {}", quoted.join(", "));
    quote! {
        #[doc = #documentation]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum #name {
            #(#[doc = #labels] #variants,)*
        }

        impl #name {
            /// All of them, in provider.toml's order.
            pub const ALL: &'static [#name] = &[#(#name::#variants),*];

            /// The value as provider.toml writes it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(#name::#variants => #values,)*
                }
            }

            /// The label as provider.toml writes it for a locale such as "pt-BR", else the one for all others.
            #[must_use]
            pub fn label(self, locale: &str) -> &'static str {
                match self {
                    #(#name::#variants => #localised,)*
                }
            }
        }

        impl ::autocontent_sdk::FromValue for #name {
            fn from_value(value: ::autocontent_sdk::Value) -> ::core::result::Result<Self, &'static str> {
                match &value {
                    ::autocontent_sdk::Value::Text(text) => match text.as_str() {
                        #(#values => ::core::result::Result::Ok(#name::#variants),)*
                        _ => ::core::result::Result::Err(#expected),
                    },
                    _ => ::core::result::Result::Err(#expected),
                }
            }
        }
    }
}
