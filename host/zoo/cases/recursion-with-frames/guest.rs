//! Rust keeps its stack in memory, and must not grow into what lies beside it.

use std::hint::black_box;

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        Ok(told(deep(0).to_string()))
    }
}

#[expect(unconditional_recursion, reason = "it is what the case does")]
fn deep(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    deep(depth + 1) + frame.iter().sum::<u64>()
}
