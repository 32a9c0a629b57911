//! The heartbeat that interrupts guests: an operating system thread of its own raises the engine's epoch every 10 ms.
//! A task of the async runtime would not do, as the guests it has to interrupt may hold every one of its threads.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// The unit of CPU budgets. Shorter wakes an idle host more often; longer makes a budget of 100 ms coarse.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Counts ticks since the engine was made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ticks(Arc<AtomicU64>);

impl Ticks {
    pub(crate) fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(crate) fn advance(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The running thread. Dropping it ends the thread and waits for its end.
pub(crate) struct Ticker {
    ticks: Ticks,
    /// Nothing is ever sent: the thread sees that this end is gone.
    running: Option<Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Ticker> {
        let ticks = Ticks::default();
        let (running, stopped) = mpsc::channel::<Infallible>();
        let (counter, engine) = (ticks.clone(), engine.clone());
        let thread = thread::Builder::new().name("sandbox-ticker".to_owned()).spawn(move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                counter.0.fetch_add(1, Ordering::Relaxed);
                engine.increment_epoch();
            }
        })?;
        Ok(Ticker { ticks, running: Some(running), thread: Some(thread) })
    }

    pub(crate) fn ticks(&self) -> &Ticks {
        &self.ticks
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(thread) = self.thread.take() {
            // It can't have panicked, and there is nothing to do about it here if it had.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_ticks_and_ends_with_its_ticker() {
        let engine = Engine::default();
        let ticker = Ticker::start(&engine).unwrap();
        let ticks = ticker.ticks().clone();
        while ticks.now() < 2 {
            thread::yield_now();
        }
        drop(ticker);
        assert_eq!(Arc::strong_count(&ticks.0), 1, "the thread still holds its counter");
    }
}
