//! Threads would run on when the answer is given.

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        Ok(told(match std::thread::Builder::new().spawn(|| ()) {
            Ok(_) => "it runs".to_owned(),
            Err(error) => error.to_string(),
        }))
    }
}
