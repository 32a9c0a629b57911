//! Pressed buttons.

use autocontent_simulator::{CallbackKind, Endpoint, Fault, Invocation, Message, RestFault, Times};

use crate::host::{Host, TestBot};

async fn posted(host: &Host, bot: &TestBot, script: &str) -> Message {
    let message = bot.sim.run(&host.parrot(script)).unwrap().message().await.unwrap();
    // Its id is known once it is settled.
    host.settled().await;
    message
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_is_a_new_message_for_all() {
    let (host, bot) = Host::with_bot().await;
    let message = posted(&host, &bot, "items:a,b cache:60").await;
    let pressed = bot.sim.press(&message, "🔁", &host.ana).unwrap();
    let first = pressed.initial().await.unwrap();
    assert_eq!((first.kind, first.is_ephemeral()), (CallbackKind::Message, false));
    assert_eq!(pressed.message().await.unwrap().embeds()[0]["title"], "b");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_other_one_is_deferred_and_the_first_stays() {
    let (host, bot) = Host::with_bot().await;
    host.gate.open(1);
    let message = posted(&host, &bot, "fetch items:a,b").await;
    let pressed = bot.sim.press(&message, "🔁", &host.ana).unwrap();
    assert_eq!(pressed.initial().await.unwrap().kind, CallbackKind::DeferredMessage);
    host.gate.open(1);
    let other = pressed.message().await.unwrap();
    assert_ne!(other.id, message.id);
    assert_eq!(host.sim.message(message.id).unwrap().embeds()[0]["title"], "a");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_changes_the_buttons_and_nothing_else() {
    let (host, bot) = Host::with_bot().await;
    let message = posted(&host, &bot, "items:a").await;
    let pressed = bot.sim.press(&message, "👍", &host.ana).unwrap();
    assert_eq!(pressed.initial().await.unwrap().kind, CallbackKind::Update);
    let changed = pressed.message().await.unwrap();
    assert_eq!((changed.id, changed.button("👍").unwrap().label.as_str()), (message.id, "1"));
    assert_eq!(changed.embeds(), message.embeds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_saved_is_listed_for_its_member_alone() {
    let (host, bot) = Host::with_bot().await;
    let message = posted(&host, &bot, "items:a").await;
    assert!(bot.sim.press(&message, "⭐", &host.ana).unwrap().initial().await.unwrap().is_ephemeral());
    let listed = bot.sim.run(&Invocation::new("favourites", &host.ana, &host.channel)).unwrap();
    assert!(listed.initial().await.unwrap().is_ephemeral());
    assert_eq!(listed.message().await.unwrap().embeds()[0]["title"], "a");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_providers_own_action_answers_its_member() {
    let (host, bot) = Host::with_bot().await;
    let message = posted(&host, &bot, "items:a action:again").await;
    let pressed = bot.sim.press(&message, "again", &host.ana).unwrap();
    assert!(pressed.initial().await.unwrap().is_ephemeral());
    assert!(pressed.message().await.unwrap().embeds()[0]["description"].as_str().unwrap().starts_with("again on a"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn delete_deletes_the_message_and_replaces_the_menu() {
    let (host, bot) = Host::with_bot().await;
    let message = posted(&host, &bot, "items:a").await;
    let menu = bot.sim.press(&message, "⋯", &host.ana).unwrap();
    assert!(menu.initial().await.unwrap().is_ephemeral());
    let menu = menu.message().await.unwrap();
    let pressed = bot.sim.press(&menu, "🗑️", &host.ana).unwrap();
    let replaced = pressed.message_when(|message| message.content() == "Deleted.").await.unwrap();
    assert_eq!((replaced.id, replaced.buttons().len()), (menu.id, 0));
    assert!(host.sim.message(message.id).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_may_not_be_deleted_is_said_to_stay() {
    let (host, bot) = Host::with_bot().await;
    let message = posted(&host, &bot, "items:a").await;
    bot.sim.fault(Fault::Rest(RestFault::Status(403), Some(Endpoint::DeleteMessage), Times::Always));
    let menu = bot.sim.press(&message, "⋯", &host.ana).unwrap().message().await.unwrap();
    let pressed = bot.sim.press(&menu, "🗑️", &host.ana).unwrap();
    pressed.message_when(|message| message.content().contains("not allowed")).await.unwrap();
    assert!(host.sim.message(message.id).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_button_is_refused_privately() {
    let (host, bot) = Host::with_bot().await;
    let mut message = posted(&host, &bot, "items:a").await;
    let other = host.sim.add_bot("other").application_id();
    // A message that the simulator does not know, so that the forged id below is what is sent.
    message.id = other;
    let row = &mut message.json["components"][0]["components"][1];
    row["custom_id"] = "forged".into();
    let pressed = bot.sim.press(&message, "forged", &host.ana).unwrap();
    assert!(pressed.initial().await.unwrap().is_ephemeral());
}
