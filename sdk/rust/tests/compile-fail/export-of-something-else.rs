struct News;

#[autocontent_sdk::export]
struct Other;

#[autocontent_sdk::export]
impl News {}

#[autocontent_sdk::export(suggest)]
impl Clone for News {}

fn main() {}
