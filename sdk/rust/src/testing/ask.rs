//! Requests as the host makes them.

use super::fakes;
use crate::contract::{self, Argument};
use crate::{Audience, Choice, Failure, Item, Page, Place, Provider, Trigger, Value, provider};

/// A member's request: of someone in a guild, in English, for one item, where sensitive content may not be shown.
#[derive(Clone, Debug)]
pub struct Ask(contract::Request);

impl Ask {
    /// Asks for a command by its full name: "news", or "news top" for a subcommand.
    pub fn new(command: &str) -> Ask {
        let audience = Audience {
            user: "a-member".into(),
            scope: "a-guild".into(),
            place: Place::Guild,
            locale: "en-US".into(),
            sensitive_allowed: false,
        };
        Ask(contract::Request {
            command: command.into(),
            arguments: Vec::new(),
            trigger: Trigger::Command,
            audience,
            limit: 1,
            cursor: None,
        })
    }

    /// Fills in an option.
    #[must_use]
    pub fn argument(mut self, name: &str, value: impl Into<Value>) -> Ask {
        self.0.arguments.push(Argument { name: name.into(), value: value.into() });
        self
    }

    /// Sets why the host asks.
    #[must_use]
    pub fn trigger(mut self, trigger: Trigger) -> Ask {
        self.0.trigger = trigger;
        self
    }

    /// Sets who sees the answer.
    #[must_use]
    pub fn audience(mut self, audience: Audience) -> Ask {
        self.0.audience = audience;
        self
    }

    /// Sets the member's language, such as "pt-BR".
    #[must_use]
    pub fn locale(mut self, locale: &str) -> Ask {
        self.0.audience.locale = locale.into();
        self
    }

    /// Lets age-restricted content be shown.
    #[must_use]
    pub fn sensitive_allowed(mut self) -> Ask {
        self.0.audience.sensitive_allowed = true;
        self
    }

    /// Sets how many items the host can use.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Ask {
        self.0.limit = limit;
        self
    }

    /// Sets where to go on: the `next` of an earlier page.
    #[must_use]
    pub fn cursor(mut self, cursor: Option<String>) -> Ask {
        self.0.cursor = cursor;
        self
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// The provider's own, and those of a request that does not fit its manifest.
    pub fn find<P: Provider>(&self) -> Result<Page, Failure> {
        fakes::serve(&self.0.audience);
        provider::find::<P>(self.0.clone())
    }

    /// Types `typed` into the option `name`, with the options filled in so far.
    pub fn suggest<P: Provider>(&self, name: &str, typed: &str) -> Vec<Choice> {
        fakes::serve(&self.0.audience);
        provider::suggest::<P>(contract::Partial {
            command: self.0.command.clone(),
            name: name.into(),
            typed: typed.into(),
            arguments: self.0.arguments.clone(),
            audience: self.0.audience.clone(),
        })
    }

    /// Presses the button `action` under an item that this request brought.
    ///
    /// # Errors
    ///
    /// The provider's own, and [`Failure::Internal`] where the item has no such button.
    pub fn press<P: Provider>(&self, item: &Item, action: &str) -> Result<Page, Failure> {
        if item.actions.iter().all(|other| other.id != action) {
            return Err(Failure::Internal(format!("the item {:?} has no button {action:?}", item.id)));
        }
        fakes::serve(&self.0.audience);
        provider::act::<P>(contract::Press {
            action: action.into(),
            item: item.id.clone(),
            state: item.state.clone(),
            request: self.0.clone(),
        })
    }
}
