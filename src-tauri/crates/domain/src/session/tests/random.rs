//! Anything in any order, against a model that knows nothing of how the session works.

mod phone;
mod world;

use std::time::Duration;

use proptest::prelude::*;

use self::phone::PhoneEvent;
use self::world::{Event, World};
use crate::*;

/// The longest time that a status is chosen for.
const LONGEST_MIN: i64 = 40;

fn any_error() -> impl Strategy<Value = DeskError> {
    prop::sample::select(vec![
        DeskError::Unauthorized,
        DeskError::Anonymous,
        DeskError::Forbidden,
        DeskError::NotEligible,
        DeskError::NoSuchStatus,
        DeskError::Conflict,
        DeskError::AccountLocked,
        DeskError::RateLimited { retry_after: None },
        DeskError::RateLimited {
            retry_after: Some(Duration::from_secs(7)),
        },
        DeskError::RateLimited {
            retry_after: Some(Duration::from_secs(70)),
        },
        DeskError::Server {
            status: 500,
            retry_after: None,
        },
        DeskError::Server {
            status: 503,
            retry_after: Some(Duration::from_secs(9)),
        },
        DeskError::Unreachable {
            detail: String::new(),
        },
        DeskError::Interrupted {
            detail: String::new(),
        },
        DeskError::TimedOut,
        DeskError::TooLarge,
    ])
}

fn any_input() -> impl Strategy<Value = Input> {
    prop::sample::select(vec![
        Input::PutBack {
            ticket: Ticket(0),
            status: None,
        },
        Input::Keep {
            at: jiff::Timestamp::UNIX_EPOCH,
        },
        Input::Slept,
        Input::Woke,
        Input::Locked,
        Input::Unlocked,
        Input::NetworkChanged,
        Input::Looked,
        Input::Timeout,
    ])
}

fn any_via() -> impl Strategy<Value = Via> {
    prop::sample::select(vec![Via::Client, Via::Phone])
}

fn any_phone_event() -> impl Strategy<Value = PhoneEvent> {
    let call = prop::sample::select(vec![
        None,
        Some(CallStatus::OnCall),
        Some(CallStatus::WrapUp),
    ]);
    prop_oneof![
        3 => any_via().prop_map(PhoneEvent::AnswerBy),
        2 => (0..8usize).prop_map(PhoneEvent::AfterCall),
        1 => (any_via(), call).prop_map(|(via, call)| PhoneEvent::Becomes(Phone { via: Some(via), call })),
        4 => prop::option::weighted(0.3, any_error()).prop_map(PhoneEvent::Fetched),
        4 => prop::option::weighted(0.5, (any_error(), any::<bool>())).prop_map(PhoneEvent::Pushed),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let often_fine = || prop::option::weighted(0.3, any_error());
    prop_oneof![
        4 => (0..8usize, prop::option::weighted(0.3, 1..=LONGEST_MIN)).prop_map(|(index, minutes)| Event::Choose(index, minutes)),
        4 => any_input().prop_map(Event::Say),
        2 => (0..8usize, prop::sample::select(vec!["AGENT_IDLE_TIMEOUT", "AGENT_STATUS_SWITCHER", "PUBLIC_API"]))
            .prop_map(|(index, reason)| Event::Move(index, reason)),
        6 => (often_fine(), any::<bool>()).prop_map(|(error, late)| Event::Fetched(error, late)),
        6 => prop::option::weighted(0.5, (any_error(), any::<bool>())).prop_map(Event::Pushed),
        3 => often_fine().prop_map(Event::Listed),
        3 => often_fine().prop_map(Event::Probed),
        6 => prop::sample::select(vec![0, 1, 2, 5, 10, 25, 40, 100, 700, 4000]).prop_map(Event::Wait),
        5 => any_phone_event().prop_map(Event::Phone),
        1 => Just(Event::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_hold_whatever_happens_in_whatever_order(
        path in prop::sample::select(vec![ReadPath::Own, ReadPath::TalkIsStatus, ReadPath::TalkChannel, ReadPath::Nowhere]),
        events in prop::collection::vec(any_event(), 1..120),
    ) {
        let mut world = World::new(path, Remembered::default());
        world.input(Input::Timeout);
        world.happens(Event::Listed(None));
        for event in events {
            world.happens(event);
        }
        // In the end everybody gets a word, and the light comes to rest: once the longest timed status has ended, too.
        world.happens(Event::Say(Input::Woke));
        world.happens(Event::Say(Input::Unlocked));
        world.wait(Duration::from_mins(LONGEST_MIN.unsigned_abs()) + Duration::from_secs(120));
        prop_assert!(world.open.is_empty(), "never finished: {:?}", world.open);
        prop_assert_ne!(world.view().light, Light::Switching);
    }
}
