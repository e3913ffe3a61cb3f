//! `statusctl doctor`: what Statuslight needs, one check after the other, each with the mend.

use domain::{
    AccountId, AccountView, Answer, Checkup, Code, Failure, Has, HelpDeskName, HintTopic, Question,
    View, short,
};
use engine::Handle;
use engine::ports::{SecretName, Secrets as _, SecretsError};
use platform::{Desktop, Keyring, Offered, Profile};
use serde::Serialize;

use crate::ended::{Ended, exit_code};
use crate::frugal::Lists;
use crate::output::{self, Output};
use crate::own::Need;
use crate::reach::{self, Reached};
use crate::wait;

/// Clocks that differ by more show wrong times, and sign-ins may seem to have ended.
const CLOCK_TOLERANCE_S: i32 = 60;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    Failed,
    Skipped,
}

/// One check; the shape is a promise.
#[derive(Debug, Serialize)]
struct Finding {
    number: usize,
    check: &'static str,
    account: Option<AccountId>,
    state: State,
    /// What was found and, where it is no good, what mends it.
    message: String,
    /// What to branch on where it failed.
    code: Option<Code>,
}

#[derive(Debug, Default)]
struct Checks {
    done: Vec<Finding>,
    account: Option<AccountId>,
}

impl Checks {
    fn note(&mut self, check: &'static str, state: State, code: Option<Code>, message: String) {
        self.done.push(Finding {
            number: self.done.len() + 1,
            check,
            account: self.account.clone(),
            state,
            message,
            code,
        });
    }

    fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.note(check, State::Ok, None, message.into());
    }

    fn skipped(&mut self, check: &'static str, why: impl Into<String>) {
        self.note(check, State::Skipped, None, why.into());
    }

    fn failed(&mut self, check: &'static str, failure: Failure) {
        let failure = wait::for_one_try(failure);
        self.note(check, State::Failed, Some(failure.code), failure.message);
    }
}

/// Checks everything that Statuslight needs.
///
/// # Errors
/// A check failed; what was found is printed all the same.
pub(super) async fn doctor(wanted: Option<&str>, output: Output) -> Result<(), Ended> {
    let mut checks = Checks::default();
    examine(&mut checks, wanted).await?;
    if output.json {
        output::json(&checks.done)?;
    } else {
        let lines: Vec<String> = checks.done.iter().map(line).collect();
        output::line(&lines.join("\n"))?;
    }
    // What keeps a status from being read or switched counts before what only a desktop lacks.
    let mut failed = checks.done.iter().filter_map(|check| check.code);
    let gravest = failed.clone().find(|code| *code != Code::Lacking);
    match gravest.or_else(|| failed.next()) {
        Some(code) => Err(Ended::Told(exit_code(code))),
        None => Ok(()),
    }
}

fn line(check: &Finding) -> String {
    let state = match check.state {
        State::Ok => "ok",
        State::Failed => "failed",
        State::Skipped => "skipped",
    };
    let account = check.account.as_ref();
    let account = account.map_or_else(String::new, |account| format!("{account}: "));
    format!(
        "{:2}  {state:7}  {}: {account}{}",
        check.number,
        check.check.replace('_', " "),
        short(&check.message, 400)
    )
}

async fn examine(checks: &mut Checks, wanted: Option<&str>) -> Result<(), Failure> {
    let profile = match reach::profile() {
        Ok(profile) => profile,
        Err(failure) => {
            checks.failed("settings_folder", failure);
            return Ok(());
        }
    };
    folder(checks, &profile);
    let reached = owner(checks, &profile).await;
    let shown = reached
        .as_ref()
        .map(|reached| reached.handle.view().borrow().clone());
    let mut accounts = shown
        .as_ref()
        .map_or_else(Vec::new, |view| view.accounts.clone());
    if let (Some(wanted), Some(reached)) = (wanted, &reached) {
        let wanted = reach::account(&reached.handle, Some(wanted))?;
        accounts.retain(|account| account.account == wanted);
    }
    desktop(checks, Desktop::look().await);
    keyring(checks, &profile, &accounts, shown.as_deref()).await;
    let Some(reached) = reached else {
        return Ok(());
    };
    if accounts.is_empty() {
        checks.skipped(
            "sign_in",
            "Nobody is signed in. Sign in with \u{201c}statusctl login zendesk\u{201d} or in Statuslight\u{2019}s window.",
        );
    }
    for account in accounts {
        checks.account = Some(account.account.clone());
        account_works(checks, &reached.handle, &account).await;
    }
    Ok(())
}

fn folder(checks: &mut Checks, profile: &Profile) {
    let folder = profile.config_dir();
    let shown = folder.display();
    match std::fs::read_dir(folder) {
        Ok(_) => checks.ok("settings_folder", format!("{shown} is readable.")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => checks.ok(
            "settings_folder",
            format!("{shown} is not there yet; signing in makes it."),
        ),
        Err(error) => checks.failed(
            "settings_folder",
            Failure::new(
                Code::Settings,
                format!("{shown} cannot be read ({error}). Check its permissions."),
            ),
        ),
    }
}

/// Who owns the profile, and whether the settings are of use.
async fn owner(checks: &mut Checks, profile: &Profile) -> Option<Reached> {
    let reached = reach::reach(profile, Need::All, &Lists::default()).await;
    match reached {
        Ok(reached) => {
            let by = if reached.own.is_some() {
                "The app is not running, so statusctl acts by itself."
            } else {
                "The app is running and answers."
            };
            checks.ok("app", by);
            let hints = reached.handle.view().borrow().hints.clone();
            let hint = hints.iter().find(|hint| hint.topic == HintTopic::Settings);
            match hint {
                Some(hint) => checks.failed(
                    "settings",
                    Failure::new(Code::Settings, hint.message.clone()),
                ),
                None => checks.ok("settings", "They are understood."),
            }
            Some(reached)
        }
        Err(failure) => {
            let check = if failure.code == Code::Settings {
                "settings"
            } else {
                "app"
            };
            checks.failed(check, failure);
            None
        }
    }
}

fn desktop(checks: &mut Checks, desktop: Desktop) {
    let lacks = |message: &str| Failure::new(Code::Lacking, message);
    let not_known = "It cannot be told from here.";
    match desktop.bus {
        Offered::Yes => checks.ok("session_bus", "It answers."),
        Offered::No => checks.failed(
            "session_bus",
            lacks(
                "There is no session bus, so there is no keyring, no tray and no notification. \
                 Log in to a desktop, or run statusctl below dbus-run-session.",
            ),
        ),
        Offered::NotKnown => checks.skipped("session_bus", not_known),
    }
    match desktop.tray {
        Offered::Yes => checks.ok("tray", "Something shows tray icons."),
        Offered::No => checks.failed(
            "tray",
            lacks(
                "Nothing on this desktop shows tray icons, so the light is in the window only. \
                 On GNOME, install the extension \u{201c}AppIndicator and KStatusNotifierItem Support\u{201d}.",
            ),
        ),
        Offered::NotKnown => checks.skipped("tray", not_known),
    }
    match desktop.notifications {
        Offered::Yes => checks.ok("notifications", "Something shows notifications."),
        Offered::No => checks.failed(
            "notifications",
            lacks(
                "Nothing on this desktop shows notifications, so a forced change is told by the light alone. \
                 Install or start a notification service, such as your desktop\u{2019}s own or dunst.",
            ),
        ),
        Offered::NotKnown => checks.skipped("notifications", not_known),
    }
}

/// Whether the keyring gives each account's secret, which is looked at by nobody.
async fn keyring(
    checks: &mut Checks,
    profile: &Profile,
    accounts: &[AccountView],
    shown: Option<&View>,
) {
    let keyring = Keyring::new(profile);
    let mut names: Vec<SecretName> = accounts
        .iter()
        .map(|account| SecretName::at(&account.account, &account.url))
        .collect();
    if names.is_empty() {
        // Nothing is there under this name, and a keyring that works says so.
        names.push(SecretName::at(&AccountId("nobody".to_owned()), "nowhere"));
    }
    let mut missing = 0;
    for name in &names {
        match keyring.read(name).await {
            Ok(Some(_)) => {}
            Ok(None) => missing += 1,
            Err(error) => return checks.failed("keyring", no_keyring(error)),
        }
    }
    let in_memory = shown.is_some_and(|view| {
        view.hints
            .iter()
            .any(|hint| hint.topic == HintTopic::Keyring)
    });
    if accounts.is_empty() || missing == 0 {
        checks.ok("keyring", "It answers.");
    } else if in_memory {
        checks.ok(
            "keyring",
            "It answers; a sign-in that came before it did is kept by the app until that ends.",
        );
    } else {
        checks.failed(
            "keyring",
            Failure::new(
                Code::SignedOut,
                format!(
                    "It answers, and {missing} of {} sign-ins are not in it. Sign in again.",
                    names.len()
                ),
            ),
        );
    }
}

fn no_keyring(error: SecretsError) -> Failure {
    let mend = match error {
        SecretsError::Missing => "Install or start one, such as GNOME Keyring or KWallet.",
        SecretsError::Locked => "Unlock it.",
        SecretsError::Silent => "Look for its password prompt, or restart it.",
        SecretsError::Failed => "Restart it.",
    };
    Failure::new(
        Code::NoSecretStore,
        format!("Sign-ins cannot be kept or read, since {error}. {mend}"),
    )
}

async fn account_works(checks: &mut Checks, handle: &Handle, account: &AccountView) {
    // What can be read of the own status is known once it was read.
    let read = wait::until(handle, &account.account, wait::UNTIL_TOLD, wait::status).await;
    let account = read.unwrap_or_else(|_| account.clone());
    let question = Question::Checkup {
        account: account.account.clone(),
    };
    let failure = match handle.ask(question).await {
        Ok(Answer::Checkup(checkup)) => {
            let over = if account.url.starts_with("https:") {
                "by a certificate that this computer trusts"
            } else {
                "without encryption, which does not leave this computer or a network that you agreed to"
            };
            let desk = account.helpdesk.words();
            let proxy = proxy_in_words();
            checks.ok(
                "network",
                format!("{desk} answers at {}, {over}.{proxy}", account.url),
            );
            let role = short(&checkup.role, 40);
            checks.ok(
                "sign_in",
                format!(
                    "It is valid for {}, role {role}.",
                    short(&account.agent.name, 60)
                ),
            );
            return found(checks, &account, &checkup);
        }
        Ok(_) => Failure::new(Code::Internal, "Statuslight answered something else."),
        Err(failure) => failure,
    };
    let is_answer = matches!(
        failure.code,
        Code::SignedOut | Code::NoSecretStore | Code::Refused | Code::AccountLocked
    );
    match failure.code {
        Code::NoSecretStore => checks.skipped(
            "network",
            "The sign-in cannot be read, so nothing was asked.",
        ),
        _ if is_answer => checks.ok("network", format!("{} answers.", account.helpdesk.words())),
        _ => {
            checks.failed("network", failure);
            for check in ["sign_in", "clock", by_desk(&account), "capabilities"] {
                checks.skipped(check, "The help desk was not reached.");
            }
            return;
        }
    }
    checks.failed("sign_in", failure);
    for check in ["clock", by_desk(&account), "capabilities"] {
        checks.skipped(check, "It is known only to who is signed in.");
    }
}

/// The check that is the help desk's own.
fn by_desk(account: &AccountView) -> &'static str {
    match account.helpdesk {
        HelpDeskName::Zendesk => "omnichannel_routing",
        HelpDeskName::Libredesk => "push",
    }
}

/// Whether the help desk tells of changes at once.
fn push(checks: &mut Checks, account: &AccountView) {
    match account
        .presence
        .as_ref()
        .map(|presence| &presence.tells_at_once)
    {
        Some(Has::Yes) => checks.ok("push", "Changes are told at once, by a websocket."),
        Some(Has::No(why)) => checks.failed("push", Failure::new(Code::Lacking, why.clone())),
        Some(Has::NotKnown(_)) | None => checks.skipped(
            "push",
            "Only the running app opens a websocket, and now it has none open.",
        ),
    }
}

/// Which variables name a proxy; their values may hold a password and are not repeated.
fn proxy_in_words() -> String {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let names: Vec<&str> = names.into_iter().filter(set).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(" A proxy is set by {}.", names.join(", "))
    }
}

fn found(checks: &mut Checks, account: &AccountView, checkup: &Checkup) {
    let desk = account.helpdesk.words();
    match checkup.clock_ahead_s {
        None => checks.skipped("clock", format!("{desk} sent no time.")),
        Some(ahead) if ahead.abs() <= CLOCK_TOLERANCE_S => {
            checks.ok("clock", format!("It agrees with {desk}\u{2019}s."));
        }
        Some(ahead) => {
            let way = if ahead > 0 { "ahead of" } else { "behind" };
            checks.failed(
                "clock",
                Failure::new(
                    Code::Lacking,
                    format!(
                        "This computer\u{2019}s clock is {} seconds {way} {desk}\u{2019}s. Let the system set it by itself.",
                        ahead.unsigned_abs()
                    ),
                ),
            );
        }
    }
    if account.helpdesk == HelpDeskName::Libredesk {
        push(checks, account);
    } else {
        routing(checks, desk, checkup);
    }
    capabilities(checks, checkup);
}

fn routing(checks: &mut Checks, desk: &str, checkup: &Checkup) {
    match checkup.unified_statuses {
        Some(true) => checks.ok(
            "omnichannel_routing",
            "It is on: one status for all channels.",
        ),
        Some(false) => checks.ok(
            "omnichannel_routing",
            "It is off: the four states of calls are the statuses.",
        ),
        None => checks.skipped(
            "omnichannel_routing",
            format!("{desk} does not tell your role."),
        ),
    }
}

fn capabilities(checks: &mut Checks, checkup: &Checkup) {
    for capability in &checkup.capabilities {
        let words = &capability.words;
        match &capability.has {
            Has::Yes => checks.ok("capability", format!("{words}: yes.")),
            Has::No(why) | Has::NotKnown(why) => {
                checks.skipped("capability", format!("{words}: {why}"));
            }
        }
    }
}
