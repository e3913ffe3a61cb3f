//! Stories over a real pipe.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{Action, Code, Failure};
use engine::{Ask, Asks, Handle};
use tokio::time::timeout;

use super::super::connect_at;
use super::super::testing::{app, hinting};

/// More than enough for a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn pipe(name: &str) -> PathBuf {
    let process = std::process::id();
    PathBuf::from(format!(r"\\.\pipe\statuslight-test-{process}-{name}"))
}

async fn visitor(pipe: &Path) -> Handle {
    connect_at(pipe).await.unwrap().unwrap()
}

async fn asked(asks: &mut Asks) -> Ask {
    timeout(PATIENCE, asks.asks.recv()).await.unwrap().unwrap()
}

#[tokio::test]
async fn where_no_app_runs_there_is_none_to_connect_to() {
    assert!(connect_at(&pipe("nobody")).await.unwrap().is_none());
}

#[tokio::test]
async fn the_view_arrives_at_once_and_on_each_change() {
    let pipe = pipe("view");
    let (_server, asks) = app(&pipe);
    let mut view = visitor(&pipe).await.view();
    assert_eq!(view.borrow_and_update().hints[0].message, "started");
    asks.view.send_replace(hinting("changed").into());
    timeout(PATIENCE, view.changed()).await.unwrap().unwrap();
    assert_eq!(view.borrow_and_update().hints[0].message, "changed");
}

#[tokio::test]
async fn what_several_visitors_ask_is_asked_of_the_engine_and_its_outcome_comes_back() {
    let pipe = pipe("asks");
    let (_server, mut asks) = app(&pipe);
    let (first, second) = (visitor(&pipe).await, visitor(&pipe).await);
    let refusal = Failure::new(Code::Refused, "Not now.");
    let refusing = async {
        for _ in 0..2 {
            let ask = asked(&mut asks).await;
            assert_eq!(ask.action, Action::Look);
            ask.outcome.send(Err(refusal.clone())).unwrap();
        }
    };
    let (one, other, ()) =
        tokio::join!(first.act(Action::Look), second.act(Action::Look), refusing);
    assert_eq!((one, other), (Err(refusal.clone()), Err(refusal.clone())));
}

#[tokio::test]
async fn who_looks_sees_the_end_of_the_app() {
    let pipe = pipe("end");
    let (server, _asks) = app(&pipe);
    let mut view = visitor(&pipe).await.view();
    view.mark_unchanged();
    drop(server);
    let ended = timeout(PATIENCE, async { while view.changed().await.is_ok() {} });
    ended.await.unwrap();
}
