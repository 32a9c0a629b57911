//! How a call ended: for the statistics, and for the breaker.

use autocontent_runtime::{Fault, Usage};
use autocontent_store::Outcome;

use super::breaker::Verdict;
use crate::contract::{Failure, Page};

/// How a call for a page ended.
pub(super) fn of_page(answer: &Result<Result<Page, Failure>, Fault>) -> Outcome {
    match answer {
        Ok(Ok(_)) => Outcome::Answered,
        Ok(Err(failure)) => match failure {
            Failure::NothingFound => Outcome::NothingFound,
            Failure::InvalidArgument(_) => Outcome::InvalidArgument,
            Failure::Busy(_) => Outcome::Busy,
            Failure::Upstream(_) => Outcome::Upstream,
            Failure::Misconfigured(_) => Outcome::Misconfigured,
            Failure::Internal(_) => Outcome::Internal,
        },
        Err(fault) => of_fault(fault),
    }
}

pub(super) fn of_fault(fault: &Fault) -> Outcome {
    match fault {
        Fault::Cpu => Outcome::Cpu,
        Fault::Time => Outcome::Time,
        Fault::Memory => Outcome::Memory,
        Fault::Stack => Outcome::Stack,
        Fault::ResultTooLarge => Outcome::TooLarge,
        Fault::Denied { .. } => Outcome::Denied,
        Fault::Invalid { .. } => Outcome::BrokeContract,
        Fault::Missing { .. } => Outcome::Missing,
        Fault::Busy => Outcome::NoRoom,
        // A fault that this crate doesn't know yet is a crash of some kind.
        _ => Outcome::Crashed,
    }
}

/// Whether a call spent most of its time waiting for HTTP: one that ran out of time so shows that its source is slow.
pub(crate) fn mostly_waited(usage: &Usage, waited: std::time::Duration) -> bool {
    waited >= usage.time / 2
}

/// Whether that was the provider's own fault. `waited` is how long the call waited for HTTP.
pub(super) fn verdict(outcome: Outcome, usage: &Usage, waited: std::time::Duration) -> Verdict {
    match outcome {
        Outcome::Answered
        | Outcome::NothingFound
        | Outcome::InvalidArgument
        | Outcome::Busy
        | Outcome::Upstream
        | Outcome::Misconfigured => Verdict::Good,
        Outcome::NoRoom | Outcome::Abandoned => Verdict::None,
        Outcome::Time if mostly_waited(usage, waited) => Verdict::None,
        Outcome::Time
        | Outcome::Internal
        | Outcome::Cpu
        | Outcome::Memory
        | Outcome::Stack
        | Outcome::TooLarge
        | Outcome::Crashed
        | Outcome::Denied
        | Outcome::BrokeContract
        | Outcome::Missing => Verdict::Bad,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn running_out_of_time_is_the_sources_fault_where_most_of_it_was_waiting() {
        let usage = Usage { time: Duration::from_secs(8), ..Usage::default() };
        let of = |outcome, waited| verdict(outcome, &usage, Duration::from_millis(waited));
        assert_eq!(of(Outcome::Time, 3_999), Verdict::Bad);
        assert_eq!(of(Outcome::Time, 4_000), Verdict::None);
        assert_eq!(of(Outcome::Cpu, 8_000), Verdict::Bad, "its own code ran too long, however long it waited");
    }
}
