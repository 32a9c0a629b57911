//! What a file may say, and what is said of one that makes no sense.

use std::path::Path;

use autocontent_recordings::{Exchange, Outcome, Recorder, Recording, Request, Response, Unanswered};

fn read(text: &str) -> Result<Recording, String> {
    Recording::read(text, Path::new("recordings/x.json")).map_err(|error| error.to_string())
}

fn response(recording: &Recording, position: usize) -> &Response {
    match &recording.exchanges[position].outcome {
        Outcome::Response(response) => response,
        Outcome::Unanswered(why) => unreachable!("{why:?}"),
    }
}

const WHOLE: &str = r#"{
  "now": "2026-05-01T10:00:00Z",
  "exchanges": [
    {
      "request": { "method": "GET", "url": "https://example.org/a?q=1#part" },
      "response": { "status": 200, "headers": { "Content-Type": "application/json", "link": ["a", "b"] }, "json": { "z": 1.50, "a": null } }
    },
    { "request": { "method": "POST", "url": "https://example.org/b", "body": "x" }, "response": { "status": 201, "text": "é" } },
    { "request": { "method": "PUT", "url": "https://example.org/b", "base64": "/w==" }, "response": { "status": 200, "base64": "iVBO\nRw==" } },
    { "request": { "method": "GET", "url": "https://example.org/n" }, "response": { "status": 200, "json": null } },
    { "request": { "method": "GET", "url": "https://example.org/e" }, "response": { "status": 204 } },
    { "request": { "method": "GET", "url": "https://example.org/s" }, "error": "timeout" }
  ]
}"#;

#[test]
fn a_file_says_what_was_asked_and_what_came_of_it() {
    let recording = read(WHOLE).unwrap();
    assert_eq!(recording.now, Some("2026-05-01T10:00:00Z".parse().unwrap()));
    let asked: Vec<_> = recording.exchanges.iter().map(|exchange| exchange.request.to_string()).collect();
    assert_eq!(asked[0], "GET https://example.org/a?q=1", "a fragment is never sent");
    assert_eq!(recording.exchanges[1].request.body, b"x");
    assert_eq!(recording.exchanges[2].request.body, [0xff]);
    let first = response(&recording, 0);
    assert_eq!(first.body, br#"{ "z": 1.50, "a": null }"#, "digits and order as they stand there");
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(first.headers, [header("content-type", "application/json"), header("link", "a"), header("link", "b")]);
    assert_eq!(response(&recording, 1).body, "é".as_bytes());
    assert_eq!(response(&recording, 2).body, b"\x89PNG");
    assert_eq!(response(&recording, 3).body, b"null");
    assert_eq!(response(&recording, 4).body, b"");
    assert_eq!(recording.exchanges[5].outcome, Outcome::Unanswered(Unanswered::Timeout));
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recordings/new.json");
    let recording = read(WHOLE).unwrap();
    recording.save(&path).unwrap();
    let again = Recording::load(&path).unwrap();
    assert_eq!(again.now, recording.now);
    let said = |recording: &Recording| -> Vec<_> {
        let outcome = |outcome: &Outcome| match outcome {
            // Blanks between tokens are the file's own.
            Outcome::Response(one) if one.body.starts_with(b"{") => {
                let body: serde_json::Value = serde_json::from_slice(&one.body).unwrap();
                format!("{} {:?} {body}", one.status, one.headers)
            }
            other => format!("{other:?}"),
        };
        recording.exchanges.iter().map(|one| (one.request.clone(), outcome(&one.outcome))).collect()
    };
    assert_eq!(said(&again), said(&recording));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"z\": 1.50,\n") && text.ends_with("}\n"), "{text}");
    assert_eq!(read(&text).unwrap().text(), text, "a file that was written stays as it is");
}

#[test]
fn a_file_that_makes_no_sense_is_refused_with_the_place_and_what_to_write() {
    let exchange = |text: &str| format!("{{ \"exchanges\": [\n{text}\n] }}");
    let request = r#""request": { "method": "GET", "url": "https://example.org/" }"#;
    let bad = [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        "{ \"exchanges\": [], \"exchange\": [] }".to_owned(),
        "{ \"exchanges\": [], \"now\": \"yesterday\" }".to_owned(),
        exchange(&format!("{{ {request} }}")),
        exchange(&format!("{{ {request}, \"error\": \"gone\" }}")),
        exchange(&format!("{{ {request}, \"error\": \"timeout\", \"response\": {{ \"status\": 200 }} }}")),
        exchange(&format!("{{ {request}, \"response\": {{ \"status\": 99 }} }}")),
        exchange(&format!("{{ {request}, \"response\": {{ \"status\": 70000 }} }}")),
        exchange(&format!("{{ {request}, \"response\": {{ \"status\": 200, \"json\": 1, \"text\": \"1\" }} }}")),
        exchange(&format!("{{ {request}, \"response\": {{ \"status\": 200, \"base64\": \"?\" }} }}")),
        exchange(&format!("{{ {request}, \"response\": {{ \"status\": 200, \"headers\": {{ \"a b\": \"1\" }} }} }}")),
        exchange(&format!("{{ {request}, \"response\": {{ \"status\": 200, \"headers\": {{ \"a\": 1 }} }} }}")),
        exchange(&format!(
            "{{ {request}, \"response\": {{ \"status\": 200, \"headers\": {{ \"a\": \"1\\r\\n\" }} }} }}"
        )),
        exchange(r#"{ "request": { "method": "get", "url": "https://example.org/" }, "error": "timeout" }"#),
        exchange(r#"{ "request": { "method": "GET", "url": "example.org" }, "error": "timeout" }"#),
        exchange(r#"{ "request": { "method": "GET", "url": "file:///etc/passwd" }, "error": "timeout" }"#),
        exchange(
            r#"{ "request": { "method": "GET", "url": "https://a.example/", "body": "1", "base64": "MQ==" }, "error": "timeout" }"#,
        ),
    ];
    let said: Vec<_> = bad.iter().map(|text| read(text).unwrap_err()).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Recording::load(Path::new("recordings/none.json")).unwrap_err().to_string();
    assert!(error.starts_with("could not read the recording recordings/none.json: "), "{error}");
    assert!(error.ends_with("; check the path"), "{error}");
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = Recording::default().save(&folder.path().join("file/x.json")).unwrap_err().to_string();
    assert!(error.contains("check the folder and its permissions"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_is_recorded_anew_takes_the_place_of_the_same_requests_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    let exchange = |path: &str, unanswered| Exchange {
        request: Request::new("GET", format!("https://example.org/{path}").parse().unwrap(), []),
        outcome: Outcome::Unanswered(unanswered),
    };
    let recorder = Recorder::new(None);
    recorder.save(&path).unwrap();
    assert!(!path.exists(), "nothing was asked");
    for (asked, unanswered) in [("a", Unanswered::Timeout), ("b", Unanswered::Timeout), ("a", Unanswered::TooLarge)] {
        recorder.add(exchange(asked, unanswered));
    }
    recorder.save(&path).unwrap();
    recorder.save(&path).unwrap();

    let later = Recorder::new(Some("2026-05-01T10:00:00Z".parse().unwrap()));
    later.save(&path).unwrap();
    assert_eq!(Recording::load(&path).unwrap().now, None, "still nothing was asked");
    later.add(exchange("a", Unanswered::Unreachable));
    later.add(exchange("c", Unanswered::Timeout));
    later.save(&path).unwrap();
    let whole = Recording::load(&path).unwrap();
    assert_eq!(whole.now, Some("2026-05-01T10:00:00Z".parse().unwrap()));
    let expected = [("b", Unanswered::Timeout), ("a", Unanswered::Unreachable), ("c", Unanswered::Timeout)]
        .map(|(path, why)| exchange(path, why));
    assert_eq!(whole.exchanges, expected);

    std::fs::write(&path, "mine").unwrap();
    later.save(&path).unwrap_err();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine", "what is no recording is left alone");
}
