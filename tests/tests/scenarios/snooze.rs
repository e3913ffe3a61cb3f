//! Stories of a forced change that the agent puts aside.

use domain::{Action, Topic};
use simulator::{Zendesk, sample};
use system_tests::scenario::{Stage, ada, pass};

use super::{offers, secs, truth};

async fn snoozed(zendesk: &Zendesk) -> Stage {
    let stage = Stage::lit(zendesk).await;
    zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .expect("Ada is an agent");
    let moved = stage.until("moved", |ada| ada.offer.is_some()).await;
    let at = moved.offer.expect("an offer").at;
    let account = ada().id;
    let snoozed = stage.act(Action::Snooze { account, at }).await;
    snoozed.expect("the account is there");
    stage.until("put aside", |ada| ada.offer.is_none()).await;
    assert_eq!(stage.withdrawn().last(), Some(&Topic::Offer));
    stage
}

#[tokio::test(start_paused = true)]
async fn it_is_told_again_once_after_ten_minutes_and_can_be_put_back_then() {
    let zendesk = Zendesk::default();
    let stage = snoozed(&zendesk).await;
    pass(secs(9 * 60 + 50)).await;
    assert_eq!(offers(&stage), 1);
    pass(secs(20)).await;
    assert_eq!(offers(&stage), 2);
    let offer = stage.ada().offer.expect("the same offer again");
    pass(secs(3600)).await;
    assert_eq!((offers(&stage), stage.writes()), (2, vec![]));
    let back = Action::PutBack {
        account: ada().id,
        status: offer.put_back.map(|status| status.id),
    };
    stage.act(back).await.unwrap();
    assert_eq!(truth(&zendesk), "online");
}

#[tokio::test(start_paused = true)]
async fn it_is_not_told_again_when_the_agent_acted_in_the_browser() {
    let zendesk = Zendesk::default();
    let stage = snoozed(&zendesk).await;
    zendesk
        .force_status(sample::ADA, sample::ONLINE, "AGENT_STATUS_SWITCHER")
        .unwrap();
    pass(secs(3600)).await;
    assert_eq!((offers(&stage), stage.ada().offer), (1, None));
}
