//! The real engine and wire code against a Libredesk in process, alone or beside a Zendesk, on a paused clock.

#![expect(
    clippy::unwrap_used,
    reason = "a lock is poisoned only when the test has failed already"
)]

use std::sync::Arc;
use std::time::Duration;

use domain::{
    Account, AccountId, AccountView, Action, Agent, Agreed, Availability, DeskError, Failure,
    HelpDeskName, Notice, SignIn, StatusId,
};
use engine::ports::SecretName;
use engine::{Config, Engine, Event, Handle, HelpDesks};
use helpdesk::{Transport, Upgraded};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use simulator::libredesk::sample;
use simulator::{ConnectionReset, Libredesk, Zendesk};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::scenario::{Holding, KeptThings, Nowhere, PATIENCE, Told, VirtualClock, ada};

/// Where the Libredesk is.
const HOST: &str = "help.example.com";
/// The real transport's limit.
const LIMIT: Duration = Duration::from_secs(10);

/// Ada's account on a Libredesk, the engine that serves it, and what it is on.
pub struct Office {
    /// The help desk.
    pub desk: Libredesk,
    /// A Zendesk beside it, where Ada has an account too.
    pub zendesk: Zendesk,
    /// The way in.
    pub handle: Handle,
    /// What the computer tells the engine.
    pub events: mpsc::Sender<Event>,
    told: Arc<Told>,
}

/// Ada's account on the Libredesk, without its secret.
pub fn account(agreed: Agreed) -> Account {
    Account {
        id: AccountId("help".to_owned()),
        helpdesk: HelpDeskName::Libredesk,
        url: format!("https://{HOST}"),
        agent: Agent {
            id: sample::ADA.to_string(),
            name: "Ada Example".to_owned(),
        },
        sign_in: SignIn::ApiKey {
            key: sample::KEY.to_owned(),
        },
        agreed,
    }
}

impl Office {
    /// Starts the engine for Ada and waits until the light is lit and the websocket open.
    pub async fn open(agreed: Agreed) -> Self {
        Self::with(Libredesk::default(), agreed, false).await
    }

    /// The same beside an account on a Zendesk.
    pub async fn beside_zendesk(agreed: Agreed) -> Self {
        Self::with(Libredesk::default(), agreed, true).await
    }

    /// The same with a Libredesk of the test's own.
    pub async fn with(desk: Libredesk, agreed: Agreed, beside: bool) -> Self {
        let zendesk = Zendesk::default();
        let told = Arc::new(Told::default());
        let (events, heard) = mpsc::channel(16);
        let kept = KeptThings::default();
        let accounts = [account(agreed)].into_iter();
        let config = Config {
            accounts: accounts.chain(beside.then(ada)).collect(),
            ..Config::default()
        };
        let handle = Engine {
            config,
            desks: HelpDesks(InProcess {
                desk: desk.clone(),
                zendesk: zendesk.clone(),
            }),
            secrets: Arc::new(Holding(secret_of)),
            histories: Arc::new(kept.histories.clone()),
            store: Arc::new(kept),
            notifier: told.clone(),
            front: Arc::new(Nowhere),
            clock: Arc::new(VirtualClock::of({
                let desk = desk.clone();
                move || desk.now()
            })),
        }
        .start(heard);
        let office = Self {
            desk,
            zendesk,
            handle,
            events,
            told,
        };
        let is_lit = |one: &AccountView| one.as_of.is_some() && !one.statuses.is_empty();
        let mut view = office.handle.view();
        let lit = view.wait_for(|view| view.accounts.iter().all(is_lit));
        let lit = timeout(PATIENCE, lit).await;
        assert!(matches!(lit, Ok(Ok(_))), "the lights are lit");
        office
    }

    /// Ada's account on the Libredesk as every surface shows it.
    pub fn ada(&self) -> AccountView {
        let view = self.handle.view();
        let view = view.borrow();
        let id = account(Agreed::default()).id;
        view.account(&id).unwrap().clone()
    }

    /// Waits until it looks so.
    pub async fn until(&self, awaited: &str, looks: impl Fn(&AccountView) -> bool) -> AccountView {
        let id = account(Agreed::default()).id;
        let mut view = self.handle.view();
        let seen = view.wait_for(|view| view.account(&id).is_some_and(&looks));
        let seen = timeout(PATIENCE, seen).await;
        let Ok(Ok(view)) = seen else {
            panic!("awaited: {awaited}; there is {:#?}", self.ada());
        };
        view.account(&id).unwrap().clone()
    }

    /// Waits until the headline is this.
    pub async fn until_headline(&self, headline: &str) -> AccountView {
        self.until(headline, |ada| ada.headline == headline).await
    }

    /// Waits until the websocket tells of changes.
    pub async fn until_listening(&self) {
        self.until("the websocket is open", |ada| {
            let presence = ada.presence.as_ref();
            presence.is_some_and(|it| it.tells_at_once == domain::Has::Yes)
        })
        .await;
    }

    /// Clicks a status.
    ///
    /// # Errors
    /// What the agent is told.
    pub async fn click(&self, availability: Availability) -> Result<(), Failure> {
        self.act(Action::Choose {
            account: account(Agreed::default()).id,
            status: StatusId::new(availability.word()),
            until: None,
        })
        .await
    }

    /// Does something.
    ///
    /// # Errors
    /// What the agent is told.
    pub async fn act(&self, action: Action) -> Result<(), Failure> {
        self.handle.act(action).await
    }

    /// The computer says something.
    pub async fn happens(&self, event: Event) {
        self.events.send(event).await.unwrap();
    }

    /// Ada's availability in the server's word.
    pub fn status(&self) -> String {
        self.desk.status(sample::ADA).unwrap()
    }

    /// What the agent was told so far.
    pub fn notices(&self) -> Vec<Notice> {
        self.told.notices.lock().unwrap().clone()
    }

    /// The offers among that, as what was and what is.
    pub fn offers(&self) -> Vec<(String, String)> {
        let notices = self.notices().into_iter();
        notices
            .filter_map(|notice| match notice {
                Notice::Offer(offer) => Some((offer.from, offer.to)),
                _ => None,
            })
            .collect()
    }

    /// The writes that reached the Libredesk.
    pub fn writes(&self) -> Vec<String> {
        let requests = self.desk.requests().into_iter();
        let puts = requests.filter(|request| request.method == "PUT");
        puts.map(|put| String::from_utf8(put.body).unwrap())
            .collect()
    }
}

#[derive(Clone)]
struct InProcess {
    desk: Libredesk,
    zendesk: Zendesk,
}

fn broken(detail: &dyn std::fmt::Display) -> DeskError {
    DeskError::Interrupted {
        detail: detail.to_string(),
    }
}

impl Transport for InProcess {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, DeskError> {
        let answer = async {
            if request.uri().host() == Some(HOST) {
                self.desk.handle(request).await
            } else {
                self.zendesk.handle(request).await
            }
        };
        match timeout(LIMIT, answer).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(reset @ ConnectionReset)) => Err(broken(&reset)),
            Err(_slow) => Err(DeskError::TimedOut),
        }
    }

    async fn upgrade(&self, request: http::Request<Vec<u8>>) -> Result<Upgraded, DeskError> {
        let opened = async {
            let stream = TokioIo::new(self.desk.connect());
            let (mut sender, connection) = hyper::client::conn::http1::handshake(stream)
                .await
                .map_err(|error| broken(&error))?;
            tokio::spawn(connection.with_upgrades());
            let (mut parts, _) = request.into_parts();
            let host = http::HeaderValue::from_static(HOST);
            parts.headers.insert(http::header::HOST, host);
            parts.uri = parts.uri.path().parse().unwrap();
            let request = http::Request::from_parts(parts, String::new());
            let answer = sender
                .send_request(request)
                .await
                .map_err(|error| broken(&error))?;
            if answer.status() != http::StatusCode::SWITCHING_PROTOCOLS {
                let (parts, body) = answer.into_parts();
                let body = body.collect().await.map_err(|error| broken(&error))?;
                let whole = http::Response::from_parts(parts, body.to_bytes().to_vec());
                return Ok(Upgraded::Answered(whole));
            }
            let accept = answer.headers().get(http::header::SEC_WEBSOCKET_ACCEPT);
            let accept = accept.map(|value| value.to_str().unwrap().to_owned());
            let connection = hyper::upgrade::on(answer)
                .await
                .map_err(|error| broken(&error))?;
            Ok(Upgraded::Switched {
                accept,
                connection: Box::new(TokioIo::new(connection)),
            })
        };
        timeout(LIMIT, opened)
            .await
            .unwrap_or(Err(DeskError::TimedOut))
    }
}

/// Each account's secret, by the help desk that it is for.
fn secret_of(name: &SecretName) -> &'static str {
    if name.as_str().contains(HOST) {
        sample::SECRET
    } else {
        simulator::sample::ADA_TOKEN
    }
}
