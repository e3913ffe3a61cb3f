//! Several accounts whose browsers lose the network together: one notification, and an offer in each account.

use domain::{AccountId, Action, Code, Notice, StatusKind, Topic};
use engine::Event;
use simulator::{Fault, FaultRule, Zendesk, sample};
use system_tests::scenario::{Stage, ada, ada_beside, pass};

use super::secs;

fn log_off(zendesk: &Zendesk) {
    zendesk
        .force_status(sample::ADA, sample::OFFLINE, "AGENT_DISCONNECTED")
        .expect("Ada is an agent");
}

fn both() -> Vec<AccountId> {
    vec![ada().id, ada_beside().id]
}

/// The accounts that offer to put something back.
fn offering(stage: &Stage) -> Vec<AccountId> {
    let view = stage.handle.view().borrow().clone();
    let offering = view.accounts.iter().filter(|one| one.offer.is_some());
    offering.map(|one| one.account.clone()).collect()
}

async fn put_back(stage: &Stage, account: AccountId) {
    let back = Action::PutBack {
        account,
        status: None,
    };
    stage.act(back).await.expect("it is offered");
}

#[tokio::test(start_paused = true)]
async fn a_network_that_logs_both_browsers_off_is_told_once() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    let stage = Stage::lit_beside(&acme, &globex).await;
    log_off(&acme);
    pass(secs(5)).await;
    log_off(&globex);
    let told = stage.events.send(Event::NetworkChanged).await;
    told.expect("the engine listens");
    pass(secs(60)).await;

    assert_eq!(stage.told_together(), Some(both()));
    assert_eq!(offering(&stage), both(), "menu and window ask for each");
    let alone = stage.notices();
    assert_eq!(
        alone.len(),
        1,
        "the first came before there was a second: {alone:?}"
    );
    assert_eq!(
        stage.withdrawn().last(),
        Some(&Topic::Offer),
        "and gave way"
    );

    put_back(&stage, ada().id).await;
    assert_eq!(offering(&stage), [ada_beside().id]);
    assert!(stage.told_together().is_some(), "one is still open");
    put_back(&stage, ada_beside().id).await;
    assert_eq!((offering(&stage), stage.told_together()), (vec![], None));
}

#[tokio::test(start_paused = true)]
async fn changes_that_are_far_apart_are_told_each_by_itself() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    let stage = Stage::lit_beside(&acme, &globex).await;
    log_off(&acme);
    pass(secs(20)).await;
    log_off(&globex);
    pass(secs(60)).await;
    assert_eq!(stage.told_together(), None);
    let offers = stage.notices();
    let offers = offers
        .iter()
        .filter(|told| matches!(told, Notice::Offer(_)));
    assert_eq!(offers.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_statuses_are_not_known_says_so() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    globex.fault(
        FaultRule::new(Fault::status(503)).path("/api/v2/agent_availabilities/agent_statuses/me"),
    );
    let stage = Stage::start_beside(&acme, &globex);
    let view = stage.until("the light is lit", |ada| !ada.statuses.is_empty());
    let _ = view.await;
    pass(secs(60)).await;
    let everywhere = Action::ChooseEverywhere {
        kind: StatusKind::Away,
    };
    let failure = stage
        .act(everywhere)
        .await
        .expect_err("one cannot be switched");
    assert_eq!(failure.code, Code::Unreachable);
    insta::assert_snapshot!(failure.message, @"1 of 2 accounts were switched. globex: Zendesk failed (HTTP 503). Your status is not confirmed. Try again in a moment.");
}
