//! A guest that ends its process must not end the host's.

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        match request.command.0.as_str() {
            "exit" => std::process::exit(0),
            "abort" => std::process::abort(),
            _ => Ok(told("nothing")),
        }
    }
}
