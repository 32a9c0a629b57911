//! Storage that the manifest doesn't ask for is nobody's.

use autocontent_sdk::prelude::*;
use autocontent_sdk::storage::{self, Scope};
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        let set = storage::set(Scope::Provider, "key", "value", None);
        Ok(told(format!("{set:?} {:?}", storage::keys(Scope::Member, "", None, u32::MAX))))
    }
}
