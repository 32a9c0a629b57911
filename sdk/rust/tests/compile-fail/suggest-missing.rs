use autocontent_sdk::prelude::*;

autocontent_sdk::provider!("completed.toml");

struct News;

#[autocontent_sdk::export]
impl Provider for News {
    type Command = Command;

    fn find(_: Request<Command>) -> Result<Page, Failure> {
        Err(Failure::NothingFound)
    }
}

fn main() {}
