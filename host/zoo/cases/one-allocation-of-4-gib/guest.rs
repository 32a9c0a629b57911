//! The largest allocation there is must fail and not wrap around.

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        Ok(told(match Vec::<u8>::new().try_reserve_exact(isize::MAX as usize) {
            Ok(()) => "there was room",
            Err(_) => "there was none",
        }))
    }
}
