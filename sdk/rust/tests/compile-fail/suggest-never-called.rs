use autocontent_sdk::prelude::*;

autocontent_sdk::provider!("plain.toml");

struct News;

#[autocontent_sdk::export]
impl Provider for News {
    type Command = Command;

    fn find(_: Request<Command>) -> Result<Page, Failure> {
        Err(Failure::NothingFound)
    }

    fn suggest(_: Partial<Typing>) -> Vec<Choice> {
        Vec::new()
    }
}

fn main() {}
