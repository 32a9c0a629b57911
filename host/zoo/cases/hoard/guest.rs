//! A guest that allocates until it fails is out of its own memory, not the host's.

use std::hint::black_box;

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::How;

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        let mut hoard = Vec::new();
        loop {
            hoard.push(black_box(vec![1_u8; 1 << 16]));
        }
    }
}
