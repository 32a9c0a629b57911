//! The states that a playground tells its page of.

use serde_json::Value;

/// Server-sent events.
pub(crate) struct States {
    response: reqwest::Response,
    /// What was received and not read yet; the last character may be torn.
    received: Vec<u8>,
}

impl States {
    /// Those of the playground whose page is there.
    pub(crate) async fn of(page: &str) -> States {
        let response = reqwest::get(format!("{page}api/events")).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        States { response, received: Vec::new() }
    }

    /// The next state.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            if let Some(end) = self.received.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<_> = self.received.drain(..end + 2).collect();
                let event = std::str::from_utf8(&event).unwrap();
                match event.lines().find_map(|line| line.strip_prefix("data: ")) {
                    Some(data) => return serde_json::from_str(data).unwrap(),
                    None => continue,
                }
            }
            self.received.extend(self.response.chunk().await.unwrap().unwrap());
        }
    }

    /// The next state that is as wanted.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let state = self.next().await;
            if wanted(&state) {
                return state;
            }
        }
    }

    /// The next state whose build is done so.
    pub(crate) async fn build(&mut self, status: &str) -> Value {
        self.until(|state| state["build"]["status"] == status).await
    }
}
