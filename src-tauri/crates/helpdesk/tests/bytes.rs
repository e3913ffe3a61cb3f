//! Whatever comes from a help desk's address, it is refused in words: no panic, no hang, no memory without end.
//!
//! The corpus has true answers, a folder for each help desk; what is asked is asked of answers made worse.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot fail may end it")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{
    Account, AccountId, Agent, Agreed, Closed, DeskError, Heard, HelpDeskName, ReadPath, SignIn,
    StatusId, TeamFilter, Via,
};
use fastrand::Rng;
use helpdesk::{Authorization, BaseUrl, Credentials, HelpDesk, Transport, Upgraded, renew};
use http::{Request, Response, StatusCode};
use secrecy::SecretString;
use tokio::io::{AsyncWriteExt, duplex};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use truth::bytes::{Corpus, Counted, cost_of, inputs};

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// Questions that each help desk is asked in each test run.
const QUESTIONS: u64 = 2000;
/// One question never takes longer, however slow the computer.
const LONGEST: Duration = Duration::from_secs(10);
/// Nor more memory: answers are 1 MiB at most, and some questions take several.
const MOST_MEMORY: usize = 96 * 1024 * 1024;
/// Nor more requests: a list that never ends is given up.
const MOST_REQUESTS: usize = 300;
/// What the headers of an answer may be.
const HEADERS: [&str; 5] = [
    "retry-after",
    "ratelimit-remaining",
    "ratelimit-reset",
    "location",
    "content-type",
];
/// What they may say.
const VALUES: [&str; 9] = [
    "",
    "0",
    "-1",
    "7",
    "99999999999999999999",
    "1e9",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "zendesk.com/\u{e9}",
    "text/html",
];

/// A help desk that answers nothing but nonsense, most of it nearly true.
#[derive(Clone)]
struct Nonsense(Arc<Mutex<Inner>>);

struct Inner {
    answers: Corpus,
    frames: Corpus,
    dice: Rng,
    requests: usize,
}

impl Nonsense {
    fn of(helpdesk: &str) -> Self {
        let corpus = |name: &str| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
            Corpus::read(&folder.join(name)).unwrap()
        };
        Self(Arc::new(Mutex::new(Inner {
            answers: corpus(helpdesk),
            frames: corpus("websocket"),
            dice: Rng::new(),
            requests: 0,
        })))
    }

    fn begin(&self, seed: u64) {
        let mut inner = self.0.lock().unwrap();
        (inner.dice, inner.requests) = (Rng::with_seed(seed), 0);
    }

    fn answer(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let mut inner = self.0.lock().unwrap();
        let Inner {
            answers,
            dice,
            requests,
            ..
        } = &mut *inner;
        *requests += 1;
        assert!(*requests <= MOST_REQUESTS, "it asks without end");
        let name = truly(request.method().as_str(), request.uri().path());
        let name = name.filter(|_| dice.u8(0..10) < 9);
        let mut response = Response::new(answers.worse(name, dice));
        *response.status_mut() = match dice.u8(0..10) {
            0..=6 => StatusCode::OK,
            _ => StatusCode::from_u16(dice.u16(100..600)).unwrap(),
        };
        for header in HEADERS {
            if dice.u8(0..4) == 0
                && let Ok(value) = VALUES[dice.usize(0..VALUES.len())].parse()
            {
                response.headers_mut().insert(header, value);
            }
        }
        response
    }
}

impl Transport for Nonsense {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, DeskError> {
        Ok(self.answer(&request))
    }

    async fn upgrade(&self, request: Request<Vec<u8>>) -> Result<Upgraded, DeskError> {
        let answer = self.answer(&request);
        let frames = {
            let mut inner = self.0.lock().unwrap();
            let Inner { frames, dice, .. } = &mut *inner;
            (dice.u8(0..10) < 9).then(|| frames.worse(None, dice))
        };
        let Some(frames) = frames else {
            return Ok(Upgraded::Answered(answer));
        };
        let (connection, mut server) = duplex(2 * 1024 * 1024);
        // What comes after the frames is the end.
        server.write_all(&frames).await.unwrap();
        let key = request.headers()["sec-websocket-key"].as_bytes();
        Ok(Upgraded::Switched {
            accept: Some(derive_accept_key(key)),
            connection: Box::new(connection),
        })
    }
}

/// Which true answer a request gets.
fn truly(method: &str, path: &str) -> Option<&'static str> {
    let path = path.trim_start_matches("/api/v2/");
    Some(match (method, path) {
        (_, "/api/v1/agents/me" | "/api/v1/agents/me/availability") => "me",
        (_, "/api/v1/agents/compact") => "agents",
        (_, "/api/v1/settings/general") => "settings",
        (_, "/api/v1/config") => "config",
        (_, "/health") => "health",
        ("PUT", path) if path.starts_with("channels") => "talk_written",
        ("PUT", _) => "chosen",
        (_, "users/me") => "me",
        (_, "users/show_many") => "users",
        (_, "oauth/tokens/current") => "current_token",
        (_, "/oauth/tokens") => "granted",
        (_, "account/settings") => "settings",
        (_, "groups") => "groups",
        (_, "capacity/rules") => "capacity_rules",
        (_, "agent_availabilities") => "availabilities",
        (_, "agent_availabilities/agent_statuses") => "statuses",
        (_, "agent_availabilities/agent_statuses/me") => "my_statuses",
        (_, path) if path.ends_with("group_memberships") => "memberships",
        (_, path) if path.starts_with("agent_availabilities/") => "availability",
        (_, path) if path.starts_with("channels") => "talk",
        _ => return None,
    })
}

/// Asks one of all questions there are.
async fn ask(helpdesk: HelpDeskName, question: u64, nonsense: &Nonsense) {
    let (id, sign_in) = match helpdesk {
        HelpDeskName::Zendesk => ("10011", SignIn::AccessToken),
        HelpDeskName::Libredesk => (
            "7",
            SignIn::ApiKey {
                key: "invented-key".to_owned(),
            },
        ),
    };
    let credentials = || Credentials::new(&sign_in, SecretString::from("invented"));
    let address = "https://desk.example.test";
    let account = Account {
        id: AccountId("acme".to_owned()),
        helpdesk,
        url: address.to_owned(),
        agent: Agent {
            id: id.to_owned(),
            name: "Ada".to_owned(),
        },
        sign_in: sign_in.clone(),
        agreed: Agreed::default(),
    };
    let desk = HelpDesk::open(&account, credentials(), nonsense.clone()).unwrap();
    let base = || BaseUrl::new(helpdesk, address, false).unwrap();
    let away = match helpdesk {
        HelpDeskName::Zendesk => StatusId::new("4"),
        HelpDeskName::Libredesk => StatusId::new("away_manual"),
    };
    match question % 21 {
        0 => drop(desk.who().await),
        1 => drop(desk.list().await),
        2 => drop(desk.fetch(None).await),
        3 => drop(desk.fetch(Some(ReadPath::OwnById)).await),
        4 => drop(desk.fetch(Some(ReadPath::TalkIsStatus)).await),
        5 => drop(desk.fetch(Some(ReadPath::TalkChannel)).await),
        6 => drop(desk.push(&away).await),
        7 => drop(desk.push(&StatusId::new("away")).await),
        8 => drop(desk.phone().await),
        9 => drop(desk.answer_by(Via::Phone).await),
        10 => drop(desk.examine().await),
        11 => drop(desk.team_statuses().await),
        12 => drop(desk.team(&TeamFilter::default(), &[]).await),
        13 => drop(desk.status_of("10012").await),
        14 => drop(desk.push_for("10012", &away).await),
        15 => drop(desk.capacity_rules().await),
        16 => drop(desk.revoke().await),
        17 => {
            drop(renew(&base(), "statuslight", &SecretString::from("old"), nonsense).await);
        }
        18 => {
            let begun = Authorization::begin(&base(), "statuslight", "http://127.0.0.1/callback");
            drop(
                begun
                    .unwrap()
                    .redeem(&SecretString::from("code"), nonsense)
                    .await,
            );
        }
        19 => listen(&desk).await,
        _ => drop(HelpDesk::probe(helpdesk, base(), credentials(), nonsense.clone()).await),
    }
}

/// Listens until the connection ends.
async fn listen(desk: &HelpDesk<Nonsense>) {
    let Ok(mut socket) = desk.listen().await else {
        return;
    };
    for _ in 0..100_000 {
        if let Heard::Closed(Closed::Broken(_) | Closed::Kicked) = socket.next().await {
            return;
        }
    }
    panic!("it listens without end");
}

fn asks_all(helpdesk: HelpDeskName, corpus: &str) {
    let nonsense = Nonsense::of(corpus);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    for seed in 0..inputs(QUESTIONS) {
        nonsense.begin(seed);
        let cost = cost_of(|| runtime.block_on(ask(helpdesk, seed, &nonsense)));
        assert!(
            cost.took < LONGEST && cost.peak < MOST_MEMORY,
            "seed {seed}: {cost:?}"
        );
    }
}

#[test]
fn nonsense_from_zendesk_is_refused_in_words() {
    asks_all(HelpDeskName::Zendesk, "zendesk");
}

#[test]
fn nonsense_from_libredesk_is_refused_in_words() {
    asks_all(HelpDeskName::Libredesk, "libredesk");
}
