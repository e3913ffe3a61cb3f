//! Leaving the computer with a guard on, and quitting in the middle of a write.

use domain::{Action, Code, Guard, Leaving, Notice, OfferCause, StatusId};
use engine::{Delay, Event};
use simulator::{Fault, FaultRule, Zendesk, sample};
use system_tests::scenario::{Stage, ada, pass};
use tokio::time::Instant;

use super::{secs, truth};

/// Ada online, with a guard that goes Offline on every way of leaving.
async fn guarded(zendesk: &Zendesk) -> Stage {
    let stage = Stage::lit(zendesk).await;
    set(&stage, sample::OFFLINE)
        .await
        .expect("Offline may be a guard's");
    let ada = stage
        .until("the guard is on", |ada| ada.guard.is_some())
        .await;
    let to = ada.guard.map(|guard| guard.to);
    assert_eq!(to, Some(StatusId::new(sample::OFFLINE)));
    stage
}

async fn set(stage: &Stage, to: u64) -> Result<(), domain::Failure> {
    let on = [
        Leaving::Lock,
        Leaving::Sleep,
        Leaving::Shutdown,
        Leaving::Quit,
    ];
    let guard = Guard {
        to: StatusId::new(to),
        on: on.into(),
    };
    stage
        .act(Action::SetGuard {
            account: ada().id,
            guard: Some(guard),
        })
        .await
}

/// Tells what happens, and how long whoever told it is held up.
async fn held_up(stage: &Stage, event: Event) -> std::time::Duration {
    let begun = Instant::now();
    let (delay, released) = Delay::pair();
    let told = stage.events.send(event).await;
    told.expect("the engine listens");
    let told = stage.events.send(Event::Settle(delay)).await;
    told.expect("the engine listens");
    released.wait().await;
    begun.elapsed()
}

#[tokio::test(start_paused = true)]
async fn sleep_is_held_up_until_the_answer_and_the_way_back_is_offered_once() {
    let stage = guarded(&Zendesk::default()).await;
    let put = FaultRule::new(Fault::delay(secs(2))).method("PUT");
    stage.zendesk.fault(put);
    let held = held_up(&stage, Event::Slept).await;
    assert_eq!(truth(&stage.zendesk), "offline");
    assert!(held >= secs(2) && held < secs(3), "{held:?}");

    pass(secs(3600)).await;
    stage.events.send(Event::Woke).await.unwrap();
    let ada = stage
        .until("the way back is offered", |ada| ada.offer.is_some())
        .await;
    let offer = ada.offer.unwrap();
    assert_eq!(offer.because, OfferCause::Guarded);
    pass(secs(3600)).await;
    assert_eq!(stage.notices(), [Notice::Offer(offer.clone())]);
    assert_eq!(stage.writes(), [sample::OFFLINE]);

    let back = Action::PutBack {
        account: ada.account,
        status: offer.put_back.map(|status| status.id),
    };
    stage.act(back).await.unwrap();
    assert_eq!(truth(&stage.zendesk), "online");
}

#[tokio::test(start_paused = true)]
async fn a_help_desk_that_hangs_holds_sleep_up_for_four_seconds_and_that_is_told() {
    let stage = guarded(&Zendesk::default()).await;
    stage
        .zendesk
        .fault(FaultRule::new(Fault::Hang).method("PUT"));
    let held = held_up(&stage, Event::Slept).await;
    assert!(held <= secs(4), "{held:?}");
    stage.events.send(Event::Woke).await.unwrap();
    let ada = stage
        .until("the failure is shown", |ada| ada.failed.is_some())
        .await;
    assert_eq!(ada.failed.unwrap().failure.code, Code::TimedOut);
    pass(secs(3600)).await;
    let notices = stage.notices();
    assert!(
        matches!(notices.as_slice(), [Notice::SwitchFailed(_)]),
        "{notices:?}"
    );
    assert_eq!(truth(&stage.zendesk), "online");
}

#[tokio::test(start_paused = true)]
async fn without_a_guard_nothing_is_written_and_nobody_is_held_up() {
    let stage = Stage::lit(&Zendesk::default()).await;
    for event in [Event::Slept, Event::ShuttingDown] {
        assert!(held_up(&stage, event).await < secs(1));
    }
    assert_eq!(stage.writes(), [0u64; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_is_held_up_until_the_answer() {
    let stage = guarded(&Zendesk::default()).await;
    held_up(&stage, Event::ShuttingDown).await;
    assert_eq!(truth(&stage.zendesk), "offline");
}

#[tokio::test(start_paused = true)]
async fn quitting_goes_to_the_guards_status_first_and_the_next_start_offers_the_way_back() {
    let zendesk = Zendesk::default();
    let stage = guarded(&zendesk).await;
    stage.act(Action::Quit).await.unwrap();
    stage.ended().await;
    assert_eq!(truth(&zendesk), "offline");
    let kept = stage.kept.clone();
    drop(stage);

    let stage = Stage::start_guarded(&zendesk, kept, sample::OFFLINE);
    let ada = stage
        .until("the way back is offered", |ada| ada.offer.is_some())
        .await;
    assert_eq!(ada.offer.unwrap().put_back.unwrap().name, "Online");
}

#[tokio::test(start_paused = true)]
async fn quitting_during_a_write_waits_for_it_but_four_seconds_at_most() {
    for (fault, least_s, most_s) in [(Fault::delay(secs(2)), 2, 3), (Fault::Hang, 4, 4)] {
        let stage = Stage::lit(&Zendesk::default()).await;
        stage.zendesk.fault(FaultRule::new(fault).method("PUT"));
        let lunch = Action::Choose {
            account: ada().id,
            status: StatusId::new(sample::LUNCH),
            until: None,
        };
        let handle = stage.handle.clone();
        let click = tokio::spawn(async move { handle.act(lunch).await });
        stage
            .until("the switch is under way", |ada| ada.switching_to.is_some())
            .await;
        let begun = Instant::now();
        stage.act(Action::Quit).await.unwrap();
        stage.ended().await;
        let waited = begun.elapsed();
        assert!(
            waited >= secs(least_s)
                && waited <= secs(most_s) + std::time::Duration::from_millis(10),
            "{waited:?}"
        );
        click.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_that_receives_work_is_no_guard() {
    let stage = Stage::lit(&Zendesk::default()).await;
    let refused = set(&stage, sample::ONLINE).await.unwrap_err();
    assert_eq!(refused.code, Code::Refused);
    let unknown = set(&stage, 4711).await.unwrap_err();
    assert_eq!(unknown.code, Code::NoSuchStatus);
    assert_eq!(stage.ada().guard, None);
}

#[tokio::test(start_paused = true)]
async fn a_guard_that_is_switched_off_does_nothing() {
    let stage = guarded(&Zendesk::default()).await;
    let off = Action::SetGuard {
        account: ada().id,
        guard: None,
    };
    stage.act(off).await.unwrap();
    stage
        .until("the guard is off", |ada| ada.guard.is_none())
        .await;
    stage.events.send(Event::Locked).await.unwrap();
    stage.events.send(Event::Unlocked).await.unwrap();
    held_up(&stage, Event::Slept).await;
    assert_eq!(stage.writes(), [0u64; 0]);
}
