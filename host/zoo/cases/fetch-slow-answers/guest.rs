//! A server that sends a byte now and then holds whoever waits for it.

use std::time::Duration;

use autocontent_sdk::http;
use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        let request = http::Request::get(request.command.0).timeout(Duration::from_millis(300));
        Ok(told(format!("{:?}", request.send().map(|response| response.status))))
    }
}
