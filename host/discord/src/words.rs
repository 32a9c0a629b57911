//! The few sentences that members see where the content service was not, or could not be, asked.

use autocontent_content::Notice;

/// Something to tell a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// More interactions wait than this bot may work on.
    Busy,
    /// The message could not be deleted, most likely because the bot may not see the channel.
    CannotDelete,
    /// The answer did not come within the interaction's 15 minutes.
    TooLate,
}

impl Word {
    /// In the language of `locale`; English where there are no words in that language.
    pub(crate) fn notice(self, locale: &str) -> Notice {
        let portuguese = locale == "pt" || locale.starts_with("pt-");
        let (code, text) = match (self, portuguese) {
            (Word::Busy, false) => ("bot_busy", "Too much is going on right now. Please try again in a moment."),
            (Word::Busy, true) => ("bot_busy", "Há muita coisa acontecendo agora. Tente de novo daqui a pouco."),
            (Word::CannotDelete, false) => ("cannot_delete", "I'm not allowed to delete messages here."),
            (Word::CannotDelete, true) => ("cannot_delete", "Não tenho permissão para apagar mensagens aqui."),
            (Word::TooLate, false) => ("too_late", "This took too long. Please try again."),
            (Word::TooLate, true) => ("too_late", "Isto demorou demais. Tente de novo."),
        };
        Notice { text: text.to_owned(), code }
    }
}
