//! What a test sets up and looks at.

use std::marker::PhantomData;
use std::rc::Rc;

use super::fakes::{self, Fakes};
use crate::http::{self, Header, Method};
use crate::settings;

/// The host of this thread's calls. Making one forgets all that an earlier test set up, and so does dropping it.
/// Without one, calls find the same: the clock stands at 2026-01-01, randomness starts from seed 0, no server
/// answers, nothing is stored or set.
#[derive(Debug)]
pub struct Host(PhantomData<Rc<()>>);

impl Host {
    /// A host as described above.
    #[expect(clippy::new_without_default, reason = "a default with an effect on the thread would surprise")]
    pub fn new() -> Host {
        fakes::with(|fakes| *fakes = Fakes::new());
        Host(PhantomData)
    }

    /// Sets the clock, in milliseconds since the Unix epoch. It moves only when told.
    pub fn set_now(&self, milliseconds: u64) {
        fakes::with(|fakes| fakes.now = milliseconds);
    }

    /// Starts randomness anew from a seed.
    pub fn set_seed(&self, seed: u64) {
        fakes::with(|fakes| fakes.seed(seed));
    }

    /// Sets a setting.
    pub fn set_setting(&self, name: &str, value: settings::Value) {
        fakes::with(|fakes| fakes.settings.insert(name.into(), value));
    }

    /// Answers a GET request to exactly this URL, as often as it is sent.
    pub fn answer(&self, url: &str, status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) {
        let headers = headers.iter().map(|(name, value)| Header { name: (*name).into(), value: (*value).into() });
        let response = http::Response { status, headers: headers.collect(), body: body.into(), url: url.into() };
        self.answer_with(Method::Get, url, Ok(response));
    }

    /// Answers a request of this method to exactly this URL, or lets it fail, as often as it is sent.
    pub fn answer_with(&self, method: Method, url: &str, answer: Result<http::Response, http::Error>) {
        fakes::with(|fakes| {
            fakes.answers.retain(|known| (known.method, known.url.as_str()) != (method, url));
            fakes.answers.push(fakes::Answer { method, url: url.into(), answer });
        });
    }

    /// The HTTP requests sent so far.
    pub fn requests(&self) -> Vec<http::Request> {
        fakes::with(|fakes| fakes.requests.clone())
    }

    /// The lines written so far.
    pub fn log(&self) -> Vec<(crate::log::Level, String)> {
        fakes::with(|fakes| fakes.log.clone())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        fakes::with(|fakes| *fakes = Fakes::new());
    }
}
