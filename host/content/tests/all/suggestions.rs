//! What could be typed next.

use autocontent_content::Typing;
use autocontent_content::contract::Value;

use crate::service::Service;

fn typing(service: &Service, command: &str, option: &str, typed: &str) -> Typing {
    Typing {
        asker: service.asker(1),
        command: command.into(),
        option: option.into(),
        typed: typed.into(),
        arguments: Vec::new(),
    }
}

#[tokio::test]
async fn suggestions_are_cut_to_what_discord_accepts() {
    let service = Service::start().await;
    let choices = service.content.suggest(typing(&service, "parrot", "script", "items:z")).await;
    assert_eq!(choices.len(), 25);
    assert_eq!((choices[0].label.as_str(), &choices[0].value), ("items:z", &Value::Text("items:z".into())));
    assert_eq!(choices[1].label.chars().count(), 100);
    assert!(choices.iter().all(|choice| !choice.label.is_empty()));
}

#[tokio::test]
async fn what_cannot_be_suggested_brings_no_choices() {
    let service = Service::start().await;
    for (command, option) in [("owl", "script"), ("parrot", "sript"), ("rude-parrot", "script")] {
        assert!(service.content.suggest(typing(&service, command, option, "x")).await.is_empty(), "{command} {option}");
    }
}
