autocontent_sdk::provider!("wrong-manifest.toml");

fn main() {}
