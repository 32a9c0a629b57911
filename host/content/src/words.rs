//! What the host says to members, in their language.

use crate::ask::Notice;

/// Something to tell a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    UnknownCommand,
    WrongPlace,
    AgeRestricted,
    Cooldown {
        seconds: u64,
    },
    MissingOption {
        option: String,
    },
    UnknownOption {
        option: String,
    },
    /// The reason is the provider's own, where there is one.
    InvalidOption {
        option: String,
        reason: Option<String>,
    },
    NothingFound,
    Busy {
        seconds: Option<u32>,
    },
    Upstream,
    Misconfigured,
    ProviderFailed,
    HostBusy,
    Paused,
    TooMany {
        seconds: u64,
    },
    HostFailed,
    UnknownButton,
    NotYours,
    AlreadyGone,
    Saved,
    Unsaved,
    Reported,
    ReportedBefore,
    More,
    Deleted,
    Favourites,
    NoFavourites,
}

impl Word {
    /// The word as a notice in the language of `locale`; English where the host has no words in that language.
    pub(crate) fn notice(&self, locale: &str) -> Notice {
        let portuguese = locale == "pt" || locale.starts_with("pt-");
        Notice { text: if portuguese { self.portuguese() } else { self.english() }, code: self.code() }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownCommand => "unknown_command",
            Self::WrongPlace => "wrong_place",
            Self::AgeRestricted => "age_restricted",
            Self::Cooldown { .. } => "cooldown",
            Self::MissingOption { .. } => "missing_option",
            Self::UnknownOption { .. } => "unknown_option",
            Self::InvalidOption { .. } => "invalid_option",
            Self::NothingFound => "nothing_found",
            Self::Busy { .. } => "busy",
            Self::Upstream => "upstream",
            Self::Misconfigured => "misconfigured",
            Self::ProviderFailed => "provider_failed",
            Self::HostBusy => "host_busy",
            Self::Paused => "paused",
            Self::TooMany { .. } => "too_many",
            Self::HostFailed => "host_failed",
            Self::UnknownButton => "unknown_button",
            Self::NotYours => "not_yours",
            Self::AlreadyGone => "already_gone",
            Self::Saved => "saved",
            Self::Unsaved => "unsaved",
            Self::Reported => "reported",
            Self::ReportedBefore => "reported_before",
            Self::More => "more",
            Self::Deleted => "deleted",
            Self::Favourites => "favourites",
            Self::NoFavourites => "no_favourites",
        }
    }

    fn english(&self) -> String {
        match self {
            Self::UnknownCommand => "This command is not available here any more.".into(),
            Self::WrongPlace => "This command can't be used here.".into(),
            Self::AgeRestricted => "This command works only in age-restricted channels.".into(),
            Self::Cooldown { seconds } => format!("You can use this command again in {seconds} s."),
            Self::MissingOption { option } => format!("Please fill in `{option}`."),
            Self::UnknownOption { option } => format!("This command has no option `{option}`."),
            Self::InvalidOption { option, reason: Some(reason) } => format!("`{option}`: {reason}"),
            Self::InvalidOption { option, reason: None } => format!("That is not a valid value for `{option}`."),
            Self::NothingFound => "Nothing found. Try other words?".into(),
            Self::Busy { seconds: Some(seconds) } => format!("The source is busy. Please try again in {seconds} s."),
            Self::Busy { seconds: None } => "The source is busy. Please try again later.".into(),
            Self::Upstream => "The source could not be reached. Please try again later.".into(),
            Self::Misconfigured => "This command isn't set up completely. Its operator has to see to it.".into(),
            Self::ProviderFailed => "Something went wrong while looking. It has been noted for the operator.".into(),
            Self::HostBusy => "Too much is going on right now. Please try again in a moment.".into(),
            Self::Paused => {
                "This command keeps failing, so it is taking a break. Please try again in a few minutes.".into()
            }
            Self::TooMany { seconds } => format!("That was a lot at once. You can go on in {seconds} s."),
            Self::HostFailed => "Something went wrong on our side. Please try again in a moment.".into(),
            Self::UnknownButton => "This button is no longer known.".into(),
            Self::NotYours => "Only the member who asked for this, or a moderator, can delete it.".into(),
            Self::AlreadyGone => "That message is already gone.".into(),
            Self::Saved => "Saved. `/favourites` shows what you saved.".into(),
            Self::Unsaved => "Removed from your favourites.".into(),
            Self::Reported => "Thank you. The operator of this bot will look at it.".into(),
            Self::ReportedBefore => "You have already reported this. Thank you.".into(),
            Self::More => "What would you like to do with this message?".into(),
            Self::Deleted => "Deleted.".into(),
            Self::Favourites => "Your favourites, the newest first:".into(),
            Self::NoFavourites => "Nothing here. Press ⭐ under a message to save it.".into(),
        }
    }

    fn portuguese(&self) -> String {
        match self {
            Self::UnknownCommand => "Este comando não está mais disponível aqui.".into(),
            Self::WrongPlace => "Este comando não pode ser usado aqui.".into(),
            Self::AgeRestricted => "Este comando só funciona em canais com restrição de idade.".into(),
            Self::Cooldown { seconds } => format!("Você pode usar este comando de novo em {seconds} s."),
            Self::MissingOption { option } => format!("Por favor, preencha `{option}`."),
            Self::UnknownOption { option } => format!("Este comando não tem a opção `{option}`."),
            Self::InvalidOption { option, reason: Some(reason) } => format!("`{option}`: {reason}"),
            Self::InvalidOption { option, reason: None } => format!("Esse valor não serve para `{option}`."),
            Self::NothingFound => "Nada encontrado. Que tal outras palavras?".into(),
            Self::Busy { seconds: Some(seconds) } => format!("A fonte está ocupada. Tente de novo em {seconds} s."),
            Self::Busy { seconds: None } => "A fonte está ocupada. Tente de novo mais tarde.".into(),
            Self::Upstream => "Não foi possível falar com a fonte. Tente de novo mais tarde.".into(),
            Self::Misconfigured => "Falta configurar este comando. O operador precisa cuidar disso.".into(),
            Self::ProviderFailed => "Algo deu errado na busca. O operador foi avisado.".into(),
            Self::HostBusy => "Há muita coisa acontecendo agora. Tente de novo daqui a pouco.".into(),
            Self::Paused => "Este comando tem falhado e está em pausa. Tente de novo daqui a alguns minutos.".into(),
            Self::TooMany { seconds } => format!("Foi muita coisa de uma vez. Você pode continuar em {seconds} s."),
            Self::HostFailed => "Algo deu errado do nosso lado. Tente de novo daqui a pouco.".into(),
            Self::UnknownButton => "Este botão não é mais conhecido.".into(),
            Self::NotYours => "Só quem pediu isto, ou um moderador, pode apagar.".into(),
            Self::AlreadyGone => "Essa mensagem já não existe.".into(),
            Self::Saved => "Salvo. `/favourites` mostra o que você salvou.".into(),
            Self::Unsaved => "Removido dos seus favoritos.".into(),
            Self::Reported => "Obrigado. O operador deste bot vai verificar.".into(),
            Self::ReportedBefore => "Você já denunciou isto. Obrigado.".into(),
            Self::More => "O que você quer fazer com esta mensagem?".into(),
            Self::Deleted => "Apagado.".into(),
            Self::Favourites => "Seus favoritos, do mais novo ao mais antigo:".into(),
            Self::NoFavourites => "Nada por aqui. Aperte ⭐ numa mensagem para salvá-la.".into(),
        }
    }
}

/// The labels of the host's own buttons.
pub(crate) struct Labels {
    pub(crate) another: &'static str,
    pub(crate) report: &'static str,
    pub(crate) delete: &'static str,
}

impl Labels {
    /// In the language of `locale`; English where the host has no words in that language.
    pub(crate) fn of(locale: &str) -> Self {
        if locale == "pt" || locale.starts_with("pt-") {
            Self { another: "Outro", report: "Denunciar", delete: "Apagar" }
        } else {
            Self { another: "Another", report: "Report", delete: "Delete" }
        }
    }
}
