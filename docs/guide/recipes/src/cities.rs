//! Content from a server.

use std::time::Duration;

use autocontent_sdk::http::{self, Request};
use autocontent_sdk::prelude::{Choice, Failure, Item, Page};
use autocontent_sdk::settings;
use serde::Deserialize;

use crate::Kind;

const WEATHER: &str = "https://weather.example/v1/now";

// ANCHOR: fetch
#[derive(Deserialize)]
struct Weather {
    city: String,
    degrees: f64,
    summary: Option<String>,
}

/// The host adds the secret `api-key` to the request; the provider never has it.
pub(crate) fn weather(city: &str) -> Result<Page, Failure> {
    let units = settings::text("units").unwrap_or_else(|| "metric".into());
    let response = Request::get(WEATHER).query("city", city).query("units", units).send()?;
    if response.status == 404 {
        return Err(Failure::invalid_argument("name", "a city that the weather service knows"));
    }
    let weather: Weather = response.authorised("api-key")?.success()?.json()?;
    // Everybody who asks for this city within ten minutes gets the same answer, without another call.
    Ok(Page::from(item(weather)).cache_for(Duration::from_secs(600)))
}
// ANCHOR_END: fetch

fn item(weather: Weather) -> Item {
    let item = Item::new(&weather.city, Kind::Note).title(&weather.city);
    let item = item.inline_field("Temperature", format!("{} °", weather.degrees));
    match weather.summary {
        Some(summary) => item.text(summary),
        None => item,
    }
}

// ANCHOR: fetch-all
/// Asks for all at once; one that fails does not spoil the others.
pub(crate) fn compare<const N: usize>(cities: [&str; N]) -> Result<Page, Failure> {
    let requests = cities.map(|city| Request::get(WEATHER).query("city", city));
    let mut items = Vec::new();
    let mut failure = Failure::NothingFound;
    for response in http::fetch_all(&requests) {
        let weather = response.map_err(Failure::from).and_then(|response| response.success()?.json());
        match weather {
            Ok(weather) => items.push(item(weather)),
            Err(why) => failure = why,
        }
    }
    if items.is_empty() { Err(failure) } else { Ok(Page::of(items)) }
}
// ANCHOR_END: fetch-all

/// Cities whose name begins so.
pub(crate) fn beginning_with(typed: &str) -> Result<Vec<Choice>, Failure> {
    let request = Request::get("https://weather.example/v1/cities").query("prefix", typed);
    let names: Vec<String> = request.send()?.success()?.json()?;
    Ok(names.into_iter().map(|name| Choice::new(name.clone(), name)).collect())
}
