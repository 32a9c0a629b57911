//! Storage has a quota, keys have a length, and neither is the guest's to bend.

use std::time::Duration;

use autocontent_sdk::prelude::*;
use autocontent_sdk::storage::{self, Scope};
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        let (key, value) = match request.command.0.as_str() {
            "an empty key" => (String::new(), vec![1]),
            "a key of 256 bytes" => ("k".repeat(256), vec![1]),
            "a key of 257 bytes" => ("k".repeat(257), vec![1]),
            "a key with a zero" => ("k\0k".into(), vec![1]),
            "a key with an escape" => ("\u{1b}[2J".into(), vec![1]),
            "a value of 64 KiB" => ("large".into(), vec![1; 64 << 10]),
            "a value over 64 KiB" => ("large".into(), vec![1; (64 << 10) + 1]),
            "over the quota" => {
                let filled: Vec<_> = (0..9)
                    .map(|n| storage::set(Scope::Provider, &format!("fill{n}"), vec![1; 16 << 10], None))
                    .collect();
                for number in 0..9 {
                    storage::delete(Scope::Provider, &format!("fill{number}")).ok();
                }
                return Ok(told(format!("{:?} {:?}", filled.first(), filled.last())));
            }
            "a number that overflows" => {
                storage::delete(Scope::Member, "count").ok();
                let first = storage::increment(Scope::Member, "count", i64::MAX);
                return Ok(told(format!("{first:?} {:?}", storage::increment(Scope::Member, "count", 1))));
            }
            "a number of what is none" => {
                storage::set(Scope::Member, "text", "seven", None).ok();
                return Ok(told(format!("{:?}", storage::increment(Scope::Member, "text", 1))));
            }
            "ten thousand writes" => {
                let ends = (0..10_000_u32).map(|n| storage::set(Scope::Member, "again", n.to_le_bytes(), None));
                return Ok(told(format!("{} were refused", ends.filter(Result::is_err).count())));
            }
            _ => return Ok(told("nothing")),
        };
        let set = storage::set(Scope::Provider, &key, value, Some(Duration::MAX));
        let got = storage::get(Scope::Provider, &key).map(|value| value.map(|value| value.len()));
        storage::delete(Scope::Provider, &key).ok();
        Ok(told(format!("{set:?} {got:?}")))
    }
}
