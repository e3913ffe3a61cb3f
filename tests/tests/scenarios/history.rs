//! The history tells of a day what the light was sure of, and no more.

use std::time::Duration;

use domain::{Action, Answer, Certainty, Code, History, Question};
use engine::Event;
use jiff::Timestamp;
use simulator::{Fault, MeRefusal, Readability, Zendesk, sample};
use system_tests::scenario::{KeptThings, Stage, ada, ben, pass};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn history(stage: &Stage) -> History {
    let question = Question::History {
        account: ada().id,
        since: Timestamp::MIN,
    };
    match stage.handle.ask(question).await {
        Ok(Answer::History(history)) => history,
        other => panic!("{other:?}"),
    }
}

/// The stretches from the light's first word on, with how many whole minutes each lasted.
async fn told(stage: &Stage) -> Vec<String> {
    let history = history(stage).await;
    assert_eq!(history.unreadable, 0);
    for pair in history.stretches.windows(2) {
        assert!(pair[0].until <= pair[1].from, "{pair:#?}");
    }
    let words = |stretch: &domain::Stretch| {
        let minutes = stretch.lasted().as_secs().saturating_add(30) / 60;
        let unconfirmed = if stretch.confirmed {
            ""
        } else {
            "unconfirmed "
        };
        format!("{} {unconfirmed}{minutes} min", stretch.status.name)
    };
    history.stretches.iter().map(words).collect()
}

#[tokio::test(start_paused = true)]
async fn a_lunch_with_a_locked_screen_is_a_lunch() {
    let stage = Stage::lit(&Zendesk::default()).await;
    pass(secs(600)).await;
    stage.click("Lunch").await.unwrap();
    pass(secs(60)).await;
    stage.events.send(Event::Locked).await.unwrap();
    pass(secs(30 * 60)).await;
    stage.events.send(Event::Unlocked).await.unwrap();
    pass(secs(10)).await;
    stage.click("Online").await.unwrap();
    pass(secs(300)).await;
    let told = told(&stage).await;
    assert_eq!(told[1..], ["Lunch 31 min", "Online 5 min"]);
}

#[tokio::test(start_paused = true)]
async fn what_happened_behind_a_locked_screen_is_not_guessed() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.click("Lunch").await.unwrap();
    pass(secs(60)).await;
    stage.events.send(Event::Locked).await.unwrap();
    pass(secs(20 * 60)).await;
    stage
        .zendesk
        .force_status(sample::ADA, sample::AWAY, "EXPLORE_TAKE_AN_ACTION")
        .unwrap();
    pass(secs(5 * 60)).await;
    stage
        .zendesk
        .force_status(sample::ADA, sample::OFFLINE, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    pass(secs(10 * 60)).await;
    stage.events.send(Event::Unlocked).await.unwrap();
    pass(secs(10)).await;
    let told = told(&stage).await;
    assert_eq!(told[1..], ["Lunch 1 min", "Offline 10 min"]);
}

#[tokio::test(start_paused = true)]
async fn an_hour_without_network_is_nobodys_unless_the_help_desk_vouches_for_it_later() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.click("Lunch").await.unwrap();
    pass(secs(300)).await;
    stage.zendesk.fault(Fault::Reset);
    pass(secs(3600)).await;
    let without = told(&stage).await;
    assert_eq!(without[1..], ["Lunch 5 min"]);
    stage.zendesk.clear_faults();
    stage
        .until("lit", |ada| ada.certainty == Certainty::Confirmed)
        .await;
    let later = told(&stage).await;
    assert_eq!(later.len(), 2, "{later:?}");
}

#[tokio::test(start_paused = true)]
async fn a_restart_goes_on_and_another_agents_time_is_never_shown() {
    let zendesk = Zendesk::default();
    let first = Stage::lit(&zendesk).await;
    first.click("Lunch").await.unwrap();
    pass(secs(600)).await;
    let kept = first.kept.clone();
    drop(first);
    pass(secs(600)).await;
    let second = Stage::start(&zendesk, kept.clone());
    second
        .until("lit", |ada| ada.certainty == Certainty::Confirmed)
        .await;
    let told = told(&second).await;
    assert_eq!(told[1..], ["Lunch 20 min"]);

    let add = Action::AddAccount { account: ben() };
    second.handle.act(add).await.unwrap();
    let names = history(&second).await.stretches;
    let mut names = names.iter().map(|stretch| stretch.status.name.as_str());
    assert!(names.all(|name| name == "Lunch"), "it begins anew");
}

#[tokio::test(start_paused = true)]
async fn who_quits_loses_no_minute() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.click("Lunch").await.unwrap();
    pass(secs(5 * 60 + 45)).await;
    stage.handle.act(Action::Quit).await.unwrap();
    let kept = stage.kept.histories.of(&ada().id).stretches;
    let lunch = kept.last().unwrap();
    assert!(lunch.lasted().as_secs() >= 5 * 60 + 15, "{lunch:?}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_kept_apart() {
    let zendesk = Zendesk::default();
    zendesk.set_readability(Readability::Nothing, MeRefusal::Forbidden);
    zendesk.set_talk_seat(sample::ADA, false).unwrap();
    let stage = Stage::start(&zendesk, KeptThings::default());
    stage
        .until("it is said", |ada| {
            ada.limits.is_some() && !ada.statuses.is_empty()
        })
        .await;
    assert_eq!(history(&stage).await, History::default());
    stage.click("Lunch").await.unwrap();
    pass(secs(3600)).await;
    let told = told(&stage).await;
    assert_eq!(told.last().unwrap(), "Lunch unconfirmed 60 min", "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn who_signs_out_leaves_no_history() {
    let stage = Stage::lit(&Zendesk::default()).await;
    assert!(!history(&stage).await.stretches.is_empty());
    let account = ada().id;
    let remove = Action::RemoveAccount {
        account: account.clone(),
    };
    stage.handle.act(remove).await.unwrap();
    pass(secs(300)).await;
    assert_eq!(stage.kept.histories.of(&account), History::default());
    let question = Question::History {
        account,
        since: Timestamp::MIN,
    };
    let failure = stage.handle.ask(question).await.unwrap_err();
    assert_eq!(failure.code, Code::NoSuchAccount);
}

#[tokio::test(start_paused = true)]
async fn another_agents_sign_in_that_cannot_be_saved_takes_no_history() {
    let stage = Stage::lit(&Zendesk::default()).await;
    let before = history(&stage).await.stretches;
    assert!(!before.is_empty());
    stage.kept.fill_disk();
    let add = Action::AddAccount { account: ben() };
    let failure = stage.act(add).await.unwrap_err();
    assert_eq!(failure.code, Code::Settings);
    assert_eq!(stage.ada().agent, ada().agent);
    stage.click("Lunch").await.unwrap();
    pass(secs(3600)).await;
    let told = told(&stage).await;
    assert!(told.len() > before.len(), "it goes on: {told:?}");
}
