//! The pictures that a search found, kept while they are shown page by page: each search is paid for, and the host may forget
//! an answer of SerpAPI's at once.

use autocontent_sdk::http::Request;
use autocontent_sdk::storage::{self, Error, Scope};
use autocontent_sdk::text::digest;
use autocontent_sdk::{Failure, log};
use serde::{Deserialize, Serialize};

use crate::google::LASTS;

/// Bytes of a value in the storage.
const LARGEST: usize = 64 << 10;

/// A picture that can be shown.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Picture {
    pub(crate) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// The site that it stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<String>,
    /// Its page there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<String>,
}

/// What this search found lately.
pub(crate) fn found(search: &Request) -> Option<Vec<Picture>> {
    let kept = storage::get(Scope::Provider, &key(search)).unwrap_or_else(|error| {
        log::warn(format!("what a search found can't be looked up: {:?}", Failure::from(error)));
        None
    })?;
    let lines = kept.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).ok()).collect()
}

/// Keeps what this search found. Those for which there is no room are left out, here and now, so that pages go on rightly.
pub(crate) fn keep(search: &Request, pictures: &mut Vec<Picture>) {
    let mut lines = Vec::new();
    let fits = |picture: &Picture| {
        let before = lines.len();
        if serde_json::to_writer(&mut lines, picture).is_err() || lines.len() >= LARGEST {
            lines.truncate(before);
            return false;
        }
        lines.push(b'\n');
        true
    };
    pictures.retain(fits);
    match storage::set(Scope::Provider, &key(search), lines, Some(LASTS)) {
        Ok(()) => {}
        Err(Error::Full) => log::warn("there is no room for what a search found, so it is paid for again"),
        Err(error) => log::warn(format!("what a search found can't be kept: {:?}", Failure::from(error))),
    }
}

fn key(search: &Request) -> String {
    format!("google:{:032x}", digest(&[&search.url]))
}
