//! Does what the sandbox's tests ask it for, good and bad, in the way that the SDK's users would.

use std::hint::black_box;

use autocontent_sdk::prelude::*;
use autocontent_sdk::storage::Scope;
use autocontent_sdk::{Blob, http, provider, settings, storage, system};

provider!("provider.toml");

/// The provider.
#[derive(Debug)]
pub struct Probe;

#[autocontent_sdk::export]
impl Provider for Probe {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        match &request.command {
            Command::Echo { .. } => Ok(echo(&request)),
            Command::Keep => keep(),
            Command::Count { times } => count(*times),
            Command::Fetch => fetch(),
            Command::Setting { name } => match settings::get(name) {
                Some(value) => Ok(told(format!("{value:?}"))),
                None => Err(Failure::Misconfigured(name.clone())),
            },
            Command::Panic => despair(),
            Command::Recurse => Ok(told(recurse(0).to_string())),
            Command::Hoard => hoard(),
            Command::Spin => spin(),
            Command::Flood => Ok(told("x".repeat(3 << 20))),
        }
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let Typing::EchoText { integer, .. } = partial.typing;
        vec![Choice::new(format!("{} {integer:?}", partial.typed), partial.typed)]
    }

    fn act(press: Press<Command>) -> Result<Page, Failure> {
        Ok(told(format!("{} {} {:?} {:?}", press.action, press.item, press.state, press.request.command)))
    }
}

fn told(text: impl Into<String>) -> Page {
    Page::of([Item::new("told", Kind::Probe).text(text)])
}

/// Every field of an item, each with something in it.
fn echo(request: &Request<Command>) -> Page {
    let item = Item::new("echo", Kind::Probe)
        .title(format!("{:?}", request.command))
        .text(format!("{:?} {}", request.trigger, request.limit))
        .url("https://example.com/item")
        .media(Blob { file_name: "dot.gif".into(), mime: "image/gif".into(), data: vec![0, 159, 146, 150] })
        .thumbnail("https://example.com/thumbnail")
        .author(request.audience.user.as_str())
        .source(request.audience.scope.as_str())
        .field("place", format!("{:?}", request.audience.place))
        .inline_field("locale", request.audience.locale.as_str())
        .color(0x00_ab_cd)
        .published(system::now())
        .tags(["one", "two"])
        .sensitive()
        .action(Action::new("again", "Again"))
        .state("state");
    Page { cache_for: Some(60), ..Page::of([item]).next(request.cursor.clone()) }
}

fn keep() -> Result<Page, Failure> {
    storage::set(Scope::Provider, "a/1", [1, 2, 3], Some(std::time::Duration::from_secs(60)))?;
    storage::set(Scope::Provider, "a/2", [], None)?;
    storage::set(Scope::Member, "a/1", [9], None)?;
    let count = storage::increment(Scope::Place, "count", -7)?;
    storage::delete(Scope::Provider, "a/2")?;
    let (first, second) = (storage::get(Scope::Provider, "a/1")?, storage::get(Scope::Provider, "a/2")?);
    let keys = storage::keys(Scope::Provider, "a/", Some("a/0"), 10)?;
    Ok(told(format!("{first:?} {second:?} {count} {keys:?}")))
}

fn count(times: i64) -> Result<Page, Failure> {
    let mut count = 0;
    for _ in 0..times {
        count = storage::increment(Scope::Provider, "count", 1)?;
    }
    Ok(told(count.to_string()))
}

fn fetch() -> Result<Page, Failure> {
    let requests = ["https://example.com/a", "https://example.com/b"]
        .map(|url| http::Request::post(url, "body").header("Accept", "text/plain"));
    let mut told_of = Vec::new();
    for request in &requests {
        told_of.push(request.send()?.text()?);
    }
    for response in http::fetch_all(&requests) {
        told_of.push(response?.text()?);
    }
    Ok(told(told_of.join(" ")))
}

#[expect(clippy::panic, reason = "it is asked to")]
fn despair() -> ! {
    panic!("there is nothing\nleft to tell")
}

#[expect(unconditional_recursion, reason = "it is asked to")]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    recurse(depth + 1) + frame.iter().sum::<u64>()
}

fn hoard() -> ! {
    let mut hoard = Vec::new();
    loop {
        hoard.push(black_box(vec![1_u8; 1 << 16]));
    }
}

fn spin() -> ! {
    let mut number = 0_u64;
    loop {
        number = black_box(number.wrapping_add(1));
    }
}
