//! The provider as the host calls it, with its sources played from recordings.

mod google;
mod hostile;
mod listing;

use autocontent_provider_meme::Meme;
use autocontent_sdk::settings::Value;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Activity, Failure, Game, Page, Track, Trigger};

fn ask() -> Ask {
    Ask::new("meme").limit(10)
}

fn about(topic: &str) -> Ask {
    ask().argument("topic", topic)
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    ask.find::<Meme>()
}

fn played(recording: &str) -> Host {
    let host = Host::new();
    host.replay(&[&format!("recordings/{recording}.json")]);
    if recording.contains("listing") {
        host.set_setting("source", Value::Text("listing".into()));
    }
    host
}

fn titles(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.title.as_deref().unwrap_or_default()).collect()
}

fn playing(name: &str) -> Trigger {
    Trigger::Activity(Activity::Game(Game { name: name.into(), details: Some("In the harbour".into()) }))
}

fn listening(artist: &str) -> Trigger {
    let (title, artist) = ("An Example".into(), artist.into());
    Trigger::Activity(Activity::Music(Track { title, artist, album: None }))
}
