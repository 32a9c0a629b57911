//! What is asked of the content service, and what it answers.

use autocontent_store::{AccountId, ChannelId, DeliveryId, GuildId, MemberId, MessageId, Trigger};
use serde::Serialize;

use crate::contract;

/// Who asks, and where the answer would be seen.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The account whose bot was asked; none for an operator's preview, who may use every installed provider.
    pub account: Option<AccountId>,
    /// The member who asks; none for an operator's preview.
    pub member: Option<MemberId>,
    /// The guild in which the command was used.
    pub guild: Option<GuildId>,
    /// The channel in which the answer will stand.
    pub channel: Option<ChannelId>,
    /// The kind of place that the answer will be shown in.
    pub place: contract::Place,
    /// The member's own language, an IETF BCP 47 tag such as "pt-BR".
    pub locale: String,
    /// Whether age-restricted content may be shown there; unknown counts as no.
    pub age_restricted: bool,
    /// Whether the member may delete what others asked for.
    pub moderator: bool,
}

/// A command that a member used.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Who asks.
    pub asker: Asker,
    /// Full name: "news", or "news top" for a subcommand.
    pub command: String,
    /// The options that were filled in; checked against the manifest here.
    pub arguments: Vec<contract::Argument>,
    /// Why content is asked for.
    pub trigger: Trigger,
}

/// An option that a member is typing.
#[derive(Clone, Debug)]
pub struct Typing {
    /// Who types.
    pub asker: Asker,
    /// Full name of the command.
    pub command: String,
    /// Name of the option.
    pub option: String,
    /// What stands there so far.
    pub typed: String,
    /// The other options filled in so far; they may be incomplete.
    pub arguments: Vec<contract::Argument>,
}

/// A button that a member pressed.
#[derive(Clone, Debug)]
pub struct Press {
    /// Who pressed.
    pub asker: Asker,
    /// The button's [`Button::id`].
    pub button: String,
    /// The message that carries the button, where the place has messages.
    pub message: Option<MessageId>,
}

/// What the member gets.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "reply")]
pub enum Reply {
    /// A new message with one item.
    Post(Box<Post>),
    /// The message that carries the button keeps its content and gets these buttons.
    Buttons {
        /// At most five rows.
        rows: Vec<ButtonRow>,
    },
    /// A text for this member alone.
    Notice(Notice),
    /// A text with buttons, for this member alone.
    Menu {
        /// The text above the buttons.
        notice: Notice,
        /// At most five rows.
        rows: Vec<ButtonRow>,
    },
    /// A list of items for this member alone, at most ten.
    Items {
        /// The text above the items.
        notice: Notice,
        /// The items, the newest first.
        items: Vec<contract::Item>,
    },
    /// A delivered message is to be deleted.
    Delete {
        /// The channel in which it stands.
        channel: ChannelId,
        /// The message.
        message: MessageId,
        /// What to tell the member once it is gone.
        notice: Notice,
    },
}

/// A message with one item.
#[derive(Clone, Debug, Serialize)]
pub struct Post {
    /// To be settled once the message arrived or failed.
    pub delivery: DeliveryId,
    /// What is shown.
    pub item: contract::Item,
    /// Name of the provider that found it.
    pub provider_name: String,
    /// Buttons under the item, at most five rows.
    pub rows: Vec<ButtonRow>,
    /// Whether only the member who asked may see it.
    pub private: bool,
}

/// At most five buttons beside each other.
pub type ButtonRow = Vec<Button>;

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Button {
    /// Signed; refers to the delivery; at most 100 ASCII characters. Comes back in [`Press::button`].
    pub id: String,
    /// At most 80 characters; may be empty where there is an emoji.
    pub label: String,
    /// One Unicode emoji.
    pub emoji: Option<&'static str>,
    /// How prominent it is.
    #[serde(skip)]
    pub style: contract::ActionStyle,
}

/// A sentence to a member, in their language, in words of the host's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Discord-flavoured Markdown, at most 2,000 characters.
    pub text: String,
    /// Which notice it is; stable, for programs and tests.
    pub code: &'static str,
}
