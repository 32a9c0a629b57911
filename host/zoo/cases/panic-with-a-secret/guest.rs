//! A guest that panics with all it was answered must not write a secret into the operator's log.
#![expect(clippy::panic, reason = "it is what the case does")]

use autocontent_sdk::http;
use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::How;

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        let answer = http::Request::get(request.command.0).send();
        panic!("{answer:?} {}", answer.as_ref().map(|answer| String::from_utf8_lossy(&answer.body)).unwrap_or_default())
    }
}
