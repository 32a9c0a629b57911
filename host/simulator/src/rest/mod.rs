//! The REST API: one entry for every call, which finds the route and the bot, lets faults strike, counts limits, reads
//! the body and hands it to the route.
//!
//! `route` reads paths, `body` bodies; `application`, `callback`, `webhook` and `channel` are the routes; `compose`
//! makes messages; `error` is what is answered where something is refused.

mod application;
mod body;
mod callback;
mod channel;
pub(crate) mod compose;
mod error;
mod route;
mod webhook;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use serde_json::{Value, json};

use self::route::{Owner, Route};
pub(crate) use self::{callback::from_endpoint as callback_from_endpoint, error::ApiError};
use crate::{
    Endpoint, Limit, Mentions, RequestRecord, RestFault,
    app::App,
    clock::millis,
    limits::{self, Bucket, Standing},
    live::Live,
    server::Breaker,
    world::{World, lock, read},
};

/// What a route answers when it does not refuse.
#[derive(Debug)]
pub(crate) enum Reply {
    /// 204.
    Empty,
    /// A status with JSON.
    Json(StatusCode, Value),
}

/// Answers a call.
pub(crate) async fn answer(
    State(world): State<Arc<World>>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(ban) = ban(&world) {
        return ban;
    }
    let call = Call::new(&world, &parts.method, &parts.uri, &parts.headers);
    let mut call = match call {
        Ok(call) => call,
        Err(error) => return finish(&world, &parts.method, &parts.uri, None, refusal(&error)),
    };
    let response = match call.strike(&breaker).await {
        Some(response) => response,
        None => call.serve(body).await,
    };
    finish(&world, &parts.method, &parts.uri, Some(&call), response)
}

/// A call whose route and bot are known.
struct Call<'a> {
    world: &'a Arc<World>,
    headers: &'a HeaderMap,
    query: &'a str,
    route: Route<'a>,
    /// The bot that asks, or whose interaction it is.
    app: Option<Arc<App>>,
    live: Option<Arc<Live>>,
    mentions: Mentions,
}

impl<'a> Call<'a> {
    fn new(world: &'a Arc<World>, method: &Method, uri: &'a Uri, headers: &'a HeaderMap) -> Result<Call<'a>, ApiError> {
        let route = route::parse(method, uri.path())?;
        let (app, live) = match route.owner {
            Owner::Interaction { id, token } => callback::find(world, id, token).unzip(),
            Owner::Webhook { application, token } => {
                let id = token.split('-').nth(1).and_then(|id| id.parse().ok());
                let (_, live) = id.and_then(|id| callback::find(world, id, token)).unzip();
                (world.app(application), live)
            }
            Owner::Asker | Owner::Application(_) | Owner::Channel(_) => (asker(world, headers), None),
        };
        let query = uri.query().unwrap_or_default();
        Ok(Call { world, headers, query, route, app, live, mentions: Mentions::NoMessage })
    }

    /// Lets a fault strike that waits for this call.
    async fn strike(&self, breaker: &Breaker) -> Option<Response> {
        let endpoint = self.route.endpoint;
        let of_bot = self.app.as_ref().and_then(|app| lock(&app.faults).strike_rest(endpoint));
        let fault = of_bot.or_else(|| lock(&self.world.faults).strike_rest(endpoint))?;
        match fault {
            RestFault::Slow(time) => {
                self.world.clock.sleep(time).await;
                None
            }
            RestFault::TooManyRequests { retry_after, global } => {
                let standing = Standing {
                    limit: 1,
                    remaining: 0,
                    resets: self.world.clock.millis() + millis(retry_after),
                    reset_after: millis(retry_after),
                    exceeded: true,
                };
                Some(too_many(endpoint, standing, global))
            }
            RestFault::Status(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let text = format!("{}: {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
                Some(json_response(status, &json!({ "message": text, "code": 0 })))
            }
            RestFault::Garbage => {
                let mut response = Response::new(Body::from("<html>\u{fffd}{{]"));
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                Some(response)
            }
            RestFault::Reset => {
                breaker.reset();
                Some(status_only(StatusCode::SERVICE_UNAVAILABLE))
            }
        }
    }

    async fn serve(&mut self, body: Body) -> Response {
        if let Err(error) = self.authorize() {
            return refusal(&error);
        }
        let standing = match self.count() {
            Ok(standing) => standing,
            Err(response) => return *response,
        };
        let mut response = match self.perform(body).await {
            Ok(Reply::Empty) => status_only(StatusCode::NO_CONTENT),
            Ok(Reply::Json(status, json)) => json_response(status, &json),
            Err(error) => refusal(&error),
        };
        if let Some(standing) = standing {
            rate_headers(response.headers_mut(), self.route.endpoint, standing);
        }
        response
    }

    /// Refuses who may not ask.
    fn authorize(&self) -> Result<(), ApiError> {
        match (self.route.owner, &self.app) {
            (Owner::Interaction { .. }, _) if self.live.is_none() => Err(ApiError::unknown_interaction()),
            (Owner::Webhook { .. }, None) => Err(ApiError::unknown_webhook()),
            (Owner::Webhook { .. }, Some(_)) if self.live.is_none() => Err(ApiError::invalid_webhook_token()),
            (Owner::Interaction { .. } | Owner::Webhook { .. }, _) => Ok(()),
            (_, None) if self.route.endpoint == Endpoint::GetGateway => Ok(()),
            (_, None) => Err(ApiError::unauthorized()),
            (Owner::Application(id), Some(app)) if id != app.id => match self.world.app(id) {
                Some(_) => Err(ApiError::coded(
                    StatusCode::FORBIDDEN,
                    20_012,
                    "You are not authorized to perform this action on this application",
                )),
                None => Err(ApiError::unknown_application()),
            },
            (Owner::Asker | Owner::Application(_) | Owner::Channel(_), Some(_)) => Ok(()),
        }
    }

    /// Counts the call against its limits: what the headers say, or the refusal.
    fn count(&self) -> Result<Option<Standing>, Box<Response>> {
        let Some(app) = &self.app else { return Ok(None) };
        let endpoint = self.route.endpoint;
        let config = &self.world.config;
        let now = self.world.clock.millis();
        if let Some(calls) = config.global_limit
            && endpoint != Endpoint::CreateInteractionResponse
        {
            let standing = lock(&app.limits).global(calls, now);
            if standing.exceeded {
                return Err(Box::new(too_many(endpoint, standing, true)));
            }
        }
        let set = read(&self.world.limits).get(&endpoint).copied();
        let limit: Limit = set.unwrap_or_else(|| limits::usual(endpoint));
        let standing = match (&self.live, self.route.owner) {
            // A callback is the only one of its bucket.
            (Some(_), Owner::Interaction { .. }) => Bucket::default().take(limit, now),
            // Each webhook token is a bucket of its own.
            (Some(live), _) => lock(&live.progress).bucket.take(limit, now),
            (None, Owner::Channel(id)) => lock(&app.limits).route(endpoint, Some(id)).take(limit, now),
            (None, _) => lock(&app.limits).route(endpoint, None).take(limit, now),
        };
        if standing.exceeded && (config.route_limits || set.is_some()) {
            return Err(Box::new(too_many(endpoint, standing, false)));
        }
        Ok(Some(standing))
    }

    async fn perform(&mut self, body: Body) -> Result<Reply, ApiError> {
        let Route { endpoint, owner, object } = self.route;
        let world = self.world;
        if endpoint == Endpoint::GetGateway {
            return Ok(Reply::Json(StatusCode::OK, json!({ "url": world.gateway_url.as_str() })));
        }
        let payload = body::read(self.headers, body, world.config.upload_limit).await?;
        self.mentions = mentions(endpoint, &payload.json);
        let app = self.app.as_ref().ok_or_else(ApiError::unauthorized)?;
        match (owner, &self.live) {
            (Owner::Interaction { .. }, Some(live)) => {
                callback::create(world, app, live, &payload, self.asks("with_response"))
            }
            (Owner::Webhook { .. }, Some(live)) => webhook::serve(world, app, live, endpoint, object, &payload),
            (Owner::Channel(id), _) => channel::serve(world, app, endpoint, id, object, &payload, self.query),
            (Owner::Application(_), _) => {
                let with_localizations = self.asks("with_localizations");
                application::commands(world, app, endpoint, object, &payload.json, with_localizations)
            }
            _ => match endpoint {
                Endpoint::GetGatewayBot => Ok(application::gateway_bot(world, app)),
                Endpoint::GetCurrentUser => Ok(Reply::Json(StatusCode::OK, app.user_json())),
                Endpoint::GetCurrentApplication => Ok(Reply::Json(StatusCode::OK, app.application_json())),
                Endpoint::EditCurrentApplication => application::edit(world, app, &payload.json).await,
                Endpoint::CreateDm => channel::create_dm(world, &payload.json),
                _ => Err(ApiError::no_such_route()),
            },
        }
    }

    /// Whether the query says `name=true`.
    fn asks(&self, name: &str) -> bool {
        let is_it =
            |pair: &str| pair.split_once('=').is_some_and(|(key, value)| key == name && matches!(value, "true" | "1"));
        self.query.split('&').any(is_it)
    }
}

/// The bot whose token the call carries.
fn asker(world: &World, headers: &HeaderMap) -> Option<Arc<App>> {
    let token = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bot ")?;
    world.app_with_token(token.trim())
}

/// What a message in the body says about mentions.
fn mentions(endpoint: Endpoint, body: &Value) -> Mentions {
    match endpoint {
        Endpoint::CreateInteractionResponse => match body["type"].as_u64() {
            Some(4 | 7) => Mentions::of(&body["data"]),
            _ => Mentions::NoMessage,
        },
        Endpoint::CreateFollowup
        | Endpoint::EditOriginal
        | Endpoint::EditFollowup
        | Endpoint::CreateMessage
        | Endpoint::EditMessage => Mentions::of(body),
        _ => Mentions::NoMessage,
    }
}

/// Writes down what was answered.
fn finish(world: &World, method: &Method, uri: &Uri, call: Option<&Call<'_>>, response: Response) -> Response {
    let status = response.status();
    let shared = response.headers().get("x-ratelimit-scope").is_some_and(|scope| scope == "shared");
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) && !shared {
        lock(&world.invalid).count(world.clock.millis());
    }
    lock(&world.log).push(RequestRecord {
        at: world.clock.now(),
        method: method.to_string(),
        path: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        endpoint: call.map(|call| call.route.endpoint),
        bot: call.and_then(|call| call.app.as_ref()).map(|app| app.id),
        status: status.as_u16(),
        mentions: call.map_or(Mentions::NoMessage, |call| call.mentions.clone()),
    });
    response
}

/// Cloudflare's answer to an address with too many invalid requests.
fn ban(world: &World) -> Option<Response> {
    let limit = world.config.invalid_request_limit?;
    if lock(&world.invalid).recent(world.clock.millis()) < limit {
        return None;
    }
    let mut response = Response::new(Body::from("error code: 1015"));
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("600"));
    headers.insert(header::SERVER, HeaderValue::from_static("cloudflare"));
    Some(response)
}

fn refusal(error: &ApiError) -> Response {
    json_response(error.status, &error.body)
}

fn status_only(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn json_response(status: StatusCode, json: &Value) -> Response {
    let mut response = Response::new(Body::from(json.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The answer to a call over its limit.
fn too_many(endpoint: Endpoint, standing: Standing, global: bool) -> Response {
    let retry_after = seconds(standing.reset_after);
    let text = "You are being rate limited.";
    let body = format!(r#"{{"message":"{text}","retry_after":{retry_after},"global":{global}}}"#);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // The header knows whole seconds only.
    headers.insert(header::RETRY_AFTER, HeaderValue::from(standing.reset_after.div_ceil(1_000)));
    let scope = HeaderName::from_static("x-ratelimit-scope");
    if global {
        headers.insert(HeaderName::from_static("x-ratelimit-global"), HeaderValue::from_static("true"));
        headers.insert(scope, HeaderValue::from_static("global"));
    } else {
        headers.insert(scope, HeaderValue::from_static("user"));
        rate_headers(headers, endpoint, standing);
    }
    response
}

fn rate_headers(headers: &mut HeaderMap, endpoint: Endpoint, standing: Standing) {
    let mut insert = |name: &'static str, value: HeaderValue| {
        headers.insert(HeaderName::from_static(name), value);
    };
    let text = |text: String| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
    insert("x-ratelimit-limit", HeaderValue::from(standing.limit));
    insert("x-ratelimit-remaining", HeaderValue::from(standing.remaining));
    insert("x-ratelimit-reset", text(seconds(standing.resets)));
    insert("x-ratelimit-reset-after", text(seconds(standing.reset_after)));
    insert("x-ratelimit-bucket", text(bucket(endpoint)));
}

/// Milliseconds as seconds with three decimals.
fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

/// An opaque name of 32 digits; the webhook routes of a token share one.
fn bucket(endpoint: Endpoint) -> String {
    let shared = match endpoint {
        Endpoint::GetOriginal
        | Endpoint::EditOriginal
        | Endpoint::DeleteOriginal
        | Endpoint::GetFollowup
        | Endpoint::EditFollowup
        | Endpoint::DeleteFollowup => Endpoint::CreateFollowup,
        endpoint => endpoint,
    };
    let spread = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835_u128;
    format!("{:032x}", spread.wrapping_mul(shared as u128 + 1))
}
