//! The contract's imports, answered from this thread's memory.

use std::cell::RefCell;
use std::collections::BTreeMap;

use autocontent_recordings::Player;

use crate::Audience;
use crate::http::{Error, Method, Request, Response};
use crate::log::Level;
use crate::settings::Value;
use crate::system::Random;

use super::replay;

thread_local! {
    static FAKES: RefCell<Fakes> = RefCell::new(Fakes::new());
}

/// Gives access to this thread's fakes.
pub(crate) fn with<T>(use_them: impl FnOnce(&mut Fakes) -> T) -> T {
    FAKES.with_borrow_mut(use_them)
}

/// From now on calls serve this audience.
pub(crate) fn serve(audience: &Audience) {
    with(|fakes| {
        fakes.place.clone_from(&audience.scope);
        fakes.member.clone_from(&audience.user);
    });
}

pub(crate) struct Fakes {
    pub(crate) now: u64,
    random: Random,
    pub(crate) settings: BTreeMap<String, Value>,
    pub(crate) answers: Vec<Answer>,
    /// Asked where no answer was set.
    pub(crate) recordings: Option<Player>,
    pub(crate) requests: Vec<Request>,
    pub(crate) log: Vec<(Level, String)>,
    place: String,
    member: String,
    stored: BTreeMap<(Owner, String), Entry>,
}

pub(crate) struct Answer {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) answer: Result<Response, Error>,
}

/// Whose data an entry of the storage is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Provider,
    Place(String),
    Member(String),
}

struct Entry {
    value: Vec<u8>,
    /// In milliseconds since the Unix epoch.
    ends: Option<u64>,
}

impl Fakes {
    /// 2026-01-01, in milliseconds since the Unix epoch.
    const START: u64 = 1_767_225_600_000;

    pub(crate) fn new() -> Fakes {
        Fakes {
            now: Self::START,
            random: Random::seeded(0),
            settings: BTreeMap::new(),
            answers: Vec::new(),
            recordings: None,
            requests: Vec::new(),
            log: Vec::new(),
            place: String::new(),
            member: String::new(),
            stored: BTreeMap::new(),
        }
    }

    pub(crate) fn seed(&mut self, seed: u64) {
        self.random = Random::seeded(seed);
    }

    fn fetch(&mut self, request: &Request) -> Result<Response, Error> {
        self.requests.push(request.clone());
        let known = self.answers.iter().find(|known| known.method == request.method && known.url == request.url);
        match (known, &self.recordings) {
            (Some(known), _) => known.answer.clone(),
            (None, Some(recordings)) => replay::answer(recordings, request, word(request.method)),
            (None, None) => {
                Err(Error::Denied(format!("the test has no answer to {} {}", word(request.method), request.url)))
            }
        }
    }
}

/// The method as HTTP writes it.
fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}

pub(crate) mod http {
    use super::{Error, Request, Response, with};

    pub(crate) fn fetch(request: &Request) -> Result<Response, Error> {
        with(|fakes| fakes.fetch(request))
    }

    pub(crate) fn fetch_all(requests: &[Request]) -> Vec<Result<Response, Error>> {
        requests.iter().map(fetch).collect()
    }
}

pub(crate) mod storage {
    use super::{Entry, Fakes, Owner, with};
    use crate::storage::{Error, Scope};

    /// How many keys the host lists at once.
    const LISTED: u32 = 1_000;

    pub(crate) fn get(scope: Scope, key: &str) -> Result<Option<Vec<u8>>, Error> {
        check(key, &[])?;
        with(|fakes| Ok(fakes.entry(scope, key).map(|entry| entry.value.clone())))
    }

    pub(crate) fn set(scope: Scope, key: &str, value: &[u8], ttl: Option<u32>) -> Result<(), Error> {
        check(key, value)?;
        with(|fakes| {
            let ends = ttl.map(|seconds| fakes.now.saturating_add(u64::from(seconds) * 1000));
            let owner = fakes.owner(scope);
            fakes.stored.insert((owner, key.into()), Entry { value: value.into(), ends });
        });
        Ok(())
    }

    pub(crate) fn delete(scope: Scope, key: &str) -> Result<(), Error> {
        check(key, &[])?;
        with(|fakes| fakes.stored.remove(&(fakes.owner(scope), key.into())));
        Ok(())
    }

    pub(crate) fn increment(scope: Scope, key: &str, by: i64) -> Result<i64, Error> {
        check(key, &[])?;
        with(|fakes| {
            let (text, ends) = match fakes.entry(scope, key) {
                Some(entry) => (String::from_utf8_lossy(&entry.value).into_owned(), entry.ends),
                None => ("0".into(), None),
            };
            let count = text.parse::<i64>().ok().and_then(|count| count.checked_add(by)).ok_or(Error::TooLarge)?;
            let owner = fakes.owner(scope);
            fakes.stored.insert((owner, key.into()), Entry { value: count.to_string().into_bytes(), ends });
            Ok(count)
        })
    }

    pub(crate) fn keys(scope: Scope, prefix: &str, after: Option<&str>, limit: u32) -> Result<Vec<String>, Error> {
        with(|fakes| {
            let owner = fakes.owner(scope);
            let fits = |key: &str| key.starts_with(prefix) && after.is_none_or(|after| key > after);
            let own = fakes
                .stored
                .iter()
                .filter(|((other, key), entry)| *other == owner && fits(key) && !entry.is_over(fakes.now));
            Ok(own
                .map(|((_, key), _)| key.clone())
                .take(usize::try_from(limit.min(LISTED)).unwrap_or(usize::MAX))
                .collect())
        })
    }

    /// The contract's limits on keys and values, in bytes.
    fn check(key: &str, value: &[u8]) -> Result<(), Error> {
        let fits = (1..=256).contains(&key.len()) && value.len() <= 64 << 10;
        fits.then_some(()).ok_or(Error::TooLarge)
    }

    impl Fakes {
        fn owner(&self, scope: Scope) -> Owner {
            match scope {
                Scope::Provider => Owner::Provider,
                Scope::Place => Owner::Place(self.place.clone()),
                Scope::Member => Owner::Member(self.member.clone()),
            }
        }

        fn entry(&self, scope: Scope, key: &str) -> Option<&Entry> {
            self.stored.get(&(self.owner(scope), key.into())).filter(|entry| !entry.is_over(self.now))
        }
    }

    impl Entry {
        fn is_over(&self, now: u64) -> bool {
            self.ends.is_some_and(|ends| ends <= now)
        }
    }
}

pub(crate) mod settings {
    use super::{Value, with};

    pub(crate) fn get(name: &str) -> Option<Value> {
        with(|fakes| fakes.settings.get(name).cloned())
    }
}

pub(crate) mod log {
    use super::{Level, with};

    pub(crate) fn write(level: Level, message: &str) {
        with(|fakes| fakes.log.push((level, message.into())));
    }
}

pub(crate) mod system {
    use super::with;

    pub(crate) fn now() -> u64 {
        with(|fakes| fakes.now)
    }

    pub(crate) fn random(length: u32) -> Vec<u8> {
        with(|fakes| (0..length).map(|_| fakes.random.next_u64().to_le_bytes()[0]).collect())
    }
}
