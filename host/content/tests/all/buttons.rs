//! What pressing buttons does.

use autocontent_content::{Asker, Press, Reply};
use autocontent_store::DeliveryState;

use crate::service::{Service, add_account, button, field, notice, post};

#[tokio::test]
async fn another_goes_through_every_item_of_every_page() {
    let service = Service::start().await;
    for allowance in ["", " cache:60"] {
        let script = format!("items:a{0},b{0} next:x{1}", allowance.len(), allowance);
        let mut shown = vec![post(service.run(&script).await)];
        for _ in 0..5 {
            let another = button(&shown[shown.len() - 1], "🔁");
            shown.push(post(service.press(&service.asker(2), &another).await));
        }
        let titles = ["a", "b", "x-a", "x-b", "a", "b"].map(|title| format!("{title}{}", allowance.len()));
        assert_eq!(shown.iter().map(|post| post.item.id.as_str()).collect::<Vec<_>>(), titles, "{script}");
        assert_eq!(service.delivery(&shown[1]).await.trigger, autocontent_content::Trigger::Button);
        let asked_once = shown[1].item.text == shown[0].item.text;
        assert_eq!(asked_once, !allowance.is_empty(), "a page that may be kept is not asked for again");
    }
}

#[tokio::test]
async fn another_leads_beyond_the_pages_that_one_command_looks_through() {
    let service = Service::start().await;
    let script = "items:a pages:6";
    let mut shown = Vec::new();
    for _ in 0..5 {
        shown.push(post(service.run(script).await));
    }
    for _ in 0..3 {
        let another = button(&shown[shown.len() - 1], "🔁");
        shown.push(post(service.press(&service.asker(1), &another).await));
    }
    let ids = shown.iter().map(|post| post.item.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids, ["a", "2-a", "3-a", "4-a", "a", "5-a", "6-a", "2-a"]);
}

#[tokio::test]
async fn buttons_work_after_a_restart() {
    let service = Service::start().await;
    let first = post(service.run("items:a,b").await);
    let service = service.restart().await;
    assert_eq!(post(service.press(&service.asker(1), &button(&first, "🔁")).await).item.id, "b");
}

#[tokio::test]
async fn votes_are_counted_once_for_each_member_and_taken_back_by_a_second_press() {
    let service = Service::start().await;
    let posted = post(service.run("items:a action:more").await);
    let (up, down) = (button(&posted, "👍"), button(&posted, "👎"));
    let counts = async |member: u64, id: &str| {
        let Reply::Buttons { rows } = service.press(&service.asker(member), id).await else { panic!("no buttons") };
        assert_eq!(rows[0][0].label, "more", "the provider's actions stay");
        let label = |emoji| rows.iter().flatten().find(|button| button.emoji == Some(emoji)).unwrap().label.clone();
        (label("👍"), label("👎"))
    };
    assert_eq!(counts(1, &up).await, ("1".into(), String::new()));
    assert_eq!(counts(2, &up).await, ("2".into(), String::new()));
    assert_eq!(counts(2, &down).await, ("1".into(), "1".into()));
    assert_eq!(counts(1, &up).await, (String::new(), "1".into()));
}

#[tokio::test]
async fn a_providers_action_answers_the_one_who_pressed() {
    let service = Service::start().await;
    let posted = post(service.run("items:a action:again").await);
    let answer = post(service.press(&service.asker(2), &button(&posted, "again")).await);
    assert!(answer.private);
    assert_eq!((answer.item.id.as_str(), answer.item.text.as_deref()), ("a/again", Some("again on a with a")));
    assert_ne!(field(&answer.item, "user"), field(&posted.item, "user"), "the audience is the one who pressed");
    assert!(answer.rows.is_empty());
}

#[tokio::test]
async fn a_report_is_taken_once_from_each_member() {
    let service = Service::start().await;
    let posted = post(service.run("items:a").await);
    let Reply::Menu { rows, .. } = service.press(&service.asker(2), &button(&posted, "⋯")).await else {
        panic!("no menu")
    };
    let report = &rows[0][0];
    assert_eq!(notice(service.press(&service.asker(2), &report.id).await).code, "reported");
    assert_eq!(notice(service.press(&service.asker(2), &report.id).await).code, "reported_before");
    assert_eq!(notice(service.press(&service.asker(3), &report.id).await).code, "reported");
}

#[tokio::test]
async fn only_the_member_who_asked_and_moderators_may_delete() {
    let service = Service::start().await;
    let posted = post(service.run("items:a").await);
    let Reply::Menu { rows, .. } = service.press(&service.asker(1), &button(&posted, "⋯")).await else {
        panic!("no menu")
    };
    let delete = &rows[0][1].id;
    assert_eq!(notice(service.press(&service.asker(1), delete).await).code, "already_gone", "no message is known yet");
    service.delivered(&posted, 500).await;
    assert_eq!(notice(service.press(&service.asker(2), delete).await).code, "not_yours");
    let moderator = Asker { moderator: true, ..service.asker(2) };
    for asker in [service.asker(1), moderator] {
        let Reply::Delete { channel, message, .. } = service.press(&asker, delete).await else { panic!("no deletion") };
        assert_eq!((channel, message), (70.into(), 500.into()));
    }
}

#[tokio::test]
async fn a_pressed_button_proves_that_its_message_arrived() {
    let service = Service::start().await;
    let posted = post(service.run("items:a").await);
    let press = Press { asker: service.asker(1), button: button(&posted, "⋯"), message: Some(600.into()) };
    let Reply::Menu { rows, .. } = service.content.admit_press(press).await.unwrap().answer().await else {
        panic!("no menu")
    };
    let delivery = service.delivery(&posted).await;
    assert_eq!((delivery.state, delivery.message), (DeliveryState::Delivered, Some(600.into())));

    // The menu is a message of its own.
    let press = Press { asker: service.asker(1), button: rows[0][1].id.clone(), message: Some(601.into()) };
    let Reply::Delete { message, .. } = service.content.admit_press(press).await.unwrap().answer().await else {
        panic!("no deletion")
    };
    assert_eq!(message, 600.into());
}

#[tokio::test]
async fn buttons_check_the_policy_again() {
    let service = Service::start().await;
    let allowed = Asker { age_restricted: true, ..service.asker(1) };
    let rude = post(service.run_as(&allowed, "rude-parrot", "items:a,b action:more").await);
    assert_eq!(notice(service.press(&service.asker(1), &button(&rude, "🔁")).await).code, "age_restricted");
    assert_eq!(notice(service.press(&service.asker(1), &button(&rude, "more")).await).code, "age_restricted");

    let patient = post(service.run_as(&service.asker(1), "patient-parrot", "items:a,b").await);
    assert_eq!(notice(service.press(&service.asker(1), &button(&patient, "🔁")).await).code, "cooldown");

    service
        .content
        .disable(service.account, &"parrot".parse().unwrap(), &autocontent_content::Actor::host())
        .await
        .unwrap();
    service.content.reload().await.unwrap();
    assert_eq!(notice(service.press(&service.asker(1), &button(&patient, "🔁")).await).code, "unknown_command");
    assert_eq!(notice(service.press(&service.asker(1), &button(&rude, "more")).await).code, "unknown_command");
}

#[tokio::test]
async fn forged_buttons_and_those_of_other_accounts_and_hosts_are_unknown() {
    let service = Service::start().await;
    let posted = post(service.run("items:a").await);
    let id = button(&posted, "👍");
    let mut forged = id.clone().into_bytes();
    let last = forged.len() - 2;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    let other = add_account(&service.store, &service.content, "other").await;
    let elsewhere = Asker { account: Some(other), ..service.asker(1) };
    let stranger = Service::start().await;
    let foreign = button(&post(stranger.run("items:a").await), "👍");
    for (asker, button) in [
        (service.asker(1), String::from_utf8(forged).unwrap()),
        (service.asker(1), "not a button".to_owned()),
        (service.asker(1), foreign),
        (elsewhere, id),
    ] {
        assert_eq!(notice(service.press(&asker, &button).await).code, "unknown_button");
    }
}
