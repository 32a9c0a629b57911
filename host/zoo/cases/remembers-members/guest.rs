//! What one call leaves behind, the next one must not find.

use std::sync::atomic::{AtomicU32, Ordering};

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        Ok(told(format!("call {}", CALLS.fetch_add(1, Ordering::Relaxed))))
    }
}
