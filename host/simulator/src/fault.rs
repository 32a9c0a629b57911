//! What can be made to go wrong, for one bot or for the whole simulator.

use std::time::Duration;

/// Something to go wrong with one bot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// Now: every open socket of the bot is closed with this code.
    Close(u16),
    /// Now: op 7, the bot is asked to reconnect.
    Reconnect,
    /// Now: op 9, the session is not valid any more, or may yet be resumed.
    InvalidSession {
        /// Whether a RESUME of it would be answered.
        resumable: bool,
    },
    /// Now: the TCP connection ends without a close frame.
    Cut,
    /// Now: the TCP connection is reset.
    Reset,
    /// Now: the open sockets stay open and say nothing any more; heartbeats are not acknowledged.
    Deaf,
    /// Now: op 1, the gateway asks for a heartbeat.
    AskHeartbeat,
    /// The next times that the bot gets this far with a socket.
    At(Moment, Break, Times),
    /// The next REST calls of the bot.
    Rest(RestFault, Option<Endpoint>, Times),
    /// From now on its token is wrong, on REST and at IDENTIFY.
    InvalidateToken,
}

/// How far a socket gets before it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Instead of HELLO.
    Connect,
    /// Instead of READY.
    Identify,
    /// Instead of the replay.
    Resume,
}

/// How a socket breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The connection is refused. `GET /gateway/bot` gives an address where nobody listens, the bot's own address
    /// resets the connection. At a later moment than [`Moment::Connect`] the connection is reset.
    Refuse,
    /// The connection ends without a word.
    Cut,
    /// Closed with this code.
    Close(u16),
    /// Op 9.
    InvalidSession {
        /// Whether a RESUME of it would be answered.
        resumable: bool,
    },
}

/// What goes wrong with a REST call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RestFault {
    /// 429 with this `retry_after`.
    TooManyRequests {
        /// How long to wait.
        retry_after: Duration,
        /// Whether it is the global limit that is said to be used up.
        global: bool,
    },
    /// This status without doing anything, such as 500, 502 or 503.
    Status(u16),
    /// The answer comes this much later, by the simulator's clock.
    Slow(Duration),
    /// Status 200 with something that is no JSON; nothing is done.
    Garbage,
    /// The connection is reset; nothing is done.
    Reset,
}

/// How often a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// That often, then no more.
    Next(u32),
    /// Until healed.
    Always,
}

/// Discord's REST routes that the simulator serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named as Discord's documentation names them")]
pub enum Endpoint {
    GetGateway,
    GetGatewayBot,
    GetCurrentUser,
    CreateDm,
    GetCurrentApplication,
    EditCurrentApplication,
    ListCommands,
    CreateCommand,
    OverwriteCommands,
    GetCommand,
    EditCommand,
    DeleteCommand,
    CreateInteractionResponse,
    CreateFollowup,
    GetOriginal,
    EditOriginal,
    DeleteOriginal,
    GetFollowup,
    EditFollowup,
    DeleteFollowup,
    ListMessages,
    CreateMessage,
    GetMessage,
    EditMessage,
    DeleteMessage,
}

impl Times {
    /// Takes one; false where none is left.
    pub(crate) fn take(&mut self) -> bool {
        match self {
            Times::Always => true,
            Times::Next(0) => false,
            Times::Next(left) => {
                *left -= 1;
                true
            }
        }
    }

    fn left(self) -> bool {
        self != Times::Next(0)
    }
}

/// The faults that wait for their moment.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    socket: Vec<(Moment, Break, Times)>,
    rest: Vec<(RestFault, Option<Endpoint>, Times)>,
}

impl Faults {
    pub(crate) fn add_socket(&mut self, moment: Moment, how: Break, times: Times) {
        self.socket.push((moment, how, times));
    }

    pub(crate) fn add_rest(&mut self, fault: RestFault, endpoint: Option<Endpoint>, times: Times) {
        self.rest.push((fault, endpoint, times));
    }

    pub(crate) fn clear(&mut self) {
        *self = Faults::default();
    }

    /// The fault that strikes a socket now, oldest first.
    pub(crate) fn strike_socket(&mut self, moment: Moment) -> Option<Break> {
        let (_, how, times) = self.socket.iter_mut().find(|(at, _, times)| *at == moment && times.left())?;
        times.take().then_some(*how)
    }

    /// Whether the next connection would be refused.
    pub(crate) fn refuses(&self) -> bool {
        let next = self.socket.iter().find(|(at, _, times)| *at == Moment::Connect && times.left());
        matches!(next, Some((_, Break::Refuse, _)))
    }

    /// The fault that strikes a REST call now, oldest first.
    pub(crate) fn strike_rest(&mut self, endpoint: Endpoint) -> Option<RestFault> {
        if self.rest.is_empty() {
            return None;
        }
        let fits = |on: &Option<Endpoint>| on.is_none_or(|on| on == endpoint);
        let (fault, _, times) = self.rest.iter_mut().find(|(_, on, times)| fits(on) && times.left())?;
        times.take().then_some(*fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_asked_and_where_asked() {
        let mut faults = Faults::default();
        faults.add_rest(RestFault::Status(500), Some(Endpoint::GetGateway), Times::Next(2));
        assert_eq!(faults.strike_rest(Endpoint::GetMessage), None);
        assert_eq!(faults.strike_rest(Endpoint::GetGateway), Some(RestFault::Status(500)));
        assert_eq!(faults.strike_rest(Endpoint::GetGateway), Some(RestFault::Status(500)));
        assert_eq!(faults.strike_rest(Endpoint::GetGateway), None);
    }

    #[test]
    fn faults_of_one_moment_strike_in_the_order_they_were_asked_for() {
        let mut faults = Faults::default();
        faults.add_socket(Moment::Connect, Break::Refuse, Times::Next(1));
        faults.add_socket(Moment::Connect, Break::Close(4000), Times::Always);
        assert!(faults.refuses());
        assert_eq!(faults.strike_socket(Moment::Connect), Some(Break::Refuse));
        assert!(!faults.refuses());
        assert_eq!(faults.strike_socket(Moment::Connect), Some(Break::Close(4000)));
        assert_eq!(faults.strike_socket(Moment::Identify), None);
    }
}
