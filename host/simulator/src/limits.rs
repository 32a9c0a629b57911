//! Rate limits: per route and token, the global one, and the count of invalid requests.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use crate::{Endpoint, Snowflake, clock::millis};

/// The window in which Cloudflare counts invalid requests: 10 minutes.
const INVALID_WINDOW: u64 = 10 * 60 * 1_000;

/// How many calls a bucket takes in how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Calls in one window.
    pub calls: u32,
    /// How long a window is.
    pub per: Duration,
}

/// A bucket's window: when it ends, in milliseconds since the Unix epoch, and what was used of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bucket {
    ends: u64,
    used: u32,
}

/// What the headers say after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Milliseconds since the Unix epoch.
    pub(crate) resets: u64,
    /// Milliseconds from now.
    pub(crate) reset_after: u64,
    /// Whether the call is over the limit.
    pub(crate) exceeded: bool,
}

impl Bucket {
    /// Counts a call at `now`; the first one of a window starts it.
    pub(crate) fn take(&mut self, limit: Limit, now: u64) -> Standing {
        if now >= self.ends {
            *self = Bucket { ends: now + millis(limit.per), used: 0 };
        }
        let exceeded = self.used >= limit.calls;
        if !exceeded {
            self.used += 1;
        }
        Standing {
            limit: limit.calls,
            remaining: limit.calls - self.used,
            resets: self.ends,
            reset_after: self.ends - now,
            exceeded,
        }
    }
}

/// The buckets of one bot.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    routes: HashMap<(Endpoint, Option<Snowflake>), Bucket>,
    global: Bucket,
}

impl Limits {
    /// The bucket of a route; `major` is the channel's id where the route has one.
    pub(crate) fn route(&mut self, endpoint: Endpoint, major: Option<Snowflake>) -> &mut Bucket {
        self.routes.entry((endpoint, major)).or_default()
    }

    pub(crate) fn global(&mut self, calls: u32, now: u64) -> Standing {
        self.global.take(Limit { calls, per: Duration::from_secs(1) }, now)
    }
}

/// The limit of a route where the configuration names no other. Discord documents none of these numbers: they are
/// what it is seen to answer, and clients must read the headers.
pub(crate) fn usual(endpoint: Endpoint) -> Limit {
    let (calls, seconds) = match endpoint {
        Endpoint::CreateInteractionResponse
        | Endpoint::CreateMessage
        | Endpoint::EditMessage
        | Endpoint::DeleteMessage
        | Endpoint::GetCurrentApplication
        | Endpoint::EditCurrentApplication
        | Endpoint::GetMessage
        | Endpoint::ListMessages => (5, 5),
        Endpoint::CreateFollowup
        | Endpoint::GetOriginal
        | Endpoint::EditOriginal
        | Endpoint::DeleteOriginal
        | Endpoint::GetFollowup
        | Endpoint::EditFollowup
        | Endpoint::DeleteFollowup => (5, 2),
        Endpoint::GetGateway | Endpoint::GetGatewayBot => (2, 5),
        Endpoint::GetCurrentUser => (30, 30),
        Endpoint::CreateDm => (10, 10),
        Endpoint::ListCommands
        | Endpoint::CreateCommand
        | Endpoint::OverwriteCommands
        | Endpoint::GetCommand
        | Endpoint::EditCommand
        | Endpoint::DeleteCommand => (5, 20),
    };
    Limit { calls, per: Duration::from_secs(seconds) }
}

/// Answers of 401, 403 and 429, which ban an address when there are too many.
#[derive(Debug, Default)]
pub(crate) struct InvalidRequests(VecDeque<u64>);

impl InvalidRequests {
    pub(crate) fn count(&mut self, now: u64) {
        self.0.push_back(now);
        self.forget(now);
    }

    /// How many in the last 10 minutes.
    pub(crate) fn recent(&mut self, now: u64) -> usize {
        self.forget(now);
        self.0.len()
    }

    fn forget(&mut self, now: u64) {
        while self.0.front().is_some_and(|at| at + INVALID_WINDOW <= now) {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_refuses_the_call_after_its_last_and_opens_with_the_next_window() {
        let limit = Limit { calls: 2, per: Duration::from_secs(1) };
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(limit, 5_000).remaining, 1);
        assert_eq!(bucket.take(limit, 5_400).remaining, 0);
        let refused = bucket.take(limit, 5_900);
        assert!(refused.exceeded);
        assert_eq!((refused.resets, refused.reset_after), (6_000, 100));
        assert!(!bucket.take(limit, 6_000).exceeded);
    }

    #[test]
    fn invalid_requests_are_forgotten_after_ten_minutes() {
        let mut invalid = InvalidRequests::default();
        invalid.count(1_000);
        invalid.count(2_000);
        assert_eq!(invalid.recent(600_999), 2);
        assert_eq!(invalid.recent(601_000), 1);
        assert_eq!(invalid.recent(602_000), 0);
    }
}
