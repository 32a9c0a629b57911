//! From an admitted command to a reply.

use std::sync::Arc;
use std::time::Duration;

use autocontent_store::{Delivery, DeliveryId, DeliveryState, NewDelivery, NewItem, Tally, Trigger};
use serde::Serialize;

use crate::ask::{Ask, Asker, Post, Reply};
use crate::calls::{Asking, count_deliveries};
use crate::catalogue::{Entry, Served};
use crate::contract::{self, Argument, Item, Media, Page, Request};
use crate::cooldown::CooldownKey;
use crate::press::{self, Act};
use crate::selection::{Seen, Selected};
use crate::service::Content;
use crate::words::Word;
use crate::{arguments, favourites, policy};

/// Items that a provider is asked for; more than one, as some may have been seen or may not be shown.
const LIMIT: u32 = 10;
/// Pages that are looked through for an item that was not seen yet.
const PAGES: usize = 4;

/// A request that passed the policy and can be answered.
#[must_use]
pub struct Admitted {
    pub(crate) content: Content,
    pub(crate) asker: Asker,
    pub(crate) work: Work,
}

/// How a reply will be seen, known before it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// As a new message for everybody, though a refusal may still follow instead.
    ToAll,
    /// To the member alone.
    Privately,
    /// As a change of the message that carries the button.
    InPlace,
}

/// What is left to do.
pub(crate) enum Work {
    Find(Box<Find>),
    Act(Box<Act>),
    Favourites { page: u32 },
    Vote { delivery: Box<Delivery>, vote: autocontent_store::Vote },
    Save { delivery: Box<Delivery> },
    More { delivery: DeliveryId },
    Report { delivery: DeliveryId },
    Delete { delivery: Box<Delivery> },
}

/// Content to be found.
pub(crate) struct Find {
    pub(crate) entry: Entry,
    pub(crate) command: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) cursor: Option<String>,
    pub(crate) trigger: Trigger,
    /// Taken back where the member gets nothing.
    cooldown: Option<CooldownKey>,
}

/// Checks a command; see [`Content::admit`].
pub(crate) fn admit(content: &Content, ask: Ask) -> Result<Admitted, Word> {
    let Ask { asker, command, arguments, trigger } = ask;
    check_rate(content, &asker)?;
    if command == favourites::NAME {
        let page = favourites::page(&arguments);
        return Ok(content.admitted(asker, Work::Favourites { page }));
    }
    let find = Find::admit(content, &asker, command, arguments, None, trigger)?;
    Ok(content.admitted(asker, Work::Find(Box::new(find))))
}

/// Counts a command, or a button that asks a provider, against the member's rate.
pub(crate) fn check_rate(content: &Content, asker: &Asker) -> Result<(), Word> {
    let rate = content.calls().member_rate.as_ref();
    let Some((rate, (account, member))) = rate.zip(asker.account.zip(asker.member)) else { return Ok(()) };
    rate.count(account, member, content.now()).map_err(|left| Word::TooMany { seconds: seconds(left) })
}

/// Whole seconds, rounded up, as nobody should come too early.
fn seconds(left: Duration) -> u64 {
    left.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX)
}

impl Find {
    /// Looks the command up, checks arguments and policy, and begins the cooldown.
    pub(crate) fn admit(
        content: &Content,
        asker: &Asker,
        command: String,
        arguments: Vec<Argument>,
        cursor: Option<String>,
        trigger: Trigger,
    ) -> Result<Self, Word> {
        let entry = content.catalogue().entry(asker.account, &command).ok_or(Word::UnknownCommand)?;
        arguments::check(&entry.invocation(), &arguments)?;
        policy::check(&entry, asker)?;
        let cooldown = asker.account.zip(asker.member).map(|(account, member)| CooldownKey {
            account,
            member,
            provider: entry.served.id.clone(),
            command: entry.position,
        });
        if let Some(key) = &cooldown {
            content
                .cooldowns()
                .begin(key, entry.command.cooldown, content.now())
                .map_err(|left| Word::Cooldown { seconds: seconds(left) })?;
        }
        Ok(Self { entry, command, arguments, cursor, trigger, cooldown })
    }
}

impl Admitted {
    /// How the reply will be seen.
    #[must_use]
    pub fn shown(&self) -> Shown {
        match self.work {
            Work::Find(_) => Shown::ToAll,
            Work::Vote { .. } => Shown::InPlace,
            Work::Act(_)
            | Work::Favourites { .. }
            | Work::Save { .. }
            | Work::More { .. }
            | Work::Report { .. }
            | Work::Delete { .. } => Shown::Privately,
        }
    }

    /// Does what was admitted. What went wrong is logged here and told to the member as a notice.
    pub async fn answer(self) -> Reply {
        let Self { content, asker, work } = self;
        let reply = match work {
            Work::Find(find) => deliver(&content, &asker, *find).await,
            Work::Favourites { page } => favourites::list(&content, &asker, page).await,
            Work::Act(act) => press::act(&content, &asker, *act).await,
            Work::Vote { delivery, vote } => press::vote(&content, &asker, &delivery, vote).await,
            Work::Save { delivery } => press::save(&content, &asker, &delivery).await,
            Work::More { delivery } => Ok(press::more(&content, &asker, delivery)),
            Work::Report { delivery } => press::report(&content, &asker, delivery).await,
            Work::Delete { delivery } => press::delete(&asker, &delivery),
        };
        reply.unwrap_or_else(|word| Reply::Notice(word.notice(&asker.locale)))
    }
}

/// Finds an item, records its delivery, and makes the post.
async fn deliver(content: &Content, asker: &Asker, find: Find) -> Result<Reply, Word> {
    let source = Source {
        served: &find.entry.served,
        command: &find.command,
        arguments: &find.arguments,
        trigger: find.trigger,
    };
    let posted = match find_item(content, asker, &find).await {
        Ok(found) => post(content, asker, &source, found, false).await,
        Err(word) => Err(word),
    };
    if let (Err(_), Some(cooldown)) = (&posted, &find.cooldown) {
        content.cooldowns().take_back(cooldown);
    }
    posted.map(|post| Reply::Post(Box::new(post)))
}

/// An item, and where the search for another goes on.
pub(crate) struct Found {
    pub(crate) item: Item,
    pub(crate) resume: Option<String>,
    pub(crate) cached: bool,
}

async fn find_item(content: &Content, asker: &Asker, find: &Find) -> Result<Found, Word> {
    let served = &find.entry.served;
    let seen = content.seen().of(&asker.audience(), &served.id).await.map_err(|error| {
        tracing::error!(%error, "could not read what an audience has seen");
        Word::HostFailed
    })?;
    let mut request = Request {
        command: find.command.clone(),
        arguments: content.arguments_for(&served.id, &find.arguments),
        trigger: if asker.account.is_none() { contract::Trigger::Preview } else { contract::Trigger::Command },
        audience: content.audience(&served.id, asker),
        limit: LIMIT,
        cursor: find.cursor.clone(),
    };
    let asking = Asking::new(content, served, asker, &find.command);
    let mut repeat: Option<(usize, Item, bool)> = None;
    for _ in 0..PAGES {
        let (page, cached) = match page(content, &asking, &request).await {
            Ok(page) => page,
            // What was seen before is better than nothing.
            Err(_) if repeat.is_some() => {
                request.cursor.clone_from(&find.cursor);
                break;
            }
            Err(word) => return Err(word),
        };
        let item = |position: usize| page.items.get(position).cloned();
        match Seen::select(&seen, &page.items, |item| served.may_show(item, asker.age_restricted)) {
            // The page is asked for again as long as it has items that were not seen.
            Selected::Fresh { position, last } => {
                let resume = if last { page.next.clone() } else { request.cursor };
                return item(position).map(|item| Found { item, resume, cached }).ok_or(Word::NothingFound);
            }
            Selected::Seen { position, age } if repeat.as_ref().is_none_or(|(older, ..)| age < *older) => {
                repeat = item(position).map(|item| (age, item, cached));
            }
            Selected::Seen { .. } | Selected::Nothing => {}
        }
        request.cursor.clone_from(&page.next);
        if page.next.is_none() {
            break;
        }
    }
    // Pages further on may have what was not seen; after the last one, the search begins anew.
    let (_, item, cached) = repeat.ok_or(Word::NothingFound)?;
    Seen::mark_again(&seen, &item);
    Ok(Found { item, resume: request.cursor, cached })
}

/// A page from memory or from the provider, and whether it came from memory.
async fn page(content: &Content, asking: &Asking<'_>, request: &Request) -> Result<(Arc<Page>, bool), Word> {
    let (variant, now) = (asking.served.variant(asking.asker), content.now());
    if let Some(page) = content.answers().get(variant, request, now) {
        asking.count_cached();
        return Ok((page, true));
    }
    let page = Arc::new(asking.find(request).await?);
    content.answers().keep(variant, request, &page, now);
    Ok((page, false))
}

/// What an item was found by.
pub(crate) struct Source<'a> {
    pub(crate) served: &'a Served,
    pub(crate) command: &'a str,
    pub(crate) arguments: &'a [Argument],
    pub(crate) trigger: Trigger,
}

/// Records an item's delivery as pending and makes the post.
pub(crate) async fn post(
    content: &Content,
    asker: &Asker,
    source: &Source<'_>,
    found: Found,
    private: bool,
) -> Result<Post, Word> {
    let Found { item, resume, cached } = found;
    let id = content.delivery_id();
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "could not record a delivery");
        Word::HostFailed
    };
    let delivery = NewDelivery {
        id,
        account: asker.account,
        provider: source.served.id.clone(),
        digest: source.served.installed.clone(),
        command: source.command.to_owned(),
        arguments: serde_json::to_string(source.arguments).map_err(|error| failed(&error))?,
        trigger: source.trigger,
        member: asker.member,
        guild: asker.guild,
        channel: asker.channel,
        audience: asker.audience(),
        locale: asker.locale.clone(),
        sensitive_allowed: asker.age_restricted,
        next: resume,
        cached,
        created_at: content.now(),
        items: vec![NewItem {
            item: item.id.clone(),
            kind: item.kind.clone(),
            title: item.title.clone(),
            url: item.url.clone(),
            json: kept(&item).map_err(|error| failed(&error))?,
        }],
    };
    content.store().record(delivery).await.map_err(|error| failed(&error))?;
    count_deliveries(DeliveryState::Pending, 1);
    let rows = press::rows(content.buttons(), id, &item, Tally::default(), &asker.locale, private);
    Ok(Post { delivery: id, item, provider_name: source.served.name.clone(), rows, private })
}

/// The item as the history keeps it: everything but uploaded data.
fn kept(item: &Item) -> serde_json::Result<String> {
    if matches!(item.media, Some(Media::Blob(_))) {
        return serde_json::to_string(&Item { media: None, ..item.clone() });
    }
    serde_json::to_string(item)
}
