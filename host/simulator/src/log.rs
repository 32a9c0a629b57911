//! What was asked over REST, for tests to look at.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Endpoint, Snowflake};

/// One REST call and how it was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestRecord {
    /// When it was answered, by the simulator's clock.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The route; none where Discord has no such route.
    pub endpoint: Option<Endpoint>,
    /// The bot that asked, where its token or the interaction's told.
    pub bot: Option<Snowflake>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// What the message said about mentions.
    pub mentions: Mentions,
}

/// What a message said in `allowed_mentions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mentions {
    /// The call carried no message.
    NoMessage,
    /// Nothing: Discord would resolve whatever the text mentions.
    Unsaid,
    /// `{"parse": []}`: nobody is mentioned.
    Nobody,
    /// Something else.
    Said(Value),
}

impl Mentions {
    pub(crate) fn of(message: &Value) -> Mentions {
        match message.get("allowed_mentions") {
            None | Some(Value::Null) => Mentions::Unsaid,
            Some(said) => {
                let nobody = said["parse"] == json!([])
                    && ["users", "roles"].iter().all(|list| said[list].as_array().is_none_or(Vec::is_empty));
                if nobody { Mentions::Nobody } else { Mentions::Said(said.clone()) }
            }
        }
    }
}

/// The last calls, as many as the configuration says.
#[derive(Debug)]
pub(crate) struct Log {
    records: VecDeque<RequestRecord>,
    keep: usize,
}

impl Log {
    pub(crate) fn new(keep: usize) -> Log {
        Log { records: VecDeque::new(), keep }
    }

    pub(crate) fn push(&mut self, record: RequestRecord) {
        if self.keep == 0 {
            return;
        }
        if self.records.len() >= self.keep {
            self.records.pop_front();
        }
        self.records.push_back(record);
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.records.iter().cloned().collect()
    }
}
