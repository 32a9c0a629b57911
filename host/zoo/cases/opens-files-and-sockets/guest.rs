//! Files, sockets and the environment are the operator's.

use autocontent_sdk::prelude::*;
use autocontent_zoo_guests::{How, told};

struct Misdeed;

#[autocontent_sdk::export]
impl Provider for Misdeed {
    type Command = How;

    fn find(_: Request<How>) -> Result<Page, Failure> {
        let file = std::fs::read("/etc/passwd").map(|_| ()).map_err(|error| error.to_string());
        let socket = std::net::TcpStream::connect("169.254.169.254:80").map(|_| ()).map_err(|error| error.to_string());
        let program = std::process::Command::new("sh").spawn().map(|_| ()).map_err(|error| error.to_string());
        let variables = std::env::var("DISCORD_TOKEN").is_ok() || std::env::var("PATH").is_ok();
        Ok(told(format!("{file:?} {socket:?} {program:?} {variables}")))
    }
}
