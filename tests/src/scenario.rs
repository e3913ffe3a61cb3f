//! The real engine and wire code against the simulator in process, on a paused clock: hours take no time.

#![expect(
    clippy::unwrap_used,
    reason = "a lock is poisoned only when the test has failed already"
)]

mod histories;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{
    Account, AccountId, AccountView, Action, Agent, Agreed, Code, DeskError, Failure, Guard,
    HelpDeskName, Leaving, Moved, Notice, Now, Remembered, SignIn, StatusId, Topic, Until, View,
};
use engine::ports::{
    Clock, Front, Kept, NoCode, Notifier, Pending, Redirect, SecretName, Secrets, SecretsError,
    Store,
};
use engine::{BrowserForm, Config, Engine, Event, Handle, HelpDesks};
use helpdesk::{Transport, Upgraded};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret as _, SecretString};
use simulator::{Request, Zendesk, sample};
use tokio::sync::{Notify, mpsc};

use self::histories::KeptHistories;
use crate::consent;
use tokio::time::{Instant, timeout};

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

/// What outlives an engine: a restart finds it again.
#[derive(Clone, Default)]
pub struct KeptThings {
    remembered: Arc<Mutex<HashMap<AccountId, Remembered>>>,
    /// Time in status.
    pub histories: KeptHistories,
    is_full: Arc<AtomicBool>,
}

impl KeptThings {
    /// Fails to keep settings from now on.
    pub fn fill_disk(&self) {
        self.is_full.store(true, Ordering::Relaxed);
    }
}

/// Secrets that outlive an engine, and how often they were kept anew.
#[derive(Clone, Default)]
pub struct KeptSecrets(Arc<Mutex<KeptSecret>>);

#[derive(Default)]
struct KeptSecret {
    secret: Option<String>,
    stored: u32,
    refuses: bool,
    unreadable: bool,
    forgets: Option<SecretsError>,
    takes: Duration,
}

impl KeptSecrets {
    /// With this secret for whoever asks.
    pub fn holding(secret: &str) -> Self {
        let kept = Self::default();
        kept.0.lock().unwrap().secret = Some(secret.to_owned());
        kept
    }

    /// How often something was kept.
    pub fn stored(&self) -> u32 {
        self.0.lock().unwrap().stored
    }

    /// Loses what is kept.
    pub fn lose(&self) {
        self.0.lock().unwrap().secret = None;
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap().secret.is_none()
    }

    /// Fails to keep anything, or does so no longer.
    pub fn refuse_to_store(&self, refuses: bool) {
        self.0.lock().unwrap().refuses = refuses;
    }
}

impl KeptSecrets {
    /// What is kept.
    pub fn kept(&self) -> Option<String> {
        self.0.lock().unwrap().secret.clone()
    }

    /// Fails to read anything.
    pub fn refuse_to_read(&self) {
        self.0.lock().unwrap().unreadable = true;
    }

    /// Fails to forget anything.
    pub fn refuse_to_forget(&self) {
        self.0.lock().unwrap().forgets = Some(SecretsError::Locked);
    }

    /// Takes so long to keep something.
    pub fn take_time_to_store(&self, takes: Duration) {
        self.0.lock().unwrap().takes = takes;
    }
}

/// The renewals of a sign-in that are under way, and the most there were at once.
#[derive(Clone, Default)]
pub struct Renewals(Arc<Mutex<(u32, u32)>>);

impl Renewals {
    /// The most there were at once.
    pub fn most(&self) -> u32 {
        self.0.lock().unwrap().1
    }

    fn begin(&self) -> UnderWay {
        let mut count = self.0.lock().unwrap();
        count.0 += 1;
        count.1 = count.1.max(count.0);
        UnderWay(self.clone())
    }
}

struct UnderWay(Renewals);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().0 -= 1;
    }
}

/// What the agent was told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) notices: Mutex<Vec<Notice>>,
    withdrawn: Mutex<Vec<Topic>>,
    /// The offers on the screen: each notification as the accounts that it names.
    offers: Mutex<Vec<Vec<AccountId>>>,
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
        Self::start_with(zendesk, kept, config, Arc::new(AdasToken), transport)
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
        Self::start_with(zendesk, kept, config, Arc::new(AdasToken), transport)
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

/// Ada's further accounts.
const FURTHER: [&str; 3] = ["globex", "hooli", "initech"];

/// One of Ada's further accounts, each on another help desk.
pub fn ada_further(index: usize) -> Account {
    let name = FURTHER[index];
    Account {
        id: AccountId(name.to_owned()),
        url: format!("https://{name}.zendesk.test"),
        ..ada()
    }
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

/// Ada's sign-in by the browser on `zendesk`, all the way, in process.
///
/// # Panics
/// Something on the way failed.
pub async fn allowed(zendesk: &Zendesk) -> KeptSecrets {
    let secrets = KeptSecrets::default();
    let signed_in = sign_in(zendesk, &secrets, Ok(())).await;
    assert_eq!(signed_in.unwrap().agent, ada().agent);
    secrets.0.lock().unwrap().stored = 0;
    secrets
}

/// The same into a keyring that may hold something, for an engine that takes the account or not.
///
/// # Errors
/// What the agent is told.
///
/// # Panics
/// The agent could not allow it.
pub async fn sign_in(
    zendesk: &Zendesk,
    secrets: &KeptSecrets,
    added: Result<(), Failure>,
) -> Result<Account, Failure> {
    let desks = HelpDesks(InProcess::to(zendesk));
    let clock = VirtualClock::of({
        let zendesk = zendesk.clone();
        move || zendesk.now()
    });
    let page = Arc::new(Mutex::new(String::new()));
    let redirect = AtOnce {
        zendesk: zendesk.clone(),
        page: page.clone(),
    };
    let form = BrowserForm {
        helpdesk: HelpDeskName::Zendesk,
        address: ada().url,
        client_id: sample::CLIENT_ID.to_owned(),
    };
    let show = |address: &str| {
        address.clone_into(&mut page.lock().unwrap());
        Ok(())
    };
    let form = engine::allowed(form, &desks, &clock, Box::new(redirect), show).await;
    let (handle, mut asks) = Handle::pair(View::default());
    tokio::spawn(async move {
        while let Some(ask) = asks.asks.recv().await {
            drop(ask.outcome.send(added.clone()));
        }
    });
    let signed_in = engine::sign_in(form.unwrap(), &desks, secrets, &handle).await;
    signed_in.map(|(account, _)| account)
}

/// A browser whose agent allows at once.
struct AtOnce {
    zendesk: Zendesk,
    page: Arc<Mutex<String>>,
}

impl Redirect for AtOnce {
    fn address(&self) -> String {
        "http://127.0.0.1:47824/callback".to_owned()
    }

    fn code(
        self: Box<Self>,
        state: &SecretString,
        _: Duration,
    ) -> Pending<'_, Result<SecretString, NoCode>> {
        Box::pin(async move {
            let page = self.page.lock().unwrap().clone();
            let back = consent::press(&self.zendesk, &page, "allow").await;
            assert!(back.contains(&format!("state={}", state.expose_secret())));
            let code = back
                .split("code=")
                .nth(1)
                .and_then(|rest| rest.split('&').next());
            Ok(code.unwrap().into())
        })
    }
}

/// Lets virtual time pass.
pub async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

#[derive(Clone)]
struct InProcess {
    zendesk: Zendesk,
    /// Where the further accounts are.
    others: Vec<Zendesk>,
    renewals: Renewals,
}

impl InProcess {
    fn to(zendesk: &Zendesk) -> Self {
        Self {
            zendesk: zendesk.clone(),
            others: Vec::new(),
            renewals: Renewals::default(),
        }
    }
}

impl Transport for InProcess {
    async fn upgrade(&self, _: http::Request<Vec<u8>>) -> Result<Upgraded, DeskError> {
        unreachable!("Zendesk speaks no other protocol")
    }

    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, DeskError> {
        let is_renewal = request.uri().path() == "/oauth/tokens";
        let _under_way = is_renewal.then(|| self.renewals.begin());
        // The real transport's limit.
        let host = request.uri().host().unwrap_or_default();
        let mut others = FURTHER.iter().zip(&self.others);
        let other = others.find(|(name, _)| host.strip_suffix(".zendesk.test") == Some(**name));
        let other = other.map(|(_, other)| other);
        let asked = other.unwrap_or(&self.zendesk).handle(request);
        let answer = timeout(Duration::from_secs(10), asked).await;
        match answer {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(_reset)) => Err(DeskError::Interrupted {
                detail: "connection reset".to_owned(),
            }),
            Err(_slow) => Err(DeskError::TimedOut),
        }
    }
}

struct AdasToken;

impl Secrets for AdasToken {
    fn read<'a>(
        &'a self,
        _: &'a SecretName,
    ) -> Pending<'a, Result<Option<SecretString>, SecretsError>> {
        Box::pin(async { Ok(Some(sample::ADA_TOKEN.into())) })
    }

    fn store<'a>(
        &'a self,
        _: &'a SecretName,
        _: &'a SecretString,
    ) -> Pending<'a, Result<Kept, SecretsError>> {
        Box::pin(async { Ok(Kept::InKeyring) })
    }

    fn forget<'a>(&'a self, _: &'a SecretName) -> Pending<'a, Result<(), SecretsError>> {
        Box::pin(async { Ok(()) })
    }
}

impl Secrets for KeptSecrets {
    fn read<'a>(
        &'a self,
        _: &'a SecretName,
    ) -> Pending<'a, Result<Option<SecretString>, SecretsError>> {
        Box::pin(async {
            let kept = self.0.lock().unwrap();
            if kept.unreadable {
                return Err(SecretsError::Missing);
            }
            Ok(kept.secret.clone().map(SecretString::from))
        })
    }

    fn store<'a>(
        &'a self,
        _: &'a SecretName,
        secret: &'a SecretString,
    ) -> Pending<'a, Result<Kept, SecretsError>> {
        Box::pin(async {
            let takes = self.0.lock().unwrap().takes;
            pass(takes).await;
            let mut kept = self.0.lock().unwrap();
            if kept.refuses {
                return Err(SecretsError::Failed);
            }
            kept.secret = Some(secret.expose_secret().to_owned());
            kept.stored += 1;
            Ok(Kept::InKeyring)
        })
    }

    fn forget<'a>(&'a self, _: &'a SecretName) -> Pending<'a, Result<(), SecretsError>> {
        Box::pin(async {
            if let Some(error) = self.0.lock().unwrap().forgets {
                return Err(error);
            }
            self.lose();
            Ok(())
        })
    }
}

impl Store for KeptThings {
    fn save(&self, _: &Config) -> Result<(), Failure> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(Failure::new(Code::Settings, "The disk is full."));
        }
        Ok(())
    }

    fn recall(&self, account: &AccountId) -> Remembered {
        self.remembered
            .lock()
            .unwrap()
            .get(account)
            .cloned()
            .unwrap_or_default()
    }

    fn remember(&self, account: &AccountId, remembered: &Remembered) {
        self.remembered
            .lock()
            .unwrap()
            .insert(account.clone(), remembered.clone());
    }

    fn forget(&self, account: &AccountId) {
        self.remembered.lock().unwrap().remove(account);
    }
}

impl Notifier for Told {
    fn notify(&self, account: &AccountView, notice: &Notice, _: &Handle) {
        self.notices.lock().unwrap().push(notice.clone());
        if notice.topic() == Topic::Offer {
            let own = vec![account.account.clone()];
            let mut offers = self.offers.lock().unwrap();
            offers.retain(|offer| *offer != own);
            offers.push(own);
        }
    }

    fn withdraw(&self, account: &AccountId, topic: Topic) {
        self.withdrawn.lock().unwrap().push(topic);
        if topic == Topic::Offer {
            let mut offers = self.offers.lock().unwrap();
            offers.retain(|offer| *offer != [account.clone()]);
        }
    }

    fn notify_together(&self, moved: &[Moved], _: &Handle) {
        self.withdraw_together();
        let accounts = moved.iter().map(|moved| moved.account.clone());
        self.offers.lock().unwrap().push(accounts.collect());
    }

    fn withdraw_together(&self) {
        self.offers.lock().unwrap().retain(|offer| offer.len() == 1);
    }

    fn clear(&self) -> Pending<'_, ()> {
        Box::pin(std::future::ready(()))
    }
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

/// Both clocks from the runtime's virtual one, as the simulator's are.
pub(crate) struct VirtualClock {
    wall: Box<dyn Fn() -> Timestamp + Send + Sync>,
    start: Instant,
    zone: Arc<Mutex<TimeZone>>,
}

impl VirtualClock {
    /// With the wall time of a simulator.
    pub(crate) fn of(wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            wall: Box::new(wall),
            start: Instant::now(),
            zone: Arc::new(Mutex::new(TimeZone::UTC)),
        }
    }

    /// The same in a zone that a test may change.
    pub(crate) fn in_zone(self, zone: Arc<Mutex<TimeZone>>) -> Self {
        Self { zone, ..self }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Now {
        Now {
            since_boot: Duration::from_secs(3600) + self.start.elapsed(),
            wall: (self.wall)(),
        }
    }

    fn chance(&self) -> f64 {
        0.5
    }

    fn zone(&self) -> TimeZone {
        self.zone.lock().unwrap().clone()
    }
}
