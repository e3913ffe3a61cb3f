//! Browser sign-ins that come to nothing, and sign-outs on a keyring that does not do its part.

use std::time::Duration;

use domain::{Action, Code, Failure, Link};
use engine::Config;
use simulator::{Fault, FaultRule, Zendesk, sample};
use system_tests::scenario::{KeptSecrets, Renewals, Stage, ada, allowed, pass, sign_in};

use super::secs;

const TOKENS: &str = "/oauth/tokens";

/// Whether what the agent allowed was ended in Zendesk.
fn was_ended(zendesk: &Zendesk) -> bool {
    let requests = zendesk.requests();
    requests
        .iter()
        .any(|request| request.method == "DELETE" && request.status == Some(204))
}

/// Ada, signed in by the browser, with the light lit.
async fn lit(zendesk: &Zendesk) -> (Stage, KeptSecrets) {
    let secrets = allowed(zendesk).await;
    let (config, renewals) = (Config::default(), Renewals::default());
    let stage = Stage::lit_allowed(zendesk, config, &secrets, &renewals).await;
    (stage, secrets)
}

async fn sign_out(stage: &Stage) -> Result<(), Failure> {
    let account = stage.ada().account;
    stage.act(Action::RemoveAccount { account }).await
}

#[tokio::test(start_paused = true)]
async fn settings_that_cannot_be_saved_leave_the_account_its_secret_and_zendesk_no_grant() {
    let zendesk = Zendesk::default();
    let secrets = KeptSecrets::holding("the secret of before");
    let full = Failure::new(Code::Settings, "The disk is full.");
    let failure = sign_in(&zendesk, &secrets, Err(full.clone())).await;
    assert_eq!(failure.unwrap_err(), full);
    assert_eq!(secrets.kept().as_deref(), Some("the secret of before"));
    assert!(was_ended(&zendesk));

    let fresh = KeptSecrets::default();
    let failure = sign_in(&zendesk, &fresh, Err(full.clone())).await;
    assert_eq!(failure.unwrap_err(), full);
    assert!(fresh.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_keyring_that_cannot_be_read_keeps_nobody_from_signing_in() {
    let zendesk = Zendesk::default();
    let secrets = KeptSecrets::default();
    secrets.refuse_to_read();
    let signed_in = sign_in(&zendesk, &secrets, Ok(())).await;
    assert_eq!(signed_in.map(|account| account.agent), Ok(ada().agent));
    assert!(!secrets.is_empty());

    let full = Failure::new(Code::Settings, "The disk is full.");
    let failure = sign_in(&zendesk, &secrets, Err(full.clone())).await;
    assert_eq!(failure.unwrap_err(), full);
    assert!(secrets.is_empty(), "nothing of a new account stays");
}

#[tokio::test(start_paused = true)]
async fn a_keyring_that_keeps_nothing_leaves_zendesk_no_grant() {
    let zendesk = Zendesk::default();
    let secrets = KeptSecrets::default();
    secrets.refuse_to_store(true);
    let failure = sign_in(&zendesk, &secrets, Ok(())).await.unwrap_err();
    assert_eq!(failure.code, Code::NoSecretStore);
    assert!(was_ended(&zendesk));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_names_nobody_leaves_zendesk_no_grant() {
    let zendesk = Zendesk::default();
    zendesk.fault(FaultRule::new(Fault::status(500)).path("/api/v2/users/me"));
    let secrets = KeptSecrets::default();
    assert!(sign_in(&zendesk, &secrets, Ok(())).await.is_err());
    assert!(was_ended(&zendesk) && secrets.is_empty());
}

#[tokio::test(start_paused = true)]
async fn where_only_the_keyring_fails_signing_out_says_what_was_done() {
    let zendesk = Zendesk::default();
    let (stage, secrets) = lit(&zendesk).await;
    secrets.refuse_to_forget();
    let failure = sign_out(&stage).await.unwrap_err();
    assert!(was_ended(&zendesk));
    assert_eq!(failure.code, Code::NoSecretStore);
    insta::assert_snapshot!(failure.message, @"The keyring is locked, so what is left of your sign-in may still be in it. It was ended in Zendesk already and is of no use any more. Unlock it, then sign out again.");
}

#[tokio::test(start_paused = true)]
async fn where_nothing_was_ended_in_zendesk_signing_out_does_not_say_so() {
    let zendesk = Zendesk::default();
    let secrets = KeptSecrets::default();
    let stage = Stage::start_allowed(&zendesk, Config::default(), &secrets, &Renewals::default());
    let _ = stage
        .until("there is no secret", |ada| ada.link == Link::SignedOut)
        .await;
    secrets.refuse_to_forget();
    let failure = sign_out(&stage).await.unwrap_err();
    assert!(!was_ended(&zendesk));
    insta::assert_snapshot!(failure.message, @"The keyring is locked, so your sign-in may still be in it and you are not signed out. Unlock it, then sign out again.");
}

#[tokio::test(start_paused = true)]
async fn a_slow_keyring_keeps_nothing_after_signing_out() {
    let zendesk = Zendesk::default();
    let (stage, secrets) = lit(&zendesk).await;
    secrets.take_time_to_store(Duration::from_secs(60));
    zendesk.clear_requests();
    zendesk.end_access_tokens();
    while !zendesk.requests().iter().any(|asked| asked.path == TOKENS) {
        pass(secs(1)).await;
    }
    let _ = sign_out(&stage).await;
    assert!(secrets.is_empty());
    pass(secs(600)).await;
    assert!(secrets.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_oauth_client_that_is_gone_for_a_while_signs_nobody_out() {
    let zendesk = Zendesk::default();
    let (stage, _) = lit(&zendesk).await;
    zendesk.configure(|settings| "renamed".clone_into(&mut settings.oauth.id));
    zendesk.end_access_tokens();
    let ada = stage
        .until("it is told", |ada| ada.link == Link::Unreachable)
        .await;
    let trouble = ada.trouble.map(|trouble| trouble.message);
    insta::assert_snapshot!(trouble.unwrap_or_default(), @"Your sign-in to Zendesk cannot be renewed just now: it knows no OAuth client of your client ID any more. Your status is not confirmed. Try again in a moment; if it goes on, tell your admin.");
    zendesk.configure(|settings| sample::CLIENT_ID.clone_into(&mut settings.oauth.id));
    let _ = stage.until("it is back", |ada| ada.link == Link::Ok).await;
}

/// Ada signs in again, as from a terminal, while the engine runs.
async fn sign_in_again(stage: &Stage, secrets: &KeptSecrets) {
    let account = sign_in(&stage.zendesk, secrets, Ok(())).await;
    let account = account.expect("Ada allows it");
    let added = stage.act(Action::AddAccount { account }).await;
    added.expect("it is added");
}

#[tokio::test(start_paused = true)]
async fn who_signs_in_again_while_signing_out_takes_its_time_stays_signed_in() {
    let zendesk = Zendesk::default();
    let (stage, secrets) = lit(&zendesk).await;
    zendesk.fault(
        FaultRule::new(Fault::delay(secs(5)))
            .method("DELETE")
            .times(1),
    );
    let (ended, ()) = tokio::join!(sign_out(&stage), async {
        pass(secs(1)).await;
        sign_in_again(&stage, &secrets).await;
    });
    let failure = ended.unwrap_err();
    assert_eq!(failure.code, Code::Overtaken);
    assert!(failure.message.contains("signed in"), "{}", failure.message);
    assert!(!secrets.is_empty(), "the new sign-in keeps its secret");
    stage
        .until("the light", |ada| {
            ada.link == Link::Ok && ada.as_of.is_some()
        })
        .await;
    stage.click("Lunch").await.expect("it works");
}

#[tokio::test(start_paused = true)]
async fn where_the_new_secret_was_forgotten_too_the_light_says_so_at_once() {
    let zendesk = Zendesk::default();
    let (stage, secrets) = lit(&zendesk).await;
    secrets.take_time_to_forget(secs(5));
    let (ended, ()) = tokio::join!(sign_out(&stage), async {
        pass(secs(1)).await;
        sign_in_again(&stage, &secrets).await;
    });
    assert_eq!(ended.unwrap_err().code, Code::Overtaken);
    assert!(secrets.is_empty());
    let _ = stage
        .until(
            "the light to say so, and not at the next start only",
            |ada| ada.link == Link::SignedOut,
        )
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_click_that_signing_in_again_cuts_off_gets_a_word_that_fits() {
    let zendesk = Zendesk::default();
    let (stage, secrets) = lit(&zendesk).await;
    zendesk.fault(FaultRule::new(Fault::delay(secs(5))).method("PUT").times(1));
    let (clicked, ()) = tokio::join!(stage.click("Lunch"), async {
        pass(secs(1)).await;
        sign_in_again(&stage, &secrets).await;
    });
    let failure = clicked.unwrap_err();
    assert_eq!(failure.code, Code::SignedOut);
    assert!(failure.message.contains("in again"), "{}", failure.message);
}
