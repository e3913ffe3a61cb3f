//! Invents stories: a seed makes one, the same one each time.

use fastrand::Rng;

use crate::story::{End, Fate, Name, Opening, Readable, Step, Story, Travel, Why};

/// The longest time that a status is chosen for, in minutes.
const LONGEST_MIN: u32 = 12;
/// Steps of a story.
const STEPS: std::ops::Range<usize> = 10..110;
/// What a story may be about. Each is about some of it, so that rare things meet each other undisturbed.
const THEMES: usize = 16;

/// The story of a seed.
pub fn invented(seed: u64) -> Story {
    let mut dice = Rng::with_seed(seed);
    let readable = match dice.u8(0..15) {
        0..=4 => Readable::Status,
        5 | 6 => Readable::TalkState,
        7 | 8 => Readable::PhoneChannel,
        9 => Readable::Nothing,
        _ => Readable::Libredesk,
    };
    let themes: [bool; THEMES] = std::array::from_fn(|_| dice.u8(0..10) < 6);
    let steps = dice.usize(STEPS);
    Story {
        readable,
        chance: dice.u64(..),
        steps: (0..steps).map(|_| step(&mut dice, &themes)).collect(),
    }
}

fn step(dice: &mut Rng, themes: &[bool; THEMES]) -> Step {
    loop {
        let theme = dice.usize(0..THEMES + 8);
        if theme < THEMES && !themes[theme] {
            continue;
        }
        return match theme {
            0 => Step::Moved(name(dice), why(dice)),
            1 => Step::ClickFor(name(dice), dice.u32(1..=LONGEST_MIN)),
            2 => back(dice),
            3 => Step::Barred(name(dice), dice.bool()),
            4 => [
                Step::Slept,
                Step::Woke,
                Step::Woke,
                Step::SleptUnseen(seconds(dice)),
            ][dice.usize(0..4)],
            5 => [Step::Locked, Step::Unlocked][dice.usize(0..2)],
            6 => [
                Step::Network(false),
                Step::Network(true),
                Step::NetworkChanged,
            ][dice.usize(0..3)],
            7 => Step::ClockSet(jump(dice)),
            8 => Step::Restarted(seconds(dice)),
            9 => match dice.u8(0..8) {
                0 | 1 => Step::AnswerByPhone(dice.bool()),
                2 => Step::AfterCall(name(dice)),
                3 => Step::RingsByPhone(dice.bool()),
                4 | 5 => Step::OnCall(dice.bool()),
                6 => Step::ReadPhone(fate(dice)),
                _ => Step::WritePhone(fate(dice)),
            },
            10 => [
                Step::List(fate(dice)),
                Step::Probe(refusing(dice)),
                Step::Read(refusing(dice)),
            ][dice.usize(0..3)],
            11 if dice.u8(0..30) == 0 => Step::Revoked,
            11 => Step::Looked,
            12 => guard(dice),
            13 => [Step::Idle, Step::Active, Step::Active][dice.usize(0..3)],
            14 => by_libredesk(dice),
            15 => Step::Load(load(dice)),
            16 => Step::Read(fate(dice)),
            17 | 18 => Step::Write(fate(dice)),
            19 => Step::Click(name(dice)),
            20 => [Step::Click(name(dice)), Step::Looked][dice.usize(0..2)],
            _ => Step::Wait(wait(dice)),
        };
    }
}

fn name(dice: &mut Rng) -> Name {
    Name::ALL[dice.usize(0..Name::ALL.len())]
}

fn why(dice: &mut Rng) -> Why {
    [Why::Idle, Why::InTheBrowser, Why::ByProgram, Why::NewWord][dice.usize(0..4)]
}

fn back(dice: &mut Rng) -> Step {
    [
        Step::PutBack,
        Step::PutBackByName,
        Step::PutBackOfOld,
        Step::Keep,
        Step::Snooze,
        Step::Snooze,
        Step::Extend,
        Step::ExtendOfOld,
    ][dice.usize(0..8)]
}

fn guard(dice: &mut Rng) -> Step {
    let ways = std::array::from_fn(|_| dice.u8(0..3) > 0);
    match dice.u8(0..8) {
        0..=3 => Step::Guards(name(dice), ways),
        4 => Step::GuardsNoMore,
        5 => Step::Quit(seconds(dice)),
        6 => Step::ShutDown(seconds(dice)),
        _ => Step::ShutDownStopped,
    }
}

/// What only a Libredesk does; on a Zendesk, nothing comes of it.
fn by_libredesk(dice: &mut Rng) -> Step {
    match dice.u8(0..12) {
        0..=2 => Step::Agrees(dice.u8(0..4) > 0, dice.bool()),
        3 => Step::Edited(name(dice)),
        4 => Step::TabPings,
        5 => Step::SocketBreaks,
        6 => Step::SocketFallsSilent,
        7 => Step::Opening(opening(dice)),
        _ => Step::Pushed(Travel {
            ms: [20, 200, 1000, 2500, 4000][dice.usize(0..5)],
            twice: dice.bool(),
        }),
    }
}

fn opening(dice: &mut Rng) -> Opening {
    let wait = [None, Some(7), Some(70)][dice.usize(0..3)];
    [
        Opening::Opens(3000),
        Opening::Mute,
        Opening::NotOffered,
        Opening::Unreachable,
        Opening::Refused401,
        Opening::Limited(wait),
    ][dice.usize(0..6)]
}

fn load(dice: &mut Rng) -> Option<u32> {
    [
        None,
        Some(10),
        Some(60),
        Some(95),
        Some(130),
        Some(130),
        Some(300),
    ][dice.usize(0..7)]
}

fn seconds(dice: &mut Rng) -> u32 {
    [0, 1, 3, 8, 40, 200, 400, 4000][dice.usize(0..8)]
}

fn jump(dice: &mut Rng) -> i32 {
    [-7200, -600, -100, -3, 3, 100, 290, 600, 7200][dice.usize(0..9)]
}

fn wait(dice: &mut Rng) -> u32 {
    [
        0, 30, 100, 400, 1000, 2000, 5000, 10_000, 25_000, 40_000, 100_000, 300_000, 700_000,
    ][dice.usize(0..13)]
}

fn refusing(dice: &mut Rng) -> Fate {
    let end = [End::Refused401, End::Anonymous, End::Fine][dice.usize(0..3)];
    Fate { end, ..fate(dice) }
}

fn fate(dice: &mut Rng) -> Fate {
    let wait = [None, Some(1), Some(7), Some(20), Some(70)][dice.usize(0..5)];
    let end = match dice.u8(0..30) {
        0..=5 => End::Fine,
        6..=8 => End::Echo,
        9 => End::Blind,
        10 | 11 => End::AnswerLost,
        12 => End::RequestLost,
        13 | 14 => End::Broken(dice.bool()),
        15 => End::Cut,
        16 => End::TooLarge,
        17 => End::Strange,
        18 => End::Unreachable,
        19 => End::Refused401,
        20 => End::Anonymous,
        21 => End::Forbidden,
        22 | 23 => End::Conflict,
        24 => End::Wrong,
        25 => End::AccountLocked,
        26 | 27 => End::Limited(wait),
        _ => End::Failed(dice.bool(), wait),
    };
    let times = [20, 60, 60, 200, 900, 3000, 7000];
    Fate {
        there_ms: times[dice.usize(0..times.len())],
        back_ms: times[dice.usize(0..times.len())],
        end,
    }
}
