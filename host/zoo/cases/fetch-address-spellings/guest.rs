//! An address can be written in fifty ways, and all of them lead into the operator's own network.

use autocontent_sdk::http;
use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(request: Request<How>) -> Result<Page, Failure> {
        Ok(told(match http::Request::get(request.command.0).send() {
            Ok(response) => format!(
                "{} from {} {:?}: {}",
                response.status,
                response.url,
                response.headers,
                String::from_utf8_lossy(&response.body)
            ),
            Err(error) => format!("refused: {error:?}"),
        }))
    }
}
