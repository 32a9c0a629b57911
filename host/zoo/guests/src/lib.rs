//! What the hostile zoo's guests in Rust share. Each case's command has a name of its own, so there is no `provider!` here.

use autocontent_sdk::{Arguments, Command, Failure, Item, Page, http};

/// Any command, with the value of its option `how`; empty without.
#[derive(Debug)]
pub struct How(pub String);

impl Command for How {
    type Typing = ();
    const AUTOCOMPLETES: bool = false;

    fn parse(_: &str, mut arguments: Arguments) -> Result<How, Failure> {
        Ok(How(arguments.take("how")?.unwrap_or_default()))
    }

    fn typing(_: &str, _: &str, _: Arguments) -> Option<()> {
        None
    }
}

/// A page that keeps to the contract and says this.
pub fn told(text: impl Into<String>) -> Page {
    Page::of([Item::new("misdeed", "misdeed").text(text)])
}

/// What came of fetching this address: all that the guest sees of the response, or why there is none.
#[must_use]
pub fn fetched(url: &str) -> String {
    match http::Request::get(url).send() {
        Ok(response) => format!(
            "{} from {} {:?}: {}",
            response.status,
            response.url,
            response.headers,
            String::from_utf8_lossy(&response.body)
        ),
        Err(error) => format!("refused: {error:?}"),
    }
}
