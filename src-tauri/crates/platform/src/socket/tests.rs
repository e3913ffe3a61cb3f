//! Stories over a real socket in a folder of its own.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{
    Account, AccountId, Action, Agent, Agreed, Answer, CapacityRule, Code, Failure, HelpDeskName,
    Question, SignIn, View,
};
use engine::{Ask, Asks, Handle};
use rustix::process::geteuid;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

use super::testing::{app, hinting};
use super::{connect_at, serve_at, server, unix};

/// Longer than anything here may take.
const SOON: Duration = Duration::from_secs(5);

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("rt").join("socket")
    }
}

fn hint(view: &View) -> String {
    view.hints[0].message.clone()
}

async fn visitor(path: &Path) -> Handle {
    connect_at(path).await.unwrap().unwrap()
}

async fn asked(asks: &mut Asks) -> Ask {
    timeout(SOON, asks.asks.recv()).await.unwrap().unwrap()
}

fn put_back(account: &str) -> Action {
    Action::PutBack {
        account: AccountId(account.to_owned()),
        status: None,
    }
}

#[tokio::test]
async fn the_view_arrives_at_once_and_on_each_change() {
    let place = Place::new();
    let (_server, asks) = app(&place.path());
    let mut view = visitor(&place.path()).await.view();
    assert_eq!(hint(&view.borrow_and_update()), "started");
    asks.view.send_replace(hinting("changed").into());
    timeout(SOON, view.changed()).await.unwrap().unwrap();
    assert_eq!(hint(&view.borrow_and_update()), "changed");
}

#[tokio::test]
async fn what_is_asked_is_asked_of_the_engine_and_its_outcome_comes_back() {
    let place = Place::new();
    let (_server, mut asks) = app(&place.path());
    let handle = visitor(&place.path()).await;
    let account = Account {
        id: AccountId("acme".into()),
        helpdesk: HelpDeskName::Zendesk,
        url: "https://acme.zendesk.com".into(),
        agent: Agent {
            id: "7".into(),
            name: "Ada".into(),
        },
        sign_in: SignIn::AccessToken,
        agreed: Agreed::default(),
    };
    let action = Action::AddAccount { account };
    let doing = tokio::spawn({
        let (handle, action) = (handle.clone(), action.clone());
        async move { handle.act(action).await }
    });
    let ask = asked(&mut asks).await;
    assert_eq!(ask.action, action);
    ask.outcome.send(Ok(())).unwrap();
    assert_eq!(doing.await.unwrap(), Ok(()));

    let mut refusal = Failure::new(Code::RateLimited, "Wait.");
    refusal.retry_after_s = Some(7);
    let refusing = async {
        asked(&mut asks)
            .await
            .outcome
            .send(Err(refusal.clone()))
            .unwrap();
    };
    let (result, ()) = tokio::join!(handle.act(Action::Look), refusing);
    assert_eq!(result, Err(refusal));
}

#[tokio::test]
async fn outcomes_find_those_who_wait_whatever_their_order() {
    let place = Place::new();
    let (_server, mut asks) = app(&place.path());
    let handle = visitor(&place.path()).await;
    let ask = |name: &'static str| {
        let handle = handle.clone();
        tokio::spawn(async move { handle.act(put_back(name)).await })
    };
    let (first, second) = (ask("first"), ask("second"));
    let mut waiting = [asked(&mut asks).await, asked(&mut asks).await];
    waiting.sort_by_key(|ask| ask.action == put_back("first"));
    let [later, sooner] = waiting;
    later.outcome.send(Ok(())).unwrap();
    assert_eq!(timeout(SOON, second).await.unwrap().unwrap(), Ok(()));
    let failure = Failure::new(Code::NothingToPutBack, "Nothing.");
    sooner.outcome.send(Err(failure.clone())).unwrap();
    assert_eq!(timeout(SOON, first).await.unwrap().unwrap(), Err(failure));
}

#[tokio::test]
async fn an_outcome_comes_after_the_view_it_led_to() {
    let place = Place::new();
    let (_server, mut asks) = app(&place.path());
    let handle = visitor(&place.path()).await;
    for round in 0..50 {
        let round = format!("round {round}");
        let (result, ()) = tokio::join!(handle.act(Action::Look), async {
            let ask = asked(&mut asks).await;
            asks.view.send_replace(hinting(&round).into());
            ask.outcome.send(Ok(())).unwrap();
        });
        assert_eq!(result, Ok(()));
        assert_eq!(hint(&handle.view().borrow()), round);
    }
}

#[tokio::test]
async fn when_the_app_ends_what_was_asked_fails_and_the_view_ends() {
    let place = Place::new();
    let (server, mut asks) = app(&place.path());
    let handle = visitor(&place.path()).await;
    let mut view = handle.view();
    let doing = tokio::spawn(async move { handle.act(Action::Look).await });
    let _unanswered = asked(&mut asks).await;
    drop(server);
    let failure = timeout(SOON, doing).await.unwrap().unwrap().unwrap_err();
    assert_eq!(failure.code, Code::Internal);
    timeout(SOON, async { while view.changed().await.is_ok() {} })
        .await
        .unwrap();
    assert!(connect_at(&place.path()).await.unwrap().is_none());
}

#[tokio::test]
async fn what_a_visitor_asked_before_it_left_is_done_all_the_same() {
    let place = Place::new();
    let (_server, mut asks) = app(&place.path());
    let mut stream = UnixStream::connect(place.path()).await.unwrap();
    let act = "{\"act\":{\"id\":1,\"action\":{\"do\":\"look\"}}}\n";
    stream.write_all(act.as_bytes()).await.unwrap();
    drop(stream);
    assert_eq!(asked(&mut asks).await.action, Action::Look);
}

#[tokio::test]
async fn nobody_listens_is_no_error_whether_or_not_a_dead_socket_is_left() {
    let place = Place::new();
    assert!(connect_at(&place.path()).await.unwrap().is_none());
    let (server, _asks) = app(&place.path());
    drop(server);
    assert!(!place.path().exists());
    drop(std::os::unix::net::UnixListener::bind(place.path()).unwrap());
    assert!(place.path().exists());
    assert!(connect_at(&place.path()).await.unwrap().is_none());
    let (_server, _asks) = app(&place.path());
    assert_eq!(
        hint(&visitor(&place.path()).await.view().borrow()),
        "started"
    );
}

#[tokio::test]
async fn a_server_that_ends_late_leaves_its_successors_socket_alone() {
    let place = Place::new();
    let (older, _asks) = app(&place.path());
    let (_newer, _its_asks) = app(&place.path());
    drop(older);
    visitor(&place.path()).await;
}

#[tokio::test]
async fn the_socket_and_its_folder_are_the_users_alone() {
    let place = Place::new();
    let folder = place.path().parent().unwrap().to_owned();
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
    let (_server, _asks) = app(&place.path());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&place.path())), (0o700, 0o600));
}

#[tokio::test]
async fn a_file_in_the_sockets_place_is_not_removed() {
    let place = Place::new();
    std::fs::create_dir(place.path().parent().unwrap()).unwrap();
    std::fs::write(place.path(), "precious").unwrap();
    let (handle, _asks) = Handle::pair(View::default());
    let error = serve_at(&place.path(), handle).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read_to_string(place.path()).unwrap(), "precious");
}

#[tokio::test]
async fn another_users_visitor_learns_nothing() {
    let place = Place::new();
    let somebody_else = geteuid().as_raw() + 1;
    let (listener, _file) = unix::listen_for(&place.path(), somebody_else).unwrap();
    let (handle, mut asks) = Handle::pair(hinting("secret"));
    let serving = tokio::spawn(server::serve(listener, handle));
    let mut stream = UnixStream::connect(place.path()).await.unwrap();
    let act = "{\"act\":{\"id\":1,\"action\":{\"do\":\"quit\"}}}\n";
    drop(stream.write_all(act.as_bytes()).await);
    let mut told = Vec::new();
    drop(timeout(SOON, stream.read_to_end(&mut told)).await.unwrap());
    assert_eq!(told, b"");
    assert!(asks.asks.try_recv().is_err());
    serving.abort();
}

#[tokio::test]
async fn another_users_app_is_not_believed() {
    let place = Place::new();
    let (_server, _asks) = app(&place.path());
    let somebody_else = geteuid().as_raw() + 1;
    let error = unix::connect_to(&place.path(), somebody_else)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
}

#[tokio::test]
async fn an_oversized_or_unreadable_line_ends_the_visit_and_nothing_else() {
    let place = Place::new();
    let (_server, mut asks) = app(&place.path());
    for line in [
        vec![b'x'; 65 * 1024],
        b"{\"act\":{}}\n".to_vec(),
        b"\n".to_vec(),
    ] {
        let mut stream = UnixStream::connect(place.path()).await.unwrap();
        drop(stream.write_all(&line).await);
        let mut told = Vec::new();
        drop(timeout(SOON, stream.read_to_end(&mut told)).await.unwrap());
    }
    assert!(asks.asks.try_recv().is_err());
    visitor(&place.path()).await;
}

#[tokio::test]
async fn a_slow_reader_blocks_nobody_and_gets_the_latest_view() {
    let place = Place::new();
    let (_server, asks) = app(&place.path());
    let slow = UnixStream::connect(place.path()).await.unwrap();
    let mut quick = visitor(&place.path()).await.view();
    let padding = "x".repeat(100_000);
    for round in 0..100 {
        asks.view
            .send_replace(hinting(&format!("{round} {padding}")).into());
        timeout(SOON, async {
            while !hint(&quick.borrow_and_update()).starts_with(&format!("{round} ")) {
                quick.changed().await.unwrap();
            }
        })
        .await
        .unwrap();
    }
    let mut lines = BufReader::new(slow).lines();
    let mut views = 0;
    loop {
        let line = timeout(SOON, lines.next_line())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        let message: Value = serde_json::from_str(&line).unwrap();
        let Some(hint) = message["view"]["hints"][0]["message"].as_str() else {
            continue;
        };
        views += 1;
        if hint.starts_with("99 ") {
            break;
        }
    }
    assert!(views < 50, "{views} views were kept for the slow reader");
}

#[tokio::test]
async fn the_words_on_the_wire_stay_as_they_are() {
    let place = Place::new();
    let (_server, mut asks) = app(&place.path());
    let mut stream = BufReader::new(UnixStream::connect(place.path()).await.unwrap());
    let act = "{\"act\":{\"id\":41,\"action\":{\"do\":\"put_back\",\"account\":\"acme\"}}}\n";
    stream.get_mut().write_all(act.as_bytes()).await.unwrap();
    let ask = asked(&mut asks).await;
    assert_eq!(ask.action, put_back("acme"));
    ask.outcome
        .send(Err(Failure::new(Code::Slept, "Asleep.")))
        .unwrap();
    let mut told = Vec::new();
    for _ in 0..3 {
        let mut line = String::new();
        timeout(SOON, stream.read_line(&mut line))
            .await
            .unwrap()
            .unwrap();
        told.push(serde_json::from_str::<Value>(&line).unwrap());
    }
    assert_eq!(
        told,
        [
            json!({"hello": {"version": env!("CARGO_PKG_VERSION")}}),
            json!({"view": {"accounts": [], "hints": [{"topic": "tray", "message": "started"}]}}),
            json!({"done": {"id": 41, "error": {"code": "slept", "message": "Asleep.", "retry_after_s": null}}}),
        ]
    );
}

/// Connects to an app that says `lines` and nothing more.
async fn greeted_with(lines: &'static str) -> io::Error {
    let place = Place::new();
    std::fs::create_dir(place.path().parent().unwrap()).unwrap();
    let listener = UnixListener::bind(place.path()).unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(lines.as_bytes()).await.unwrap();
        if lines.is_empty() {
            std::future::pending::<()>().await;
        }
    });
    connect_at(&place.path()).await.unwrap_err()
}

#[tokio::test]
async fn an_app_of_another_version_is_named() {
    let error = greeted_with("{\"hello\":{\"version\":\"9.9.9\"}}\n{\"vista\":1}\n").await;
    assert!(error.to_string().contains("version 9.9.9"), "{error}");
}

#[tokio::test]
async fn an_app_that_does_not_greet_is_given_up() {
    assert_eq!(greeted_with("").await.kind(), io::ErrorKind::TimedOut);
    assert_eq!(
        greeted_with("SSH-2.0\n").await.kind(),
        io::ErrorKind::InvalidData
    );
}

#[tokio::test]
async fn what_somebody_wants_to_know_is_asked_and_an_answer_that_is_too_long_costs_nobody_the_app()
{
    let place = Place::new();
    let (_server, mut asks) = app(&place.path());
    let handle = visitor(&place.path()).await;
    let rules = |name: String| {
        Answer::CapacityRules(vec![CapacityRule {
            id: "1".into(),
            name,
            description: String::new(),
            default: true,
            agents: None,
            capacities: BTreeMap::new(),
        }])
    };
    let right = rules("Everybody".into());
    let too_long = rules("x".repeat(super::wire::LONGEST_FROM_APP));
    for (told, is_sent) in [(too_long, false), (right, true)] {
        let question = Question::CapacityRules {
            account: AccountId("acme".into()),
        };
        let asking = tokio::spawn({
            let (handle, question) = (handle.clone(), question.clone());
            async move { handle.ask(question).await }
        });
        let asked = timeout(SOON, asks.questions.recv()).await.unwrap().unwrap();
        assert_eq!(asked.question, question);
        asked.answer.send(Ok(told.clone())).unwrap();
        let answer = timeout(SOON, asking).await.unwrap().unwrap();
        match answer {
            Ok(answer) => assert!(is_sent && answer == told),
            Err(failure) => assert!(!is_sent && failure.message.contains("too large")),
        }
    }
}
