//! Sessions: what is left of a connection when its socket is gone.

use std::collections::{HashMap, VecDeque};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::mpsc::UnboundedSender;

/// How long a session can be resumed after its socket was lost, in milliseconds. Discord documents no number.
const RESUMABLE: u64 = 180_000;
/// How many events are kept for a replay.
const REPLAY: usize = 10_000;
/// The window of `max_concurrency`, in milliseconds.
const IDENTIFY_WINDOW: u64 = 5_000;
/// The window of `session_start_limit`, in milliseconds.
const DAY: u64 = 24 * 60 * 60 * 1_000;

/// What a socket's task is told to do.
#[derive(Clone, Debug)]
pub(crate) enum Out {
    /// Send this frame.
    Frame(Utf8Bytes),
    /// Close with this code.
    Close(u16),
    /// End the TCP connection.
    Cut,
    /// Reset the TCP connection.
    Reset,
    /// Stay open and say nothing any more.
    Deaf,
}

/// The gateway's side of one bot.
#[derive(Debug, Default)]
pub(crate) struct Gateway {
    sessions: Vec<Session>,
    /// Every open socket known to be the bot's, identified or not.
    sockets: HashMap<u64, UnboundedSender<Out>>,
    identifies: VecDeque<u64>,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    /// The shard's number and how many there are.
    pub(crate) shard: (u64, u64),
    sequence: u64,
    replay: VecDeque<(u64, Utf8Bytes)>,
    /// The socket that carries it now.
    socket: Option<(u64, UnboundedSender<Out>)>,
    /// When it lost its socket, in milliseconds since the Unix epoch.
    lost: u64,
}

/// What becomes of an IDENTIFY by the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentifyBudget {
    Granted,
    /// More than `max_concurrency` in 5 seconds.
    TooFast,
    /// The day's are used up: the token is to be reset.
    UsedUp,
}

/// What becomes of a RESUME.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resumption {
    /// What was missed is on its way, with RESUMED behind it.
    Resumed,
    /// There is no such session any more, or too much was missed.
    Unknown,
    /// The sequence number is one that was never sent.
    WrongSequence,
}

impl Gateway {
    pub(crate) fn add_socket(&mut self, socket: u64, out: UnboundedSender<Out>) {
        self.sockets.insert(socket, out);
    }

    /// Forgets a socket. Its session waits to be resumed, unless it was ended for good.
    pub(crate) fn lose_socket(&mut self, socket: u64, resumable: bool, now: u64) {
        self.sockets.remove(&socket);
        let carried = |session: &Session| session.socket.as_ref().is_some_and(|(by, _)| *by == socket);
        if resumable {
            for session in self.sessions.iter_mut().filter(|session| carried(session)) {
                session.socket = None;
                session.lost = now;
            }
        } else {
            self.sessions.retain(|session| !carried(session));
        }
    }

    /// Tells every open socket.
    pub(crate) fn tell_all(&self, out: &Out) {
        for socket in self.sockets.values() {
            // A socket that is just closing hears nothing any more.
            let _ = socket.send(out.clone());
        }
    }

    pub(crate) fn connections(&self) -> u64 {
        self.sessions.iter().filter(|session| session.socket.is_some()).count() as u64
    }

    pub(crate) fn forget_sessions(&mut self) {
        self.sessions.clear();
    }

    /// Counts an IDENTIFY against both limits.
    pub(crate) fn spend_identify(&mut self, max_concurrency: u32, per_day: u32, now: u64) -> IdentifyBudget {
        let today = self.identifies_today(now);
        let recent = self.identifies.iter().rev().take_while(|at| **at + IDENTIFY_WINDOW > now).count();
        self.identifies.push_back(now);
        if today >= per_day as usize {
            self.identifies.clear();
            IdentifyBudget::UsedUp
        } else if recent >= max_concurrency as usize {
            IdentifyBudget::TooFast
        } else {
            IdentifyBudget::Granted
        }
    }

    pub(crate) fn identifies_today(&mut self, now: u64) -> usize {
        while self.identifies.front().is_some_and(|at| at + DAY <= now) {
            self.identifies.pop_front();
        }
        self.identifies.len()
    }

    /// When the day's identifies are full again, in milliseconds from now.
    pub(crate) fn identifies_reset_after(&self, now: u64) -> u64 {
        self.identifies.front().map_or(0, |at| (at + DAY).saturating_sub(now))
    }

    pub(crate) fn start(&mut self, id: String, shard: (u64, u64), socket: u64, out: UnboundedSender<Out>) {
        self.sessions.push(Session {
            id,
            shard,
            sequence: 0,
            replay: VecDeque::new(),
            socket: Some((socket, out)),
            lost: 0,
        });
    }

    /// Gives a session to a new socket and sends what it missed.
    pub(crate) fn resume(
        &mut self,
        id: &str,
        sequence: u64,
        socket: u64,
        out: UnboundedSender<Out>,
        now: u64,
    ) -> Resumption {
        self.forget_lost(now);
        let Some(session) = self.sessions.iter_mut().find(|session| session.id == id) else {
            return Resumption::Unknown;
        };
        if sequence > session.sequence {
            self.sessions.retain(|session| session.id != id);
            return Resumption::WrongSequence;
        }
        let oldest = session.replay.front().map_or(session.sequence + 1, |(sequence, _)| *sequence);
        if sequence + 1 < oldest {
            self.sessions.retain(|session| session.id != id);
            return Resumption::Unknown;
        }
        for (_, frame) in session.replay.iter().filter(|(at, _)| *at > sequence) {
            // The socket's task holds the other end for as long as it asks.
            let _ = out.send(Out::Frame(frame.clone()));
        }
        if let Some((_, old)) = session.socket.replace((socket, out)) {
            let _ = old.send(Out::Cut);
        }
        session.dispatch("RESUMED", r#"{"_trace":[]}"#);
        Resumption::Resumed
    }

    pub(crate) fn end_session(&mut self, id: &str) {
        self.sessions.retain(|session| session.id != id);
    }

    /// Sends an event through the session of the guild's shard, or keeps it for the replay. False where there is
    /// no session at all. `guild` is 0 for what belongs to none.
    pub(crate) fn dispatch(&mut self, guild: u64, event: &str, data: &str, now: u64) -> bool {
        self.forget_lost(now);
        let belongs = |session: &&mut Session| {
            let (number, count) = session.shard;
            (guild >> 22) % count.max(1) == number
        };
        // Newest first, and what is connected before what is not.
        let session = self.sessions.iter_mut().rev().filter(belongs).max_by_key(|session| session.socket.is_some());
        session.is_some_and(|session| {
            session.dispatch(event, data);
            true
        })
    }

    /// Sends an event through one session only, such as READY.
    pub(crate) fn dispatch_to(&mut self, id: &str, event: &str, data: &str) {
        if let Some(session) = self.sessions.iter_mut().find(|session| session.id == id) {
            session.dispatch(event, data);
        }
    }

    fn forget_lost(&mut self, now: u64) {
        if self.sessions.iter().any(|session| session.socket.is_none()) {
            self.sessions.retain(|session| session.socket.is_some() || session.lost + RESUMABLE > now);
        }
    }
}

impl Session {
    fn dispatch(&mut self, event: &str, data: &str) {
        self.sequence += 1;
        let frame = Utf8Bytes::from(format!(r#"{{"t":"{event}","s":{},"op":0,"d":{data}}}"#, self.sequence));
        if self.replay.len() >= REPLAY {
            self.replay.pop_front();
        }
        self.replay.push_back((self.sequence, frame.clone()));
        if let Some((_, socket)) = &self.socket {
            // Where the socket is just closing, the replay has it.
            let _ = socket.send(Out::Frame(frame));
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    fn frames(receiver: &mut UnboundedReceiver<Out>) -> Vec<String> {
        std::iter::from_fn(|| receiver.try_recv().ok())
            .filter_map(|out| if let Out::Frame(frame) = out { Some(frame.as_str().to_owned()) } else { None })
            .collect()
    }

    #[test]
    fn what_a_lost_socket_missed_is_replayed() {
        let mut gateway = Gateway::default();
        let (out, mut first) = unbounded_channel();
        gateway.start("s".to_owned(), (0, 1), 1, out);
        assert!(gateway.dispatch(0, "A", "1", 10));
        gateway.lose_socket(1, true, 20);
        assert!(gateway.dispatch(0, "B", "2", 30));
        assert_eq!(frames(&mut first), [r#"{"t":"A","s":1,"op":0,"d":1}"#]);
        let (out, mut second) = unbounded_channel();
        assert_eq!(gateway.resume("s", 1, 2, out, 40), Resumption::Resumed);
        let resumed = r#"{"t":"RESUMED","s":3,"op":0,"d":{"_trace":[]}}"#;
        assert_eq!(frames(&mut second), [r#"{"t":"B","s":2,"op":0,"d":2}"#, resumed]);
    }

    #[test]
    fn a_session_is_lost_after_three_minutes_and_after_a_wrong_sequence() {
        let mut gateway = Gateway::default();
        let (out, _receiver) = unbounded_channel();
        gateway.start("s".to_owned(), (0, 1), 1, out.clone());
        gateway.lose_socket(1, true, 0);
        assert!(matches!(gateway.resume("s", 0, 2, out.clone(), RESUMABLE), Resumption::Unknown));
        gateway.start("t".to_owned(), (0, 1), 3, out.clone());
        assert!(matches!(gateway.resume("t", 1, 4, out.clone(), 0), Resumption::WrongSequence));
        assert!(matches!(gateway.resume("t", 0, 5, out, 0), Resumption::Unknown));
    }

    #[test]
    fn identifies_are_limited_by_speed_and_by_day() {
        let mut gateway = Gateway::default();
        assert_eq!(gateway.spend_identify(1, 3, 0), IdentifyBudget::Granted);
        assert_eq!(gateway.spend_identify(1, 3, 4_999), IdentifyBudget::TooFast);
        assert_eq!(gateway.spend_identify(1, 3, 9_999), IdentifyBudget::Granted);
        assert_eq!(gateway.spend_identify(1, 3, 20_000), IdentifyBudget::UsedUp);
        assert_eq!(gateway.spend_identify(1, 3, 30_000), IdentifyBudget::Granted);
    }

    #[test]
    fn an_event_goes_to_the_shard_of_its_guild() {
        let mut gateway = Gateway::default();
        let ((zero, mut at_zero), (one, mut at_one)) = (unbounded_channel(), unbounded_channel());
        gateway.start("zero".to_owned(), (0, 2), 1, zero);
        gateway.start("one".to_owned(), (1, 2), 2, one);
        assert!(gateway.dispatch(3 << 22, "A", "0", 0));
        assert!(gateway.dispatch(0, "B", "0", 0));
        assert_eq!(frames(&mut at_one).len(), 1);
        assert_eq!(frames(&mut at_zero).len(), 1);
    }
}
