//! The team costs nothing while nobody looks, and its trouble is nobody else's.

use domain::{AccountId, Action, Answer, CapabilityName, Code, Has, Narrowed, Question};
use simulator::{Fault, FaultRule, Request, Zendesk, sample};
use std::time::Duration;
use system_tests::scenario::Stage;

fn acme() -> AccountId {
    AccountId("acme".to_owned())
}

fn team() -> Question {
    Question::Team {
        account: acme(),
        narrowed: Narrowed::default(),
    }
}

/// Ada as an admin.
fn led_by_ada() -> Zendesk {
    let mut account = simulator::Account::default();
    account.agents[0].role = simulator::Role::Admin;
    Zendesk::new(account)
}

fn about_the_team(request: &Request) -> bool {
    let path = request.path.split('?').next().unwrap_or_default();
    [
        "/agent_availabilities",
        "/agent_statuses",
        "/show_many",
        "/groups",
        "/rules",
    ]
    .iter()
    .any(|end| path.ends_with(end))
}

#[tokio::test(start_paused = true)]
async fn a_day_without_a_look_asks_nothing_about_the_team() {
    let zendesk = led_by_ada();
    let stage = Stage::lit(&zendesk).await;
    tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
    let asked: Vec<String> = zendesk
        .requests()
        .iter()
        .filter(|it| about_the_team(it))
        .map(|it| it.path.clone())
        .collect();
    assert!(asked.is_empty(), "{asked:?}");
    drop(stage);
}

#[tokio::test(start_paused = true)]
async fn each_look_at_the_team_costs_one_reading_and_the_statuses_are_kept_for_a_while() {
    let zendesk = led_by_ada();
    let stage = Stage::lit(&zendesk).await;
    for _ in 0..3 {
        assert!(matches!(
            stage.handle.ask(team()).await,
            Ok(Answer::Team(_))
        ));
    }
    let count = |end: &str| {
        let requests = zendesk.requests();
        requests
            .iter()
            .filter(|it| {
                it.path
                    .split('?')
                    .next()
                    .is_some_and(|path| path.ends_with(end))
            })
            .count()
    };
    assert_eq!(count("/agent_availabilities"), 3);
    assert_eq!(count("/agent_statuses"), 1);
}

#[tokio::test(start_paused = true)]
async fn looking_finds_out_once_what_the_role_may_and_a_refusal_is_believed() {
    let zendesk = led_by_ada();
    let stage = Stage::lit(&zendesk).await;
    for _ in 0..5 {
        stage.handle.act(Action::Look).await.unwrap();
    }
    let has = |name| {
        move |ada: &domain::AccountView| {
            ada.capabilities
                .iter()
                .any(|one| one.name == name && one.has == Has::Yes)
        }
    };
    stage
        .until("the team is known to be there", has(CapabilityName::Team))
        .await;
    let asked = zendesk
        .requests()
        .iter()
        .filter(|it| it.path.ends_with("/users/me"))
        .count();
    assert_eq!(asked, 1);

    zendesk.fault(
        FaultRule::new(Fault::status(403))
            .path("/api/v2/agent_availabilities/agent_statuses")
            .times(1),
    );
    let refused = stage.handle.ask(team()).await.unwrap_err();
    assert_eq!(refused.code, Code::Refused);
    stage
        .until("the team is known to be missing", |ada| {
            ada.capabilities
                .iter()
                .any(|one| one.name == CapabilityName::Team && matches!(one.has, Has::No(_)))
        })
        .await;
    stage.handle.act(Action::Look).await.unwrap();
    stage
        .until("the next look finds it again", has(CapabilityName::Team))
        .await;
}

#[tokio::test(start_paused = true)]
async fn who_may_look_and_not_set_is_told_so_and_keeps_the_look() {
    let zendesk = led_by_ada();
    let stage = Stage::lit(&zendesk).await;
    stage.handle.act(Action::Look).await.unwrap();
    let has = |ada: &domain::AccountView, wanted| {
        let found = ada.capabilities.iter().find(|one| one.name == wanted);
        found.is_some_and(|one| one.has == Has::Yes)
    };
    stage
        .until("setting is known to be there", |ada| {
            has(ada, CapabilityName::SetOthers)
        })
        .await;
    zendesk.fault(FaultRule::new(Fault::status(403)).method("PUT").times(1));
    let set = Action::SetAgent {
        account: acme(),
        agent: sample::BEN.to_string(),
        status: domain::StatusId::new(sample::LUNCH),
    };
    let failure = stage.handle.act(set).await.unwrap_err();
    assert_eq!(failure.code, Code::Refused);
    assert!(
        failure.message.contains("only admins"),
        "{}",
        failure.message
    );
    stage
        .until("setting is known to be missing", |ada| {
            !has(ada, CapabilityName::SetOthers)
        })
        .await;
    assert!(has(&stage.ada(), CapabilityName::Team));
}

#[tokio::test(start_paused = true)]
async fn a_set_whose_answer_is_lost_is_read_and_never_sent_twice() {
    let zendesk = led_by_ada();
    let stage = Stage::lit(&zendesk).await;
    let set = |status: u64| Action::SetAgent {
        account: acme(),
        agent: sample::BEN.to_string(),
        status: domain::StatusId::new(status),
    };
    let puts = || {
        zendesk
            .requests()
            .iter()
            .filter(|it| it.method == "PUT")
            .count()
    };
    // Applied, but the answer is lost: the read tells.
    zendesk.fault(
        FaultRule::new(Fault::Reset)
            .method("PUT")
            .times(1)
            .applied(),
    );
    stage.handle.act(set(sample::LUNCH)).await.unwrap();
    assert_eq!(puts(), 1);
    // Not applied: the read tells that too.
    zendesk.fault(FaultRule::new(Fault::status(500)).method("PUT").times(1));
    let failure = stage.handle.act(set(sample::AWAY)).await.unwrap_err();
    assert_eq!((failure.code, puts()), (Code::ChangedMeanwhile, 2));
    // Neither the answer nor the read: the word is clear.
    zendesk.fault(
        FaultRule::new(Fault::status(500))
            .path("/api/v2/agent_availabilities")
            .times(2),
    );
    let failure = stage.handle.act(set(sample::AWAY)).await.unwrap_err();
    assert!(
        failure.message.contains("not known whether"),
        "{}",
        failure.message
    );
    assert_eq!(puts(), 3);
    let ada = stage.handle.view().borrow().accounts[0].clone();
    assert_eq!(
        (ada.headline.as_str(), ada.failed.is_none()),
        ("Online", true)
    );
}
