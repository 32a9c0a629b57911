//! The control API: what a person does with curl in place of members.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use autocontent_simulator::{
    Bot, Break, Channel, Fault, Input, Interaction, Invocation, Member, Message, Moment, RestFault, Simulator,
    Snowflake, Times,
};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

/// What `--help` says about it.
pub(crate) const HELP: &str = r#"The control API takes and answers JSON. "bot" is a bot's name (default: the first one), "as" a member's name
(default "ana"), "locale" theirs (default "en-US"), "in" is "guild" (default), "adult" (an age-restricted channel),
"dm" or "private".

  POST /control/run           {"command": "quote", "options": {"topic": "courage"}}
  POST /control/autocomplete  {"command": "quote", "options": {"topic": "cou"}, "focused": "topic"}
  POST /control/press         {"message": "ID", "button": "a label, an emoji or a custom id"}
  POST /control/endpoint      {"url": "http://127.0.0.1:8080/interactions/ID"}, or null to use the gateway again
  POST /control/fault         {"fault": "close", "code": 4000}, or one of reconnect, invalid-session, cut, reset, deaf,
                              invalidate-token, refuse (connections), status (REST calls, with "code"), slow (REST
                              calls, with "millis"), rate-limit (REST calls, with "millis"); "times" for the last four
                              (default: until healed); heal ends them
  GET  /control/requests      the last REST calls

  curl -s localhost:PORT/control/run -H 'content-type: application/json' -d '{"command": "quote"}'"#;

/// The routes, for as long as the simulator runs.
pub(crate) fn router(sim: Simulator) -> Router {
    let guild = sim.guild("guild");
    let control = Control {
        general: sim.channel(&guild, "general"),
        adult: sim.age_restricted_channel(&guild, "adult"),
        private: sim.private_channel(),
        members: Arc::default(),
        sim,
    };
    Router::new()
        .route("/control/run", post(run))
        .route("/control/autocomplete", post(autocomplete))
        .route("/control/press", post(press))
        .route("/control/endpoint", post(endpoint))
        .route("/control/fault", post(fault))
        .route("/control/requests", get(requests))
        .with_state(control)
}

#[derive(Clone)]
struct Control {
    sim: Simulator,
    general: Channel,
    adult: Channel,
    private: Channel,
    members: Arc<Mutex<HashMap<String, Member>>>,
}

/// Who does something, with which bot, and where.
#[derive(Deserialize)]
struct Scene {
    bot: Option<String>,
    #[serde(rename = "as", default = "ana")]
    member: String,
    #[serde(default = "english")]
    locale: String,
    #[serde(rename = "in", default)]
    place: Place,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    #[default]
    Guild,
    Adult,
    Dm,
    Private,
}

#[derive(Deserialize)]
struct Run {
    #[serde(flatten)]
    scene: Scene,
    command: String,
    #[serde(default)]
    options: Map<String, Value>,
    focused: Option<String>,
}

#[derive(Deserialize)]
struct Press {
    #[serde(flatten)]
    scene: Scene,
    message: String,
    button: String,
}

#[derive(Deserialize)]
struct EndpointChange {
    bot: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct FaultRequest {
    bot: Option<String>,
    fault: String,
    code: Option<u16>,
    millis: Option<u64>,
    times: Option<u32>,
}

/// What could not be done, in one sentence.
struct Refusal(String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": self.0 }))).into_response()
    }
}

type Answer = Result<Json<Value>, Refusal>;

async fn run(State(control): State<Control>, Json(run): Json<Run>) -> Answer {
    let (bot, invocation) = control.invocation(&run)?;
    shown(&bot.run(&invocation).map_err(refusal)?).await
}

async fn autocomplete(State(control): State<Control>, Json(run): Json<Run>) -> Answer {
    let (bot, invocation) = control.invocation(&run)?;
    let focused = run.focused.ok_or_else(|| Refusal("say which option is \"focused\"".to_owned()))?;
    let choices = bot.autocomplete(&invocation, &focused).await.map_err(refusal)?;
    let choices = choices.into_iter().map(|choice| json!({ "name": choice.name, "value": choice.value }));
    Ok(Json(choices.collect()))
}

async fn press(State(control): State<Control>, Json(press): Json<Press>) -> Answer {
    let bot = control.bot(press.scene.bot.as_deref())?;
    let id = press.message.parse::<Snowflake>().map_err(refusal)?;
    let message: Message = control.sim.message(id).ok_or_else(|| Refusal(format!("there is no message {id}")))?;
    let member = control.member(&press.scene);
    shown(&bot.press(&message, &press.button, &member).map_err(refusal)?).await
}

async fn endpoint(State(control): State<Control>, Json(change): Json<EndpointChange>) -> Answer {
    let bot = control.bot(change.bot.as_deref())?;
    let url = change.url.map(|url| Url::parse(&url)).transpose().map_err(refusal)?;
    bot.set_interactions_endpoint(url).await.map_err(refusal)?;
    Ok(Json(json!({})))
}

async fn fault(State(control): State<Control>, Json(request): Json<FaultRequest>) -> Answer {
    let bot = control.bot(request.bot.as_deref())?;
    let times = request.times.map_or(Times::Always, Times::Next);
    let code = || request.code.ok_or_else(|| Refusal("say which \"code\"".to_owned()));
    let time =
        || request.millis.map(Duration::from_millis).ok_or_else(|| Refusal("say how many \"millis\"".to_owned()));
    let fault = match request.fault.as_str() {
        "heal" => {
            bot.heal();
            return Ok(Json(json!({})));
        }
        "close" => Fault::Close(code()?),
        "reconnect" => Fault::Reconnect,
        "invalid-session" => Fault::InvalidSession { resumable: false },
        "cut" => Fault::Cut,
        "reset" => Fault::Reset,
        "deaf" => Fault::Deaf,
        "invalidate-token" => Fault::InvalidateToken,
        "refuse" => Fault::At(Moment::Connect, Break::Refuse, times),
        "status" => Fault::Rest(RestFault::Status(code()?), None, times),
        "slow" => Fault::Rest(RestFault::Slow(time()?), None, times),
        "rate-limit" => {
            let fault = RestFault::TooManyRequests { retry_after: time()?, global: false };
            Fault::Rest(fault, None, times)
        }
        other => return Err(Refusal(format!("there is no fault {other:?}; see --help"))),
    };
    bot.fault(fault);
    Ok(Json(json!({})))
}

async fn requests(State(control): State<Control>) -> Json<Value> {
    let line = |record: autocontent_simulator::RequestRecord| {
        json!({
            "at": record.at.to_string(), "method": record.method, "path": record.path, "status": record.status,
        })
    };
    Json(control.sim.requests().into_iter().map(line).collect())
}

impl Control {
    fn bot(&self, name: Option<&str>) -> Result<Bot, Refusal> {
        let mut bots = self.sim.bots().into_iter();
        let bot = bots.find(|bot| name.is_none_or(|name| bot.name() == name));
        bot.ok_or_else(|| Refusal(format!("there is no bot {:?}", name.unwrap_or_default())))
    }

    /// The member of this name, the same one each time.
    fn member(&self, scene: &Scene) -> Member {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let known = members.entry(scene.member.clone());
        let member = known.or_insert_with(|| self.sim.member(&scene.member, &scene.locale));
        Member { locale: scene.locale.clone(), ..member.clone() }
    }

    fn invocation(&self, run: &Run) -> Result<(Bot, Invocation), Refusal> {
        let bot = self.bot(run.scene.bot.as_deref())?;
        let member = self.member(&run.scene);
        let channel = match run.scene.place {
            Place::Guild => self.general.clone(),
            Place::Adult => self.adult.clone(),
            Place::Dm => self.sim.dm(&member),
            Place::Private => self.private.clone(),
        };
        let options = run.options.iter().map(|(name, value)| Ok((name.clone(), input(value)?)));
        let options = options.collect::<Result<_, Refusal>>()?;
        Ok((bot, Invocation { command: run.command.clone(), options, member, channel }))
    }
}

fn input(value: &Value) -> Result<Input, Refusal> {
    match value {
        Value::String(text) => Ok(Input::Text(text.clone())),
        Value::Bool(yes) => Ok(Input::Boolean(*yes)),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Ok(Input::Integer(number)),
            (None, Some(number)) => Ok(Input::Number(number)),
            (None, None) => Err(Refusal(format!("{number} is no number that Discord knows"))),
        },
        other => Err(Refusal(format!("an option is a text, a number or a boolean, not {other}"))),
    }
}

/// The message that the member ends up with.
async fn shown(interaction: &Interaction) -> Answer {
    Ok(Json(interaction.message().await.map_err(refusal)?.json))
}

fn refusal(error: impl std::fmt::Display) -> Refusal {
    Refusal(error.to_string())
}

fn ana() -> String {
    "ana".to_owned()
}

fn english() -> String {
    "en-US".to_owned()
}
