//! One misdeed, met at the step where it must be met.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, bail, ensure};
use autocontent_content::contract::{
    Argument, Audience, Choice, Failure, Page, Partial, Place, Press, Request, Trigger, Value, log::Level,
};
use autocontent_content::{Actor, Reply, Typing};
use autocontent_gate::Gate;
use autocontent_runtime::{Call, Fault, LoadError, Log, Provider, inspect};
use autocontent_simulator::{Invocation, Mentions};

use crate::case::{Case, End, Stage};
use crate::component::Workshop;
use crate::house::{House, found};
use crate::outside::Outside;
use crate::verdict::{Report, Seen};

/// A case, ready to be met.
pub(crate) struct Exhibit {
    pub(crate) case: Case,
    component: Vec<u8>,
    /// Where it should get as far as being asked.
    provider: Option<Provider>,
}

/// Keeps what a guest logs.
#[derive(Default)]
struct Kept(Mutex<Vec<String>>);

impl Log for Kept {
    fn write(&self, _: Level, line: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
    }
}

impl Exhibit {
    pub(crate) async fn new(case: Case, workshop: &Workshop, house: &House) -> Result<Exhibit> {
        let component = workshop.component(&case)?;
        let provider = match case.expected.stage {
            Stage::Manifest | Stage::Inspect | Stage::Install => None,
            Stage::Find | Stage::Suggest | Stage::Act | Stage::Render => {
                house.install(component.clone(), &case.name, case.expected.stage == Stage::Render).await?;
                let digest = inspect(&component)?.digest;
                let gone = async || Err::<Vec<u8>, _>("it was compiled just now");
                Some(house.runtime.load(&digest, gone).await?)
            }
        };
        Ok(Exhibit { case, component, provider })
    }

    /// Meets it, once for each of its arguments, as if it had never been met before.
    pub(crate) async fn meet(&self, house: &House) -> Vec<Report> {
        let mut reports = Vec::new();
        let gate = house.outside.new_gate();
        for end in self.case.ends() {
            let seen = match (&self.provider, &gate) {
                (None, _) => self.offer(house).await,
                (Some(provider), Ok(gate)) => self.ask(house, gate, provider, end).await,
                (Some(_), Err(error)) => Err(anyhow::anyhow!("there is no gate: {error:#}")),
            };
            let seen =
                seen.unwrap_or_else(|error| Seen { ended: format!("it can't be met: {error:#}"), ..Seen::default() });
            let mut report = Report::new(&self.case, end, seen);
            if let Err(error) = house.ask_healthy().await {
                report.wrong.push(format!("{error:#}"));
            }
            reports.push(report);
        }
        reports
    }

    /// Gives it to an operator who tries to install it.
    async fn offer(&self, house: &House) -> Result<Seen> {
        let before = house.store.installed().await?;
        let inspected = inspect(&self.component).map(|_| ());
        let installed = house.content.install(self.component.clone(), found(), &Actor::host()).await.map(|_| ());
        let (at, refusal) = match (&inspected, &installed) {
            (Err(LoadError::Manifest(errors)), Err(_)) => (Stage::Manifest, errors.to_string()),
            (Err(error), Err(_)) => (Stage::Inspect, error.to_string()),
            (Ok(()), Err(error)) => (Stage::Install, error.to_string()),
            (_, Ok(())) => return Ok(Seen { ended: "installed".into(), ..Seen::default() }),
        };
        ensure!(at == self.case.expected.stage, "it was refused at another stage, {at:?}: {refusal}");
        ensure!(house.store.installed().await? == before, "what is installed has changed");
        Ok(Seen { ended: "refused".into(), said: refusal, ..Seen::default() })
    }

    async fn ask(&self, house: &House, gate: &Gate, provider: &Provider, end: &End) -> Result<Seen> {
        let log = Arc::new(Kept::default());
        let host = Outside::capabilities(gate, &house.store, provider.manifest(), &house.asker(), log.clone());
        let how = end.how.as_ref().map(|how| how.replace("{port}", &house.outside.upstream.port.to_string()));
        let arguments = arguments(how.as_deref());
        let request = request(&self.case.name, arguments.clone());
        let seen = match self.case.expected.stage {
            Stage::Suggest => {
                let call = provider.suggest(&partial(&self.case.name, how.as_deref()), &host).await;
                let typing = Typing {
                    asker: house.asker(),
                    command: self.case.name.clone(),
                    option: "how".into(),
                    typed: how.clone().unwrap_or_default(),
                    arguments: Vec::new(),
                };
                let choices = house.content.suggest(typing).await;
                ensure!(choices.len() <= 25, "{} choices are shown", choices.len());
                Seen { shown: serde_json::to_string(&choices)?, ..suggested(call)? }
            }
            Stage::Act => {
                let press = Press { action: "press".into(), item: "misdeed".into(), state: None, request };
                let call = provider.act(&press, &host).await;
                let first = house.ask(&self.case.name, arguments).await;
                let Reply::Post(post) = first else { bail!("there is nothing to press: {first:?}") };
                let button = &post.rows.first().and_then(|row| row.first()).context("there is no button")?.id;
                let press = autocontent_content::Press { asker: house.asker(), button: button.clone(), message: None };
                let reply = match house.content.admit_press(press).await {
                    Ok(admitted) => admitted.answer().await,
                    Err(notice) => Reply::Notice(notice),
                };
                answered(call)?.to(&reply)?
            }
            Stage::Render => {
                let call = provider.find(&request, &host).await;
                let seen = answered(call)?;
                Seen { shown: self.show(house, how.as_deref()).await?, ..seen }
            }
            Stage::Manifest | Stage::Inspect | Stage::Install | Stage::Find => {
                let call = provider.find(&request, &host).await;
                answered(call)?.to(&house.ask(&self.case.name, arguments).await)?
            }
        };
        let logged = log.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Seen { logged, ..seen })
    }

    /// The message that a member sees on Discord.
    async fn show(&self, house: &House, how: Option<&str>) -> Result<String> {
        let discord = &house.discord;
        let mut invocation = Invocation::new(&self.case.name, &discord.member, &discord.channel);
        if let Some(how) = how {
            invocation = invocation.with("how", how);
        }
        let message = discord.bot.run(&invocation)?.message().await?;
        let said = discord.simulator.requests().into_iter().map(|request| request.mentions);
        for mentions in said {
            ensure!(matches!(mentions, Mentions::NoMessage | Mentions::Nobody), "somebody is mentioned: {mentions:?}");
        }
        Ok(message.json.to_string())
    }
}

fn arguments(how: Option<&str>) -> Vec<Argument> {
    how.map(|how| Argument { name: "how".into(), value: Value::Text(how.to_owned()) }).into_iter().collect()
}

fn audience() -> Audience {
    Audience {
        user: "user".into(),
        scope: "scope".into(),
        place: Place::Guild,
        locale: "en-US".into(),
        sensitive_allowed: false,
    }
}

fn request(command: &str, arguments: Vec<Argument>) -> Request {
    let (command, trigger, audience) = (command.to_owned(), Trigger::Command, audience());
    Request { command, arguments, trigger, audience, limit: 10, cursor: None }
}

fn partial(command: &str, how: Option<&str>) -> Partial {
    Partial {
        command: command.to_owned(),
        name: "how".into(),
        typed: how.unwrap_or_default().to_owned(),
        arguments: Vec::new(),
        audience: audience(),
    }
}

fn answered(call: Call<Result<Page, Failure>>) -> Result<Seen> {
    Ok(match call.outcome {
        Err(fault) => stopped(&fault),
        Ok(Err(failure)) => {
            let (name, said) = match failure {
                Failure::NothingFound => ("nothing-found", String::new()),
                Failure::InvalidArgument(invalid) => {
                    ("invalid-argument", format!("{}: {}", invalid.name, invalid.reason))
                }
                Failure::Busy(seconds) => ("busy", format!("{seconds:?}")),
                Failure::Upstream(reason) => ("upstream", reason),
                Failure::Misconfigured(reason) => ("misconfigured", reason),
                Failure::Internal(reason) => ("internal", reason),
            };
            Seen { ended: format!("failure:{name}"), said, ..Seen::default() }
        }
        Ok(Ok(page)) => Seen { ended: "answer".into(), answer: serde_json::to_string(&page)?, ..Seen::default() },
    })
}

fn suggested(call: Call<Vec<Choice>>) -> Result<Seen> {
    Ok(match call.outcome {
        Err(fault) => stopped(&fault),
        Ok(choices) => Seen { ended: "answer".into(), answer: serde_json::to_string(&choices)?, ..Seen::default() },
    })
}

fn stopped(fault: &Fault) -> Seen {
    let name = match fault {
        Fault::Cpu => "cpu",
        Fault::Time => "time",
        Fault::Memory => "memory",
        Fault::Stack => "stack",
        Fault::ResultTooLarge => "result-too-large",
        Fault::Trap { .. } => "trap",
        Fault::Denied { .. } => "denied",
        Fault::Invalid { .. } => "invalid",
        Fault::Missing { .. } => "missing",
        Fault::Busy => "busy",
        _ => "another",
    };
    Seen { ended: format!("fault:{name}"), said: fault.to_string(), ..Seen::default() }
}

impl Seen {
    /// With what the member gets.
    fn to(self, reply: &Reply) -> Result<Seen> {
        let member = match reply {
            Reply::Post(_) => "post",
            Reply::Notice(notice) => notice.code,
            _ => "another",
        };
        Ok(Seen { member: Some(member), shown: serde_json::to_string(reply)?, ..self })
    }
}
