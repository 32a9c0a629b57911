//! Pauses that grow, with chance in them, so that what failed together does not come back together.

use std::time::Duration;

use autocontent_content::Random;

/// The pause after `failures` failures beyond the first: between half and all of `first` doubled each time, at most
/// `longest`.
pub(crate) fn backoff(failures: u32, first: Duration, longest: Duration, random: &dyn Random) -> Duration {
    let whole = first.saturating_mul(2_u32.saturating_pow(failures.min(30))).min(longest);
    whole.mul_f64(0.5 + chance(random) / 2.0)
}

/// A number in `0.0..1.0`.
pub(crate) fn chance(random: &dyn Random) -> f64 {
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use autocontent_content::SystemRandom;

    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_never_fall_below_half() {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(60));
        for (failures, whole) in [(0, 1), (1, 2), (4, 16), (6, 60), (u32::MAX, 60)] {
            let whole = Duration::from_secs(whole);
            for _ in 0..100 {
                let pause = backoff(failures, first, longest, &SystemRandom);
                assert!(pause >= whole / 2 && pause <= whole, "{pause:?} after {failures} failures");
            }
        }
    }
}
