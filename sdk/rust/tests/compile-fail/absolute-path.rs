autocontent_sdk::provider!("/etc/provider.toml");

fn main() {}
