//! What a guest answers, on its way to Discord: Discord refuses a message as a whole for one field that is too long, so
//! whatever a guest says must become one that is taken.

use arbitrary::{Result, Unstructured};
use autocontent_content::testing::Buttons;
use autocontent_content::{DeliveryId, Notice, Post};
use autocontent_discord::testing::{self, Sent};
use autocontent_simulator::form;
use serde_json::{Value, json};

use crate::items::{choice, item, list, text};

/// The largest file that the place takes, in bytes: guests here make files around it.
const LARGEST_FILE: u64 = 1_000;

/// Discord's checks of form take every message and every list of choices that is made of what a guest answered.
pub fn message(data: &[u8]) {
    let input = &mut Unstructured::new(data);
    let _ = post(input).and_then(|()| lists(input)).and_then(|()| choices(input));
}

fn post(input: &mut Unstructured<'_>) -> Result<()> {
    let (item, delivery) = (item(input)?, DeliveryId::from_bytes(input.arbitrary()?));
    let locale = if input.arbitrary()? { "pt-BR" } else { "en-US" };
    let rows = Buttons::new("a key").under(delivery, &item, input.arbitrary()?, locale);
    let post = Post { delivery, item, provider_name: text(input)?, rows, private: input.arbitrary()? };
    let [answer, edit] = testing::post(&post, LARGEST_FILE).map_err(not_json)?;
    check_new(&answer);
    let edited = json_of(&edit);
    check_all(&edited, &edit.files);
    assert_eq!(form::edit(&edited), Ok(()), "{edited:#}");
    Ok(())
}

fn lists(input: &mut Unstructured<'_>) -> Result<()> {
    let items = list(input, 12, item)?;
    let first = items.first();
    let rows = first.map(|item| Buttons::new("a key").under(DeliveryId::from_bytes([5; 16]), item, (0, 0), "en-US"));
    let notice = Notice { text: text(input)?, code: "test" };
    for sent in testing::private(&notice, &rows.unwrap_or_default(), &items).map_err(not_json)? {
        check_new(&sent);
    }
    Ok(())
}

fn choices(input: &mut Unstructured<'_>) -> Result<()> {
    let sent = testing::choices(&list(input, 30, choice)?).map_err(not_json)?;
    let data = &json_of(&sent)["data"];
    assert_eq!(form::choices(data), Ok(()), "{data:#}");
    Ok(())
}

/// A first answer holds the message in `data`.
fn check_new(sent: &Sent) {
    let answer = json_of(sent);
    let message = answer.get("data").unwrap_or(&Value::Null);
    check_all(message, &sent.files);
    assert_eq!(form::new_message(message, sent.files.len()), Ok(()), "{message:#}");
}

/// What the checks of form don't look at.
fn check_all(message: &Value, files: &[(String, usize)]) {
    assert_eq!(message["allowed_mentions"], json!({ "parse": [] }), "it may mention somebody");
    let attachments = message["attachments"].as_array().map_or(&[][..], Vec::as_slice);
    let described: Vec<_> = attachments.iter().map(|attachment| attachment["filename"].as_str()).collect();
    assert_eq!(described, files.iter().map(|(name, _)| Some(name.as_str())).collect::<Vec<_>>());
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    for (name, size) in files {
        assert!((1..=100).contains(&name.len()) && name.chars().all(safe) && !name.starts_with('.'), "{name:?}");
        assert!(u64::try_from(*size).is_ok_and(|size| (1..=LARGEST_FILE).contains(&size)), "{name} has {size} bytes");
    }
    for embed in message["embeds"].as_array().into_iter().flatten() {
        for shown in ["image", "thumbnail"] {
            let named = embed[shown]["url"].as_str().and_then(|url| url.strip_prefix("attachment://"));
            assert!(named.is_none_or(|name| files.iter().any(|(file, _)| file == name)), "{named:?} is not attached");
        }
    }
}

fn json_of(sent: &Sent) -> Value {
    let read = serde_json::from_slice(&sent.json);
    assert!(read.is_ok(), "not JSON: {read:?}");
    read.unwrap_or_default()
}

/// No item can fail to be written; were it otherwise, the assertion says so.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn not_json(error: serde_json::Error) -> arbitrary::Error {
    assert!(error.is_io(), "a reply can't be written: {error}");
    arbitrary::Error::IncorrectFormat
}
