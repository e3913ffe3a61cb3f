//! Rules 8, 9 and 10: who is asked when, what a refusal means, and quiet on wake.

use std::time::Duration;

use domain::{AccountView, DeskError, Link};

use super::Witness;
use crate::asked::{Answer, Asks};
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::Name;

/// A second refusal so much later is no passing fault.
const BETWEEN_REFUSALS: Duration = Duration::from_secs(5);
/// No error notification so soon after waking.
const QUIET: Duration = Duration::from_secs(60);
/// A 429 that names no time is waited for all the same.
const HOLD_WITHOUT_TIME: Duration = Duration::from_secs(1);
const LONGEST_HOLD_WITHOUT_TIME: Duration = Duration::from_secs(10);

/// What was asked and answered since the start of the program.
#[derive(Debug, Default)]
pub(super) struct Requests {
    /// In a row, since the last answer or waking.
    pub(super) failures: u32,
    /// The account may be read more slowly than usual.
    pub(super) was_limited: bool,
    hold_until: Duration,
    /// The same for who waits longer than asked where no time is named.
    may_hold_until: Duration,
    /// When credentials were refused, since somebody was last recognised.
    refused: Vec<Duration>,
    /// A second refusal confirmed the first.
    is_refusal_confirmed: bool,
    is_signed_out: bool,
    pub(super) told_signed_out: bool,
    is_account_locked: bool,
    woke: Option<Duration>,
    /// The last read found nothing that may be read.
    pub(super) saw_nothing: bool,
    /// The click that failed just now, and has to be shown.
    pub(super) untold_failure: Option<Name>,
}

impl Requests {
    pub(super) fn hears(&mut self, answer: &Answer, scene: &Scene) {
        let now = scene.now.since_boot;
        let of_phone = matches!(answer.asks, Asks::Phone | Asks::Via(_));
        if answer.asks == Asks::Status && answer.made.is_ok() && !answer.mixed {
            self.saw_nothing = answer.is_blind;
        }
        let Err(error) = &answer.made else {
            if !of_phone {
                self.failures = 0;
                self.is_account_locked = false;
            }
            if answer.asks == Asks::Probe {
                self.refused.clear();
            }
            return;
        };
        match error {
            DeskError::Unauthorized | DeskError::Anonymous => {
                let is_later = |at: &Duration| answer.sent >= *at + BETWEEN_REFUSALS;
                self.is_refusal_confirmed |=
                    answer.asks == Asks::Probe && self.refused.iter().any(is_later);
                self.refused.push(now);
            }
            DeskError::RateLimited { retry_after } => {
                self.was_limited = true;
                let wait = retry_after.unwrap_or(HOLD_WITHOUT_TIME);
                self.hold_until = self.hold_until.max(now + wait);
                let wait = retry_after.unwrap_or(LONGEST_HOLD_WITHOUT_TIME);
                self.may_hold_until = self.may_hold_until.max(now + wait);
            }
            DeskError::AccountLocked => self.is_account_locked |= !of_phone,
            DeskError::NotEligible
            | DeskError::NoSuchStatus
            | DeskError::Conflict
            | DeskError::Forbidden
            | DeskError::Refused { .. }
                if matches!(answer.asks, Asks::Write(..)) => {}
            other => {
                if !of_phone {
                    self.failures += 1;
                }
                if let Some(wait) = other.retry_after() {
                    self.hold_until = self.hold_until.max(now + wait);
                    self.may_hold_until = self.may_hold_until.max(now + wait);
                }
            }
        }
    }

    /// Whether what was read before still counts.
    pub(super) fn is_well(&self) -> bool {
        self.failures < 3 && !self.is_account_locked && !self.is_signed_out
    }

    /// Whether nothing that was told keeps a request back.
    pub(super) fn may_ask(&self, now: Duration) -> bool {
        now >= self.may_hold_until && self.refused.is_empty() && !self.is_signed_out
    }

    pub(super) fn is_quiet(&self, scene: &Scene) -> bool {
        self.woke
            .is_some_and(|woke| scene.now.since_boot < woke + QUIET)
    }
}

impl Witness {
    pub(crate) fn wakes(&mut self, scene: &Scene) {
        self.requests.woke = Some(scene.now.since_boot);
        self.requests.failures = 0;
        self.guarding.has_just_woken();
    }

    /// Something is asked of the help desk.
    pub(crate) fn asks(&mut self, asks: Asks, disk: &str, scene: &Scene) -> Holds {
        let now = scene.now.since_boot;
        let requests = &self.requests;
        holds(
            8,
            "what the help desk asks to wait is waited",
            now >= requests.hold_until,
            || format!("{asks:?} at {now:?}, before {:?}", requests.hold_until),
        )?;
        holds(
            9,
            "who is signed out asks nothing",
            !requests.is_signed_out,
            || format!("{asks:?}"),
        )?;
        let mut clicks = self
            .wants
            .iter()
            .filter(|want| want.open && !want.slept && !want.is_accepted);
        let newest = clicks.next_back();
        let via = self.phone.is_wanted();
        let is_away = scene.is_away();
        let may_ask_away = match asks {
            Asks::Write(..) | Asks::Via(_) => true,
            Asks::Status => {
                newest.is_some() || self.wants.iter().any(|want| want.open && want.writes > 0)
            }
            Asks::Phone => via,
            Asks::Probe => newest.is_some() || via,
            Asks::List => false,
        };
        holds(
            8,
            "nobody is asked in the agent's absence",
            !is_away || may_ask_away,
            || format!("{asks:?}"),
        )?;
        let goes_first = match asks {
            Asks::Write(..) | Asks::Via(_) | Asks::Probe => true,
            Asks::Status => {
                newest.is_none()
                    || !self.in_doubt.is_empty()
                    || self.writes.last().is_some_and(|write| write.in_doubt)
            }
            Asks::Phone => newest.is_none() || via,
            Asks::List => newest.is_none(),
        };
        holds(8, "clicks go before polls", goes_first, || {
            format!("{asks:?} before {newest:?}")
        })?;
        self.pace_holds(asks, scene)?;
        match asks {
            Asks::Write(number, name, source) => {
                self.may_write(number, (name, source), disk, scene)
            }
            Asks::Via(via) => {
                let kept = serde_json::json!({ "open_via": via }).to_string();
                let is_kept = disk.contains(kept.trim_matches(['{', '}']));
                holds(
                    5,
                    "a change of the phone is kept before it is sent",
                    is_kept,
                    || disk.to_owned(),
                )?;
                self.phone.may_write(via, scene)
            }
            Asks::Status | Asks::List | Asks::Probe | Asks::Phone => Ok(()),
        }
    }

    /// How the account is said to do is how it does.
    pub(super) fn link_holds(&mut self, view: &AccountView) -> Holds {
        let is_out = view.link == Link::SignedOut;
        holds(
            9,
            "one refusal is no sign-out",
            !is_out || self.requests.is_refusal_confirmed,
            || format!("after {:?}", self.requests.refused),
        )?;
        self.requests.is_signed_out = is_out;
        let is_locked = view.link != Link::Locked || self.requests.is_account_locked;
        holds(
            1,
            "an account is locked when the help desk says so",
            is_locked,
            String::new,
        )
    }
}
