//! How often an account is read: as often as all who read it may together, without talking to each other.

use std::time::Duration;

use crate::Budget;

/// The share of the account's requests that all who read it use together: the rest is for clicks, and for chance.
///
/// The numbers here are found by trying: `cargo xtask bench fleet` shows what another one does.
const TARGET: f64 = 0.79;
/// How strongly one look at the account's use of its requests counts.
const GAIN: f64 = 0.6;
/// How strongly a slow reader is drawn towards the usual pace: it makes all equally fast in the end.
const PULL: f64 = 0.025;
/// One look moves the pace no further: e to this power.
const LARGEST_STEP: f64 = 0.2;
/// What a refusal adds at least: e to this power.
const REFUSED: f64 = 0.05;
/// What an answer takes off where nothing is known but that it came: e to this power.
const ANSWERED: f64 = 0.001;
/// Requests are counted by the minute.
const MINUTE: Duration = Duration::from_secs(60);
/// However loaded the account, it is read so often.
const LONGEST: Duration = Duration::from_secs(1800);

/// How many times slower than usual an account is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pace(f64);

impl Default for Pace {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Pace {
    /// The time between two reads whose usual one is `usual`.
    pub(super) fn interval(self, usual: Duration) -> Duration {
        self.stretched(usual).min(LONGEST.max(usual))
    }

    /// A time that grows as the account's load does.
    pub(super) fn stretched(self, usual: Duration) -> Duration {
        usual.mul_f64(self.0)
    }

    /// A read was answered.
    pub(super) fn answered(&mut self, budget: Option<Budget>) {
        match budget {
            Some(Budget {
                limit,
                remaining,
                resets_in,
            }) if limit > 0 => {
                let used = 1.0 - f64::from(remaining.min(limit)) / f64::from(limit);
                match resets_in.filter(|left| *left <= MINUTE) {
                    Some(left) => {
                        let wanted = TARGET * (1.0 - left.as_secs_f64() / MINUTE.as_secs_f64());
                        self.step(GAIN * (used - wanted - PULL * self.0.ln()));
                    }
                    None if used > TARGET => self.step(REFUSED),
                    None => self.step(-ANSWERED),
                }
            }
            _ => self.step(-ANSWERED),
        }
    }

    /// A request was refused, since the account's requests were used up so long before the minute's end.
    pub(super) fn refused(&mut self, retry_after: Option<Duration>) {
        let used_up_after = MINUTE.saturating_sub(retry_after.unwrap_or_default());
        let times_too_fast = MINUTE.as_secs_f64() / used_up_after.as_secs_f64().max(1.0);
        self.step(REFUSED + times_too_fast.ln());
    }

    fn step(&mut self, by: f64) {
        let longest = LONGEST.as_secs_f64();
        self.0 = (self.0 * by.clamp(-LARGEST_STEP, LARGEST_STEP).exp()).clamp(1.0, longest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Duration = Duration::from_secs(30);

    fn after(looks: u32, budget: impl Into<Option<Budget>> + Copy) -> Duration {
        let mut pace = Pace::default();
        for _ in 0..looks {
            pace.answered(budget.into());
        }
        pace.interval(USUAL)
    }

    fn budget(remaining: u32, resets_in_s: Option<u64>) -> Budget {
        Budget {
            limit: 200,
            remaining,
            resets_in: resets_in_s.map(Duration::from_secs),
        }
    }

    #[test]
    fn a_calm_account_is_read_at_the_usual_pace_and_never_faster() {
        assert_eq!(after(100, None), USUAL);
        assert_eq!(after(100, budget(190, Some(30))), USUAL);
        assert_eq!(after(100, budget(190, None)), USUAL);
    }

    #[test]
    fn an_account_whose_requests_go_too_fast_is_read_more_slowly() {
        assert!(after(10, budget(50, Some(30))) > USUAL.mul_f64(1.5));
        assert!(after(10, budget(10, None)) > USUAL);
    }

    #[test]
    fn who_reads_slowly_is_drawn_towards_the_usual_pace_a_little_with_each_look() {
        let mut pace = Pace::default();
        for _ in 0..10 {
            pace.refused(Some(MINUTE));
        }
        let before = pace.interval(USUAL);
        // Half a minute is left, and so much of the requests is used as should be.
        pace.answered(Some(budget(121, Some(30))));
        let ratio = pace.interval(USUAL).as_secs_f64() / before.as_secs_f64();
        assert!((0.965..0.975).contains(&ratio), "{ratio}");
    }

    #[test]
    fn a_refusal_early_in_the_minute_slows_down_more_than_one_at_its_end() {
        let after_refusal = |retry_after_s: u64| {
            let mut pace = Pace::default();
            pace.refused(Some(Duration::from_secs(retry_after_s)));
            pace.interval(USUAL)
        };
        assert!(after_refusal(1) > USUAL);
        assert!(after_refusal(45) > after_refusal(1).mul_f64(1.1));
    }

    #[test]
    fn whatever_the_account_says_it_is_read_every_half_an_hour() {
        let mut pace = Pace::default();
        for _ in 0..1000 {
            pace.refused(Some(Duration::from_secs(3600)));
        }
        assert_eq!(pace.interval(USUAL), LONGEST);
    }

    #[test]
    fn senseless_numbers_do_no_harm() {
        let nothing_allowed = Some(Budget {
            limit: 0,
            remaining: 7,
            resets_in: Some(Duration::from_secs(1)),
        });
        assert_eq!(after(10, nothing_allowed), USUAL);
        assert_eq!(after(10, budget(900, Some(0))), USUAL);
        assert_eq!(after(10, budget(200, Some(90_000))), USUAL);
    }
}
