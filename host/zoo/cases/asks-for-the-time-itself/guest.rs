//! The standard library's clock would tell more than the contract's.

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        let began = std::time::Instant::now();
        Ok(told(format!("{:?}", began.elapsed())))
    }
}
