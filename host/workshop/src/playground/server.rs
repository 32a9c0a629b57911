//! What the page asks for, by HTTP.
//!
//! | | |
//! |---|---|
//! | `GET /` and the page's other files | the page |
//! | `GET /api/events` | the state, now and whenever it changes, as server-sent events |
//! | `POST /api/run`, `/api/press`, `/api/suggest` | a command, a button, an option that is being typed |
//! | `POST /api/storage`, `/api/storage/clear` | what the provider keeps; to forget it |
//! | `POST /api/network` | recordings, or the real servers |
//! | `POST /api/settings` | gives a setting a value |
//!
//! All of it lies below the folder that only the author knows; see `guard`.
//!
//! What is asked for wrongly, or fails, is answered with `{"error": SENTENCE}`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::harness::Who;

use super::assets;
use super::guard::{Guard, guard};
use super::stage::Stage;
use super::state::{Board, Network};

/// The longest line of a command has 8,000 characters.
const MOST_SENT: usize = 64 << 10;
/// A proxy or browser closes what is silent for too long.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

#[derive(Clone)]
struct Shared {
    board: Board,
    stage: Arc<Stage>,
}

/// The page and what it asks for.
pub(super) fn router(own: Guard, board: Board, stage: Arc<Stage>) -> Router {
    let answers = [
        ("/api/events", get(events)),
        ("/api/run", post(run)),
        ("/api/press", post(press)),
        ("/api/suggest", post(suggest)),
        ("/api/storage", post(storage)),
        ("/api/storage/clear", post(clear)),
        ("/api/network", post(network)),
        ("/api/settings", post(settings)),
    ];
    let all = assets::routes().chain(answers);
    all.fold(Router::new(), |router, (path, route)| router.route(&own.inside(path), route))
        .fallback(|| async { Refused(StatusCode::NOT_FOUND, "there is nothing at this address".to_owned()) })
        .method_not_allowed_fallback(|| async {
            Refused(StatusCode::METHOD_NOT_ALLOWED, "this address takes another method".to_owned())
        })
        .layer(DefaultBodyLimit::max(MOST_SENT))
        // The outermost, so that nothing is read or answered before it.
        .layer(middleware::from_fn_with_state(Arc::new(own), guard))
        .with_state(Shared { board, stage })
}

/// A command line, and who sends it.
#[derive(Deserialize)]
struct Run {
    line: String,
    #[serde(flatten)]
    who: Who,
}

/// The id of a button, the harness that showed it, and who presses it.
#[derive(Deserialize)]
struct Press {
    button: String,
    harness: u32,
    #[serde(flatten)]
    who: Who,
}

/// A command line up to where an option is being typed, and who types.
#[derive(Deserialize)]
struct Suggest {
    line: String,
    option: String,
    #[serde(flatten)]
    who: Who,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    network: Network,
}

/// A setting's value, typed as text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    name: String,
    value: String,
}

/// Why there is no answer.
struct Refused(StatusCode, String);

type Sent<T> = Result<Json<T>, JsonRejection>;
type Answer = Result<Json<Value>, Refused>;

async fn events(State(shared): State<Shared>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let states = stream::unfold(shared.board.follow(), |mut states| async move {
        states.changed().await.ok()?;
        let event = Event::default().event("state").json_data(&*states.borrow_and_update()).unwrap_or_default();
        Some((Ok(event), states))
    });
    Sse::new(states).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE))
}

async fn run(State(shared): State<Shared>, sent: Sent<Run>) -> Answer {
    let Json(Run { line, who }) = sent?;
    Ok(Json(shared.stage.run(&line, &who).await?))
}

async fn press(State(shared): State<Shared>, sent: Sent<Press>) -> Answer {
    let Json(Press { button, harness, who }) = sent?;
    Ok(Json(shared.stage.press(&button, harness, &who).await?))
}

async fn suggest(State(shared): State<Shared>, sent: Sent<Suggest>) -> Answer {
    let Json(Suggest { line, option, who }) = sent?;
    Ok(Json(shared.stage.suggest(&line, &option, &who).await?))
}

async fn storage(State(shared): State<Shared>, sent: Sent<Who>) -> Answer {
    let Json(who) = sent?;
    Ok(Json(shared.stage.storage(&who).await?))
}

async fn clear(State(shared): State<Shared>, sent: Sent<Value>) -> Answer {
    let Json(_) = sent?;
    shared.stage.clear().await?;
    Ok(Json(json!({})))
}

async fn network(State(shared): State<Shared>, sent: Sent<Change>) -> Answer {
    let Json(Change { network }) = sent?;
    shared.stage.use_network(network).await?;
    Ok(Json(json!({})))
}

async fn settings(State(shared): State<Shared>, sent: Sent<Set>) -> Answer {
    let Json(Set { name, value }) = sent?;
    shared.stage.set(name, value).await?;
    Ok(Json(json!({})))
}

impl From<JsonRejection> for Refused {
    fn from(rejection: JsonRejection) -> Refused {
        Refused(rejection.status(), rejection.body_text())
    }
}

/// What an author should read.
impl From<String> for Refused {
    fn from(sentence: String) -> Refused {
        Refused(StatusCode::UNPROCESSABLE_ENTITY, sentence)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}
