//! Steam's store and web API, as far as it is asked here.
//!
//! The store's part is not documented by Valve; these are the fields that its own pages rely on.
//! News: <https://partner.steamgames.com/doc/webapi/ISteamNews>.

use std::collections::HashMap;
use std::time::Duration;

use autocontent_sdk::http::{self, Error, Request, Response};
use autocontent_sdk::{Audience, Failure, log, settings};
use serde::Deserialize;

use crate::words::Words;

const SEARCH: &str = "https://store.steampowered.com/api/storesearch/";
const DETAILS: &str = "https://store.steampowered.com/api/appdetails";
const NEWS: &str = "https://api.steampowered.com/ISteamNews/GetNewsForApp/v2/";
/// The feed of what a game's makers write themselves.
const ANNOUNCEMENTS: &str = "steam_community_announcements";
/// Characters of an article that are fetched, marks included.
const ARTICLE: u32 = 1_500;

/// What Steam calls a game.
pub(crate) type AppId = u32;

/// A game that a search found.
#[derive(Debug, Deserialize)]
pub(crate) struct App {
    pub(crate) id: AppId,
    pub(crate) name: String,
    /// "app" of a game; "sub" and "bundle" are several at once.
    r#type: String,
}

/// What the store's page says of a game.
#[derive(Debug, Deserialize)]
pub(crate) struct Details {
    pub(crate) name: String,
    pub(crate) steam_appid: AppId,
    required_age: Option<Age>,
    #[serde(default)]
    pub(crate) is_free: bool,
    pub(crate) short_description: Option<String>,
    pub(crate) header_image: Option<String>,
    #[serde(default)]
    pub(crate) developers: Vec<String>,
    #[serde(default)]
    pub(crate) publishers: Vec<String>,
    pub(crate) price_overview: Option<Price>,
    pub(crate) platforms: Option<Platforms>,
    pub(crate) metacritic: Option<Metacritic>,
    #[serde(default)]
    pub(crate) genres: Vec<Genre>,
    pub(crate) release_date: Option<Release>,
    content_descriptors: Option<Descriptors>,
}

/// A price in the country's currency.
#[derive(Debug, Deserialize)]
pub(crate) struct Price {
    pub(crate) final_formatted: String,
    #[serde(default)]
    pub(crate) discount_percent: i64,
}

/// What a game runs on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Platforms {
    pub(crate) windows: bool,
    pub(crate) mac: bool,
    pub(crate) linux: bool,
}

/// The critics' opinion, of 100.
#[derive(Debug, Deserialize)]
pub(crate) struct Metacritic {
    pub(crate) score: i64,
}

/// A genre, called as in the language that was asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Genre {
    #[serde(default)]
    id: String,
    pub(crate) description: String,
}

/// When a game comes or came out, in words.
#[derive(Debug, Deserialize)]
pub(crate) struct Release {
    #[serde(default)]
    pub(crate) date: String,
}

/// The age that a game is for: a number, or a text that begins with one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Age {
    Years(f64),
    Text(String),
}

#[derive(Debug, Deserialize)]
struct Descriptors {
    #[serde(default)]
    ids: Vec<i64>,
}

/// A piece of news.
#[derive(Debug, Deserialize)]
pub(crate) struct Article {
    pub(crate) gid: String,
    #[serde(default)]
    pub(crate) title: String,
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) author: String,
    /// With BBCode or HTML in it.
    #[serde(default)]
    pub(crate) contents: String,
    /// Which newspaper or feed.
    #[serde(default)]
    pub(crate) feedlabel: String,
    /// Seconds since the Unix epoch.
    pub(crate) date: u64,
}

/// Genres by what Steam calls them in all languages.
const GENRES: [(&str, &str); 17] = [
    ("1", "action"),
    ("2", "strategy"),
    ("3", "rpg"),
    ("4", "casual"),
    ("9", "racing"),
    ("18", "sports"),
    ("23", "indie"),
    ("25", "adventure"),
    ("28", "simulation"),
    ("29", "massively multiplayer"),
    ("37", "free to play"),
    ("57", "utilities"),
    ("70", "early access"),
    ("71", "sexual content"),
    ("72", "nudity"),
    ("73", "violent"),
    ("74", "gore"),
];

impl Genre {
    /// Its name in English, as a tag is the same in every language.
    pub(crate) fn tag(&self) -> Option<&'static str> {
        GENRES.iter().find(|(id, _)| *id == self.id).map(|(_, name)| *name)
    }
}

impl Details {
    /// Whether it is for adults: by the age that it asks for, by its genre, or by what Valve's survey says of nudity and
    /// sexual content (1 some, 3 adults only, 4 frequent).
    pub(crate) fn is_mature(&self) -> bool {
        let years = match &self.required_age {
            None => 0.0,
            Some(Age::Years(years)) => *years,
            Some(Age::Text(text)) => {
                let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
                digits.parse().unwrap_or_default()
            }
        };
        let descriptors = self.content_descriptors.as_ref().map(|descriptors| descriptors.ids.as_slice());
        let genre = self.genres.iter().any(|genre| matches!(genre.id.as_str(), "71" | "72"));
        years >= 18.0 || genre || descriptors.unwrap_or_default().iter().any(|id| matches!(id, 1 | 3 | 4))
    }
}

/// Steam, asked in a language and for a country's prices.
pub(crate) struct Steam {
    language: &'static str,
    /// Two small letters.
    country: String,
}

impl Steam {
    /// In the audience's language, for the operator's country.
    ///
    /// # Errors
    ///
    /// [`Failure::Misconfigured`] where the setting is no country.
    pub(crate) fn of(audience: &Audience) -> Result<Steam, Failure> {
        Ok(Steam { language: Words::of(audience).steam, country: settings::country("country", "us")? })
    }

    /// Games whose name fits, the likeliest first.
    pub(crate) fn search(&self, term: &str, within: Option<Duration>) -> Result<Vec<App>, Failure> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            items: Vec<App>,
        }

        let request = self.for_store(Request::get(SEARCH).query("term", term));
        let request = match within {
            Some(time) => request.timeout(time),
            None => request,
        };
        let answer: Answer = request.send()?.success()?.json()?;
        Ok(answer.items.into_iter().filter(|app| app.r#type == "app" && !app.name.trim().is_empty()).collect())
    }

    /// The details of games, without those that aren't sold in this country.
    pub(crate) fn details(&self, ids: &[AppId]) -> Result<Vec<Details>, Failure> {
        let requests: Vec<Request> = ids.iter().map(|id| self.details_request(*id)).collect();
        let answers = http::fetch_all(&requests).into_iter().zip(ids);
        let details = answers.map(|(answer, id)| read_details(answer, *id)).collect::<Result<Vec<_>, Failure>>()?;
        Ok(details.into_iter().flatten().collect())
    }

    /// At most `count` articles on a game from before the second `before` (since the Unix epoch), the newest first, and the
    /// game's details where it is sold in this country. `official` are those by its makers.
    pub(crate) fn news(
        &self,
        id: AppId,
        before: Option<u64>,
        official: bool,
        count: usize,
    ) -> Result<(Vec<Article>, Option<Details>), Failure> {
        let mut request = Request::get(NEWS).query("appid", id).query("count", count).query("maxlength", ARTICLE);
        if official {
            request = request.query("feeds", ANNOUNCEMENTS);
        }
        if let Some(before) = before {
            request = request.query("enddate", before);
        }
        let mut answers = http::fetch_all(&[request, self.details_request(id)]).into_iter();
        let mut next =
            || answers.next().unwrap_or_else(|| Err(Error::Unreachable("the host gave too few answers".into())));
        let articles = read_news(next()?)?;
        Ok((articles, read_details(next(), id)?))
    }

    fn details_request(&self, id: AppId) -> Request {
        self.for_store(Request::get(DETAILS).query("appids", id))
    }

    fn for_store(&self, request: Request) -> Request {
        request.query("l", self.language).query("cc", &self.country)
    }
}

fn read_details(answer: Result<Response, Error>, id: AppId) -> Result<Option<Details>, Failure> {
    #[derive(Deserialize)]
    struct Answer {
        success: bool,
        data: Option<Details>,
    }

    let mut answers: HashMap<String, Answer> = answer?.success()?.json()?;
    Ok(answers.remove(&id.to_string()).filter(|answer| answer.success).and_then(|answer| answer.data))
}

fn read_news(answer: Response) -> Result<Vec<Article>, Failure> {
    #[derive(Deserialize)]
    struct Answer {
        appnews: News,
    }

    #[derive(Deserialize)]
    struct News {
        #[serde(default)]
        newsitems: Vec<Article>,
    }

    // So it answers for what has no news of its own, such as a demo.
    if answer.status == 403 {
        log::info("Steam keeps no news of this");
        return Ok(Vec::new());
    }
    Ok(answer.success()?.json::<Answer>()?.appnews.newsitems)
}
