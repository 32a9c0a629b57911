//! A panic in a destructor during a panic must end once.
#![expect(clippy::panic, reason = "it is what the case does")]

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::How;

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        let _guard = Guard;
        panic!("first")
    }
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        panic!("second");
    }
}
