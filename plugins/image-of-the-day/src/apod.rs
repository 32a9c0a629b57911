//! NASA's service: <https://api.nasa.gov>, "APOD".

use std::time::Duration;

use autocontent_sdk::http::{Request, Response, fetch_all};
use autocontent_sdk::{Failure, log};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::Date;

use crate::picture::Picture;

/// No answer is waited for longer: three may be asked for one after the other within the manifest's time.
const PATIENCE: Duration = Duration::from_millis(4_500);

/// What could be had of several days.
pub(crate) struct Pictures {
    /// In any order, and without days that have none.
    pub(crate) pictures: Vec<Picture>,
    /// Whether one may be missing that is there another time.
    pub(crate) is_partial: bool,
}

/// The picture that NASA takes for today's.
///
/// # Errors
///
/// [`Failure::NothingFound`] where there is none yet; for all functions here besides, what the service says.
pub(crate) fn newest() -> Result<Picture, Failure> {
    ask(&ask_for().query("thumbs", true))
}

/// The picture of a day.
pub(crate) fn of(date: Date) -> Result<Picture, Failure> {
    // A service that doesn't answer at all isn't asked again.
    match read(ask_for().query("date", date).query("thumbs", true).send()?) {
        // It fails on some videos whose still picture it can't find.
        Err(Failure::Upstream(_)) => ask(&ask_for().query("date", date)),
        answer => answer,
    }
}

/// The pictures of consecutive days, the last first in `days`.
pub(crate) fn of_all(days: &[Date]) -> Result<Pictures, Failure> {
    let whole = |pictures| Pictures { pictures, is_partial: false };
    let (Some(end), Some(start)) = (days.first(), days.last()) else { return Ok(whole(Vec::new())) };
    let range = ask_for().query("start_date", start).query("end_date", end).query("thumbs", true);
    let failure = match read(range.send()?) {
        // One day without a picture fails the whole range.
        Err(failure @ (Failure::Upstream(_) | Failure::NothingFound)) => failure,
        answer => return answer.map(whole),
    };
    let requests: Vec<Request> = days.iter().map(|date| ask_for().query("date", date)).collect();
    let (mut pictures, mut is_partial) = (Vec::new(), false);
    for answer in fetch_all(&requests) {
        match answer.map_err(Failure::from).and_then(read) {
            Ok(picture) => pictures.push(picture),
            // That day has none.
            Err(Failure::NothingFound) => {}
            Err(_) => is_partial = true,
        }
    }
    if pictures.is_empty() { Err(failure) } else { Ok(Pictures { pictures, is_partial }) }
}

/// Pictures of so many days, drawn by the service: others each time, so not those that the host remembers.
pub(crate) fn random(count: usize) -> Result<Vec<Picture>, Failure> {
    ask(&ask_for().query("count", count).query("thumbs", true).header("Cache-Control", "no-cache"))
}

/// The host writes the operator's key in the place of `DEMO_KEY`, where there is one.
fn ask_for() -> Request {
    Request::get("https://api.nasa.gov/planetary/apod").query("api_key", "DEMO_KEY").timeout(PATIENCE)
}

fn ask<T: DeserializeOwned>(request: &Request) -> Result<T, Failure> {
    read(request.send()?)
}

fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let status = response.status;
    if !(200..=299).contains(&status)
        && let Some(words) = Refusal::words(&response)
    {
        log::warn(format!("NASA answered {status}: {words}"));
    }
    match status {
        // Some days have no picture; and a day that has not begun for NASA is a bad request.
        400 | 404 => Err(Failure::NothingFound),
        _ => response.authorised("api-key")?.success()?.json(),
    }
}

/// What the service says of a request that it refuses, and the keeper of the keys in front of it.
#[derive(Deserialize)]
struct Refusal {
    msg: Option<String>,
    error: Option<KeyError>,
}

#[derive(Deserialize)]
struct KeyError {
    code: Option<String>,
    message: Option<String>,
}

impl Refusal {
    fn words(response: &Response) -> Option<String> {
        let refusal: Refusal = response.clone().json().ok()?;
        match refusal {
            Refusal { msg: Some(words), .. } => Some(words),
            Refusal { error: Some(error), .. } => {
                let parts: Vec<String> = [error.code, error.message].into_iter().flatten().collect();
                (!parts.is_empty()).then(|| parts.join(": "))
            }
            _ => None,
        }
    }
}
