//! What a trace tells of a command.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use autocontent_discord::Transport;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Subscriber, subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::host::Host;

/// A span that was made, with its parent's name.
#[derive(Clone, Debug, Default)]
struct Seen {
    name: &'static str,
    parent: Option<&'static str>,
    fields: BTreeMap<&'static str, String>,
}

/// Keeps every span of the crates here.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<BTreeMap<u64, Seen>>>);

impl Visit for Seen {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.fields.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collector {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        if !span.metadata().target().starts_with("autocontent") {
            return;
        }
        let mut seen = Seen { name: span.name(), parent: span.parent().map(|parent| parent.name()), ..Seen::default() };
        attributes.record(&mut seen);
        // Ids are used again.
        let mut all = self.0.lock().unwrap();
        let number = u64::try_from(all.len()).unwrap();
        span.extensions_mut().insert(number);
        all.insert(number, seen);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        let number = span.extensions().get::<u64>().copied();
        if let Some(seen) = self.0.lock().unwrap().get_mut(&number.unwrap_or(u64::MAX)) {
            values.record(seen);
        }
    }
}

#[tokio::test]
async fn a_command_can_be_followed_to_the_call_of_its_provider() {
    let collector = Collector::default();
    let _guard = subscriber::set_default(tracing_subscriber::registry().with(collector.clone()));
    let (host, bot) = Host::with_bot().await;
    assert_eq!(bot.transport, Transport::Gateway);
    bot.sim.run(&host.parrot("items:a")).unwrap().message().await.unwrap();
    bot.sim.run(&host.parrot("fail:upstream")).unwrap().message().await.unwrap();
    host.settled().await;

    let seen: Vec<Seen> = collector.0.lock().unwrap().values().cloned().collect();
    let interactions: Vec<_> = seen.iter().filter(|span| span.name == "interaction").collect();
    assert_eq!(interactions.len(), 2);
    for interaction in interactions {
        let of = |field| interaction.fields.get(field).map(String::as_str);
        assert_eq!((interaction.parent, of("kind"), of("command")), (None, Some("command"), Some("parrot")));
        assert_eq!(of("account"), Some(bot.account.to_string().as_str()));
    }
    let calls: Vec<_> = seen.iter().filter(|span| span.name == "call" && span.parent.is_some()).collect();
    let outcomes: Vec<_> = calls.iter().map(|call| call.fields["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["answered", "upstream"]);
    for call in calls {
        assert_eq!(call.parent, Some("interaction"));
        for (field, value) in [("provider", "parrot"), ("version", "1.0.0"), ("function", "find")] {
            assert_eq!(call.fields[field], value, "{field}");
        }
        for cost in ["time_ms", "cpu_ticks", "peak_memory", "host_calls"] {
            assert!(call.fields[cost].parse::<u64>().is_ok(), "{cost}");
        }
    }
    let everything = format!("{seen:?}");
    assert!(!everything.contains(&bot.sim.token()), "a token is in a trace");
    assert!(!everything.contains(&host.ana.id.to_string()), "a member is in a trace");
}
