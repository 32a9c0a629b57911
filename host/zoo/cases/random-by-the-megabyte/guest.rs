//! Randomness is given in small portions, and each is a call.

use autocontent_sdk::prelude::*;
use autocontent_sdk::system;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        let length = request.command.0.parse().unwrap_or_default();
        Ok(told(system::random(length).len().to_string()))
    }
}
