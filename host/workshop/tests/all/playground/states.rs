//! The states that a playground tells its page of.

use serde_json::Value;

/// Server-sent events.
pub(crate) struct States {
    response: reqwest::Response,
    text: String,
}

impl States {
    /// Those of the playground whose page is there.
    pub(crate) async fn of(page: &str) -> States {
        let response = reqwest::get(format!("{page}api/events")).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        States { response, text: String::new() }
    }

    /// The next state.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(str::to_owned);
                let rest = rest.to_owned();
                self.text = rest;
                match data {
                    Some(data) => return serde_json::from_str(&data).unwrap(),
                    None => continue,
                }
            }
            let chunk = self.response.chunk().await.unwrap().unwrap();
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
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
