autocontent_sdk::provider!("not-there.toml");

fn main() {}
