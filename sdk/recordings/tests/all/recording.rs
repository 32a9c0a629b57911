//! Collecting exchanges.

use autocontent_recordings::{Exchange, Outcome, Recorder, Request, Response};

#[test]
fn cookies_addresses_and_what_tells_of_the_connection_are_left_out() {
    let recorder = Recorder::new(None);
    let headers = ["Link", "set-cookie", "x-client-ip", "date", "etag", "cf-ray", "x-next-page"];
    let headers = headers.map(|name| (name.to_ascii_lowercase(), "value".to_owned())).to_vec();
    let outcome = Outcome::Response(Response { status: 200, headers, body: Vec::new() });
    recorder.add(Exchange { request: Request::new("GET", "https://a.example/".parse().unwrap(), ""), outcome });
    let Outcome::Response(kept) = &recorder.recording().exchanges[0].outcome else { unreachable!() };
    let names: Vec<_> = kept.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["etag", "link", "x-next-page"]);
}
