//! The door to the providers: shares, the breaker, the rate of members, statistics and logs.

use std::collections::BTreeSet;
use std::future::pending;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use autocontent_content::contract::http;
use autocontent_content::{AccountId, Actor, Ask, Asker, CallAnswer, CallsConfig, HttpSource, Reply, Trigger, Typing};
use autocontent_runtime::Http;
use autocontent_store::testing::TestDatabase;
use autocontent_store::{Function, LogLevel, Measure, NotificationKind, Outcome, Statistic};
use jiff::civil::date;
use tokio::sync::{Semaphore, mpsc};

use crate::service::{CONCURRENCY, Service, add_account, denied, guest, notice, post};

/// With the provider `probe`, whose `/panic` always crashes, beside the parrot.
async fn with_probe(service: Service) -> Service {
    service.install(guest("probe")).await.unwrap();
    let everything = BTreeSet::new();
    service.content.grant(&"probe".parse().unwrap(), &everything, &Actor::operator("tester")).await.unwrap();
    service.content.enable(service.account, &"probe".parse().unwrap(), &Actor::host()).await.unwrap();
    assert!(service.content.reload().await.unwrap().is_empty());
    service
}

impl Service {
    /// What a member gets for a command without options.
    async fn plain(&self, asker: &Asker, command: &str) -> Reply {
        let ask =
            Ask { asker: asker.clone(), command: command.into(), arguments: Vec::new(), trigger: Trigger::Command };
        match self.content.admit(ask) {
            Ok(admitted) => admitted.answer().await,
            Err(notice) => Reply::Notice(notice),
        }
    }

    async fn counted(&self, provider: &str) -> Vec<Statistic> {
        self.content.flush().await;
        self.store.statistics(Some(&provider.parse().unwrap()), date(2026, 3, 1)).await.unwrap()
    }

    fn of(&self, account: AccountId) -> Asker {
        Asker { account: Some(account), ..self.asker(1) }
    }
}

fn sum(statistics: &[Statistic], measure: Measure) -> u64 {
    statistics.iter().filter(|one| one.measure == measure).map(|one| one.value).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_keeps_failing_is_paused_for_its_account_and_costs_others_nothing() {
    let service = with_probe(Service::start().await).await;
    let other = add_account(&service.store, &service.content, "other").await;
    service.content.enable(other, &"probe".parse().unwrap(), &Actor::host()).await.unwrap();
    service.content.reload().await.unwrap();
    let asker = service.asker(1);

    let mut codes = Vec::new();
    for number in 0..20 {
        let (failing, healthy) = (service.plain(&asker, "panic"), service.run_as(&asker, "parrot", "items:a,b next:x"));
        let (failing, healthy) = tokio::join!(failing, healthy);
        codes.push(notice(failing).code);
        assert!(matches!(healthy, Reply::Post(_)), "call {number}: {healthy:?}");
    }
    assert_eq!(codes.iter().filter(|code| **code == "provider_failed").count(), 8);
    assert!(codes[8..].iter().all(|code| *code == "paused"), "{codes:?}");
    let portuguese = Asker { locale: "pt-BR".into(), ..asker.clone() };
    let told = notice(service.plain(&portuguese, "panic").await);
    assert!(told.text.contains("está em pausa"), "{}", told.text);
    assert_eq!(notice(service.plain(&service.of(other), "panic").await).code, "provider_failed", "elsewhere it serves");

    let probe = service.counted("probe").await;
    assert_eq!(sum(&probe, Measure::Calls(Function::Find)), 9, "a paused provider is not called");
    assert_eq!(sum(&probe, Measure::Ended(Outcome::Crashed)), 9);
    assert_eq!((sum(&probe, Measure::Refused), sum(&probe, Measure::Paused)), (13, 1));
    let told = service.store.notifications().await.unwrap();
    assert_eq!((told.len(), told[0].kind, told[0].times), (1, NotificationKind::Paused, 1));
    assert_eq!((told[0].provider.as_str(), told[0].account), ("probe", Some(service.account)));
    assert!(told[0].detail.contains("the last with `crashed`"), "{}", told[0].detail);
    let parrot = service.counted("parrot").await;
    assert_eq!(sum(&parrot, Measure::Ended(Outcome::Answered)), sum(&parrot, Measure::Calls(Function::Find)));
    assert_eq!((sum(&parrot, Measure::Shed), sum(&parrot, Measure::Refused)), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_pause_one_call_decides_whether_a_provider_is_back() {
    let service = with_probe(Service::start().await).await;
    let asker = service.asker(1);
    for _ in 0..8 {
        assert_eq!(notice(service.plain(&asker, "panic").await).code, "provider_failed");
    }
    assert_eq!(notice(service.plain(&asker, "echo").await).code, "paused");
    // The first pause lasts 30 s, a quarter more or less.
    service.clock.advance(38);
    assert_eq!(notice(service.plain(&asker, "panic").await).code, "provider_failed", "it had its chance");
    assert_eq!(notice(service.plain(&asker, "echo").await).code, "paused");
    service.clock.advance(38);
    assert_eq!(notice(service.plain(&asker, "echo").await).code, "paused", "this pause is twice as long");
    service.clock.advance(38);
    let allowed = Asker { age_restricted: true, ..asker.clone() };
    assert_eq!(post(service.plain(&allowed, "echo").await).item.id, "echo");
    let next = Asker { member: Some(2.into()), ..allowed };
    assert_eq!(post(service.plain(&next, "echo").await).item.id, "echo");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_a_providers_own_fault_never_pauses_it() {
    let service = Service::start().await;
    for script in ["fail:upstream", "fail:misconfigured", "fail:busy", "fail:argument", "items:"] {
        for _ in 0..20 {
            assert_ne!(notice(service.run(script).await).code, "paused", "{script}");
        }
    }
    service.content.flush().await;
    let told = service.store.notifications().await.unwrap();
    assert_eq!((told.len(), told[0].kind, told[0].times), (1, NotificationKind::Misconfigured, 20));
    assert_eq!(told[0].detail, "/parrot: a secret is missing");
    for _ in 0..8 {
        assert_eq!(notice(service.run("fail:internal").await).code, "provider_failed");
    }
    assert_eq!(notice(service.run("items:a").await).code, "paused");
}

/// A source that answers nobody until it is let.
struct Silent(Semaphore);

#[async_trait]
impl Http for Silent {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        self.0.acquire().await.unwrap().forget();
        Ok(http::Response { status: 200, headers: Vec::new(), body: Vec::new(), url: request.url })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_hangs_takes_no_more_than_its_share_and_who_waits_is_told() {
    let silent = Arc::new(Silent(Semaphore::new(0)));
    let service = Arc::new(with_probe(Service::start_with(HttpSource::Given(silent.clone())).await).await);
    let shares = CallsConfig::of(CONCURRENCY).shares;
    let asked = shares.provider + shares.waiting + 8;
    let (replies, mut answered) = mpsc::unbounded_channel();
    for number in 0..asked {
        let (service, replies) = (Arc::clone(&service), replies.clone());
        tokio::spawn(async move {
            let reply = service.run_as(&service.asker(number.into()), "parrot", "fetch items:a,b,c next:x").await;
            replies.send(reply).unwrap();
        });
    }
    // Those beyond the queue at once, those in it when their second is over.
    for _ in shares.provider..asked {
        assert_eq!(notice(answered.recv().await.unwrap()).code, "host_busy");
    }
    let allowed = Asker { age_restricted: true, ..service.asker(1) };
    assert_eq!(post(service.plain(&allowed, "echo").await).item.id, "echo", "another provider has its places");
    assert!(service.content.suggest(typing(&service)).await.is_empty(), "nobody waits for a place to type");
    silent.0.add_permits(8);
    for _ in 0..shares.provider {
        assert!(matches!(answered.recv().await.unwrap(), Reply::Post(_)));
    }
    assert_eq!(service.content.suggest(typing(&service)).await.len(), 25, "the places are free again");
    let parrot = service.counted("parrot").await;
    assert_eq!(sum(&parrot, Measure::Shed), u64::from(shares.waiting + 8 + 1));
}

/// A source that tells of each request and answers none.
struct Hanging(mpsc::UnboundedSender<()>);

#[async_trait]
impl Http for Hanging {
    async fn fetch(&self, _: http::Request) -> Result<http::Response, http::Error> {
        self.0.send(()).unwrap();
        pending().await
    }
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_longer_is_told_as_that() {
    let (sender, mut asked) = mpsc::unbounded_channel();
    let service = Service::start_with(HttpSource::Given(Arc::new(Hanging(sender)))).await;
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let ear = Arc::clone(&told);
    service.content.on_call(Arc::new(move |called| {
        let abandoned = matches!(called.answer, CallAnswer::Abandoned);
        ear.lock().unwrap().push(format!("{} {} {abandoned}", called.function.as_str(), called.command));
    }));
    tokio::select! {
        _ = service.run("fetch") => panic!("it is never answered"),
        _ = asked.recv() => {}
    }
    assert_eq!(*told.lock().unwrap(), ["find parrot true"]);
    post(service.run("items:a").await);
    assert_eq!(told.lock().unwrap().last().unwrap(), "find parrot false");
}

#[tokio::test]
async fn what_is_forgiven_keeps_nobody_waiting() {
    let service = with_probe(Service::start().await).await;
    let asker = service.asker(1);
    for _ in 0..2 {
        for _ in 0..8 {
            assert_eq!(notice(service.plain(&asker, "panic").await).code, "provider_failed");
        }
        assert_eq!(notice(service.plain(&asker, "panic").await).code, "paused");
        post(service.run_as(&asker, "patient-parrot", "items:a").await);
        assert_eq!(notice(service.run_as(&asker, "patient-parrot", "items:a").await).code, "cooldown");
        service.content.forgive();
    }
}

fn typing(service: &Service) -> Typing {
    Typing {
        asker: service.asker(1),
        command: "parrot".into(),
        option: "script".into(),
        typed: "items:z".into(),
        arguments: Vec::new(),
    }
}

#[tokio::test]
async fn a_rate_holds_one_member_over_all_commands_and_says_how_long() {
    let rate = CallsConfig { member_rate: NonZeroU32::new(3), ..CallsConfig::of(CONCURRENCY) };
    let service = Service::start_on(TestDatabase::sqlite(), denied(), rate).await;
    let asker = service.asker(1);
    let posted = post(service.run("items:a,b,c,d,e").await);
    notice(service.run("items:").await);
    let another = crate::service::button(&posted, "🔁");
    post(service.press(&asker, &another).await);
    let refused = notice(service.run_as(&asker, "patient-parrot", "items:a").await);
    assert_eq!((refused.code, refused.text.as_str()), ("too_many", "That was a lot at once. You can go on in 20 s."));
    assert_eq!(notice(service.press(&asker, &another).await).code, "too_many");
    post(service.run_as(&service.asker(2), "parrot", "items:a,b").await);
    service.clock.advance(20);
    post(service.run_as(&asker, "patient-parrot", "items:f").await);
    let preview = Asker { account: None, member: None, ..asker };
    for _ in 0..5 {
        post(service.run_as(&preview, "parrot", "items:a,b").await);
    }
}

async fn sums_are_exact(database: TestDatabase) {
    let service = with_probe(Service::start_on(database, denied(), CallsConfig::of(CONCURRENCY)).await).await;
    let asker = service.asker(1);
    for script in ["items:a", "items:b", "items:c action:again", "items:", "fail:upstream", "fail:internal", "panic"] {
        let reply = service.run(script).await;
        if let Reply::Post(posted) = &reply
            && posted.rows.len() > 1
        {
            post(service.press(&asker, &crate::service::button(posted, "again")).await);
        }
    }
    service.content.flush().await;
    for _ in 0..3 {
        post(service.run("items:x,y,z cache:60").await);
    }
    service.content.suggest(typing(&service)).await;
    let now = service.counted("parrot").await;
    let expected = [
        (Measure::Calls(Function::Find), 8),
        (Measure::Calls(Function::Act), 1),
        (Measure::Calls(Function::Suggest), 1),
        (Measure::Ended(Outcome::Answered), 7),
        (Measure::Ended(Outcome::Upstream), 1),
        (Measure::Ended(Outcome::Internal), 1),
        (Measure::Ended(Outcome::Crashed), 1),
        (Measure::PagesCached, 2),
        (Measure::Shed, 0),
        (Measure::Paused, 0),
    ];
    for (measure, value) in expected {
        assert_eq!(sum(&now, measure), value, "{measure}");
    }
    let took = now.iter().filter(|one| matches!(one.measure, Measure::Took(_))).map(|one| one.value).sum::<u64>();
    assert_eq!(took, 10, "every call took some time");
    let peak = sum(&now, Measure::PeakMemory);
    assert!((64 << 10..=8 << 20).contains(&peak), "{peak}");
    assert!(now.iter().all(|one| one.digest == now[0].digest && one.day == date(2026, 3, 1)));

    assert_eq!(service.counted("parrot").await, now, "nothing is added twice");
    service.clock.advance(24 * 3_600);
    post(service.run("items:q").await);
    let later = service.counted("parrot").await;
    assert_eq!(sum(&later, Measure::Calls(Function::Find)), 9);
    assert!(later.iter().any(|one| one.day == date(2026, 3, 2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_are_exact_on_sqlite() {
    sums_are_exact(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_are_exact_on_postgres() {
    sums_are_exact(TestDatabase::postgres().await).await;
}

#[tokio::test]
async fn a_providers_lines_are_kept_escaped_and_apart() {
    let service = with_probe(Service::start().await).await;
    notice(service.plain(&service.asker(1), "panic").await);
    service.content.flush().await;
    let lines = service.store.log_lines(&"probe".parse().unwrap(), LogLevel::Trace, 0, 10).await.unwrap();
    assert_eq!((lines.len(), lines[0].level), (1, LogLevel::Error));
    assert!(lines[0].line.ends_with("there is nothing\\nleft to tell"), "{}", lines[0].line);
    assert!(!lines[0].line.chars().any(char::is_control));
    let parrots = service.store.log_lines(&"parrot".parse().unwrap(), LogLevel::Trace, 0, 10).await.unwrap();
    assert_eq!(parrots, []);
}
