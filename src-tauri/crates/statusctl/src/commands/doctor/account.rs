//! Whether an account works, and what it allows.

use domain::{AccountView, Answer, Checkup, Code, Failure, Has, HelpDeskName, Question, short};
use engine::Handle;

use super::Checks;
use crate::wait;

/// Clocks that differ by more show wrong times, and sign-ins may seem to have ended.
const CLOCK_TOLERANCE_S: i32 = 60;

/// Whether an account can be reached and signed in to, and what it allows. Gives how it stood then.
pub(super) async fn works(
    checks: &mut Checks,
    handle: &Handle,
    account: AccountView,
) -> AccountView {
    // What can be read of the own status is known once it was read.
    let read = wait::until(handle, &account.account, wait::UNTIL_TOLD, wait::status).await;
    let account = read.unwrap_or(account);
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
            found(checks, &account, &checkup);
            return account;
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
            return account;
        }
    }
    checks.failed("sign_in", failure);
    for check in ["clock", by_desk(&account), "capabilities"] {
        checks.skipped(check, "It is known only to who is signed in.");
    }
    account
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
