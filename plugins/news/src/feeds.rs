//! The feeds that the operator offers.

use autocontent_sdk::text::fold;
use autocontent_sdk::{Choice, Failure, settings};
use fluent_uri::Uri;

use crate::language::Language;

/// Characters of a feed's name, which is an option's value and part of a storage key.
const LONGEST_NAME: usize = 60;

/// A feed that members may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Feed {
    /// What members call it.
    pub(crate) name: String,
    /// Where it is; https.
    pub(crate) url: String,
    /// Whose setting named it.
    language: Language,
}

/// All feeds that are offered.
#[derive(Debug)]
pub(crate) struct Feeds(Vec<Feed>);

impl Feeds {
    /// What the settings say.
    ///
    /// # Errors
    ///
    /// [`Failure::Misconfigured`], which says what of which setting is wrong.
    pub(crate) fn offered() -> Result<Feeds, Failure> {
        let mut feeds: Vec<Feed> = Vec::new();
        for language in Language::ALL {
            let setting = language.setting();
            for text in settings::texts(setting).unwrap_or_default() {
                let feed = read(&text, language).ok_or_else(|| {
                    Failure::Misconfigured(format!(
                        "the setting `{setting}` has {text:?}: write a name of at most {LONGEST_NAME} characters and an https \
                         address, such as \"BBC News=https://feeds.bbci.co.uk/news/rss.xml\""
                    ))
                })?;
                if feeds.iter().any(|other| fold(&other.name) == fold(&feed.name)) {
                    let name = feed.name;
                    return Err(Failure::Misconfigured(format!(
                        "the setting `{setting}` names the feed {name:?} a second time"
                    )));
                }
                feeds.push(feed);
            }
        }
        if feeds.is_empty() {
            let [first, second] = Language::ALL.map(Language::setting);
            return Err(Failure::Misconfigured(format!(
                "neither `{first}` nor `{second}` names a feed: unset one of them"
            )));
        }
        Ok(Feeds(feeds))
    }

    /// Those in a language; all, where there are none in it.
    pub(crate) fn speaking(&self, language: Language) -> Vec<&Feed> {
        let own: Vec<&Feed> = self.0.iter().filter(|feed| feed.language == language).collect();
        if own.is_empty() { self.0.iter().collect() } else { own }
    }

    /// The feed of this name; case and accents don't matter.
    pub(crate) fn named(&self, name: &str) -> Option<&Feed> {
        let name = fold(name.trim());
        self.0.iter().find(|feed| fold(&feed.name) == name)
    }

    /// The feed that an option names.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidArgument`], which tells the member some that there are.
    pub(crate) fn meant(&self, name: &str, language: Language) -> Result<&Feed, Failure> {
        self.named(name).ok_or_else(|| {
            let names: Vec<&str> = self.speaking(language).into_iter().take(5).map(|feed| feed.name.as_str()).collect();
            Failure::invalid_argument("feed", language.no_such_feed(&names.join(", ")))
        })
    }

    /// Proposals for an option, those in the member's language first.
    pub(crate) fn choices(&self, language: Language) -> impl Iterator<Item = Choice> {
        let (own, others): (Vec<&Feed>, Vec<&Feed>) = self.0.iter().partition(|feed| feed.language == language);
        own.into_iter().chain(others).map(|feed| Choice::new(&*feed.name, &*feed.name))
    }
}

/// Reads "Name=https://…".
fn read(text: &str, language: Language) -> Option<Feed> {
    let (name, url) = text.split_once('=')?;
    let (name, url) = (name.trim(), url.trim());
    let good = (1..=LONGEST_NAME).contains(&name.chars().count())
        && !name.contains(char::is_control)
        && url.starts_with("https://")
        && Uri::parse(url).is_ok_and(|url| url.authority().is_some_and(|authority| !authority.host().is_empty()));
    good.then(|| Feed { name: name.into(), url: url.into(), language })
}
