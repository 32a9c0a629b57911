//! Buttons: what stands under a message, and what pressing it does.

use autocontent_store::{Delivery, DeliveryId, NewFavourite, Settled, Tally, Trigger, Vote};

use crate::answer::{Admitted, Find, Found, Source, Work, check_rate, post};
use crate::ask::{Asker, Button, ButtonRow, Press, Reply};
use crate::buttons::{ButtonIds, ButtonKind};
use crate::calls::Asking;
use crate::catalogue::Entry;
use crate::contract::{self, ActionStyle, Argument, Item, Request};
use crate::policy;
use crate::service::Content;
use crate::words::{Labels, Word};

/// The contract's limits for an item's actions, and for a label's characters.
const ACTIONS: usize = 5;
const LABEL: usize = 80;

/// The rows under an item: the provider's actions, then the host's buttons unless only one member sees it.
pub(crate) fn rows(
    ids: &ButtonIds,
    delivery: DeliveryId,
    item: &Item,
    tally: Tally,
    locale: &str,
    private: bool,
) -> Vec<ButtonRow> {
    let actions: ButtonRow = (0_u8..)
        .zip(&item.actions)
        .take(ACTIONS)
        .filter(|(_, action)| !action.label.trim().is_empty())
        .map(|(position, action)| Button {
            id: ids.sign(ButtonKind::Action(position), delivery),
            label: cut(&action.label),
            emoji: None,
            style: action.style,
        })
        .collect();
    let own = (!private).then(|| own_row(ids, delivery, tally, locale));
    [Some(actions), own].into_iter().flatten().filter(|row| !row.is_empty()).collect()
}

fn own_row(ids: &ButtonIds, delivery: DeliveryId, tally: Tally, locale: &str) -> ButtonRow {
    let count = |votes: u64| if votes == 0 { String::new() } else { votes.to_string() };
    let button =
        |kind, emoji, label: String, style| Button { id: ids.sign(kind, delivery), label, emoji: Some(emoji), style };
    vec![
        button(ButtonKind::Another, "🔁", Labels::of(locale).another.into(), ActionStyle::Primary),
        button(ButtonKind::Up, "👍", count(tally.up), ActionStyle::Secondary),
        button(ButtonKind::Down, "👎", count(tally.down), ActionStyle::Secondary),
        button(ButtonKind::Save, "⭐", String::new(), ActionStyle::Secondary),
        button(ButtonKind::More, "⋯", String::new(), ActionStyle::Secondary),
    ]
}

fn cut(label: &str) -> String {
    match label.char_indices().nth(LABEL) {
        Some(_) => label.chars().take(LABEL - 1).chain(['…']).collect(),
        None => label.to_owned(),
    }
}

/// Reads a pressed button, finds its delivery, and checks the policy again.
pub(crate) async fn admit(content: &Content, press: Press) -> Result<Admitted, Word> {
    let Press { asker, button, message } = press;
    let (kind, id) = content.buttons().read(&button).ok_or(Word::UnknownButton)?;
    let delivery = content.store().delivery(id).await.map_err(|error| {
        tracing::error!(delivery = %id, %error, "could not read a delivery");
        Word::HostFailed
    })?;
    // Another account's button, or one whose delivery was erased.
    let delivery = delivery.filter(|delivery| delivery.account == asker.account).ok_or(Word::UnknownButton)?;
    let mut delivery = Box::new(delivery);
    if let (None, Some(message), false) = (delivery.message, message, kind.is_of_the_menu()) {
        // Who presses a button has the message: whatever became of the answer to its delivery, it arrived.
        content.settle(id, Settled::Delivered { message: Some(message) }).await;
        delivery.message = Some(message);
    }
    let work = match kind {
        ButtonKind::Another => Work::Find(Box::new(another(content, &asker, *delivery)?)),
        ButtonKind::Action(position) => Work::Act(Box::new(Act::admit(content, &asker, *delivery, position)?)),
        ButtonKind::Up => Work::Vote { delivery, vote: Vote::Up },
        ButtonKind::Down => Work::Vote { delivery, vote: Vote::Down },
        ButtonKind::Save => Work::Save { delivery },
        ButtonKind::More => Work::More { delivery: id },
        ButtonKind::Report => Work::Report { delivery: id },
        ButtonKind::Delete => Work::Delete { delivery },
    };
    Ok(content.admitted(asker, work))
}

/// The same command again, going on where the delivery's search ended.
fn another(content: &Content, asker: &Asker, delivery: Delivery) -> Result<Find, Word> {
    check_rate(content, asker)?;
    let arguments = arguments(&delivery)?;
    Find::admit(content, asker, delivery.command, arguments, delivery.next, Trigger::Button)
}

fn arguments(delivery: &Delivery) -> Result<Vec<Argument>, Word> {
    serde_json::from_str(&delivery.arguments).map_err(|error| {
        tracing::error!(delivery = %delivery.id, %error, "a delivery's arguments can't be read");
        Word::UnknownButton
    })
}

/// The delivery's item.
fn item(delivery: &Delivery) -> Result<Item, Word> {
    let json = delivery.items.first().map(|item| item.json.as_str()).ok_or(Word::UnknownButton)?;
    serde_json::from_str(json).map_err(|error| {
        tracing::error!(delivery = %delivery.id, %error, "a delivery's item can't be read");
        Word::UnknownButton
    })
}

/// A provider's own action, to be asked of it.
pub(crate) struct Act {
    entry: Entry,
    delivery: Delivery,
    item: Item,
    arguments: Vec<Argument>,
    action: String,
}

impl Act {
    fn admit(content: &Content, asker: &Asker, delivery: Delivery, position: u8) -> Result<Self, Word> {
        let entry = content.catalogue().entry(asker.account, &delivery.command).ok_or(Word::UnknownCommand)?;
        if entry.served.id != delivery.provider {
            return Err(Word::UnknownCommand);
        }
        check_rate(content, asker)?;
        policy::check(&entry, asker)?;
        let item = item(&delivery)?;
        let action = item.actions.get(usize::from(position)).ok_or(Word::UnknownButton)?.id.clone();
        let arguments = arguments(&delivery)?;
        Ok(Self { entry, delivery, item, arguments, action })
    }
}

/// Asks the provider; its first item that may be shown is the answer, for this member alone.
pub(crate) async fn act(content: &Content, asker: &Asker, act: Act) -> Result<Reply, Word> {
    let Act { entry, delivery, item, arguments, action } = act;
    let served = &entry.served;
    let request = Request {
        command: delivery.command.clone(),
        arguments: content.arguments_for(&served.id, &arguments),
        trigger: contract::Trigger::Command,
        audience: content.audience(&served.id, asker),
        limit: 1,
        cursor: None,
    };
    let press = contract::Press { action, item: item.id, state: item.state, request };
    let page = Asking::new(content, served, asker, &delivery.command).act(&press).await?;
    let item =
        page.items.into_iter().find(|item| served.may_show(item, asker.age_restricted)).ok_or(Word::NothingFound)?;
    let source = Source { served, command: &delivery.command, arguments: &arguments, trigger: Trigger::Button };
    let found = Found { item, resume: None, cached: false };
    post(content, asker, &source, found, true).await.map(|post| Reply::Post(Box::new(post)))
}

/// Counts a vote and shows the new counts.
pub(crate) async fn vote(content: &Content, asker: &Asker, delivery: &Delivery, vote: Vote) -> Result<Reply, Word> {
    let Some(member) = asker.member else { return Err(Word::UnknownButton) };
    let item = item(delivery)?;
    let tally = content.store().vote(delivery.id, member, vote, content.now()).await.map_err(|error| {
        tracing::error!(delivery = %delivery.id, %error, "could not record a vote");
        Word::HostFailed
    })?;
    Ok(Reply::Buttons { rows: rows(content.buttons(), delivery.id, &item, tally, &delivery.locale, false) })
}

/// Puts the item among the member's favourites, or takes it out.
pub(crate) async fn save(content: &Content, asker: &Asker, delivery: &Delivery) -> Result<Reply, Word> {
    let (Some(member), Some(item)) = (asker.member, delivery.items.first()) else { return Err(Word::UnknownButton) };
    let new = NewFavourite {
        member,
        provider: delivery.provider.clone(),
        item: item.item.clone(),
        delivery: delivery.id,
        json: item.json.clone(),
    };
    let saved = content.store().toggle_favourite(new, content.now()).await.map_err(|error| {
        tracing::error!(delivery = %delivery.id, %error, "could not save a favourite");
        Word::HostFailed
    })?;
    let word = if saved { Word::Saved } else { Word::Unsaved };
    Ok(Reply::Notice(word.notice(&asker.locale)))
}

/// Shows the rarer buttons.
pub(crate) fn more(content: &Content, asker: &Asker, delivery: DeliveryId) -> Reply {
    let labels = Labels::of(&asker.locale);
    let button = |kind, emoji, label: &str, style| Button {
        id: content.buttons().sign(kind, delivery),
        label: label.to_owned(),
        emoji: Some(emoji),
        style,
    };
    let row = vec![
        button(ButtonKind::Report, "🚩", labels.report, ActionStyle::Secondary),
        button(ButtonKind::Delete, "🗑️", labels.delete, ActionStyle::Danger),
    ];
    Reply::Menu { notice: Word::More.notice(&asker.locale), rows: vec![row] }
}

/// Tells the operator about the item, once for each member.
pub(crate) async fn report(content: &Content, asker: &Asker, delivery: DeliveryId) -> Result<Reply, Word> {
    let Some(member) = asker.member else { return Err(Word::UnknownButton) };
    let newly = content.store().report(delivery, member, content.now()).await.map_err(|error| {
        tracing::error!(%delivery, %error, "could not record a report");
        Word::HostFailed
    })?;
    let word = if newly { Word::Reported } else { Word::ReportedBefore };
    if newly {
        tracing::warn!(%delivery, "a member reported a delivery");
    }
    Ok(Reply::Notice(word.notice(&asker.locale)))
}

/// Has the message deleted, for the member who asked for it and for moderators.
pub(crate) fn delete(asker: &Asker, delivery: &Delivery) -> Result<Reply, Word> {
    if asker.member != delivery.member && !asker.moderator {
        return Err(Word::NotYours);
    }
    let (channel, message) = delivery.channel.zip(delivery.message).ok_or(Word::AlreadyGone)?;
    Ok(Reply::Delete { channel, message, notice: Word::Deleted.notice(&asker.locale) })
}
