//! One comic: how it is asked for, read and shown.

use std::ops::RangeInclusive;
use std::time::Duration;

use autocontent_sdk::http::{self, Request, Response};
use autocontent_sdk::markdown::escape;
use autocontent_sdk::text::line;
use autocontent_sdk::{Failure, Item};
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Deserialize;

use crate::Kind;

/// The number that xkcd left out.
pub(crate) const MISSING: i64 = 404;

/// Numbers that can be a comic's: three come each week.
const NUMBERS: RangeInclusive<i64> = 1..=100_000;
/// No answer is waited for longer: two may be asked for one after the other within the manifest's time.
const PATIENCE: Duration = Duration::from_millis(3_500);

const LICENCE: &str = "https://creativecommons.org/licenses/by-nc/2.5/";

/// What `info.0.json` says of a comic, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct Comic {
    #[serde(rename = "num")]
    pub(crate) number: i64,
    /// May have HTML in it, which `safe_title` has not.
    #[serde(default)]
    title: String,
    #[serde(default)]
    safe_title: String,
    /// The text that a browser shows when the mouse rests on the picture.
    #[serde(default)]
    alt: String,
    /// What is seen and said. Newer comics have none.
    #[serde(default)]
    transcript: String,
    #[serde(default)]
    img: String,
    /// These three are numbers in texts, without leading zeros.
    #[serde(default)]
    year: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    day: String,
}

/// What could be had of several comics.
#[derive(Debug)]
pub(crate) struct Comics {
    /// In the order in which they were asked for.
    pub(crate) comics: Vec<Comic>,
    /// Whether one may be missing that is there another time.
    pub(crate) is_partial: bool,
}

impl Comic {
    /// The newest comic.
    pub(crate) fn newest() -> Result<Comic, Failure> {
        checked(request("https://xkcd.com/info.0.json").send()?)
    }

    /// The comic of a number, or none where xkcd has none.
    pub(crate) fn fetch(number: i64) -> Result<Option<Comic>, Failure> {
        read(of_number(number).send())
    }

    /// The comics of these numbers, as far as there are any. Those that can't be had are passed over, unless none can.
    pub(crate) fn fetch_all(numbers: &[i64]) -> Result<Comics, Failure> {
        let requests: Vec<Request> = numbers.iter().map(|&number| of_number(number)).collect();
        let (mut comics, mut first_failure) = (Vec::new(), None);
        for answer in http::fetch_all(&requests) {
            match read(answer) {
                Ok(comic) => comics.extend(comic),
                Err(failure) => first_failure = first_failure.or(Some(failure)),
            }
        }
        match first_failure {
            Some(failure) if comics.is_empty() => Err(failure),
            failure => Ok(Comics { comics, is_partial: failure.is_some() }),
        }
    }

    /// The title, in plain text.
    pub(crate) fn title(&self) -> String {
        let title = if self.safe_title.is_empty() { &self.title } else { &self.safe_title };
        line(&mended(title)).unwrap_or_default()
    }

    /// All that it says: the text under it, then what is seen and said.
    pub(crate) fn texts(&self) -> [String; 2] {
        [mended(&self.alt), mended(&self.transcript)]
    }

    /// The comic as members see it, with whom it is by and under which licence.
    pub(crate) fn item(&self) -> Item {
        let number = self.number;
        let item = Item::new(format!("xkcd-{number}"), Kind::Comic)
            .title(format!("{number}: {}", self.title()))
            .text(escape(&mended(&self.alt)))
            .url(format!("https://xkcd.com/{number}/"))
            .author(("Randall Munroe", "https://xkcd.com/about/"))
            .source(("xkcd, CC BY-NC 2.5", LICENCE));
        let item = match self.picture() {
            Some(url) => item.media(url),
            None => item,
        };
        match self.published() {
            Some(milliseconds) => item.published(milliseconds),
            None => item,
        }
    }

    /// The picture's URL. Comics that play in the browser name a folder instead, which is none.
    fn picture(&self) -> Option<String> {
        let rest = self.img.strip_prefix("https://").or_else(|| self.img.strip_prefix("http://"))?;
        (!rest.ends_with('/')).then(|| format!("https://{rest}"))
    }

    /// The day it came out, in milliseconds since the Unix epoch.
    fn published(&self) -> Option<u64> {
        let (year, month, day) = (self.year.parse().ok()?, self.month.parse().ok()?, self.day.parse().ok()?);
        let midnight = Date::new(year, month, day).ok()?.at(0, 0, 0, 0);
        u64::try_from(Offset::UTC.to_timestamp(midnight).ok()?.as_millisecond()).ok()
    }
}

fn of_number(number: i64) -> Request {
    request(&format!("https://xkcd.com/{number}/info.0.json"))
}

fn request(url: &str) -> Request {
    Request::get(url).timeout(PATIENCE)
}

fn read(answer: Result<Response, http::Error>) -> Result<Option<Comic>, Failure> {
    let response = answer?;
    if response.status == 404 {
        return Ok(None);
    }
    checked(response).map(Some)
}

/// The comic of an answer. A number that is none would be counted up to.
fn checked(response: Response) -> Result<Comic, Failure> {
    let comic: Comic = response.success()?.json()?;
    if NUMBERS.contains(&comic.number) {
        return Ok(comic);
    }
    Err(Failure::Upstream(format!("xkcd.com answered with the comic {}, a number that it can't have", comic.number)))
}

/// Repairs what xkcd's JSON does to letters beyond ASCII in places: each byte of their UTF-8 stands there as a letter of
/// its own, "Ã©" for "é".
fn mended(text: &str) -> String {
    let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
    match bytes.map(String::from_utf8) {
        Ok(Ok(mended)) => mended,
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_were_torn_into_bytes_are_mended_and_others_stay() {
        assert_eq!(mended("caf\u{c3}\u{a9}"), "café");
        assert_eq!(mended("That\u{e2}\u{80}\u{99}s"), "That’s");
        for whole in ["café", "plain", "π ≈ 3", "", "Ã©…"] {
            assert_eq!(mended(whole), whole);
        }
    }

    #[test]
    fn a_folder_or_another_scheme_is_no_picture() {
        let picture = |img: &str| serde_comic(img).picture();
        assert_eq!(picture("http://imgs.xkcd.com/a.png").as_deref(), Some("https://imgs.xkcd.com/a.png"));
        for none in ["https://imgs.xkcd.com/comics/", "", "ftp://x/a.png", "javascript:alert(1)"] {
            assert_eq!(picture(none), None, "{none}");
        }
    }

    fn serde_comic(img: &str) -> Comic {
        let text = String::new;
        let (title, safe_title, alt, transcript) = (text(), text(), text(), text());
        let (year, month, day) = (text(), text(), text());
        Comic { number: 1, title, safe_title, alt, transcript, img: img.into(), year, month, day }
    }
}
