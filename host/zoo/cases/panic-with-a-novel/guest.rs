//! A panic's message reaches the operator, and may be as long as memory.
#![expect(clippy::panic, reason = "it is what the case does")]

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::How;

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        panic!("{}", "chapter one\n\u{1b}[2Jit was a dark and stormy night ".repeat(10_000))
    }
}
