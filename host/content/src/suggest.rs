//! What a member could type next.

use std::time::Duration;

use autocontent_manifest::{CommandOption, OptionKind};

use crate::ask::Typing;
use crate::calls::Asking;
use crate::contract::{Choice, Partial, Value};
use crate::policy;
use crate::service::Content;
use crate::tidy;

/// Discord shows no more.
const MOST: usize = 25;
/// Characters of a label, and of a text value, that Discord accepts.
const LONGEST: usize = 100;
/// Past three seconds the answer would be refused.
const DEADLINE: Duration = Duration::from_millis(2_500);

/// Asks the provider; nothing where it can't say.
pub(crate) async fn suggest(content: &Content, typing: &Typing) -> Vec<Choice> {
    let Some(entry) = content.catalogue().entry(typing.asker.account, &typing.command) else { return Vec::new() };
    if policy::check(&entry, &typing.asker).is_err() {
        return Vec::new();
    }
    let Some(option) = entry.invocation().option(&typing.option) else { return Vec::new() };
    let partial = Partial {
        command: typing.command.clone(),
        name: typing.option.clone(),
        typed: typing.typed.clone(),
        arguments: content.arguments_for(&entry.served.id, &typing.arguments),
        audience: content.audience(&entry.served.id, &typing.asker),
    };
    let asking = Asking::new(content, &entry.served, &typing.asker, &typing.command);
    let choices = tokio::time::timeout(DEADLINE, asking.suggest(&partial)).await.unwrap_or_default();
    choices.into_iter().filter_map(|choice| fit(choice, option)).take(MOST).collect()
}

/// The choice as Discord accepts it, if it can be.
fn fit(mut choice: Choice, option: &CommandOption) -> Option<Choice> {
    let kind = match (&option.kind, &choice.value) {
        (OptionKind::Text { .. }, Value::Text(text)) => (1..=LONGEST).contains(&text.chars().count()),
        (OptionKind::Integer { .. }, Value::Integer(_)) | (OptionKind::Number { .. }, Value::Number(_)) => true,
        _ => false,
    };
    choice.label = tidy::line(choice.label);
    if let Some((cut, _)) = choice.label.char_indices().nth(LONGEST) {
        choice.label.truncate(cut);
    }
    (kind && !choice.label.trim().is_empty()).then_some(choice)
}
