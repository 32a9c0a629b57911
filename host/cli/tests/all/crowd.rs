//! Members who use a bot all at once, and what the store must know of it afterwards.

use autocontent_simulator::{Act, Answered, Bot, CallbackKind, Channel, Invocation, Load, Member, Message, Simulator};
use autocontent_store::DeliveryId;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Members in a channel who ask the parrot.
pub(crate) struct Crowd {
    pub(crate) discord: Simulator,
    pub(crate) bot: Bot,
    pub(crate) command: Invocation,
    pub(crate) member: Member,
    channel: Channel,
}

impl Crowd {
    pub(crate) fn new(discord: Simulator, bot: Bot) -> Crowd {
        let channel = discord.channel(&discord.guild("guild"), "general");
        let member = discord.member("ana", "en-US");
        let command = Invocation::new("parrot", &member, &channel).with("script", "items:a,b");
        Crowd { discord, bot, command, member, channel }
    }

    /// As many commands, by as many members.
    pub(crate) fn commands(&self, total: usize, in_flight: usize) -> Load {
        self.load(Act::Run(self.command.clone()), total, in_flight)
    }

    /// As many presses of a button, each by another member, as the same one's second would take the first back.
    pub(crate) fn presses(&self, message: &Message, button: &str, total: usize, in_flight: usize) -> Load {
        let act = Act::Press {
            message: message.clone(),
            button: button.to_owned(),
            member: self.member.clone(),
            channel: self.channel.clone(),
        };
        self.load(act, total, in_flight)
    }

    fn load(&self, act: Act, total: usize, in_flight: usize) -> Load {
        Load { act, total, in_flight, members: total, stop_on_disconnect: true }
    }
}

/// Whether the member saw the outcome: the first answer was it, or what was deferred came.
pub(crate) fn is_outcome(answered: &Answered) -> bool {
    matches!(answered.kind, CallbackKind::Message | CallbackKind::Update) || answered.filled_in.is_some()
}

/// The delivery that a button of the host's belongs to: the 16 bytes after version and kind.
pub(crate) fn delivery_of(custom_id: &str) -> DeliveryId {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(custom_id).unwrap();
    DeliveryId::from_bytes(bytes[2..18].try_into().unwrap())
}

/// The delivery that a message shows.
pub(crate) fn delivery_in(message: &Message) -> DeliveryId {
    delivery_of(&message.button("👍").unwrap().custom_id.unwrap())
}
