//! Several accounts whose browsers lose the network together: one notification, and an offer in each account.

use domain::{AccountId, Action, Code, StatusKind, Topic};
use engine::Event;
use simulator::{Fault, FaultRule, Zendesk, sample};
use system_tests::scenario::{Stage, ada, ada_further, pass};

use super::{offers, secs};

fn log_off(zendesk: &Zendesk) {
    zendesk
        .force_status(sample::ADA, sample::OFFLINE, "AGENT_DISCONNECTED")
        .expect("Ada is an agent");
}

fn both() -> Vec<AccountId> {
    vec![ada().id, ada_further(0).id]
}

/// The accounts that offer to put something back.
fn offering(stage: &Stage) -> Vec<AccountId> {
    let view = stage.handle.view().borrow().clone();
    let offering = view.accounts.iter().filter(|one| one.offer.is_some());
    offering.map(|one| one.account.clone()).collect()
}

async fn press_back(stage: &Stage, account: AccountId) {
    let pressed = stage.press_back(account).await;
    pressed.expect("it is offered");
}

/// Has all accounts read now.
async fn reread(stage: &Stage) {
    let told = stage.events.send(Event::NetworkChanged).await;
    told.expect("the engine listens");
    pass(secs(60)).await;
}

/// The accounts that the one notification on the screen names.
#[track_caller]
fn the_only_one(stage: &Stage) -> Vec<AccountId> {
    let mut shown = stage.offers_on_screen();
    assert_eq!(shown.len(), 1, "{shown:?}");
    let mut accounts = shown.remove(0);
    accounts.sort_by(|one, other| one.0.cmp(&other.0));
    accounts
}

#[tokio::test(start_paused = true)]
async fn a_network_that_logs_both_browsers_off_is_told_once() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    let stage = Stage::lit_beside(&acme, &[&globex]).await;
    log_off(&acme);
    pass(secs(5)).await;
    log_off(&globex);
    reread(&stage).await;

    assert_eq!(stage.offers_on_screen(), [both()]);
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
}

#[tokio::test(start_paused = true)]
async fn who_answers_for_one_account_is_still_asked_for_the_others() {
    let acme = Zendesk::default();
    let further = [Zendesk::default(), Zendesk::default()];
    let [globex, hooli] = [0, 1].map(|index| ada_further(index).id);
    let stage = Stage::lit_beside(&acme, &further.each_ref()).await;
    log_off(&acme);
    further.iter().for_each(log_off);
    reread(&stage).await;
    let all = vec![ada().id, globex.clone(), hooli.clone()];
    assert_eq!(the_only_one(&stage), all);

    press_back(&stage, ada().id).await;
    assert_eq!(the_only_one(&stage), [globex.clone(), hooli.clone()]);
    press_back(&stage, globex).await;
    assert_eq!(stage.offers_on_screen(), [[hooli.clone()]], "its own again");
    press_back(&stage, hooli).await;
    assert_eq!(stage.offers_on_screen(), Vec::<Vec<AccountId>>::new());
    assert_eq!(offering(&stage), []);
}

/// Ada, logged off in two accounts and told so by one notification.
async fn told_of_both(acme: &Zendesk, globex: &Zendesk) -> Stage {
    let stage = Stage::lit_beside(acme, &[globex]).await;
    log_off(acme);
    log_off(globex);
    reread(&stage).await;
    assert_eq!(the_only_one(&stage), both());
    stage
}

#[tokio::test(start_paused = true)]
async fn an_offer_that_is_over_leaves_the_other_on_the_screen() {
    let stage = told_of_both(&Zendesk::default(), &Zendesk::default()).await;
    let at = stage.ada().offer.expect("it is offered").at;
    let account = ada().id;
    let kept = stage.act(Action::Keep { account, at }).await;
    kept.expect("it is offered");
    pass(secs(1)).await;
    assert_eq!(offering(&stage), [ada_further(0).id]);
    assert_eq!(stage.offers_on_screen(), [[ada_further(0).id]]);
}

#[tokio::test(start_paused = true)]
async fn a_further_change_of_one_account_leaves_the_other_on_the_screen() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    let stage = told_of_both(&acme, &globex).await;
    let moved = globex.force_status(sample::ADA, sample::ONLINE, "AGENT_INITIATED");
    moved.expect("Ada is an agent");
    reread(&stage).await;
    assert_eq!(offering(&stage), both());
    let each = both().into_iter().map(|account| vec![account]);
    assert_eq!(stage.offers_on_screen(), each.collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn an_older_notification_that_nobody_answered_goes_into_the_newer_one() {
    let acme = Zendesk::default();
    let further = [Zendesk::default(), Zendesk::default(), Zendesk::default()];
    let [globex, hooli, initech] = &further;
    let stage = Stage::lit_beside(&acme, &further.each_ref()).await;
    log_off(&acme);
    log_off(globex);
    reread(&stage).await;
    assert_eq!(the_only_one(&stage), both());

    pass(secs(30 * 60)).await;
    log_off(hooli);
    log_off(initech);
    reread(&stage).await;
    let all = [ada(), ada_further(0), ada_further(1), ada_further(2)].map(|account| account.id);
    assert_eq!(the_only_one(&stage), all, "the older two are not lost");
    press_back(&stage, ada_further(2).id).await;
    assert_eq!(the_only_one(&stage), all[..3]);
}

#[tokio::test(start_paused = true)]
async fn changes_that_are_far_apart_are_told_each_by_itself() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    let stage = Stage::lit_beside(&acme, &[&globex]).await;
    log_off(&acme);
    pass(secs(20)).await;
    log_off(&globex);
    pass(secs(60)).await;
    let each = both().into_iter().map(|account| vec![account]);
    assert_eq!(stage.offers_on_screen(), each.collect::<Vec<_>>());
    assert_eq!(offers(&stage), 2);
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_statuses_are_not_known_says_so() {
    let (acme, globex) = (Zendesk::default(), Zendesk::default());
    globex.fault(
        FaultRule::new(Fault::status(503)).path("/api/v2/agent_availabilities/agent_statuses/me"),
    );
    let stage = Stage::start_beside(&acme, &[&globex]);
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
