//! The editions of Wikipedia that the operator chose, and their addresses.

use autocontent_sdk::http::{Request, encode};
use autocontent_sdk::{Audience, Failure, settings};

use crate::day::Day;

const SETTING: &str = "editions";

/// An edition, by the code that its address begins with, such as "pt".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edition(String);

impl Edition {
    /// The edition in the audience's language, or else the first, and the first where that is another.
    pub(crate) fn of(audience: &Audience) -> Result<(Edition, Option<Edition>), Failure> {
        let all = Edition::all()?;
        let own = all.iter().find(|edition| audience.speaks(&edition.0));
        match (own, all.first()) {
            (Some(own), Some(first)) => Ok((own.clone(), (own != first).then(|| first.clone()))),
            (None, Some(first)) => Ok((first.clone(), None)),
            _ => Err(Failure::Misconfigured(format!(
                "the setting `{SETTING}` names no edition of Wikipedia: set it to codes such as en and pt, or unset it"
            ))),
        }
    }

    fn all() -> Result<Vec<Edition>, Failure> {
        settings::texts(SETTING)
            .unwrap_or_else(|| vec!["en".into(), "pt".into()])
            .into_iter()
            .map(Edition::read)
            .collect()
    }

    fn read(code: String) -> Result<Edition, Failure> {
        let letters = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        let whole = !code.starts_with('-') && !code.ends_with('-');
        if whole && (2..=20).contains(&code.len()) && code.chars().all(letters) {
            return Ok(Edition(code));
        }
        Err(Failure::Misconfigured(format!(
            "the setting `{SETTING}` has {code:?}, which is no edition of Wikipedia: write the code that its address begins \
             with, such as \"en\" of en.wikipedia.org"
        )))
    }

    /// The code.
    pub(crate) fn code(&self) -> &str {
        &self.0
    }

    /// Asks what happened on a day.
    pub(crate) fn on_this_day(&self, kind: &str, Day { month, day }: Day) -> Request {
        Request::get(format!("{}/api/rest_v1/feed/onthisday/{kind}/{month:02}/{day:02}", self.address()))
    }

    /// Asks for the summary of any article: of another one each time, so not of one that the host remembers.
    pub(crate) fn random(&self) -> Request {
        Request::get(format!("{}/api/rest_v1/page/random/summary", self.address())).header("Cache-Control", "no-cache")
    }

    /// Asks for an article's summary.
    pub(crate) fn summary(&self, title: &str) -> Request {
        Request::get(format!("{}/api/rest_v1/page/summary/{}", self.address(), in_path(title)))
    }

    /// Asks for articles whose title begins like this.
    pub(crate) fn titles(&self, typed: &str, limit: usize) -> Request {
        Request::get(format!("{}/w/rest.php/v1/search/title", self.address())).query("q", typed).query("limit", limit)
    }

    /// Where an article is read.
    pub(crate) fn article(&self, title: &str) -> String {
        format!("{}/wiki/{}", self.address(), in_path(title))
    }

    fn address(&self) -> String {
        format!("https://{}.wikipedia.org", self.0)
    }
}

/// A title as it stands in addresses.
fn in_path(title: &str) -> String {
    encode(&title.trim().replace(' ', "_"))
}
