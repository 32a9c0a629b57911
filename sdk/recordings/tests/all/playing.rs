//! The look-up, and what is said where it fails.

use autocontent_recordings::{Exchange, Outcome, Player, Recording, Request, Response};

fn request(method: &str, url: &str, body: &str) -> Request {
    Request::new(method, url.parse().unwrap(), body)
}

fn get(url: &str) -> Request {
    request("get", url, "")
}

fn recording(exchanges: &[(Request, &str)]) -> Recording {
    let exchange = |(request, body): &(Request, &str)| {
        let response = Response { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() };
        Exchange { request: request.clone(), outcome: Outcome::Response(response) }
    };
    Recording { now: None, exchanges: exchanges.iter().map(exchange).collect() }
}

fn body(player: &Player, request: &Request) -> String {
    match player.answer(request).unwrap() {
        Outcome::Response(response) => String::from_utf8(response.body.clone()).unwrap(),
        Outcome::Unanswered(why) => format!("{why:?}"),
    }
}

#[test]
fn the_same_request_is_answered_in_order_and_then_with_the_last() {
    let first = get("https://a.example/?p=1");
    let one = recording(&[(first.clone(), "1"), (get("https://a.example/?p=2"), "other")]);
    let player = Player::new([("a.json".to_owned(), one), ("b.json".to_owned(), recording(&[(first.clone(), "2")]))]);
    let answers: Vec<_> = (0..4).map(|_| body(&player, &first)).collect();
    assert_eq!(answers, ["1", "2", "2", "2"]);
    assert_eq!(player.unasked(), [&get("https://a.example/?p=2")]);
    assert_eq!(player.take_missing(), []);
}

#[test]
fn a_request_that_differs_is_refused_and_the_nearest_is_named() {
    let known = recording(&[
        (get("https://api.example/search?q=dune&page=1"), ""),
        (get("https://api.example/search?q=dune&page=2&lang=en"), ""),
        (get("https://api.example/books/1"), ""),
        (request("POST", "https://api.example/query", "{\"q\":1}"), ""),
    ]);
    let player = Player::new([("recordings/dune.json".to_owned(), known)]);
    let asked = [
        get("https://api.example/search?q=dune&page=3"),
        get("https://api.example/search?q=dune"),
        get("https://api.example/search?page=2&lang=en&q=dune&limit=5"),
        get("https://api.example/search?page=1&q=dune"),
        get("https://api.example/books/2"),
        get("http://api.example/books/1"),
        request("HEAD", "https://api.example/books/1", ""),
        request("POST", "https://api.example/query", "{\"q\":2}"),
        get("https://elsewhere.example/"),
        get(&format!("https://api.example/search?q={}&page=1", "long".repeat(100))),
    ];
    let said: Vec<_> = asked.iter().map(|request| player.answer(request).unwrap_err().to_string()).collect();
    assert_eq!(player.take_missing().len(), asked.len());
    assert_eq!(player.take_missing(), [], "they are taken once");
    let nothing = Player::default().answer(&asked[0]).unwrap_err().to_string();
    insta::assert_snapshot!([said.join("\n"), nothing].join("\n"));
}

#[test]
fn the_first_time_that_a_recording_says_is_the_players() {
    let at = |now: Option<&str>| Recording { now: now.map(|now| now.parse().unwrap()), exchanges: Vec::new() };
    let player = Player::new(
        [None, Some("2026-01-02T00:00:00Z"), Some("2027-01-01T00:00:00Z")].map(|now| (String::new(), at(now))),
    );
    assert_eq!(player.now(), Some("2026-01-02T00:00:00Z".parse().unwrap()));
}
