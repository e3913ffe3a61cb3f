//! Another agent signs in under the account's name: nothing of the one before goes on.

use domain::{Action, Guard, Leaving, StatusId};
use simulator::{Zendesk, sample};
use system_tests::scenario::{Stage, ada, ben, pass};

use super::{minutes, secs, truth};

#[tokio::test(start_paused = true)]
async fn whoever_signs_in_under_the_name_of_another_begins_anew() {
    let zendesk = Zendesk::default();
    let stage = Stage::lit(&zendesk).await;
    let lunch = stage.click_until("Lunch", minutes(30)).await;
    lunch.expect("it is applied");
    let guard = Guard {
        to: StatusId::new(sample::OFFLINE),
        on: [Leaving::Quit].into(),
    };
    let set = Action::SetGuard {
        account: ada().id,
        guard: Some(guard),
    };
    stage.act(set).await.expect("Offline may be a guard's");

    let add = Action::AddAccount { account: ben() };
    stage.act(add).await.expect("he signs in");
    let ben = stage
        .until("his light is lit", |view| {
            view.agent.name.starts_with("Ben") && view.as_of.is_some()
        })
        .await;
    assert_eq!((ben.timed, ben.guard), (None, None));
    pass(secs(3600)).await;
    assert_eq!(truth(&zendesk), "Lunch", "nothing of hers ends in his time");
    assert_eq!(stage.writes().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_signs_in_again_goes_on() {
    let zendesk = Zendesk::default();
    let stage = Stage::lit(&zendesk).await;
    let lunch = stage.click_until("Lunch", minutes(30)).await;
    lunch.expect("it is applied");
    let add = Action::AddAccount { account: ada() };
    stage.act(add).await.expect("she signs in");
    let _ = stage
        .until("her time goes on", |view| view.timed.is_some())
        .await;
    pass(secs(1900)).await;
    assert_eq!(truth(&zendesk), "online");
}
