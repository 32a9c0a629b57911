//! Plays recordings back.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::file::RecordingError;
use crate::nearest::{Missing, Place, missing};
use crate::recording::{Outcome, Recording, Request};

/// Answers requests from recordings. The same request several times is answered in the order of its exchanges, and then with
/// the last of them again and again.
#[derive(Debug, Default)]
pub struct Player {
    now: Option<Timestamp>,
    files: usize,
    known: HashMap<Request, Vec<Outcome>>,
    places: Vec<Place>,
    asked: Mutex<Asked>,
}

#[derive(Debug, Default)]
struct Asked {
    times: HashMap<Request, usize>,
    missing: Vec<Missing>,
}

impl Player {
    /// Of recordings and what they are called in errors.
    #[must_use]
    pub fn new(recordings: impl IntoIterator<Item = (String, Recording)>) -> Player {
        let mut player = Player::default();
        for (name, recording) in recordings {
            player.files += 1;
            player.now = player.now.or(recording.now);
            for (number, exchange) in (1..).zip(recording.exchanges) {
                let place = Place { file: name.clone(), number, request: exchange.request.clone() };
                player.places.push(place);
                player.known.entry(exchange.request).or_default().push(exchange.outcome);
            }
        }
        player
    }

    /// Of files.
    ///
    /// # Errors
    ///
    /// Where one can't be read.
    pub fn load<P: AsRef<Path>>(files: impl IntoIterator<Item = P>) -> Result<Player, RecordingError> {
        let load = |file: P| {
            let file = file.as_ref();
            Ok((file.display().to_string(), Recording::load(file)?))
        };
        Ok(Player::new(files.into_iter().map(load).collect::<Result<Vec<_>, _>>()?))
    }

    /// What time it was when the first recording was made that says so.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// What is recorded for this request.
    ///
    /// # Errors
    ///
    /// Where nothing is; it is remembered for [`Player::take_missing`], too.
    pub fn answer(&self, request: &Request) -> Result<&Outcome, Missing> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(outcomes) = self.known.get(request) else {
            let missing = missing(request, &self.places, self.files);
            asked.missing.push(missing.clone());
            return Err(missing);
        };
        let times = asked.times.entry(request.clone()).or_default();
        let outcome = outcomes.get(*times).or(outcomes.last());
        *times += 1;
        outcome.ok_or_else(|| missing(request, &self.places, self.files))
    }

    /// What was asked for since the last time and isn't recorded.
    pub fn take_missing(&self) -> Vec<Missing> {
        std::mem::take(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner).missing)
    }

    /// The requests that were recorded and never asked for, in the order of the recordings.
    #[must_use]
    pub fn unasked(&self) -> Vec<&Request> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        self.places.iter().map(|place| &place.request).filter(|request| !asked.times.contains_key(*request)).collect()
    }
}
