//! `#[export] impl Provider for …`

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, ImplItem, ItemImpl, Result, Type};

/// The implementation as it stands, and the exports for the functions in it.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(Error::new_spanned(arguments, "`#[export]` takes no arguments"));
    }
    let Ok(implementation) = syn::parse2::<ItemImpl>(item.clone()) else {
        return Err(Error::new_spanned(item, "`#[export]` stands before `impl Provider for …`"));
    };
    let provider = provider(&implementation)?;
    let has = |name: &str| implementation.items.iter().any(|item| is_function(item, name));

    let check = check(provider, has("suggest"));
    let suggestions = has("suggest").then(|| suggestions(provider));
    let actions = has("act").then(|| actions(provider));
    Ok(quote! {
        #implementation
        #check

        #[cfg(target_family = "wasm")]
        const _: () = {
            struct Component;

            impl ::autocontent_sdk::entry::Content for Component {
                fn find(
                    request: ::autocontent_sdk::contract::Request,
                ) -> ::core::result::Result<::autocontent_sdk::Page, ::autocontent_sdk::Failure> {
                    ::autocontent_sdk::entry::find::<#provider>(request)
                }
            }
            ::autocontent_sdk::bindings::export_content!(Component with_types_in ::autocontent_sdk::bindings);

            #suggestions
            #actions
        };
    })
}

/// The type that implements `Provider`.
fn provider(implementation: &ItemImpl) -> Result<&Type> {
    if implementation.trait_.is_none() {
        return Err(Error::new(implementation.self_ty.span(), "write `impl Provider for` before the provider's name"));
    }
    if !implementation.generics.params.is_empty() {
        let message = "a component has one provider: a type without parameters";
        return Err(Error::new_spanned(&implementation.generics, message));
    }
    Ok(&implementation.self_ty)
}

fn is_function(item: &ImplItem, name: &str) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.ident == name)
}

/// Refuses a `suggest` that would never be called, and one that is missing.
fn check(provider: &Type, suggests: bool) -> TokenStream {
    let autocompletes = quote! {
        <<#provider as ::autocontent_sdk::Provider>::Command as ::autocontent_sdk::Command>::AUTOCOMPLETES
    };
    let assertion = if suggests {
        quote!(#autocompletes, "`suggest` is never called: mark an option `autocomplete = true` in provider.toml, or remove it")
    } else {
        quote!(!#autocompletes, "provider.toml marks an option `autocomplete`: write `suggest`, which proposes values for it")
    };
    quote_spanned!(provider.span()=> const _: () = ::core::assert!(#assertion);)
}

fn suggestions(provider: &Type) -> TokenStream {
    quote! {
        impl ::autocontent_sdk::entry::Suggestions for Component {
            fn suggest(
                partial: ::autocontent_sdk::contract::Partial,
            ) -> ::std::vec::Vec<::autocontent_sdk::Choice> {
                ::autocontent_sdk::entry::suggest::<#provider>(partial)
            }
        }
        ::autocontent_sdk::bindings::suggesting::export_suggestions!(
            Component with_types_in ::autocontent_sdk::bindings::suggesting
        );
    }
}

fn actions(provider: &Type) -> TokenStream {
    quote! {
        impl ::autocontent_sdk::entry::Actions for Component {
            fn act(
                press: ::autocontent_sdk::contract::Press,
            ) -> ::core::result::Result<::autocontent_sdk::Page, ::autocontent_sdk::Failure> {
                ::autocontent_sdk::entry::act::<#provider>(press)
            }
        }
        ::autocontent_sdk::bindings::acting::export_actions!(
            Component with_types_in ::autocontent_sdk::bindings::acting
        );
    }
}
