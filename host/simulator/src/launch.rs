//! Makes interactions and brings them to the app: through its gateway session, or to its endpoint.

use std::sync::Arc;

use serde_json::Value;

use crate::{
    InvokeError, Snowflake,
    app::App,
    endpoint,
    live::{InteractionKind, Live, Progress, Scene},
    load::Ticket,
    payload::{self, Identity},
    world::{World, lock, read},
};

/// What happens in an interaction.
pub(crate) struct Deed {
    pub(crate) kind: InteractionKind,
    pub(crate) data: Value,
    pub(crate) scene: Arc<Scene>,
    /// The message that carries the component.
    pub(crate) message: Option<(Snowflake, Value)>,
}

/// A new interaction, kept until its token dies.
pub(crate) fn register(
    world: &World,
    app: &App,
    kind: InteractionKind,
    scene: &Arc<Scene>,
    source: Option<Snowflake>,
    load: Option<(Ticket, Progress)>,
) -> Arc<Live> {
    let id = world.next_id();
    let created = world.clock.millis();
    let (ticket, progress) =
        load.map_or_else(|| (None, Progress::default()), |(ticket, progress)| (Some(ticket), progress));
    let live = Arc::new(Live {
        id,
        token: format!("{}-{id}-{}", app.id, world.letters(32)).into_boxed_str(),
        kind,
        created,
        scene: Arc::clone(scene),
        source,
        progress: std::sync::Mutex::new(progress),
        changed: tokio::sync::Notify::new(),
        ticket,
    });
    App::keep(&mut lock(&app.interactions), Arc::clone(&live), created);
    live
}

/// Makes an interaction and sends it on its way.
pub(crate) fn launch(world: &Arc<World>, app: &Arc<App>, deed: &Deed) -> Result<Arc<Live>, InvokeError> {
    let source = deed.message.as_ref().map(|(id, _)| *id);
    let live = register(world, app, deed.kind, &deed.scene, source, None);
    let identity = Identity { id: &live.id.to_string(), token: &live.token };
    let message = deed.message.as_ref().map(|(_, json)| json);
    let json = payload::interaction(&identity, app.id, deed.kind, &deed.data, &deed.scene, message);
    if send(world, app, &live, json.to_string()) {
        Ok(live)
    } else {
        lock(&app.interactions).remove(&live.id);
        Err(InvokeError::NotConnected { name: app.name.clone() })
    }
}

/// Brings the interaction's JSON to the app; false where there is no way.
pub(crate) fn send(world: &Arc<World>, app: &Arc<App>, live: &Arc<Live>, json: String) -> bool {
    if let Some(url) = read(&app.endpoint).clone() {
        tokio::spawn(endpoint::deliver(Arc::clone(world), Arc::clone(app), Arc::clone(live), url, json));
        return true;
    }
    let guild = live.scene.channel.guild().map_or(0, |guild| guild.id.get());
    lock(&app.gateway).dispatch(guild, "INTERACTION_CREATE", &json, world.clock.millis())
}
