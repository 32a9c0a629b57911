//! One call, with as many attempts as it may have.

use std::time::Duration;

use autocontent_content::Random;
use bytes::Bytes;
use reqwest::{
    Method, Response, StatusCode,
    header::{AUTHORIZATION, HeaderMap, RETRY_AFTER},
};
use serde::Deserialize;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{
    Payload, Rest, RestError,
    error::ALREADY_ANSWERED,
    limiter::{Quota, Target},
};
use crate::pace;

/// A call that has an answer of 5xx, or none, is sent at most this often in all.
const MOST_ATTEMPTS: u32 = 6;
/// Time for one answer, unless it is a callback that could still be sent again.
const PATIENCE: Duration = Duration::from_secs(15);
/// A callback without an answer after this time is sent again: Discord takes only one of the two.
const CALLBACK_PATIENCE: Duration = Duration::from_millis(1_200);

/// A call to make.
pub(super) struct Call<'a> {
    pub(super) target: Target,
    pub(super) method: Method,
    /// Path and query. Holds the interaction's token, so it is in no log.
    pub(super) path: String,
    pub(super) body: Option<&'a Payload>,
    pub(super) retry: Retry,
    /// No attempt begins later than this.
    pub(super) until: Instant,
}

/// What may be sent again when it is unknown whether Discord did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Retry {
    /// Doing it twice is the same as doing it once.
    Safe,
    /// Only what surely never arrived.
    IfUnsent,
    /// Discord refuses the second with 40060, which then counts as success.
    Callback,
}

/// How an attempt ended.
enum Attempt {
    Done(Bytes),
    /// Worth another attempt, unless time is up.
    Again {
        error: RestError,
        /// Discord says when; otherwise the pause grows with each attempt.
        at: Option<Instant>,
    },
    Failed(RestError),
}

impl Rest {
    /// Makes the call: waits for its turn, sends it, learns from the answer and tries again where that is safe.
    pub(super) async fn send(&self, call: Call<'_>) -> Result<Bytes, RestError> {
        let mut attempts = 0;
        loop {
            self.turn(&call).await?;
            attempts += 1;
            let (error, at) = match self.attempt(&call, attempts).await {
                Attempt::Done(body) => return Ok(body),
                Attempt::Failed(error) => return Err(error),
                Attempt::Again { error, at } => (error, at),
            };
            let at = at.unwrap_or_else(|| Instant::now() + pause(&call, attempts, &*self.wire.random));
            if attempts >= MOST_ATTEMPTS || at >= call.until {
                return Err(error);
            }
            tracing::debug!(endpoint = %call.target.endpoint, attempts, error = %error.chain(), "call is tried again");
            sleep_until(at).await;
        }
    }

    /// Waits until the limits let the call go.
    async fn turn(&self, call: &Call<'_>) -> Result<(), RestError> {
        let endpoint = call.target.endpoint;
        loop {
            let now = Instant::now();
            if self.refused() && !endpoint.uses_interaction_token() {
                return Err(RestError::Unauthorized);
            }
            if let Some(until) = self.guard.stopped_until(now).max(self.wire.guard.stopped_until(now)) {
                return Err(RestError::Guarded { endpoint, wait: until - now });
            }
            match self.limiter.take(call.target, now) {
                Ok(()) if now >= call.until => return Err(RestError::TooLate { endpoint }),
                Ok(()) => return Ok(()),
                Err(until) if until >= call.until => return Err(RestError::Limited { endpoint, wait: until - now }),
                Err(until) => sleep_until(until).await,
            }
        }
    }

    async fn attempt(&self, call: &Call<'_>, attempts: u32) -> Attempt {
        let endpoint = call.target.endpoint;
        let url = format!("{}{}", self.wire.base, call.path);
        let request =
            self.wire.client.request(call.method.clone(), url).header(AUTHORIZATION, self.authorization.clone());
        let request = match call.body {
            Some(payload) => payload.attach(request),
            None => request,
        };
        let now = Instant::now();
        let patience = now + patience(call, now);
        let response = match timeout_at(patience, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let again = call.retry != Retry::IfUnsent || error.is_connect();
                // Without its address, which holds the interaction's token.
                return unanswered(again, RestError::Unreachable { endpoint, source: error.without_url() });
            }
            Err(_) => return unanswered(call.retry != Retry::IfUnsent, RestError::TooLate { endpoint }),
        };
        self.judge(call, response, attempts, patience).await
    }

    /// Learns from an answer, and says what it means.
    async fn judge(&self, call: &Call<'_>, response: Response, attempts: u32, patience: Instant) -> Attempt {
        let (endpoint, now) = (call.target.endpoint, Instant::now());
        let (status, headers) = (response.status(), response.headers().clone());
        if let Some(quota) = quota(&headers) {
            self.limiter.learn(call.target, quota, now);
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS)
            && text(&headers, "x-ratelimit-scope") != Some("shared")
        {
            self.guard.count(now);
            self.wire.guard.count(now);
        }
        let body = match timeout_at(patience, response.bytes()).await {
            Ok(Ok(body)) => body,
            // Discord did it; what it said about it is lost.
            _ if status.is_success() && call.retry != Retry::Safe => return Attempt::Done(Bytes::new()),
            Ok(Err(error)) => {
                return unanswered(
                    call.retry != Retry::IfUnsent,
                    RestError::Unreachable { endpoint, source: error.without_url() },
                );
            }
            Err(_) => return unanswered(call.retry != Retry::IfUnsent, RestError::TooLate { endpoint }),
        };
        if status.is_success() {
            return Attempt::Done(body);
        }
        let said = Said::parse(&body);
        match status {
            StatusCode::UNAUTHORIZED if !endpoint.uses_interaction_token() => {
                self.refused.store(true, std::sync::atomic::Ordering::Relaxed);
                Attempt::Failed(RestError::Unauthorized)
            }
            StatusCode::TOO_MANY_REQUESTS => {
                let wait = said.retry_after.or_else(|| seconds(text(&headers, RETRY_AFTER.as_str())?));
                let wait = wait.unwrap_or(Duration::from_secs(5));
                // A 429 that names no scope comes from before Discord's API and means everything.
                let global = said.global || text(&headers, "x-ratelimit-scope").is_none_or(|scope| scope == "global");
                self.limiter.refused(call.target, wait, global, now);
                Attempt::Again { error: RestError::Limited { endpoint, wait }, at: Some(now + wait) }
            }
            _ if call.retry == Retry::Callback && attempts > 1 && said.code == ALREADY_ANSWERED => {
                Attempt::Done(Bytes::new())
            }
            _ => {
                let again = status.is_server_error() && call.retry != Retry::IfUnsent;
                let error =
                    RestError::Refused { endpoint, status: status.as_u16(), code: said.code, message: said.message };
                unanswered(again, error)
            }
        }
    }
}

fn unanswered(again: bool, error: RestError) -> Attempt {
    if again { Attempt::Again { error, at: None } } else { Attempt::Failed(error) }
}

/// How long an attempt that begins now may take.
fn patience(call: &Call<'_>, now: Instant) -> Duration {
    // The last attempt that fits is heard out: Discord may have taken it.
    let another_fits = now + CALLBACK_PATIENCE + Duration::from_millis(100) < call.until;
    if call.retry == Retry::Callback && another_fits { CALLBACK_PATIENCE } else { PATIENCE }
}

/// The pause before another attempt: short for a callback, which has three seconds in all.
fn pause(call: &Call<'_>, attempts: u32, random: &dyn Random) -> Duration {
    let (first, longest) = match call.retry {
        Retry::Callback => (Duration::from_millis(80), Duration::from_millis(640)),
        Retry::Safe | Retry::IfUnsent => (Duration::from_millis(300), Duration::from_secs(10)),
    };
    pace::backoff(attempts - 1, first, longest, random)
}

/// The body of a refusal.
#[derive(Debug, Default)]
struct Said {
    code: u64,
    message: String,
    retry_after: Option<Duration>,
    global: bool,
}

impl Said {
    fn parse(body: &[u8]) -> Said {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Json {
            code: u64,
            message: String,
            retry_after: Option<f64>,
            global: bool,
            errors: serde_json::Value,
        }
        let json = serde_json::from_slice::<Json>(body).unwrap_or_default();
        let mut message = json.message;
        if !json.errors.is_null() {
            message = format!("{message} {}", json.errors);
        }
        // What it quotes of the request could be long.
        message = message.chars().take(500).collect();
        if message.is_empty() {
            message.push_str("no reason given");
        }
        let retry_after = json.retry_after.and_then(|wait| Duration::try_from_secs_f64(wait).ok());
        Said { code: json.code, message, retry_after, global: json.global }
    }
}

fn quota(headers: &HeaderMap) -> Option<Quota<'_>> {
    Some(Quota {
        bucket: text(headers, "x-ratelimit-bucket")?,
        limit: text(headers, "x-ratelimit-limit")?.parse().ok()?,
        remaining: text(headers, "x-ratelimit-remaining")?.parse().ok()?,
        reset_after: seconds(text(headers, "x-ratelimit-reset-after")?)?,
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()
}
