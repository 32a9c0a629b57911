//! Calls to Discord's REST API.
//!
//! serenity knows the routes; the sending is ours, because the limits, retries and reasons to stop need to see the
//! headers of each answer, which serenity's own client keeps to itself (and its limiter keeps one bucket for every
//! interaction for ever). All bots share one [`Wire`], that is one pool of connections, and nothing else: each has a
//! [`Rest`] with its own limits and its own reasons to stop.

mod attempt;
mod endpoint;
mod error;
mod guard;
mod limiter;
mod payload;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use autocontent_content::{ApplicationId, ChannelId, Random};
use reqwest::{Client, Method, header::HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;
use serenity::{http::Route, model::gateway::BotGateway};
use tokio::time::Instant;
use url::Url;

use attempt::{Call, Retry};
use guard::Guard;
use limiter::{Limiter, Target};

pub(crate) use endpoint::Endpoint;
pub(crate) use error::RestError;
pub(crate) use payload::{File, Payload};

/// Discord answers the callback of an interaction only within this time of having sent it.
pub(crate) const CALLBACK_TIME: Duration = Duration::from_secs(3);
/// For this long after an interaction its token can be used; a minute less than Discord says.
pub(crate) const TOKEN_TIME: Duration = Duration::from_secs(14 * 60);

/// The connections to Discord that all bots of the process share.
pub(crate) struct Wire {
    client: Client,
    /// Scheme, host and port, without a slash at the end.
    base: String,
    guard: Guard,
    random: Arc<dyn Random>,
}

/// Discord's REST API as one bot may use it.
pub(crate) struct Rest {
    wire: Arc<Wire>,
    authorization: HeaderValue,
    limiter: Limiter,
    guard: Guard,
    /// Discord answered 401: the token is wrong and stays so.
    refused: AtomicBool,
}

/// The interaction that a call belongs to.
#[derive(Clone, Copy)]
pub(crate) struct InteractionRef<'a> {
    pub(crate) id: u64,
    pub(crate) application: u64,
    /// Secret for its 15 minutes.
    pub(crate) token: &'a str,
    /// When it arrived here.
    pub(crate) received: Instant,
}

/// Who the token belongs to.
#[derive(Debug, Deserialize)]
pub(crate) struct Application {
    pub(crate) id: serenity::model::id::ApplicationId,
    /// Hex of the Ed25519 key that signs interactions by HTTP.
    pub(crate) verify_key: String,
}

/// How long a connection that nobody uses is kept.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);

impl Wire {
    /// `base` is used instead of `https://discord.com`.
    pub(crate) fn new(base: Option<&Url>, random: Arc<dyn Random>) -> Result<Wire, reqwest::Error> {
        let client = Client::builder()
            // Discord wants to know the library; it is the one whose routes and types these are.
            .user_agent(serenity::constants::USER_AGENT)
            .tcp_nodelay(true)
            .connect_timeout(Duration::from_secs(5))
            // Over HTTP/2 all bots would share one connection, and so its congestion and its limit of streams.
            .http1_only()
            // As many as are busy at a time under load: what is closed has to be opened again, with TLS.
            .pool_max_idle_per_host(256)
            // When a thousand bots start, or a crowd has passed, each costs 25 KiB and more until it is closed.
            .pool_idle_timeout(IDLE_CONNECTION)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let base =
            base.map_or_else(|| "https://discord.com".to_owned(), |url| url.as_str().trim_end_matches('/').into());
        Ok(Wire { client, base, guard: Guard::new(guard::PROCESS_LIMIT), random })
    }
}

impl Rest {
    /// Fails when the token has characters that no header can carry.
    pub(crate) fn new(wire: Arc<Wire>, token: &SecretString) -> Result<Rest, RestError> {
        let mut authorization = HeaderValue::from_str(&format!("Bot {}", token.expose_secret().trim()))
            .map_err(|_| RestError::Unauthorized)?;
        authorization.set_sensitive(true);
        let guard = Guard::new(guard::TOKEN_LIMIT);
        Ok(Rest { wire, authorization, limiter: Limiter::default(), guard, refused: AtomicBool::new(false) })
    }

    /// The address of the gateway and how many sessions may still be started.
    pub(crate) async fn gateway(&self) -> Result<BotGateway, RestError> {
        self.read(Endpoint::GatewayBot, path(Route::GatewayBot, "")).await
    }

    /// Who the token belongs to.
    pub(crate) async fn application(&self) -> Result<Application, RestError> {
        // serenity knows only the older address of it, under `/oauth2`.
        self.read(Endpoint::Application, "/api/v10/applications/@me".to_owned()).await
    }

    /// The bot's global commands, with their localisations, as Discord sends them.
    pub(crate) async fn commands(&self, application: ApplicationId) -> Result<Vec<Box<RawValue>>, RestError> {
        let route = Route::Commands { application_id: application.get().into() };
        self.read(Endpoint::Commands, path(route, "?with_localizations=true")).await
    }

    /// Replaces all global commands.
    pub(crate) async fn put_commands(&self, application: ApplicationId, commands: &Payload) -> Result<(), RestError> {
        let endpoint = Endpoint::PutCommands;
        self.send(Call {
            target: Target { endpoint, major: application.get() },
            method: Method::PUT,
            path: path(Route::Commands { application_id: application.get().into() }, ""),
            body: Some(commands),
            retry: Retry::Safe,
            until: Instant::now() + Duration::from_secs(120),
        })
        .await?;
        Ok(())
    }

    /// Answers an interaction within its three seconds. Gives the message's id where `wants_message`.
    pub(crate) async fn callback(
        &self,
        of: InteractionRef<'_>,
        answer: &Payload,
        wants_message: bool,
    ) -> Result<Option<u64>, RestError> {
        let route = Route::InteractionResponse { interaction_id: of.id.max(1).into(), token: of.token };
        let body = self
            .send(Call {
                target: Target { endpoint: Endpoint::Callback, major: of.id },
                method: Method::POST,
                path: path(route, if wants_message { "?with_response=true" } else { "" }),
                body: Some(answer),
                retry: Retry::Callback,
                until: of.received + CALLBACK_TIME,
            })
            .await?;
        Ok(if wants_message { callback_message(&body) } else { None })
    }

    /// Fills in a deferred answer, or changes the message under whose button the interaction began.
    pub(crate) async fn edit_original(&self, of: InteractionRef<'_>, message: &Payload) -> Result<u64, RestError> {
        let route =
            Route::WebhookOriginalInteractionResponse { application_id: of.application.max(1).into(), token: of.token };
        self.webhook(Endpoint::EditOriginal, Method::PATCH, path(route, ""), of, message, Retry::Safe).await
    }

    /// Takes back the first answer.
    pub(crate) async fn delete_original(&self, of: InteractionRef<'_>) -> Result<(), RestError> {
        let route =
            Route::WebhookOriginalInteractionResponse { application_id: of.application.max(1).into(), token: of.token };
        self.send(Call {
            target: Target::with_token(Endpoint::DeleteOriginal, of.application, of.token),
            method: Method::DELETE,
            path: path(route, ""),
            body: None,
            retry: Retry::Safe,
            until: of.received + TOKEN_TIME,
        })
        .await?;
        Ok(())
    }

    /// Sends another message in answer to an interaction.
    pub(crate) async fn follow_up(&self, of: InteractionRef<'_>, message: &Payload) -> Result<u64, RestError> {
        let route = Route::WebhookFollowupMessages { application_id: of.application.max(1).into(), token: of.token };
        // Sent twice, it would stand there twice.
        self.webhook(Endpoint::FollowUp, Method::POST, path(route, "?wait=true"), of, message, Retry::IfUnsent).await
    }

    /// Deletes a message. One that is gone already counts as deleted.
    pub(crate) async fn delete_message(&self, channel: ChannelId, message: u64) -> Result<(), RestError> {
        let route =
            Route::ChannelMessage { channel_id: channel.get().max(1).into(), message_id: message.max(1).into() };
        let sent = self.send(Call {
            target: Target { endpoint: Endpoint::DeleteMessage, major: channel.get() },
            method: Method::DELETE,
            path: path(route, ""),
            body: None,
            retry: Retry::Safe,
            until: Instant::now() + Duration::from_secs(30),
        });
        match sent.await {
            Ok(_) | Err(RestError::Refused { code: error::UNKNOWN_MESSAGE, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn webhook(
        &self,
        endpoint: Endpoint,
        method: Method,
        path: String,
        of: InteractionRef<'_>,
        message: &Payload,
        retry: Retry,
    ) -> Result<u64, RestError> {
        let target = Target::with_token(endpoint, of.application, of.token);
        let until = of.received + TOKEN_TIME;
        let body = self.send(Call { target, method, path, body: Some(message), retry, until }).await?;
        let message: Snowflaked = parse(endpoint, &body)?;
        Ok(message.id.get())
    }

    async fn read<T: for<'a> Deserialize<'a>>(&self, endpoint: Endpoint, path: String) -> Result<T, RestError> {
        let body = self
            .send(Call {
                target: Target { endpoint, major: 0 },
                method: Method::GET,
                path,
                body: None,
                retry: Retry::Safe,
                until: Instant::now() + Duration::from_secs(60),
            })
            .await?;
        parse(endpoint, &body)
    }

    fn refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }
}

#[derive(Deserialize)]
struct Snowflaked {
    id: serenity::model::id::MessageId,
}

/// The path and query of a route, which serenity gives with Discord's own address before it.
fn path(route: Route<'_>, query: &str) -> String {
    let url = route.path();
    let mut path = url.strip_prefix("https://discord.com").unwrap_or(&url).to_owned();
    path.push_str(query);
    path
}

fn parse<T: for<'a> Deserialize<'a>>(endpoint: Endpoint, body: &[u8]) -> Result<T, RestError> {
    serde_json::from_slice(body).map_err(|source| RestError::Unexpected { endpoint, source })
}

/// The id of the message that a callback made. An answer that lacks it costs no more than the id.
fn callback_message(body: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Answer {
        resource: Resource,
    }
    #[derive(Deserialize)]
    struct Resource {
        message: Snowflaked,
    }
    serde_json::from_slice::<Answer>(body).ok().map(|answer| answer.resource.message.id.get())
}

#[cfg(test)]
mod tests;
