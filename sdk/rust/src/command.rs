//! From the contract's requests, whose arguments are a list, to a provider's own typed commands.
//!
//! [`provider!`](crate::provider) writes the implementations of [`Command`]; nobody else needs to.

use std::fmt;

use crate::contract::{self, Argument};
use crate::{Audience, Failure, InvalidArgument, Trigger, Value};

/// The commands of one provider, as `provider!` makes them from provider.toml.
pub trait Command: Sized {
    /// The options marked `autocomplete`: one variant each, with what the member filled in before.
    type Typing;

    /// Whether any option is marked `autocomplete`.
    const AUTOCOMPLETES: bool;

    /// The command called `name`, as in [`contract::Request::command`].
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidArgument`] where an argument is missing, unknown or of another kind, and
    /// [`Failure::Internal`] where there is no such command. The host checks all of it beforehand, so that
    /// both mean that component and manifest don't belong together.
    fn parse(name: &str, arguments: Arguments) -> Result<Self, Failure>;

    /// The option `option` of the command `name` while a member types it, or none where it takes no proposals.
    fn typing(name: &str, option: &str, arguments: Arguments) -> Option<Self::Typing>;
}

/// Asks a provider for content.
#[derive(Clone, Debug, PartialEq)]
pub struct Request<C> {
    /// The command with its options.
    pub command: C,
    /// Why the host asks.
    pub trigger: Trigger,
    /// Who sees the answer.
    pub audience: Audience,
    /// How many items the host can use. More are dropped.
    pub limit: usize,
    /// [`Page::next`](crate::Page::next) of an earlier answer to the same command and arguments.
    pub cursor: Option<String>,
}

impl<C: Command> Request<C> {
    /// Reads a request of the contract's.
    ///
    /// # Errors
    ///
    /// Those of [`Command::parse`].
    pub fn parse(request: contract::Request) -> Result<Request<C>, Failure> {
        Ok(Request {
            command: C::parse(&request.command, Arguments(request.arguments))?,
            trigger: request.trigger,
            audience: request.audience,
            limit: usize::try_from(request.limit).unwrap_or(usize::MAX),
            cursor: request.cursor,
        })
    }
}

impl Audience {
    /// Whether the member's language is `language`, such as "pt" for both "pt-BR" and "pt-PT".
    pub fn speaks(&self, language: &str) -> bool {
        self.locale.split(['-', '_']).next().is_some_and(|own| own.eq_ignore_ascii_case(language))
    }

    /// What to say in the member's language: the first of `others` whose language they speak, else `default`. Good for
    /// a phrase, and for a struct with all phrases of a language.
    ///
    /// ```
    /// # fn title(audience: &autocontent_sdk::Audience) -> &str {
    /// audience.choose("Most read", &[("pt", "Mais lidas"), ("es", "Lo más leído")])
    /// # }
    /// ```
    pub fn choose<'a, T: ?Sized>(&self, default: &'a T, others: &[(&str, &'a T)]) -> &'a T {
        others.iter().find(|(language, _)| self.speaks(language)).map_or(default, |(_, words)| *words)
    }
}

/// An option that a member is typing.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial<T> {
    /// Which option, and the command's others as far as they are filled in.
    pub typing: T,
    /// What stands there so far; may be empty.
    pub typed: String,
    /// Who is typing.
    pub audience: Audience,
}

impl<T> Partial<T> {
    /// Reads what the contract hands over, or none where the option takes no proposals.
    pub fn parse<C: Command<Typing = T>>(partial: contract::Partial) -> Option<Partial<T>> {
        let typing = C::typing(&partial.command, &partial.name, Arguments(partial.arguments))?;
        Some(Partial { typing, typed: partial.typed, audience: partial.audience })
    }
}

/// A member pressed a button that the provider put under an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Press<C> {
    /// [`Action::id`](crate::Action::id)
    pub action: String,
    /// [`Item::id`](crate::Item::id)
    pub item: String,
    /// [`Item::state`](crate::Item::state)
    pub state: Option<String>,
    /// The request that brought the item. Its audience is the one who pressed.
    pub request: Request<C>,
}

impl<C: Command> Press<C> {
    /// Reads a press of the contract's.
    ///
    /// # Errors
    ///
    /// Those of [`Command::parse`].
    pub fn parse(press: contract::Press) -> Result<Press<C>, Failure> {
        let request = Request::parse(press.request)?;
        Ok(Press { action: press.action, item: press.item, state: press.state, request })
    }
}

/// The arguments of a request, taken out one by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments(Vec<Argument>);

impl Arguments {
    /// Takes out an option that may be absent.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidArgument`] where its value is of another kind.
    pub fn take<T: FromValue>(&mut self, name: &str) -> Result<Option<T>, Failure> {
        let Some(at) = self.0.iter().position(|argument| argument.name == name) else { return Ok(None) };
        match T::from_value(self.0.swap_remove(at).value) {
            Ok(value) => Ok(Some(value)),
            Err(expected) => Err(Failure::invalid_argument(name, format!("must be {expected}"))),
        }
    }

    /// Takes out an option that must be there.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidArgument`] where it is not, or its value is of another kind.
    pub fn require<T: FromValue>(&mut self, name: &str) -> Result<T, Failure> {
        self.take(name)?.ok_or_else(|| Failure::invalid_argument(name, "is required"))
    }

    /// Ends the taking.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidArgument`] where something is left, as an option that is ignored would mislead.
    pub fn finish(self) -> Result<(), Failure> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some(Argument { name, .. }) => {
                Err(Failure::InvalidArgument(InvalidArgument { name, reason: "is no option of this command".into() }))
            }
        }
    }
}

/// What an option's value can become.
pub trait FromValue: Sized {
    /// The value as `Self`.
    ///
    /// # Errors
    ///
    /// What it would have to be, such as "a whole number".
    fn from_value(value: Value) -> Result<Self, &'static str>;
}

macro_rules! from_value {
    ($($type:ty, $variant:ident, $expected:literal, $wrap:expr;)*) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> Result<Self, &'static str> {
                match value {
                    Value::$variant(value) => Ok($wrap(value)),
                    _ => Err($expected),
                }
            }
        }
    )*};
}

from_value! {
    String, Text, "text", std::convert::identity;
    i64, Integer, "a whole number", std::convert::identity;
    f64, Number, "a number", std::convert::identity;
    bool, Boolean, "true or false", std::convert::identity;
    User, User, "a member", User;
    Channel, Channel, "a channel", Channel;
    Role, Role, "a role", Role;
    Attachment, Attachment, "a file", Attachment;
}

macro_rules! opaque {
    ($($(#[$docs:meta])* $name:ident;)*) => {$(
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text that the host handed over.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )*};
}

opaque! {
    /// A member. The id is a pseudonym, the same at each call of this provider and of no use to another; it
    /// equals [`Audience::user`] where both mean the same member.
    User;
    /// A channel, by a pseudonym like [`User`]'s.
    Channel;
    /// A role, by a pseudonym like [`User`]'s.
    Role;
    /// The URL of a file that the member uploaded, valid for the length of this call.
    Attachment;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;

    fn arguments(list: &[(&str, Value)]) -> Arguments {
        Arguments(list.iter().map(|(name, value)| Argument { name: (*name).into(), value: value.clone() }).collect())
    }

    #[test]
    fn an_absent_option_is_none_and_a_present_one_is_taken_once() {
        let mut arguments = arguments(&[("topic", "space".into()), ("count", 3.into())]);
        assert_eq!(arguments.take::<String>("author"), Ok(None));
        assert_eq!(arguments.take::<i64>("count"), Ok(Some(3)));
        assert_eq!(arguments.take::<i64>("count"), Ok(None));
        assert_eq!(arguments.require("topic"), Ok("space".to_owned()));
        assert_eq!(arguments.finish(), Ok(()));
    }

    #[test]
    fn a_value_of_another_kind_names_the_option_and_what_it_must_be() {
        let mut arguments = arguments(&[("count", "three".into())]);
        let failure = arguments.take::<i64>("count").unwrap_err();
        assert_eq!(failure, Failure::invalid_argument("count", "must be a whole number"));
    }

    #[test]
    fn a_language_is_spoken_in_each_of_its_regions() {
        let speaks = |locale, language| audience(locale).speaks(language);
        assert!(speaks("pt-BR", "pt") && speaks("pt", "pt") && speaks("PT_PT", "pt"));
        assert!(!speaks("pl", "pt") && !speaks("", "pt"));
    }

    #[test]
    fn words_are_those_of_the_members_language_or_the_default() {
        let hello = |locale| audience(locale).choose("Hello", &[("pt", "Olá"), ("es", "Hola")]).to_owned();
        assert_eq!([hello("es-419"), hello("pt-BR"), hello("en-GB"), hello("")], ["Hola", "Olá", "Hello", "Hello"]);
    }

    fn audience(locale: &str) -> Audience {
        let (user, scope) = (String::new(), String::new());
        Audience { user, scope, place: Place::Guild, locale: locale.into(), sensitive_allowed: false }
    }

    #[test]
    fn a_missing_required_option_and_an_unknown_one_are_refused() {
        let mut arguments = arguments(&[("colour", "red".into())]);
        assert_eq!(arguments.require::<String>("topic"), Err(Failure::invalid_argument("topic", "is required")));
        assert_eq!(arguments.finish(), Err(Failure::invalid_argument("colour", "is no option of this command")));
    }
}
