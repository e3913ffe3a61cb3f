//! Whatever happens: every second that is claimed was so, and none is claimed twice.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    /// The help desk is read after some seconds; before, the status may have changed once, for good or for a moment.
    Read {
        after: u32,
        changes: Option<u8>,
        and_back: bool,
    },
    /// The light goes out, the status changes at will, and it is read again.
    Dark { changes: Vec<u8>, seconds: u32 },
    /// The program is killed and starts again.
    Restart { changes: Vec<u8>, seconds: u32 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let name = 0..3_u8;
    let names = prop::collection::vec(name.clone(), 0..4);
    let step = prop_oneof![
        6 => (14..60_u32, prop::option::weighted(0.2, name), any::<bool>())
            .prop_map(|(after, changes, and_back)| Step::Read { after, changes, and_back }),
        1 => (names.clone(), 1..4000_u32)
            .prop_map(|(changes, seconds)| Step::Dark { changes, seconds }),
        1 => (names, 1..4000_u32)
            .prop_map(|(changes, seconds)| Step::Restart { changes, seconds }),
    ];
    prop::collection::vec(step, 1..60)
}

/// What really was: from when on, which status.
struct Model(Vec<(Timestamp, u8)>);

impl Model {
    fn now(&self) -> (Timestamp, u8) {
        *self.0.last().unwrap()
    }

    fn change(&mut self, at: Timestamp, to: u8) {
        if self.now().1 != to {
            self.0.push((at, to));
        }
    }

    /// Which status it was through the whole of a time, if it was one.
    fn throughout(&self, from: Timestamp, until: Timestamp) -> Option<u8> {
        let before = self.0.iter().rev().find(|(at, _)| *at <= from)?;
        let later = self.0.iter().any(|(at, _)| *at > from && *at < until);
        (!later).then_some(before.1)
    }
}

fn word(diary: &mut Diary, model: &Model) {
    let (since, status) = model.now();
    diary.view.status = Some(named(&status.to_string()));
    diary.view.since = Some(since);
    diary.light_is(Certainty::Confirmed);
}

proptest! {
    #[test]
    fn every_claimed_second_was_so_and_none_is_claimed_twice(steps in steps()) {
        let mut diary = Diary::begin("09:00:00");
        let mut model = Model(vec![(at("08:00:00"), 0)]);
        word(&mut diary, &model);
        let mut watched = 0_i64;
        for step in steps {
            match step {
                Step::Read { after, changes, and_back } => {
                    diary.pass(after - 12);
                    let before = model.now().1;
                    if let Some(to) = changes {
                        model.change(diary.now.wall, to);
                    }
                    diary.pass(11);
                    if and_back && model.now().1 != before {
                        // Whatever came in between was never told.
                        model.change(diary.now.wall, before);
                    } else {
                        watched += i64::from(after);
                    }
                    diary.pass(1);
                    word(&mut diary, &model);
                }
                Step::Dark { changes, seconds } => {
                    diary.dark();
                    live(&mut diary, &mut model, &changes, seconds);
                    word(&mut diary, &model);
                }
                Step::Restart { changes, seconds } => {
                    let rest = diary.recorder.flush(diary.now);
                    diary.handed_out.extend(rest);
                    diary.restart();
                    live(&mut diary, &mut model, &changes, seconds);
                    word(&mut diary, &model);
                }
            }
        }
        let _ = diary.told();
        let stretches = diary.history().stretches;
        for stretch in &stretches {
            let was = model.throughout(stretch.from, stretch.until);
            prop_assert_eq!(was.map(|was| was.to_string()), Some(stretch.status.name.clone()), "{:?}", stretch);
        }
        for pair in stretches.windows(2) {
            prop_assert!(pair[0].until <= pair[1].from, "{pair:?}");
        }
        let claimed: i64 = stretches.iter().map(|stretch| stretch.lasted().as_secs()).sum();
        prop_assert!(claimed >= watched, "{claimed} s of {watched} s under watch");
    }
}

/// Nobody looks, and the status changes.
fn live(diary: &mut Diary, model: &mut Model, changes: &[u8], seconds: u32) {
    for to in changes {
        diary.pass(11);
        model.change(diary.now.wall, *to);
    }
    diary.pass(seconds);
}
