//! The real engine and wire code against the simulator in process, on a paused clock: hours take no time.

#![expect(
    clippy::unwrap_used,
    reason = "a lock is poisoned only when the test has failed already"
)]

mod clock;
mod histories;
mod kept;
mod secrets;
mod signing;
mod told;
mod wire;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{
    Account, AccountId, AccountView, Action, Agent, Agreed, Failure, Guard, HelpDeskName, Leaving,
    Notice, SignIn, StatusId, Topic, Until,
};
use engine::ports::{Front, Secrets};
use engine::{Config, Engine, Event, Handle, HelpDesks};
use jiff::tz::TimeZone;
use simulator::{Request, Zendesk, sample};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

pub(crate) use self::clock::VirtualClock;
pub use self::kept::KeptThings;
pub(crate) use self::secrets::Holding;
pub use self::secrets::KeptSecrets;
pub use self::signing::{allowed, sign_in};
pub(crate) use self::told::Told;
pub use self::wire::Renewals;
use self::wire::{FURTHER, InProcess};

/// In virtual time nothing that is awaited takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3600);

/// Ada's account, the engine that serves it, and the Zendesk it is on.
pub struct Stage {
    /// The help desk.
    pub zendesk: Zendesk,
    /// The way in.
    pub handle: Handle,
    /// What the computer tells the engine.
    pub events: mpsc::Sender<Event>,
    /// What outlives the engine.
    pub kept: KeptThings,
    told: Arc<Told>,
    zone: Arc<Mutex<TimeZone>>,
    ended: Arc<Notify>,
}

impl Stage {
    /// Starts the engine for Ada on `zendesk` and waits until the light is lit.
    pub async fn lit(zendesk: &Zendesk) -> Self {
        let stage = Self::start(zendesk, KeptThings::default());
        stage
            .until("the light is lit", |ada| {
                ada.as_of.is_some() && !ada.statuses.is_empty()
            })
            .await;
        stage
    }

    /// Starts the engine for Ada on `zendesk` with what an earlier one left.
    pub fn start(zendesk: &Zendesk, kept: KeptThings) -> Self {
        Self::with(zendesk, &[], kept)
    }

    /// The same, with a guard that goes to this status when the program is quit.
    pub fn start_guarded(zendesk: &Zendesk, kept: KeptThings, to: u64) -> Self {
        let guard = Guard {
            to: StatusId::new(to),
            on: [Leaving::Quit].into(),
        };
        let config = Config {
            accounts: vec![ada()],
            guards: [(ada().id, guard)].into(),
            ..Config::default()
        };
        let transport = InProcess::to(zendesk);
        Self::start_with(zendesk, kept, config, adas_token(), transport)
    }

    /// Starts the engine for Ada on `zendesk` and on further ones, and waits until all lights are lit.
    pub async fn lit_beside(zendesk: &Zendesk, others: &[&Zendesk]) -> Self {
        let stage = Self::start_beside(zendesk, others);
        let is_lit = |ada: &AccountView| ada.as_of.is_some() && !ada.statuses.is_empty();
        let mut view = stage.handle.view();
        let lit = view.wait_for(|view| view.accounts.iter().all(is_lit));
        let lit = timeout(PATIENCE, lit).await;
        assert!(matches!(lit, Ok(Ok(_))), "all lights are lit");
        stage
    }

    /// Starts the engine for Ada on `zendesk` and on further ones.
    pub fn start_beside(zendesk: &Zendesk, others: &[&Zendesk]) -> Self {
        Self::with(zendesk, others, KeptThings::default())
    }

    fn with(zendesk: &Zendesk, others: &[&Zendesk], kept: KeptThings) -> Self {
        let transport = InProcess {
            others: others.iter().map(|other| (*other).clone()).collect(),
            ..InProcess::to(zendesk)
        };
        let further = (0..others.len()).map(ada_further);
        let config = Config {
            accounts: [ada()].into_iter().chain(further).collect(),
            ..Config::default()
        };
        Self::start_with(zendesk, kept, config, adas_token(), transport)
    }

    /// Starts the engine for Ada, who is signed in by the browser and whose tokens are in `secrets`.
    pub fn start_allowed(
        zendesk: &Zendesk,
        config: Config,
        secrets: &KeptSecrets,
        renewals: &Renewals,
    ) -> Self {
        let transport = InProcess {
            renewals: renewals.clone(),
            ..InProcess::to(zendesk)
        };
        let account = Account {
            sign_in: SignIn::OAuth {
                client_id: sample::CLIENT_ID.to_owned(),
            },
            ..ada()
        };
        let config = Config {
            accounts: vec![account],
            ..config
        };
        let secrets = Arc::new(secrets.clone());
        Self::start_with(zendesk, KeptThings::default(), config, secrets, transport)
    }

    /// The same with an engine of these settings, and waits until the light is lit.
    pub async fn lit_allowed(
        zendesk: &Zendesk,
        config: Config,
        secrets: &KeptSecrets,
        renewals: &Renewals,
    ) -> Self {
        let stage = Self::start_allowed(zendesk, config, secrets, renewals);
        let _ = stage
            .until("the light is lit", |ada| ada.as_of.is_some())
            .await;
        stage
    }

    fn start_with(
        zendesk: &Zendesk,
        kept: KeptThings,
        config: Config,
        secrets: Arc<dyn Secrets>,
        transport: InProcess,
    ) -> Self {
        let told = Arc::new(Told::default());
        let zone = Arc::new(Mutex::new(TimeZone::UTC));
        let (events, heard) = mpsc::channel(16);
        let ended = Arc::new(Notify::new());
        let handle = Engine {
            config,
            desks: HelpDesks(transport),
            secrets,
            store: Arc::new(kept.clone()),
            histories: Arc::new(kept.histories.clone()),
            notifier: told.clone(),
            front: Arc::new(Ends(ended.clone())),
            clock: Arc::new(
                VirtualClock::of({
                    let zendesk = zendesk.clone();
                    move || zendesk.now()
                })
                .in_zone(zone.clone()),
            ),
        }
        .start(heard);
        Self {
            zendesk: zendesk.clone(),
            handle,
            events,
            kept,
            told,
            zone,
            ended,
        }
    }

    /// The agent's clock on the wall shows another time from now on: a journey, or summer.
    pub fn hang_clock(&self, hours_east: i8) {
        let offset = jiff::tz::offset(hours_east);
        *self.zone.lock().unwrap() = TimeZone::fixed(offset);
    }

    /// Ada's account as every surface shows it.
    pub fn ada(&self) -> AccountView {
        self.handle.view().borrow().accounts[0].clone()
    }

    /// Waits until Ada's account looks so.
    pub async fn until(&self, awaited: &str, looks: impl Fn(&AccountView) -> bool) -> AccountView {
        let mut view = self.handle.view();
        let seen = timeout(
            PATIENCE,
            view.wait_for(|view| view.accounts.first().is_some_and(&looks)),
        )
        .await;
        match seen {
            Ok(Ok(view)) => view.accounts[0].clone(),
            _ => panic!(
                "awaited for {PATIENCE:?}: {awaited}; there is {:#?}",
                self.ada()
            ),
        }
    }

    /// Clicks a status by its name.
    ///
    /// # Errors
    /// What the agent is told.
    pub async fn click(&self, name: &str) -> Result<(), Failure> {
        self.choose(name, None).await
    }

    /// Clicks a status by its name, for a time.
    ///
    /// # Errors
    /// What the agent is told.
    pub async fn click_until(&self, name: &str, until: Until) -> Result<(), Failure> {
        self.choose(name, Some(until)).await
    }

    async fn choose(&self, name: &str, until: Option<Until>) -> Result<(), Failure> {
        let status = self.status(name);
        self.handle
            .act(Action::Choose {
                account: ada().id,
                status,
                until,
            })
            .await
    }

    /// The identifier of the status of that name.
    pub fn status(&self, name: &str) -> StatusId {
        let ada = self.ada();
        let status = ada.statuses.iter().find(|status| status.name == name);
        status
            .unwrap_or_else(|| panic!("no status {name} among {:?}", ada.statuses))
            .id
            .clone()
    }

    /// Does something else.
    ///
    /// # Errors
    /// What the agent is told.
    pub async fn act(&self, action: Action) -> Result<(), Failure> {
        self.handle.act(action).await
    }

    /// Waits until the program ends.
    pub async fn ended(&self) {
        self.ended.notified().await;
    }

    /// What the agent was told so far.
    pub fn notices(&self) -> Vec<Notice> {
        self.told.notices.lock().unwrap().clone()
    }

    /// What was taken back so far.
    pub fn withdrawn(&self) -> Vec<Topic> {
        self.told.withdrawn.lock().unwrap().clone()
    }

    /// The offers on the screen, the latest last: each notification as the accounts that it names.
    pub fn offers_on_screen(&self) -> Vec<Vec<AccountId>> {
        self.told.offers.lock().unwrap().clone()
    }

    /// Presses an account's button in a notification, which leaves the screen by that.
    ///
    /// # Errors
    /// What the agent is told.
    ///
    /// # Panics
    /// No notification on the screen has such a button.
    pub async fn press_back(&self, account: AccountId) -> Result<(), Failure> {
        {
            let mut offers = self.told.offers.lock().unwrap();
            let pressed = offers.iter().position(|offer| offer.contains(&account));
            offers.remove(pressed.expect("it is on the screen"));
        }
        self.act(Action::PutBack {
            account,
            status: None,
        })
        .await
    }

    /// The writes that reached the help desk, as the status that each names.
    pub fn writes(&self) -> Vec<u64> {
        self.zendesk
            .requests()
            .iter()
            .filter(|request| request.method == "PUT")
            .map(|request| {
                request.json()["id"]
                    .as_u64()
                    .expect("a write names a status by number")
            })
            .collect()
    }

    /// The reads of the current status that reached the help desk.
    pub fn reads(&self) -> Vec<Request> {
        let is_read = |request: &Request| {
            request.method == "GET"
                && (request.path.starts_with("/api/v2/agent_availabilities/me")
                    || request.path.starts_with("/api/v2/channels/voice"))
        };
        self.zendesk
            .requests()
            .into_iter()
            .filter(is_read)
            .collect()
    }
}

/// One of Ada's further accounts, each on another help desk.
pub fn ada_further(index: usize) -> Account {
    let name = FURTHER[index];
    Account {
        id: AccountId(name.to_owned()),
        url: format!("https://{name}.zendesk.test"),
        ..ada()
    }
}

fn adas_token() -> Arc<dyn Secrets> {
    Arc::new(Holding(|_| sample::ADA_TOKEN))
}

/// Ada's account, without its secret.
pub fn ada() -> Account {
    Account {
        id: AccountId("acme".to_owned()),
        helpdesk: HelpDeskName::Zendesk,
        url: "https://acme.zendesk.test".to_owned(),
        agent: Agent {
            id: sample::ADA.to_string(),
            name: "Ada Example".to_owned(),
        },
        sign_in: SignIn::AccessToken,
        agreed: Agreed::default(),
    }
}

/// Another agent's account of the same name.
pub fn ben() -> Account {
    Account {
        agent: Agent {
            id: sample::BEN.to_string(),
            name: "Ben Example".to_owned(),
        },
        ..ada()
    }
}

/// Lets virtual time pass.
pub async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

pub(crate) struct Nowhere;

impl Front for Nowhere {
    fn open(&self, _: Option<AccountId>) {}

    fn quit(&self) {}
}

/// The same, which notes that the program is to end.
struct Ends(Arc<Notify>);

impl Front for Ends {
    fn open(&self, _: Option<AccountId>) {}

    fn quit(&self) {
        self.0.notify_one();
    }
}
