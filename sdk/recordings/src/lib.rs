//! Recordings: what upstreams answered once, in a file that people read and write, to be played back instead of the network.
//!
//! A [`Recording`] is a list of exchanges; [`Player`] looks requests up in some of them, strictly: method, whole URL and body
//! must be the same, and a request that none has is told with the nearest one and what differs ([`Missing`]).
//! [`Recorder`] collects exchanges while they happen. No URL has a secret: secrets are added behind the look-up.
//!
//! - `recording`: what a recording is made of; `file`: its shape in JSON, with all that can be wrong with it
//! - `player`: the look-up; `nearest`: what to say where it fails; `recorder`: the other direction
//! - `indent`: JSON with line breaks, its numbers and the order of its keys kept as they came

mod file;
mod indent;
mod nearest;
mod player;
mod recorder;
mod recording;

pub use file::RecordingError;
pub use nearest::Missing;
pub use player::Player;
pub use recorder::Recorder;
pub use recording::{Exchange, Outcome, Recording, Request, Response, Unanswered};
