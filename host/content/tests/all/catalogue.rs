//! Installing and enabling providers.

use autocontent_content::{Actor, OperateError};

use crate::service::{Service, guest, notice, post};

#[tokio::test]
async fn an_accounts_commands_are_those_of_its_providers_and_the_hosts_own() {
    let service = Service::start().await;
    service.install(guest("quote")).await.unwrap();
    service.content.reload().await.unwrap();
    let names =
        |account| service.content.commands(account).iter().map(|one| one.command.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(Some(service.account)), ["favourites", "parrot", "patient-parrot", "rude-parrot"]);
    assert_eq!(names(None), ["favourites", "parrot", "patient-parrot", "quote", "rude-parrot"]);
}

#[tokio::test]
async fn a_provider_whose_command_another_has_is_not_enabled_beside_it() {
    let service = Service::start().await;
    let twin = twin(&guest("parrot"));
    service.install(twin).await.unwrap();
    let refusal =
        service.content.enable(service.account, &"pirate".parse().unwrap(), &Actor::host()).await.unwrap_err();
    assert!(matches!(&refusal, OperateError::Conflict { other, .. } if other.as_str() == "parrot"), "{refusal}");
    assert_eq!(post(service.run("items:a").await).item.id, "a");
}

#[tokio::test]
async fn what_is_not_installed_is_not_enabled() {
    let service = Service::start().await;
    let refusal = service.content.enable(service.account, &"owl".parse().unwrap(), &Actor::host()).await.unwrap_err();
    assert!(matches!(refusal, OperateError::NotInstalled(_)), "{refusal}");
}

#[tokio::test]
async fn what_is_no_provider_is_refused_and_changes_nothing() {
    let service = Service::start().await;
    let revision = service.store.revision().await.unwrap();
    for component in [Vec::new(), b"not wasm".to_vec(), guest("parrot")[..1_000].to_vec()] {
        let refusal = service.install(component).await.unwrap_err();
        assert!(matches!(refusal, OperateError::Load(_)), "{refusal}");
    }
    assert_eq!(service.store.revision().await.unwrap(), revision);
    assert_eq!(service.store.installed().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_removed_provider_is_gone_after_the_next_reload() {
    let service = Service::start().await;
    service.content.remove(&"parrot".parse().unwrap(), &Actor::host()).await.unwrap();
    service.content.reload().await.unwrap();
    assert_eq!(notice(service.run("items:a").await).code, "unknown_command");
}

/// The parrot under another name: its manifest is text in a custom section, and `pirate` is as long as `parrot`.
fn twin(component: &[u8]) -> Vec<u8> {
    let mut twin = component.to_vec();
    let id = b"id = \"parrot\"";
    let at = twin.windows(id.len()).position(|window| window == id).unwrap();
    twin[at..at + id.len()].copy_from_slice(b"id = \"pirate\"");
    twin
}
