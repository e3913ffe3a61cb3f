use domain::{Light, View};
use engine::Asks;

use super::*;
use crate::sample;

fn trouble(code: Code) -> Failure {
    Failure::new(code, "Trouble.")
}

fn view(account: AccountView) -> View {
    View {
        accounts: vec![account],
        hints: Vec::new(),
    }
}

fn id() -> AccountId {
    sample::checking().account
}

#[test]
fn a_status_is_told_once_both_reads_are_answered() {
    assert_eq!(status(&sample::checking()), Told::Nothing);
    assert_eq!(status(&sample::at_lunch()), Told::All);
    let read = AccountView {
        statuses: Vec::new(),
        ..sample::at_lunch()
    };
    assert_eq!(status(&read), Told::Nothing);
    assert_eq!(
        status(&AccountView {
            trouble: Some(trouble(Code::Unreachable)),
            ..read
        }),
        Told::All
    );
    let unreadable = AccountView {
        as_of: None,
        limits: Some("No.".into()),
        ..sample::at_lunch()
    };
    assert_eq!(status(&unreadable), Told::All);
}

#[test]
fn one_failure_leaves_the_other_read_some_time() {
    let failed = AccountView {
        trouble: Some(trouble(Code::Unreachable)),
        ..sample::checking()
    };
    assert_eq!(status(&failed), Told::Trouble);
    assert_eq!(list(&failed), Told::Trouble);
    assert_eq!(list_with_patience(&failed), Told::Nothing);
    assert_eq!(link(&failed), Told::Trouble);
}

#[test]
fn one_refusal_is_no_sign_out_until_it_is_confirmed() {
    let doubted = AccountView {
        trouble: Some(trouble(Code::SignedOut)),
        ..sample::checking()
    };
    assert_eq!(status(&doubted), Told::Nothing);
    let confirmed = AccountView {
        link: Link::SignedOut,
        light: Light::SignedOut,
        ..doubted
    };
    assert_eq!(status(&confirmed), Told::All);
    assert_eq!(signed_in(&confirmed).unwrap_err().code, Code::SignedOut);
}

#[test]
fn a_keyring_that_is_of_no_use_is_told_at_once() {
    let locked = AccountView {
        trouble: Some(trouble(Code::NoSecretStore)),
        ..sample::checking()
    };
    for told in [status, list, list_with_patience, link] {
        assert_eq!(told(&locked), Told::All);
    }
    assert_eq!(signed_in(&locked).unwrap_err().code, Code::NoSecretStore);
}

#[test]
fn patience_ends_where_the_help_desk_asks_for_more_of_it() {
    let mut wait = Failure::new(Code::RateLimited, "Wait.");
    wait.retry_after_s = Some(5);
    let soon = AccountView {
        trouble: Some(wait.clone()),
        ..sample::checking()
    };
    assert_eq!(list_with_patience(&soon), Told::Nothing);
    wait.retry_after_s = Some(60);
    let late = AccountView {
        trouble: Some(wait),
        ..soon
    };
    assert_eq!(list_with_patience(&late), Told::Trouble);
}

#[tokio::test(start_paused = true)]
async fn what_is_told_later_is_waited_for() {
    let (handle, Asks { view: shown, .. }) = Handle::pair(view(sample::checking()));
    let telling = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        shown.send_replace(view(sample::at_lunch()).into());
        shown
    };
    let id = id();
    let waiting = until(&handle, &id, UNTIL_TOLD, status);
    let (account, _shown) = tokio::join!(waiting, telling);
    assert_eq!(account.unwrap(), sample::at_lunch());
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever_nor_long_after_trouble() {
    let (handle, asks) = Handle::pair(view(sample::checking()));
    let begun = Instant::now();
    assert_eq!(
        until(&handle, &id(), UNTIL_TOLD, status).await.unwrap(),
        sample::checking()
    );
    assert_eq!(begun.elapsed(), UNTIL_TOLD);

    let failed = AccountView {
        trouble: Some(trouble(Code::Unreachable)),
        ..sample::checking()
    };
    asks.view.send_replace(view(failed.clone()).into());
    let begun = Instant::now();
    assert_eq!(
        until(&handle, &id(), UNTIL_TOLD, status).await.unwrap(),
        failed
    );
    assert_eq!(begun.elapsed(), AFTER_TROUBLE);
}

#[tokio::test(start_paused = true)]
async fn an_account_or_an_app_that_goes_ends_the_wait() {
    let (handle, asks) = Handle::pair(view(sample::checking()));
    asks.view.send_replace(View::default().into());
    let failure = until(&handle, &id(), UNTIL_TOLD, status).await.unwrap_err();
    assert_eq!(failure.code, Code::NoSuchAccount);
    let (handle, asks) = Handle::pair(view(sample::checking()));
    drop(asks);
    let failure = until(&handle, &id(), UNTIL_TOLD, status).await.unwrap_err();
    assert_eq!(failure.code, Code::Internal);
}

#[test]
fn who_tries_once_is_not_told_of_another_try() {
    let failure = Failure::new(
        Code::NoSecretStore,
        "Unlock it; it is tried again by itself.",
    );
    assert_eq!(for_one_try(failure).message, "Unlock it.");
}
