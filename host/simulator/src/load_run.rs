//! Runs a load. The interaction's JSON is made once, with gaps for what differs, so that sending one is a few copies.

use std::{
    collections::VecDeque,
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Act, InvokeError, Load, LoadReport, Member, Snowflake,
    app::App,
    bot::{pressable, scene},
    invocation::{Strictness, command_data},
    launch,
    live::{InteractionKind, Live, Progress, Scene},
    load::{LoadRun, Ticket},
    payload::{self, Identity},
    world::{World, lock, read},
};

/// Stands in the template for the interaction's id.
const ID: &str = "\u{1}id";
/// Stands in the template for its token.
const TOKEN: &str = "\u{1}token";
/// Stands in the template for the member's id: no clock ever gives it.
const MEMBER: Snowflake = Snowflake::new(u64::MAX);
/// How often a load looks whether the connection is still there.
const LOOK: Duration = Duration::from_millis(50);

/// Runs a load to its end.
pub(crate) async fn run(world: &Arc<World>, app: &Arc<App>, load: &Load) -> Result<LoadReport, InvokeError> {
    let (kind, scene, source, template) = template(world, app, load)?;
    let run = LoadRun::new(load.in_flight);
    let members: Vec<Snowflake> = (0..load.members.max(1)).map(|_| world.next_id()).collect();
    let mut waiting: VecDeque<Arc<Live>> = VecDeque::new();
    let mut report = LoadReport::default();
    let started = Instant::now();
    for member in members.iter().cycle().take(load.total) {
        let Some(permit) = permit(world, app, &run, &mut waiting, &mut report, load.stop_on_disconnect).await else {
            break;
        };
        let ticket = Ticket { run: Arc::clone(&run), member: *member, sent: Instant::now() };
        let progress = Progress { permit: Some(permit), ..Progress::default() };
        let live = launch::register(world, app, kind, &scene, source, Some((ticket, progress)));
        let json = template.fill(&live, *member);
        waiting.push_back(Arc::clone(&live));
        report.sent += 1;
        if !launch::send(world, app, &live, json) {
            if report.sent == 1 {
                lock(&app.interactions).remove(&live.id);
                return Err(InvokeError::NotConnected { name: app.name.clone() });
            }
            if load.stop_on_disconnect {
                break;
            }
        }
        if waiting.len() > 2 * load.in_flight {
            settle(world, &mut waiting, &mut report);
        }
    }
    while !(waiting.is_empty() || load.stop_on_disconnect && is_disconnected(app)) {
        settle(world, &mut waiting, &mut report);
        if let Some(live) = waiting.front() {
            wait_for(world, live).await;
        }
    }
    report.elapsed = started.elapsed();
    collect(app, &run, waiting, &mut report);
    Ok(report)
}

/// Takes what was measured, and what is still open, out of the books.
fn collect(app: &App, run: &LoadRun, waiting: VecDeque<Arc<Live>>, report: &mut LoadReport) {
    let open = waiting.into_iter().filter(|live| lock(&live.progress).acknowledgement.is_none());
    report.unanswered.extend(open.map(|live| live.id));
    let mut results = lock(&run.results);
    report.answered = std::mem::take(&mut results.answered);
    report.refused = std::mem::take(&mut results.refused);
    drop(results);
    let of_this_run =
        |live: &Live| live.ticket.as_ref().is_some_and(|ticket| std::ptr::eq(&raw const *ticket.run, run));
    lock(&app.interactions).retain(|_, live| !of_this_run(live));
}

/// Waits until one more interaction may be sent; none where the load is to stop.
async fn permit(
    world: &World,
    app: &App,
    run: &LoadRun,
    waiting: &mut VecDeque<Arc<Live>>,
    report: &mut LoadReport,
    stop_on_disconnect: bool,
) -> Option<tokio::sync::OwnedSemaphorePermit> {
    loop {
        if let Ok(permit) = Arc::clone(&run.permits).try_acquire_owned() {
            return Some(permit);
        }
        if stop_on_disconnect && is_disconnected(app) {
            return None;
        }
        let acquire = Arc::clone(&run.permits).acquire_owned();
        if let Ok(Ok(permit)) = tokio::time::timeout(LOOK, acquire).await {
            return Some(permit);
        }
        settle(world, waiting, report);
    }
}

/// Takes what is answered, or never will be, from the front of the queue; those give back their permits.
fn settle(world: &World, waiting: &mut VecDeque<Arc<Live>>, report: &mut LoadReport) {
    let now = world.clock.millis();
    while let Some(live) = waiting.front() {
        let mut progress = lock(&live.progress);
        let answered = progress.acknowledgement.is_some();
        if !answered && progress.failure.is_none() && now <= live.deadline() {
            return;
        }
        progress.permit = None;
        drop(progress);
        if !answered {
            report.unanswered.push(live.id);
        }
        waiting.pop_front();
    }
}

async fn wait_for(world: &World, live: &Live) {
    let changed = live.changed.notified();
    tokio::pin!(changed);
    changed.as_mut().enable();
    if lock(&live.progress).acknowledgement.is_some() {
        return;
    }
    tokio::select! {
        () = changed => {}
        () = tokio::time::sleep(LOOK) => {}
        () = world.clock.until(live.deadline() + 1) => {}
    }
}

fn is_disconnected(app: &App) -> bool {
    read(&app.endpoint).is_none() && app.counts.borrow().connections == 0
}

/// The JSON of the interactions, cut where they differ.
struct Template(Vec<(String, Option<Gap>)>);

/// What stands behind a piece of text.
#[derive(Clone, Copy)]
enum Gap {
    Id,
    Token,
    Member,
}

type Prepared = (InteractionKind, Arc<Scene>, Option<Snowflake>, Template);

fn template(world: &World, app: &App, load: &Load) -> Result<Prepared, InvokeError> {
    let nobody = |member: &Member| Member { id: MEMBER, ..member.clone() };
    let (kind, data, scene, message) = match &load.act {
        Act::Run(invocation) => {
            let data = command_data(&lock(&app.commands).list, invocation, Strictness::Sent)?;
            let scene = scene(&invocation.channel, &nobody(&invocation.member));
            (InteractionKind::Command, data, scene, None)
        }
        Act::Press { message, button, member, channel } => {
            let message = world.message(message.id).unwrap_or_else(|| message.clone());
            let data = payload::press(&pressable(&message, button)?);
            (InteractionKind::Component, data, scene(channel, &nobody(member)), Some(message))
        }
    };
    let identity = Identity { id: ID, token: TOKEN };
    let json = message.as_ref().map(|message| &message.json);
    let text = payload::interaction(&identity, app.id, kind, &data, &scene, json).to_string();
    Ok((kind, scene, message.map(|message| message.id), Template::cut(&text)))
}

impl Template {
    fn cut(text: &str) -> Template {
        let member = MEMBER.to_string();
        // The marks as JSON escapes them.
        let gaps = [(r"\u0001id", Gap::Id), (r"\u0001token", Gap::Token), (member.as_str(), Gap::Member)];
        let mut pieces = Vec::new();
        let mut rest = text;
        loop {
            let found = gaps.iter().filter_map(|(mark, gap)| rest.find(mark).map(|at| (at, mark.len(), *gap)));
            let Some((at, length, gap)) = found.min_by_key(|(at, ..)| *at) else { break };
            let (before, after) = rest.split_at(at);
            pieces.push((before.to_owned(), Some(gap)));
            rest = after.get(length..).unwrap_or_default();
        }
        pieces.push((rest.to_owned(), None));
        Template(pieces)
    }

    fn fill(&self, live: &Live, member: Snowflake) -> String {
        let mut text = String::with_capacity(4096);
        for (piece, gap) in &self.0 {
            text.push_str(piece);
            match gap {
                Some(Gap::Token) => text.push_str(&live.token),
                // Writing to a string does not fail.
                Some(Gap::Id) => _ = write!(text, "{}", live.id),
                Some(Gap::Member) => _ = write!(text, "{member}"),
                None => {}
            }
        }
        text
    }
}
