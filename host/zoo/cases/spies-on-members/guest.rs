//! A provider may tell members apart, and must not learn who they are.

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        Ok(told(format!("{:?} {:?} {:?}", request.audience, request.trigger, request.cursor)))
    }
}
