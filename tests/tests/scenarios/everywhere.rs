//! One choice for all accounts, each on a help desk of its own.

use domain::{Action, Code, StatusKind};
use simulator::{Fault, FaultRule, Zendesk, sample};
use system_tests::scenario::{Stage, ada_further};

use super::truth;

const AWAY: Action = Action::ChooseEverywhere {
    kind: StatusKind::Away,
};

#[tokio::test(start_paused = true)]
async fn one_click_switches_every_account_to_what_stands_for_the_kind_there() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    let stage = Stage::lit_beside(&acme, &[&globex]).await;
    stage
        .act(Action::MapEverywhere {
            account: ada_further(0).id,
            kind: StatusKind::Away,
            status: Some(stage.status("Lunch")),
        })
        .await
        .unwrap();
    stage.act(AWAY).await.unwrap();
    assert_eq!(
        (truth(&acme), truth(&globex)),
        ("away".into(), "Lunch".into())
    );
}

#[tokio::test(start_paused = true)]
async fn where_one_account_refuses_the_others_are_switched_and_it_is_named() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    let stage = Stage::lit_beside(&acme, &[&globex]).await;
    globex.fault(FaultRule::new(Fault::status(403)).method("PUT"));

    let failure = stage.act(AWAY).await.unwrap_err();

    assert!(
        failure
            .message
            .starts_with("1 of 2 accounts were switched. globex: "),
        "{}",
        failure.message
    );
    assert_ne!(failure.code, Code::Internal);
    assert_eq!(stage.writes(), [sample::AWAY]);
    let view = stage.handle.view();
    let view = view.borrow();
    let failed: Vec<bool> = view
        .accounts
        .iter()
        .map(|one| one.failed.is_some())
        .collect();
    assert_eq!(failed, [false, true], "each account says its own");
}
