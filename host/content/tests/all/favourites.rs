//! What members saved.

use autocontent_content::contract::{Argument, Value};
use autocontent_content::{Ask, Asker, Reply, Trigger};

use crate::service::{Service, button, notice, post};

async fn favourites(service: &Service, asker: &Asker, page: Option<i64>) -> Reply {
    let arguments =
        page.map(|page| Argument { name: "page".into(), value: Value::Integer(page) }).into_iter().collect();
    let ask = Ask { asker: asker.clone(), command: "favourites".into(), arguments, trigger: Trigger::Command };
    service.content.admit(ask).unwrap().answer().await
}

fn ids(reply: Reply) -> Vec<String> {
    match reply {
        Reply::Items { items, .. } => items.into_iter().map(|item| item.id).collect(),
        other => panic!("not a list: {other:?}"),
    }
}

#[tokio::test]
async fn saved_items_are_listed_newest_first_and_a_second_press_takes_one_out() {
    let service = Service::start().await;
    let ana = service.asker(1);
    assert_eq!(notice(favourites(&service, &ana, None).await).code, "no_favourites");
    let mut posts = Vec::new();
    for _ in 0..12 {
        posts.push(post(service.run("items:a,b,c,d,e,f,g,h,i,j,k,l cache:60").await));
        service.clock.advance(1);
        assert_eq!(notice(service.press(&ana, &button(posts.last().unwrap(), "⭐")).await).code, "saved");
    }
    assert_eq!(ids(favourites(&service, &ana, None).await).join(""), "lkjihgfedc");
    assert_eq!(ids(favourites(&service, &ana, Some(2)).await).join(""), "ba");
    assert_eq!(notice(service.press(&ana, &button(&posts[11], "⭐")).await).code, "unsaved");
    assert_eq!(ids(favourites(&service, &ana, None).await).join(""), "kjihgfedcb");
    assert_eq!(
        notice(favourites(&service, &service.asker(2), None).await).code,
        "no_favourites",
        "they are ana's alone"
    );
}

#[tokio::test]
async fn what_was_saved_where_more_is_allowed_is_not_shown_where_less_is() {
    let service = Service::start().await;
    let allowed = Asker { age_restricted: true, ..service.asker(1) };
    let posted = post(service.run_as(&allowed, "parrot", "items:a sensitive:a").await);
    assert_eq!(notice(service.press(&allowed, &button(&posted, "⭐")).await).code, "saved");
    assert_eq!(ids(favourites(&service, &allowed, None).await), ["a"]);
    assert_eq!(notice(favourites(&service, &service.asker(1), None).await).code, "no_favourites");
}
