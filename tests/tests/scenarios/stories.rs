//! Anything in any order, through the whole engine and the real wire code: several surfaces at once, restarts with what
//! is kept, and a help desk that has its moments. The crate `truth` plays many more of these against the session alone.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot fail may end it")]

use std::time::Duration;

use domain::{Action, Certainty, Code, Failure, Light, Notice, OfferCause, StatusId};
use engine::Event;
use jiff::Timestamp;
use simulator::{Fault, FaultRule, Zendesk, sample};
use system_tests::scenario::{KeptThings, Stage, ada, pass};
use tokio::task::JoinHandle;

use super::secs;

/// Stories in each test run.
const SEEDS: u64 = 8;
const STEPS: usize = 50;
/// Statuses that Ada may choose.
const STATUSES: [u64; 6] = [
    sample::OFFLINE,
    sample::ONLINE,
    sample::AWAY,
    sample::TRANSFERS_ONLY,
    sample::LUNCH,
    sample::MEETING,
];
const REASONS: [&str; 3] = ["AGENT_IDLE_TIMEOUT", "PUBLIC_API", "AGENT_STATUS_SWITCHER"];
/// No read takes longer.
const LONGEST_READ_S: i64 = 31;
/// No click is worked on longer, and its last write may take ten seconds more.
const LONGEST_CLICK_S: i64 = 36;

/// A click, and who waits for it.
struct Click {
    at: Timestamp,
    to: u64,
    /// Since when it is owed a word: the click, or waking from a sleep that interrupted it.
    owed_since: Timestamp,
    outcome: Option<JoinHandle<Result<(), Failure>>>,
}

struct Story {
    seed: u64,
    dice: fastrand::Rng,
    stage: Stage,
    /// Since the start of the program.
    clicks: Vec<Click>,
    asleep: bool,
    /// Requests that were looked at.
    seen: u64,
    moves: usize,
    /// Offers of earlier programs.
    offers: usize,
    told: Vec<String>,
}

impl Story {
    fn must(&self, what: &str, is_so: bool, found: impl FnOnce() -> String) {
        assert!(
            is_so,
            "seed {}: {what}: {}\n{}",
            self.seed,
            found(),
            self.told.join("\n")
        );
    }

    fn now(&self) -> Timestamp {
        self.stage.zendesk.now()
    }

    fn age_s(&self, at: Timestamp) -> i64 {
        self.now().duration_since(at).as_secs()
    }

    async fn step(&mut self) {
        let pick = self.dice.u8(0..22);
        self.told.push(format!("{} step {pick}", self.now()));
        match pick {
            0..=3 => self.click(),
            // Two surfaces in the same moment.
            4 => {
                self.click();
                self.click();
            }
            5 | 6 => {
                let status = STATUSES[self.dice.usize(0..STATUSES.len())];
                let reason = REASONS[self.dice.usize(0..REASONS.len())];
                self.moves += 1;
                let zendesk = &self.stage.zendesk;
                zendesk.force_status(sample::ADA, status, reason).unwrap();
            }
            7..=9 => self.fault("PUT"),
            10 => self.fault("GET"),
            11 => self.event(Event::Locked).await,
            12 | 13 => self.event(Event::Unlocked).await,
            14 => {
                self.asleep = true;
                self.event(Event::Slept).await;
            }
            15 => self.wake().await,
            16 => self.event(Event::NetworkChanged).await,
            17 => self.restart().await,
            18 => drop(self.stage.act(Action::Look).await),
            _ => {
                let seconds = [0, 1, 4, 11, 26, 45, 130, 700][self.dice.usize(0..8)];
                self.wait(secs(seconds)).await;
            }
        }
        self.wait(Duration::from_millis(300)).await;
    }

    fn click(&mut self) {
        let to = STATUSES[self.dice.usize(0..STATUSES.len())];
        let handle = self.stage.handle.clone();
        let outcome = tokio::spawn(async move {
            let choose = Action::Choose {
                account: ada().id,
                status: StatusId::new(to),
                until: None,
            };
            handle.act(choose).await
        });
        self.told.push(format!("{} click {to}", self.now()));
        self.clicks.push(Click {
            at: self.now(),
            to,
            owed_since: self.now(),
            outcome: Some(outcome),
        });
    }

    fn fault(&mut self, method: &str) {
        let retry_after = [None, Some(1), Some(9)][self.dice.usize(0..3)];
        let fault = match self.dice.u8(0..9) {
            0 => Fault::delay(secs(1)),
            1 => Fault::delay(secs(12)),
            2 => Fault::Reset,
            3 => Fault::CutJson,
            4 => Fault::Html,
            5 => Fault::status([401, 409, 500][self.dice.usize(0..3)]),
            6 => Fault::Hang,
            7 => Fault::Status {
                code: 429,
                retry_after,
            },
            _ => Fault::Status {
                code: 503,
                retry_after,
            },
        };
        self.told.push(format!("{} {method} {fault:?}", self.now()));
        let rule = FaultRule::new(fault).method(method).times(1);
        let applied = self.dice.bool();
        self.stage
            .zendesk
            .fault(if applied { rule.applied() } else { rule });
    }

    async fn event(&mut self, event: Event) {
        self.told.push(format!("{} {event:?}", self.now()));
        self.stage.events.send(event).await.unwrap();
    }

    async fn wake(&mut self) {
        self.event(Event::Woke).await;
        self.asleep = false;
        // Whoever waited hears now.
        let now = self.now();
        for click in &mut self.clicks {
            click.owed_since = click.owed_since.max(now - secs(31));
        }
    }

    /// The program ends, as it does when it is quit: with a word for every click. It starts again with what is kept.
    async fn restart(&mut self) {
        if self.asleep {
            return;
        }
        while self.clicks.iter().any(|click| click.outcome.is_some()) {
            self.wait(secs(1)).await;
        }
        let zendesk = self.stage.zendesk.clone();
        self.offers += self.forced_offers();
        self.stage = Stage::start(&zendesk, self.stage.kept.clone());
        self.clicks.clear();
    }

    fn forced_offers(&self) -> usize {
        let is_forced = |notice: &&Notice| matches!(notice, Notice::Offer(offer) if offer.because == OfferCause::ForcedChange);
        self.stage.notices().iter().filter(is_forced).count()
    }

    async fn wait(&mut self, time: Duration) {
        let mut left = time;
        loop {
            let piece = left.min(secs(3));
            pass(piece).await;
            left -= piece;
            self.look().await;
            if left.is_zero() {
                return;
            }
        }
    }

    /// The rules, as far as they can be seen from outside.
    async fn look(&mut self) {
        let shown = self.stage.ada();
        let truth = self.stage.zendesk.current_status(sample::ADA).unwrap();
        if shown.certainty == Certainty::Confirmed && !self.asleep {
            let as_of = shown.as_of.unwrap();
            let is_settled = as_of.duration_since(truth.updated_at).as_secs() > LONGEST_READ_S;
            let name = shown.status.as_ref().map(|status| status.id.clone());
            let is_true = !is_settled || name == Some(StatusId::new(truth.id));
            self.must("what is confirmed is true", is_true, || {
                format!("{name:?} as of {as_of}, and it is {truth:?}")
            });
            self.must(
                "what is old is not confirmed",
                self.age_s(as_of) <= 601,
                || format!("as of {as_of}"),
            );
        }
        self.writes();
        self.must(
            "only what something else did is told",
            self.offers + self.forced_offers() <= self.moves,
            || format!("{:?}", self.stage.notices()),
        );
        for place in 0..self.clicks.len() {
            let click = &mut self.clicks[place];
            if click.outcome.as_ref().is_some_and(JoinHandle::is_finished)
                && let Some(outcome) = click.outcome.take()
            {
                let (to, outcome) = (click.to, outcome.await.unwrap());
                let code = outcome.err().map(|failure| failure.code);
                let newer = place + 1 < self.clicks.len();
                let is_fair = code != Some(Code::Overtaken) || newer;
                self.must("only a newer click overtakes", is_fair, || {
                    format!("{to}: {code:?}")
                });
            }
            let click = &self.clicks[place];
            let is_late = self.age_s(click.owed_since) > LONGEST_CLICK_S && click.outcome.is_some();
            self.must(
                "a click gets a word in time",
                self.asleep || !is_late,
                || format!("{} since {}", click.to, click.at),
            );
        }
    }

    /// Each write is the newest click's, and soon after it.
    fn writes(&mut self) {
        let requests = self.stage.zendesk.requests();
        for request in requests
            .iter()
            .filter(|request| request.number >= self.seen)
        {
            if request.method == "PUT" {
                let to = request.json()["id"].as_u64();
                // Of clicks in the same moment, each may be the newest for an instant.
                let clicks = self.clicks.iter();
                let at_once = clicks.clone().filter(|click| click.at == request.at);
                let before = clicks.rev().find(|click| click.at < request.at);
                let owner = at_once.chain(before).find(|click| Some(click.to) == to);
                let newest = owner.map(|click| (click.at, click.to));
                self.must("the last click wins", newest.is_some(), || {
                    let newest = self.clicks.last().map(|click| (click.at, click.to));
                    format!("{to:?} at {}, newest {newest:?}", request.at)
                });
                let is_soon =
                    newest.is_some_and(|(at, _)| request.at.duration_since(at).as_secs() <= 31);
                self.must("no click comes back", is_soon, || {
                    format!("{to:?} at {}", request.at)
                });
            }
        }
        self.seen = requests
            .last()
            .map_or(self.seen, |request| request.number + 1);
    }

    /// In the end the light rests on the truth.
    async fn rest(&mut self) {
        self.stage.zendesk.clear_faults();
        self.wake().await;
        self.event(Event::Unlocked).await;
        for _ in 0..200 {
            self.wait(secs(36)).await;
            let shown = self.stage.ada();
            let truth = self.stage.zendesk.current_status(sample::ADA).unwrap();
            let is_it = shown
                .status
                .is_some_and(|status| status.id == StatusId::new(truth.id));
            let waits = self.clicks.iter().any(|click| click.outcome.is_some());
            if matches!(shown.light, Light::Status(_)) && is_it && !waits {
                return;
            }
            if shown.light == Light::SignedOut {
                return;
            }
        }
        self.must("in the end the light rests on the truth", false, || {
            format!("{:?}", self.stage.ada())
        });
    }
}

#[tokio::test(start_paused = true)]
async fn the_rules_hold_through_the_engine_whatever_happens() {
    for seed in 0..SEEDS {
        let zendesk = Zendesk::default();
        let mut story = Story {
            seed,
            dice: fastrand::Rng::with_seed(seed),
            stage: Stage::start(&zendesk, KeptThings::default()),
            clicks: Vec::new(),
            asleep: false,
            seen: 0,
            moves: 0,
            offers: 0,
            told: Vec::new(),
        };
        for _ in 0..STEPS {
            story.step().await;
        }
        story.rest().await;
    }
}
