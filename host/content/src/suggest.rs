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
    if let (OptionKind::Number { .. }, Value::Integer(whole)) = (&option.kind, &choice.value) {
        // In some languages a whole number has no other form. Discord's numbers are floating ones.
        #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 Discord takes none")]
        let number = *whole as f64;
        choice.value = Value::Number(number);
    }
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

#[cfg(test)]
mod tests {
    use autocontent_manifest::Manifest;

    use super::*;

    #[test]
    fn a_choice_has_the_kind_of_its_option() {
        let manifest = "[provider]\nid = \"scale\"\nname = \"Scale\"\nversion = \"1.0.0\"\ndescription = \"Weighs\"\n\
             license = \"MIT\"\ncontract = \"1.0\"\nkinds = [\"fact\"]\n[[command]]\nname = \"weigh\"\ndescription = \"Weighs\"\n\
             option = [{ name = \"whole\", kind = \"integer\", description = \"W\", autocomplete = true },\n\
             { name = \"number\", kind = \"number\", description = \"N\", autocomplete = true }]";
        let manifest = Manifest::parse(manifest).unwrap();
        let invocation = manifest.commands[0].invocations().next().unwrap();
        let fitted = |option: &str, value: Value| {
            let choice = Choice { label: "one".to_owned(), value };
            fit(choice, invocation.option(option).unwrap()).map(|choice| choice.value)
        };
        assert_eq!(fitted("whole", Value::Integer(1)), Some(Value::Integer(1)));
        assert_eq!(fitted("whole", Value::Number(1.0)), None);
        assert_eq!(fitted("number", Value::Number(0.5)), Some(Value::Number(0.5)));
        assert_eq!(fitted("number", Value::Integer(1)), Some(Value::Number(1.0)));
        assert_eq!(fitted("number", Value::Text("1".to_owned())), None);
    }
}
