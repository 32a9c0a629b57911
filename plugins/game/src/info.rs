//! `/game info`: the facts of the store's page.

use std::time::Duration;

use autocontent_sdk::http::https;
use autocontent_sdk::markdown::escape;
use autocontent_sdk::text::{line, shortened};
use autocontent_sdk::{Failure, Item, Page, Request};

use crate::markup::plain;
use crate::steam::{AppId, Details, Genre, Platforms, Steam};
use crate::wanted::Wanted;
use crate::words::Words;
use crate::{Command, Kind};

/// Prices change once a day at most.
const LASTS: Duration = Duration::from_secs(60 * 60);
/// Games of one page: each is a request, and Steam takes 200 of those in five minutes.
const MOST: usize = 3;
/// Characters of a description.
const TEXT: usize = 600;

/// The game of this name; where that leaves doubt, the others that may be meant on the pages after it.
pub(crate) fn find(request: &Request<Command>, name: &str) -> Result<Page, Failure> {
    let words = Words::of(&request.audience);
    let steam = Steam::of(&request.audience)?;
    let apps = Wanted::named(name, &request.audience)?.apps(&steam)?;
    let from = match request.cursor.as_deref() {
        None => 0,
        Some(cursor) => {
            cursor.parse().map_err(|_| Failure::Internal(format!("the cursor {cursor:?} is no place among games")))?
        }
    };
    let ids: Vec<AppId> = apps.iter().skip(from).take(request.limit.clamp(1, MOST)).copied().collect();
    let to = from.saturating_add(ids.len());
    let next = (to < apps.len() && !ids.is_empty()).then(|| to.to_string());
    let items: Vec<Item> = steam.details(&ids)?.iter().map(|details| item(details, words)).collect();
    if items.is_empty() && next.is_none() {
        return Err(Failure::NothingFound);
    }
    Ok(Page::of(items).next(next).cache_for(LASTS))
}

fn item(details: &Details, words: &Words) -> Item {
    let page = format!("https://store.steampowered.com/app/{}/", details.steam_appid);
    let genres: Vec<&str> = details.genres.iter().map(|genre| genre.description.as_str()).collect();
    let mut item = Item::new(format!("steam-{}", details.steam_appid), Kind::Game)
        .source(("Steam", page.as_str()))
        .tags(details.genres.iter().filter_map(Genre::tag))
        .url(page);
    item.title = line(&details.name);
    let text = details.short_description.as_deref().map(plain).filter(|text| !text.is_empty());
    item.text = text.map(|text| escape(&shortened(&text, TEXT)));
    item.media = details.header_image.as_deref().and_then(https).map(Into::into);
    item.author = line(&details.developers.join(", ")).map(Into::into);
    let publishers =
        if details.publishers == details.developers { String::new() } else { details.publishers.join(", ") };
    let fields = [
        (words.price, price(details, words)),
        (words.released, details.release_date.as_ref().map(|release| release.date.clone()).unwrap_or_default()),
        (words.score, details.metacritic.as_ref().map(|opinion| format!("{}/100", opinion.score)).unwrap_or_default()),
        (words.publisher, publishers),
        (words.platforms, details.platforms.as_ref().map(platforms).unwrap_or_default()),
        (words.genres, genres.join(", ")),
    ];
    for (name, value) in fields {
        if let Some(value) = line(&value) {
            item = item.inline_field(name, escape(&value));
        }
    }
    if details.is_mature() { item.sensitive() } else { item }
}

/// "R$ 32,99 (−50 %)", or that there is none to pay.
fn price(details: &Details, words: &Words) -> String {
    match &details.price_overview {
        Some(price) if price.discount_percent > 0 => {
            format!("{} (−{} %)", price.final_formatted, price.discount_percent)
        }
        Some(price) => price.final_formatted.clone(),
        None if details.is_free => words.free.to_owned(),
        None => String::new(),
    }
}

fn platforms(platforms: &Platforms) -> String {
    let names = [(platforms.windows, "Windows"), (platforms.mac, "macOS"), (platforms.linux, "Linux")];
    names.into_iter().filter(|(runs, _)| *runs).map(|(_, name)| name).collect::<Vec<_>>().join(", ")
}
