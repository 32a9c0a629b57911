//! Ten thousand requests at once are an attack on somebody.

use autocontent_sdk::http;
use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        let requests = vec![http::Request::get("https://inside.example/"); 10_000];
        let answers = http::fetch_all(&requests);
        let exhausted = answers.iter().filter(|answer| matches!(answer, Err(http::Error::Exhausted))).count();
        Ok(told(format!("{} answers, {exhausted} exhausted", answers.len())))
    }
}
