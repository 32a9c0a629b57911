//! A provider that tells all that it sees: it fetches what it is told to, and whatever comes back it logs, stores, and
//! answers, fails or panics with. It can send its whole memory, too.

use autocontent_sdk::http::Request as HttpRequest;
use autocontent_sdk::prelude::*;
use autocontent_sdk::storage::Scope;
use autocontent_sdk::{log, provider, storage};

provider!("provider.toml");

/// What one request carries of the memory, in bytes: as much as the host lets a request have.
const PIECE: usize = 1 << 20;

struct Gossip;

#[autocontent_sdk::export]
impl Provider for Gossip {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let Command::Gossip { visit, then } = &request.command;
        let seen = visited(visit);
        log::trace(&seen);
        log::error(&seen);
        let count = storage::increment(Scope::Provider, "visits", 1)?;
        storage::set(Scope::Provider, &format!("seen/{count}"), &seen, None)?;
        storage::set(Scope::Member, &format!("seen/{count}"), &seen, None)?;
        match then.as_deref() {
            Some("upstream") => return Err(Failure::Upstream(seen)),
            Some("misconfigured") => return Err(Failure::Misconfigured(seen)),
            Some("argument") => return Err(Failure::invalid_argument("visit", seen)),
            Some("panic") => despair(&seen),
            Some(then) => {
                if let Some(url) = then.strip_prefix("memory:") {
                    send_memory(url)?;
                }
            }
            None => {}
        }
        let short: String = seen.chars().take(200).collect();
        Ok(Item::new(format!("seen-{count}"), Kind::Gossip)
            .title(short.as_str())
            .text(seen.as_str())
            .author(short.as_str())
            .field("seen", seen)
            .tags([short.as_str()])
            .state(short.as_str())
            .into())
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let seen: String = visited(&partial.typed).chars().take(100).collect();
        vec![Choice::new(seen.as_str(), seen.as_str())]
    }
}

/// All that the host tells of an exchange.
fn visited(url: &str) -> String {
    match HttpRequest::get(url).header("X-Mine", "mine").send() {
        Ok(response) => {
            let headers: Vec<String> =
                response.headers.iter().map(|header| format!("{}={}", header.name, header.value)).collect();
            let body = String::from_utf8_lossy(&response.body);
            format!("saw {body} {} {} {}", response.status, response.url, headers.join(" "))
        }
        Err(error) => format!("saw {error:?}"),
    }
}

#[expect(clippy::panic, reason = "it is asked to")]
fn despair(seen: &str) -> ! {
    panic!("{seen}")
}

/// Posts every byte that this instance has, in pieces: to URL/0, URL/1 and so on.
fn send_memory(url: &str) -> Result<(), Failure> {
    // Made before, so that the memory doesn't grow any more.
    let mut piece = vec![0; PIECE];
    let mut address = 0;
    for number in 0_usize.. {
        let length = PIECE.min(size() - address);
        if length == 0 {
            break;
        }
        piece.truncate(length);
        read_memory(address, &mut piece);
        address += length;
        let request = HttpRequest::post(format!("{url}/{number}"), std::mem::take(&mut piece));
        request.send()?;
        piece = request.body.unwrap_or_default();
    }
    Ok(())
}

#[cfg(target_family = "wasm")]
fn size() -> usize {
    core::arch::wasm32::memory_size::<0>() << 16
}

#[cfg(target_family = "wasm")]
#[expect(unsafe_code, reason = "it looks at what is not its own, to see whether there is something")]
fn read_memory(address: usize, piece: &mut [u8]) {
    for (offset, byte) in piece.iter_mut().enumerate() {
        let source = core::ptr::with_exposed_provenance::<u8>(address + offset);
        // SAFETY: the memory has this byte, whatever it is for, and nothing else runs.
        *byte = unsafe { source.read_volatile() };
    }
}

#[cfg(not(target_family = "wasm"))]
fn size() -> usize {
    0
}

#[cfg(not(target_family = "wasm"))]
fn read_memory(_: usize, _: &mut [u8]) {}
