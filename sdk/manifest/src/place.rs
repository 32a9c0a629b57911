//! Where a command may be used and in which languages it is described.

use crate::text::words;

words!(
    /// Where on Discord a command may be used.
    Context, "a place for a command" {
        /// In a server.
        Guild = "guild",
        /// In a direct message with the bot.
        BotDm = "bot-dm",
        /// In direct messages and groups of others, where a member brought the bot along.
        PrivateChannel = "private-channel",
    }
);

words!(
    /// What a recipient may be doing when content is sent unasked.
    ActivityKind, "an activity" {
        /// Plays a game.
        Game = "game",
        /// Listens to music.
        Music = "music",
    }
);

words!(
    /// A language that Discord's client can be set to.
    Locale, "one of Discord's locales" {
        /// български
        Bulgarian = "bg",
        /// Čeština
        Czech = "cs",
        /// Dansk
        Danish = "da",
        /// Deutsch
        German = "de",
        /// Ελληνικά
        Greek = "el",
        /// English, UK
        EnglishUk = "en-GB",
        /// English, US
        EnglishUs = "en-US",
        /// Español, LATAM
        SpanishLatam = "es-419",
        /// Español
        Spanish = "es-ES",
        /// Suomi
        Finnish = "fi",
        /// Français
        French = "fr",
        /// हिन्दी
        Hindi = "hi",
        /// Hrvatski
        Croatian = "hr",
        /// Magyar
        Hungarian = "hu",
        /// Bahasa Indonesia
        Indonesian = "id",
        /// Italiano
        Italian = "it",
        /// 日本語
        Japanese = "ja",
        /// 한국어
        Korean = "ko",
        /// Lietuviškai
        Lithuanian = "lt",
        /// Nederlands
        Dutch = "nl",
        /// Norsk
        Norwegian = "no",
        /// Polski
        Polish = "pl",
        /// Português do Brasil
        PortugueseBrazil = "pt-BR",
        /// Română
        Romanian = "ro",
        /// Pусский
        Russian = "ru",
        /// Svenska
        Swedish = "sv-SE",
        /// ไทย
        Thai = "th",
        /// Türkçe
        Turkish = "tr",
        /// Українська
        Ukrainian = "uk",
        /// Tiếng Việt
        Vietnamese = "vi",
        /// 中文
        ChineseChina = "zh-CN",
        /// 繁體中文
        ChineseTaiwan = "zh-TW",
    }
);
