//! A redirect leads a request that was allowed to where it was not.

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, fetched, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        Ok(told(fetched(&request.command.0)))
    }
}
