//! Commands and suggestions.

use autocontent_discord::{FleetConfig, Transport};
use autocontent_simulator::{CallbackKind, Invocation, Mentions, SimulatorConfig, Unanswered};
use autocontent_store::DeliveryState;

use crate::host::{Host, assert_cat};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_answered_for_all_and_its_delivery_is_settled() {
    let (host, bot) = Host::with_bot().await;
    let answer = bot.sim.run(&host.parrot("items:hello")).unwrap();
    let first = answer.initial().await.unwrap();
    assert_eq!((first.kind, first.is_ephemeral()), (CallbackKind::Message, false));
    let message = answer.message().await.unwrap();
    assert_eq!(message.embeds()[0]["title"], "hello");
    assert_eq!(message.embeds()[0]["footer"]["text"], "Parrot");
    assert!(message.button("👍").is_some());
    let delivery = host.settled().await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!(delivery.message.unwrap().get(), message.id.get());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_mentions_anybody() {
    let (host, bot) = Host::with_bot().await;
    for script in ["items:a", "items:b action:again", "fail:upstream"] {
        bot.sim.run(&host.parrot(script)).unwrap().message().await.unwrap();
    }
    // Stopping waits until the last call was answered, and so is in the simulator's record.
    host.fleet.stop().await;
    let said = host.sim.requests().into_iter().map(|request| request.mentions);
    let messages: Vec<Mentions> = said.filter(|mentions| *mentions != Mentions::NoMessage).collect();
    assert_eq!(messages, [Mentions::Nobody, Mentions::Nobody, Mentions::Nobody]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_are_private_and_in_the_members_language() {
    let (host, bot) = Host::with_bot().await;
    let rui = host.sim.member("rui", "pt-BR");
    let rude = Invocation::new("rude-parrot", &rui, &host.channel).with("script", "items:a");
    let answer = bot.sim.run_unchecked(&rude).unwrap();
    assert!(answer.initial().await.unwrap().is_ephemeral());
    assert!(answer.message().await.unwrap().content().contains("restrição de idade"));

    let patient = Invocation::new("patient-parrot", &host.ana, &host.channel).with("script", "items:a");
    assert!(!bot.sim.run(&patient).unwrap().initial().await.unwrap().is_ephemeral());
    assert!(bot.sim.run(&patient).unwrap().initial().await.unwrap().is_ephemeral());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_age_restricted_command_works_where_discord_says_the_channel_is() {
    let (host, bot) = Host::with_bot().await;
    let restricted = host.sim.age_restricted_channel(&host.guild, "after-dark");
    let rude = Invocation::new("rude-parrot", &host.ana, &restricted).with("script", "items:a sensitive:a");
    assert!(!bot.sim.run(&rude).unwrap().initial().await.unwrap().is_ephemeral());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_are_at_most_25_that_discord_takes() {
    let (host, bot) = Host::with_bot().await;
    let choices = bot.sim.autocomplete(&host.parrot("ite"), "script").await.unwrap();
    assert_eq!(choices.len(), 25);
    assert_eq!((choices[0].name.as_str(), &choices[0].value), ("ite", &"ite".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_answer_is_deferred_and_filled_in() {
    let (host, bot) = Host::with_bot().await;
    let answer = bot.sim.run(&host.parrot("fetch items:slow")).unwrap();
    let first = answer.initial().await.unwrap();
    assert_eq!((first.kind, first.is_ephemeral()), (CallbackKind::DeferredMessage, false));
    host.gate.open(1);
    let message = answer.message().await.unwrap();
    assert_eq!(message.embeds()[0]["title"], "slow");
    let delivery = host.settled().await;
    assert_eq!(delivery.message.unwrap().get(), message.id.get());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_notice_after_a_public_deferral_stays_private() {
    let (host, bot) = Host::with_bot().await;
    let answer = bot.sim.run(&host.parrot("fetch")).unwrap();
    assert_eq!(answer.initial().await.unwrap().kind, CallbackKind::DeferredMessage);
    host.gate.open(1);
    let followups = answer.followups_when(1).await.unwrap();
    assert!(followups[0].is_ephemeral() && followups[0].content().contains("Nothing found"));
    assert_eq!(answer.message().await.unwrap_err(), Unanswered::Deleted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_panics_costs_its_member_no_answer() {
    let (host, bot) = Host::with_bot().await;
    assert!(bot.sim.run(&host.parrot("panic")).unwrap().initial().await.unwrap().is_ephemeral());
    assert!(!bot.sim.run(&host.parrot("items:a")).unwrap().initial().await.unwrap().is_ephemeral());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_its_bound_a_bot_refuses_politely() {
    let host =
        Host::start_with(SimulatorConfig::default(), FleetConfig { in_flight: 1, ..FleetConfig::default() }).await;
    let bot = host.add("first", Transport::Gateway).await;
    host.want(&[&bot]);
    host.until_serving(&bot).await;
    let slow = bot.sim.run(&host.parrot("fetch items:a")).unwrap();
    let refused = bot.sim.run(&host.parrot("items:b")).unwrap();
    assert!(refused.initial().await.unwrap().is_ephemeral());
    assert!(refused.message().await.unwrap().content().contains("Too much"));
    host.gate.open(1);
    assert_eq!(slow.message().await.unwrap().embeds()[0]["title"], "a");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_no_place_is_told_privately_before_anything_is_deferred() {
    let (host, bot) = Host::with_bot().await;
    // The parrot's share of this host's 64 places.
    let hanging: Vec<_> = (0..16).map(|_| bot.sim.run(&host.parrot("fetch items:a")).unwrap()).collect();
    for answer in &hanging {
        assert_eq!(answer.initial().await.unwrap().kind, CallbackKind::DeferredMessage);
    }
    let rui = host.sim.member("rui", "pt-BR");
    let answer = bot.sim.run(&Invocation::new("parrot", &rui, &host.channel).with("script", "items:a")).unwrap();
    let first = answer.initial().await.unwrap();
    assert_eq!((first.kind, first.is_ephemeral()), (CallbackKind::Message, true));
    assert!(answer.message().await.unwrap().content().starts_with("Há muita coisa acontecendo agora"));
    host.gate.open(16);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guests_file_is_uploaded_and_shown() {
    let (host, bot) = Host::with_bot().await;
    // At once, and after a deferral.
    for (script, opens) in [("items:a file:cat.png", 0), ("fetch items:b file:cat.png", 1)] {
        let answer = bot.sim.run(&host.parrot(script)).unwrap();
        answer.initial().await.unwrap();
        host.gate.open(opens);
        let message = answer.message().await.unwrap();
        assert_cat(&message);
        assert_eq!(host.settled().await.state, DeliveryState::Delivered);
    }
}
