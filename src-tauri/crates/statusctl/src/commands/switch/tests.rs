use domain::{Link, NamedStatus, Offer, OfferCause, StatusId, StatusKind, View};

use super::*;
use crate::sample;

fn view(account: AccountView) -> View {
    View {
        accounts: vec![account],
        hints: Vec::new(),
    }
}

/// The account after a switch that was confirmed.
fn now_in(status: NamedStatus) -> AccountView {
    AccountView {
        status: Some(status),
        ..sample::at_lunch()
    }
}

fn online() -> NamedStatus {
    sample::named("3", "Online", StatusKind::Online)
}

#[tokio::test]
async fn a_name_leads_to_its_id_and_the_outcome_to_the_view_that_shows_it() {
    let (handle, mut asks) = Handle::pair(view(sample::at_lunch()));
    let engine = async {
        let ask = asks.asks.recv().await.unwrap();
        let expected = Action::Choose {
            account: sample::at_lunch().account,
            status: StatusId::new("3"),
            until: None,
        };
        assert_eq!(ask.action, expected);
        asks.view.send_replace(view(now_in(online())).into());
        ask.outcome.send(Ok(())).unwrap();
    };
    let (account, ()) = tokio::join!(to("oNLINE", None, &handle, None), engine);
    assert_eq!(account.unwrap().status, Some(online()));
}

#[tokio::test(start_paused = true)]
async fn what_the_status_is_now_is_waited_for_a_moment_and_no_longer() {
    for (read_after, asked_after) in [
        (Duration::from_secs(1), Duration::from_secs(1)),
        (Duration::MAX, UNTIL_READ),
    ] {
        let (handle, mut asks) = Handle::pair(view(AccountView {
            statuses: sample::at_lunch().statuses,
            ..sample::checking()
        }));
        let begun = Instant::now();
        let engine = async {
            let ask = tokio::select! {
                () = tokio::time::sleep(read_after) => {
                    asks.view.send_replace(view(sample::at_lunch()).into());
                    asks.asks.recv().await.unwrap()
                }
                ask = asks.asks.recv() => ask.unwrap(),
            };
            assert_eq!(begun.elapsed(), asked_after);
            ask.outcome.send(Ok(())).unwrap();
        };
        let (done, ()) = tokio::join!(to("Online", None, &handle, None), engine);
        assert!(done.is_ok());
    }
}

#[tokio::test]
async fn what_cannot_be_chosen_is_not_asked() {
    let mut account = sample::at_lunch();
    account.statuses.push(sample::choosable("301", "lunch"));
    let (handle, mut asks) = Handle::pair(view(account.clone()));
    let code = |result: Result<AccountView, Failure>| result.unwrap_err().code;
    assert_eq!(
        code(to("Lunch", None, &handle, None).await),
        Code::AmbiguousStatus
    );
    assert_eq!(
        code(to("Dinner", None, &handle, None).await),
        Code::NoSuchStatus
    );
    assert_eq!(
        code(to("201", None, &handle, Some("beta")).await),
        Code::NoSuchAccount
    );
    account.link = Link::SignedOut;
    asks.view.send_replace(view(account).into());
    assert_eq!(code(to("201", None, &handle, None).await), Code::SignedOut);
    assert!(asks.asks.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_35_seconds() {
    let (handle, asks) = Handle::pair(view(sample::checking()));
    let begun = Instant::now();
    let listing = async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        asks.view.send_replace(view(sample::at_lunch()).into());
    };
    let (result, ()) = tokio::join!(to("Online", None, &handle, None), listing);
    assert_eq!(result.unwrap_err().code, Code::TimedOut);
    assert_eq!(begun.elapsed(), PATIENCE);
}

#[tokio::test]
async fn an_app_that_ends_meanwhile_is_told() {
    let (handle, mut asks) = Handle::pair(view(sample::at_lunch()));
    let dying = async { drop(asks.asks.recv().await) };
    let (result, ()) = tokio::join!(to("Online", None, &handle, None), dying);
    assert_eq!(result.unwrap_err().code, Code::Internal);
}

#[tokio::test]
async fn what_is_put_back_is_shown() {
    let offering = AccountView {
        offer: Some(Offer {
            because: OfferCause::ForcedChange,
            put_back: Some(online()),
            from: "Online".to_owned(),
            to: "Lunch".to_owned(),
            at: sample::at("12:03:00"),
            changes: 1,
            reason_in_words: String::new(),
        }),
        ..sample::at_lunch()
    };
    let (handle, mut asks) = Handle::pair(view(offering));
    let engine = async {
        let ask = asks.asks.recv().await.unwrap();
        assert!(matches!(ask.action, Action::PutBack { .. }));
        asks.view.send_replace(view(now_in(online())).into());
        ask.outcome.send(Ok(())).unwrap();
    };
    let (account, ()) = tokio::join!(put_back(&handle, None), engine);
    assert_eq!(account.unwrap().status, Some(online()));
}
