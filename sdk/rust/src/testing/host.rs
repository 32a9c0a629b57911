//! What a test sets up and looks at.

use std::marker::PhantomData;
use std::path::Path;
use std::rc::Rc;

use autocontent_recordings::Player;

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

    /// Answers requests from recordings: JSON files, by their paths from the crate's folder, that say what a server
    /// answers to which request.
    ///
    /// ```json
    /// {
    ///   "now": "2026-01-01T12:00:00Z",
    ///   "exchanges": [
    ///     {
    ///       "request": { "method": "GET", "url": "https://news.example/latest?page=1" },
    ///       "response": {
    ///         "status": 200,
    ///         "headers": { "content-type": "application/json" },
    ///         "json": [{ "title": "Comet seen" }]
    ///       }
    ///     },
    ///     { "request": { "method": "GET", "url": "https://news.example/latest?page=2" }, "error": "timeout" }
    ///   ]
    /// }
    /// ```
    ///
    /// A body is `json`, `text` or `base64`; an error is `timeout`, `too-large` or `unreachable`. Method, whole URL and
    /// body must be the same. The same request several times is answered in the order of the file, and then with the
    /// last again and again. One that is in no file gets [`Error::Denied`](http::Error::Denied), which names the nearest.
    /// Where `now` is there, the clock is set to it. Secrets stand in no URL: the host adds them later.
    ///
    /// # Panics
    ///
    /// Where a file can't be read; the message says where and why.
    #[track_caller]
    #[expect(clippy::panic, reason = "a test fails by panicking")]
    pub fn replay<P: AsRef<Path>>(&self, files: &[P]) {
        let recordings = Player::load(files).unwrap_or_else(|error| panic!("{error}"));
        if let Some(now) = recordings.now().and_then(|now| u64::try_from(now.as_millisecond()).ok()) {
            self.set_now(now);
        }
        fakes::with(|fakes| fakes.recordings = Some(recordings));
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
