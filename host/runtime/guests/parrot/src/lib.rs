//! A provider that answers what it is told to.
//!
//! A script is words with a space between them: `items:a,b` are the page's items (after the cursor `x` they are called
//! `x-a`, `x-b`), `sensitive:b` rates one, `next:x` is the first page's cursor, `pages:3` makes so many pages whose
//! cursors are their numbers, `cache:60` allows a page to be kept, `fail:busy` fails so, `log:hello` logs that and what
//! would paint a terminal red, `panic` panics, `fetch` waits for an HTTP answer, `action:again` gives each item a button,
//! `file:cat.png` a picture of that name, `torn:x` fails after the cursor `x`.

use std::time::Duration;

use autocontent_sdk::http::Request as HttpRequest;
use autocontent_sdk::prelude::*;
use autocontent_sdk::{Blob, log, provider, system};

provider!("provider.toml");

/// The beginning of a PNG, with the line breaks that a form must carry as they are.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\r\n--";

struct Parrot;

#[autocontent_sdk::export]
impl Provider for Parrot {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let (script, friend) = match &request.command {
            Command::Parrot { script, friend } => (script, friend.as_ref()),
            Command::PatientParrot { script } | Command::RudeParrot { script } => (script, None),
        };
        let said = |name: &str| script.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix(':'));
        if script.split(' ').any(|word| word == "fetch") {
            HttpRequest::get("https://example.com/").send().map_err(|error| Failure::Upstream(format!("{error:?}")))?;
        }
        if let Some(line) = said("log") {
            log::warn(format!("{line}\u{1b}[31m\nred"));
        }
        assert!(!script.split(' ').any(|word| word == "panic"), "told to");
        if said("torn").is_some() && said("torn") == request.cursor.as_deref() {
            return Err(Failure::Upstream("torn".into()));
        }
        match said("fail") {
            Some("busy") => return Err(Failure::Busy(Some(7))),
            Some("upstream") => return Err(Failure::Upstream("the upstream's own words".into())),
            Some("misconfigured") => return Err(Failure::Misconfigured("a secret is missing".into())),
            Some("argument") => return Err(Failure::invalid_argument("script", "not this one")),
            Some(_) => return Err(Failure::Internal("told to".into())),
            None => {}
        }
        let prefix = request.cursor.as_ref().map(|cursor| format!("{cursor}-")).unwrap_or_default();
        // Differs from call to call, so that a page from the host's memory can be told from a new one.
        let call = system::random(8).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let items = said("items").unwrap_or_default().split(',').filter(|id| !id.is_empty()).map(|id| {
            let item = Item::new(format!("{prefix}{id}"), Kind::Echo).title(id).text(call.clone()).state(id);
            let item = item.field("user", &request.audience.user).field("scope", &request.audience.scope);
            let item = match friend {
                Some(friend) => item.field("friend", friend.as_str()),
                None => item,
            };
            let item = if said("sensitive") == Some(id) { item.sensitive() } else { item };
            let item = match said("file") {
                Some(name) => {
                    let (file_name, mime) = (name.to_owned(), "image/png".to_owned());
                    item.media(Blob { file_name, mime, data: PICTURE.repeat(1_000) })
                }
                None => item,
            };
            match said("action") {
                Some(action) => item.action(Action::new(action, action)),
                None => item,
            }
        });
        let number = request.cursor.as_ref().and_then(|cursor| cursor.parse().ok()).unwrap_or(1_u32);
        let next = match said("pages").and_then(|pages| pages.parse::<u32>().ok()) {
            Some(pages) => (number < pages).then(|| (number + 1).to_string()),
            None if request.cursor.is_none() => said("next").map(str::to_owned),
            None => None,
        };
        let page = Page::of(items).next(next);
        Ok(match said("cache").and_then(|seconds| seconds.parse().ok()) {
            Some(seconds) => page.cache_for(Duration::from_secs(seconds)),
            None => page,
        })
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let mut choices = vec![
            Choice::new(partial.typed.clone(), partial.typed),
            Choice::new("x".repeat(150), "long label"),
            Choice::new("", "none"),
        ];
        choices.extend((0..40).map(|number| Choice::new(format!("choice {number}"), format!("items:{number}"))));
        choices
    }

    fn act(press: Press<Command>) -> Result<Page, Failure> {
        let state = press.state.unwrap_or_default();
        let text = format!("{} on {} with {state}", press.action, press.item);
        Ok(Item::new(format!("{}/{}", press.item, press.action), Kind::Echo)
            .text(text)
            .field("user", press.request.audience.user)
            .into())
    }
}
