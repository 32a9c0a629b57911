//! Headers decide where a request goes and where it ends; they are not the guest's.

use autocontent_sdk::http;
use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        let (name, value) = request.command.0.split_once('=').unwrap_or_default();
        let (url, name) = name.split_once(' ').unwrap_or_default();
        Ok(told(match http::Request::get(url).header(name, value).send() {
            Ok(response) => format!("{} {}", response.status, String::from_utf8_lossy(&response.body)),
            Err(error) => format!("refused: {error:?}"),
        }))
    }
}
