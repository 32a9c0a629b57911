//! What a place follows, and what it is told by schedule.

use autocontent_sdk::{Audience, Place, Trigger};

use crate::*;

fn follow(feed: &str) -> Ask {
    Ask::new("news follow").argument("feed", feed)
}

fn unfollow(feed: &str) -> Ask {
    Ask::new("news unfollow").argument("feed", feed)
}

fn text(ask: &Ask) -> String {
    let item = find(ask).unwrap().items.remove(0);
    format!("{}\n{}", item.title.unwrap(), item.text.unwrap())
}

fn elsewhere(ask: Ask) -> Ask {
    ask.audience(Audience {
        user: "a-member".into(),
        scope: "another-guild".into(),
        place: Place::Guild,
        locale: "en-US".into(),
        sensitive_allowed: false,
    })
}

#[test]
fn what_is_followed_here_is_what_latest_asks_here_and_nowhere_else() {
    let host = host();
    assert_eq!(text(&follow("deutsche welle")).lines().next(), Some("Deutsche Welle is followed here"));
    find(&follow("Deutsche Welle")).unwrap();
    find(&follow("Agência Brasil").locale("pt-BR")).unwrap();
    assert_eq!(titles(&find(&latest()).unwrap()), ["Safra de grãos bate recorde", "Old bridge is moved by night"]);
    assert_eq!(host.requests().len(), 2);
    assert_eq!(
        text(&Ask::new("news following")),
        "Followed here\n\
         - [Agência Brasil](https://agenciabrasil.ebc.com.br/rss/ultimasnoticias/feed.xml)\n\
         - [Deutsche Welle](https://rss.dw.com/rdf/rss-en-all)"
    );
    assert!(text(&elsewhere(Ask::new("news following"))).contains("No feed is followed here yet"));
    assert_eq!(titles(&find(&elsewhere(latest())).unwrap()).len(), 7);
}

#[test]
fn another_answer_says_how_it_stands_and_changes_nothing() {
    let _host = host();
    let done = find(&follow("BBC News")).unwrap();
    find(&unfollow("BBC News")).unwrap();
    let again = find(&follow("bbc news").cursor(done.next)).unwrap();
    assert_eq!(titles(&again), ["BBC News is no longer followed here"]);
    assert!(text(&Ask::new("news following")).contains("No feed is followed here yet"));
    find(&follow("BBC News")).unwrap();
    let again = find(&unfollow("BBC News").cursor(again.next)).unwrap();
    assert_eq!(titles(&again), ["BBC News is followed here"]);
    assert!(again.next.is_some(), "nor does the next one");
}

#[test]
fn what_is_said_of_different_feeds_or_lists_are_different_items() {
    let _host = host();
    let mut ids = std::collections::HashSet::new();
    for ask in [follow("BBC News"), Ask::new("news following"), follow("NPR"), Ask::new("news following")] {
        assert!(ids.insert(find(&ask).unwrap().items.remove(0).id), "{ask:?}");
    }
}

#[test]
fn a_feed_is_unfollowed_even_where_the_operator_no_longer_offers_it() {
    let host = host();
    for feed in ["BBC News", "Deutsche Welle"] {
        find(&follow(feed)).unwrap();
    }
    host.set_setting("feeds", Value::Texts(vec!["BBC News=https://feeds.bbci.co.uk/news/rss.xml".into()]));
    assert!(text(&Ask::new("news following")).ends_with("- Deutsche Welle (no longer offered)"));
    let proposed = unfollow("").suggest::<News>("feed", "de");
    assert_eq!(proposed.len(), 1);
    assert_eq!(
        text(&unfollow("deutsche welle").locale("pt-BR")).lines().next(),
        Some("Deutsche Welle não é mais seguida aqui")
    );
    assert_eq!(text(&Ask::new("news following")).lines().count(), 2);
    let failure = Failure::invalid_argument("feed", "this feed is not followed here");
    assert_eq!(find(&unfollow("Deutsche Welle")), Err(failure));
}

#[test]
fn only_so_many_feeds_are_followed_in_one_place() {
    let host = host();
    let feeds = (1..=13).map(|number| format!("Feed {number:02}=https://feeds.example.org/{number}"));
    host.set_setting("feeds", Value::Texts(feeds.collect()));
    for number in 1..=12 {
        find(&follow(&format!("feed {number:02}"))).unwrap();
    }
    let failure = Failure::invalid_argument("feed", "12 feeds are followed here already; unfollow one first");
    assert_eq!(find(&follow("Feed 13")), Err(failure));
    find(&follow("Feed 12")).unwrap();
    assert!(find(&latest()).is_err());
    assert_eq!(host.requests().len(), 12);
}

#[test]
fn a_feed_that_is_not_offered_is_refused_in_the_members_language() {
    let _host = host();
    let Err(Failure::InvalidArgument(why)) = find(&follow("nothing")) else { panic!() };
    assert_eq!(
        (why.name.as_str(), why.reason.as_str()),
        ("feed", "there is no feed of that name; there are BBC News, The Guardian, Deutsche Welle, France 24, NPR")
    );
    let Err(Failure::InvalidArgument(why)) = find(&of("nothing").locale("pt-BR")) else { panic!() };
    assert!(why.reason.starts_with("não há fonte com esse nome; há Agência Brasil, G1"), "{}", why.reason);
}

#[test]
fn a_schedule_tells_the_newest_first_and_then_only_what_is_new() {
    let host = with_feeds("recordings/schedule.json", &["BBC News=https://feeds.bbci.co.uk/news/rss.xml"]);
    let scheduled = latest().trigger(Trigger::Schedule);
    assert_eq!(titles(&find(&scheduled.clone().limit(1)).unwrap()), ["Second"]);
    assert_eq!(find(&scheduled), Err(Failure::NothingFound), "what was there the first time is old");
    assert_eq!(titles(&find(&scheduled.clone().limit(1)).unwrap()), ["Fourth"]);
    assert_eq!(titles(&find(&scheduled).unwrap()), ["Third"], "what there was no room for comes next time");
    assert_eq!(find(&scheduled), Err(Failure::NothingFound));
    // A member who asks gets all of them, and so does another subscription or another place.
    assert_eq!(titles(&find(&latest()).unwrap()).len(), 4);
    assert_eq!(titles(&find(&search("first").trigger(Trigger::Schedule)).unwrap()), ["First"]);
    assert_eq!(titles(&find(&elsewhere(scheduled)).unwrap()).len(), 4);
    assert!(host.log().is_empty());
}
