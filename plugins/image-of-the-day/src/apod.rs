//! NASA's service: <https://api.nasa.gov>, "APOD".

use autocontent_sdk::http::{Request, Response, fetch_all};
use autocontent_sdk::{Failure, log};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::Date;

use crate::picture::Picture;

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
    match ask(&ask_for().query("date", date).query("thumbs", true)) {
        // The service fails on some videos whose still picture it can't find.
        Err(Failure::Upstream(_)) => ask(&ask_for().query("date", date)),
        answer => answer,
    }
}

/// The pictures of consecutive days, the last first in `days`; in any order, and without days that have none.
pub(crate) fn of_all(days: &[Date]) -> Result<Vec<Picture>, Failure> {
    let (Some(end), Some(start)) = (days.first(), days.last()) else { return Ok(Vec::new()) };
    let range = ask_for().query("start_date", start).query("end_date", end).query("thumbs", true);
    let failure = match ask(&range) {
        // One day without a picture fails the whole range.
        Err(failure @ (Failure::Upstream(_) | Failure::NothingFound)) => failure,
        answer => return answer,
    };
    let requests: Vec<Request> = days.iter().map(|date| ask_for().query("date", date)).collect();
    let answers = fetch_all(&requests).into_iter().map(|answer| read::<Picture>(answer?));
    let pictures: Vec<Picture> = answers.filter_map(Result::ok).collect();
    if pictures.is_empty() { Err(failure) } else { Ok(pictures) }
}

/// Pictures of so many days, drawn by the service.
pub(crate) fn random(count: usize) -> Result<Vec<Picture>, Failure> {
    ask(&ask_for().query("count", count).query("thumbs", true))
}

/// The host writes the operator's key in the place of `DEMO_KEY`, where there is one.
fn ask_for() -> Request {
    Request::get("https://api.nasa.gov/planetary/apod").query("api_key", "DEMO_KEY")
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
