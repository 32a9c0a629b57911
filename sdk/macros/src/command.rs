//! `enum Command` and `enum Typing`, and how both are read from a request.

use autocontent_manifest::{CommandOption, Invocation, Manifest, OptionKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::choices;
use crate::names::Names;

/// Both enums, and those of the options' choices.
pub(crate) fn expand(manifest: &Manifest) -> TokenStream {
    let mut types = Names::with(&["Command", "Typing", "Kind"]);
    let mut commands = Names::new();
    let usages: Vec<Usage> = manifest
        .commands
        .iter()
        .flat_map(autocontent_manifest::Command::invocations)
        .map(|invocation| Usage::new(invocation, &mut commands, &mut types))
        .collect();

    let choices = usages.iter().map(Usage::choices);
    let variants = usages.iter().map(Usage::variant);
    let parsers = usages.iter().map(Usage::parser);
    let (typing_variants, typing_parsers): (Vec<_>, Vec<_>) = typing(&usages).unzip();
    let autocompletes = !typing_variants.is_empty();
    let version = manifest.provider.version.to_string();
    let unknown = format!("version {version} of {} has no command ", manifest.provider.id);
    quote! {
        /// The commands of provider.toml, with their options.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command {
            #(#variants)*
        }

        /// The options of provider.toml that are completed while a member types, with what the command's other options
        /// are so far.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Typing {
            #(#typing_variants)*
        }

        impl ::autocontent_sdk::Command for Command {
            type Typing = Typing;

            const AUTOCOMPLETES: bool = #autocompletes;

            #[allow(unused_mut)]
            fn parse(
                name: &str,
                mut arguments: ::autocontent_sdk::Arguments,
            ) -> ::core::result::Result<Self, ::autocontent_sdk::Failure> {
                let command = match name {
                    #(#parsers)*
                    _ => {
                        let message = [#unknown, name].concat();
                        return ::core::result::Result::Err(::autocontent_sdk::Failure::Internal(message));
                    }
                };
                arguments.finish()?;
                ::core::result::Result::Ok(command)
            }

            #[allow(unused_mut, unused_variables)]
            fn typing(
                name: &str,
                option: &str,
                mut arguments: ::autocontent_sdk::Arguments,
            ) -> ::core::option::Option<Typing> {
                match (name, option) {
                    #(#typing_parsers)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        #(#choices)*
    }
}

/// A command or subcommand as it is used.
struct Usage<'a> {
    full_name: String,
    description: &'a str,
    name: Ident,
    options: Vec<Field<'a>>,
}

/// An option as a field.
struct Field<'a> {
    option: &'a CommandOption,
    name: Ident,
    /// The enum of its choices, where it has any that get one.
    choices: Option<Ident>,
    kind: TokenStream,
}

impl<'a> Usage<'a> {
    fn new(invocation: Invocation<'a>, commands: &mut Names, types: &mut Names) -> Usage<'a> {
        let full_name = invocation.full_name();
        let mut fields = Names::new();
        let options = invocation.options().iter().map(|option| {
            let name = fields.field(option.name.as_str());
            let choices = has_enum(option).then(|| types.variant(&[&full_name, option.name.as_str()]));
            let kind = kind(option, choices.as_ref());
            Field { option, name, choices, kind }
        });
        let options = options.collect();
        let description = match invocation.subcommand {
            Some(subcommand) => subcommand.description.as_str(),
            None => invocation.command.description.as_str(),
        };
        Usage { name: commands.variant(&[&full_name]), full_name, description, options }
    }

    fn variant(&self) -> TokenStream {
        let Usage { full_name, description, name, options } = self;
        let documentation = format!("`/{full_name}`: {description}");
        let fields = options.iter().map(|field| {
            let Field { option, name, kind, .. } = field;
            let documentation = option.description.as_str();
            let kind = if option.required { kind.clone() } else { optional(kind) };
            quote!(#[doc = #documentation] #name: #kind,)
        });
        let fields = braced(fields);
        quote!(#[doc = #documentation] #name #fields,)
    }

    fn parser(&self) -> TokenStream {
        let Usage { full_name, name, options, .. } = self;
        let fields = options.iter().map(|field| {
            let Field { option, name, .. } = field;
            let (key, take) = (option.name.as_str(), if option.required { quote!(require) } else { quote!(take) });
            quote!(#name: arguments.#take(#key)?,)
        });
        let fields = braced(fields);
        quote!(#full_name => Command::#name #fields,)
    }

    fn choices(&self) -> TokenStream {
        let enums = self.options.iter().filter_map(|field| {
            let OptionKind::Text { choices, .. } = &field.option.kind else { return None };
            let whose = format!("the option `{}` of `/{}`", field.option.name, self.full_name);
            Some(choices::expand(field.choices.as_ref()?, &whose, choices))
        });
        enums.collect()
    }
}

/// The variants of `Typing`, each with its arm of the `match` that reads it.
fn typing(usages: &[Usage<'_>]) -> impl Iterator<Item = (TokenStream, TokenStream)> {
    let mut names = Names::new();
    let completed = usages.iter().flat_map(|usage| usage.options.iter().map(move |field| (usage, field)));
    completed.filter(|(_, field)| field.option.kind.autocomplete()).map(move |(usage, field)| {
        let (command, key) = (usage.full_name.as_str(), field.option.name.as_str());
        let name = names.variant(&[command, key]);
        let others = || usage.options.iter().filter(|other| other.option.name != field.option.name);
        let fields = braced(others().map(|other| {
            let Field { option, name, kind, .. } = other;
            let (documentation, kind) = (option.description.as_str(), optional(kind));
            quote!(#[doc = #documentation] #name: #kind,)
        }));
        let values = braced(others().map(|other| {
            let (name, key) = (&other.name, other.option.name.as_str());
            quote!(#name: arguments.take(#key).ok().flatten(),)
        }));
        let documentation = format!("The option `{key}` of `/{command}`.");
        (
            quote!(#[doc = #documentation] #name #fields,),
            quote!((#command, #key) => ::core::option::Option::Some(Typing::#name #values),),
        )
    })
}

/// Whether the option's values are an enum: those of numbers are easier to use as numbers.
fn has_enum(option: &CommandOption) -> bool {
    matches!(&option.kind, OptionKind::Text { choices, .. } if !choices.is_empty())
}

/// The type of an option's value.
fn kind(option: &CommandOption, choices: Option<&Ident>) -> TokenStream {
    match &option.kind {
        OptionKind::Text { .. } => choices.map_or_else(|| quote!(::std::string::String), |name| quote!(#name)),
        OptionKind::Integer { .. } => quote!(i64),
        OptionKind::Number { .. } => quote!(f64),
        OptionKind::Boolean => quote!(bool),
        OptionKind::User => quote!(::autocontent_sdk::User),
        OptionKind::Channel => quote!(::autocontent_sdk::Channel),
        OptionKind::Role => quote!(::autocontent_sdk::Role),
        OptionKind::Attachment => quote!(::autocontent_sdk::Attachment),
    }
}

fn optional(kind: &TokenStream) -> TokenStream {
    quote!(::core::option::Option<#kind>)
}

/// Fields in braces, or nothing where there are none.
fn braced(fields: impl Iterator<Item = TokenStream>) -> TokenStream {
    let fields: TokenStream = fields.collect();
    if fields.is_empty() { fields } else { quote!({ #fields }) }
}
