//! Three accounts at once on a real desktop: icon, menu and command line agree.

use std::time::Duration;

use serde_json::Value;
use simulator::{Fault, sample};
use system_tests::desktop::{
    HelpDesk, KeyringState, Launch, MenuNode, Session, TrayItem, statusctl,
};

use super::lit;

/// Three reads in a row have to fail before an account is called unreachable.
const SEEN: Duration = Duration::from_secs(60);

/// Each account with its link, the default one first, as `statusctl accounts` tells it.
fn told(session: &Session) -> Vec<(String, String)> {
    let output = statusctl(session, &["accounts", "--json"], "");
    assert!(output.status.success(), "{output:?}");
    let accounts: Vec<Value> = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    accounts
        .iter()
        .map(|account| (text(&account["account"]), text(&account["link"])))
        .collect()
}

fn pair(account: &str, link: &str) -> (String, String) {
    (account.to_owned(), link.to_owned())
}

/// Waits for a menu in which each further account's line reads so.
fn wait_for_lines(item: &TrayItem, lines: [&str; 3]) {
    let label = |entry: &&MenuNode| lines.contains(&entry.label.as_str());
    item.wait_until_menu(&format!("the accounts read {lines:?}"), SEEN, |menu| {
        menu.children.iter().filter(label).count() == lines.len()
    });
}

#[test]
fn three_accounts_share_one_light_and_one_that_is_unreachable_leaves_the_others_alone() {
    let session = Session::start();
    let _watcher = session.watcher();
    let notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desks = [HelpDesk::start(), HelpDesk::start(), HelpDesk::start()];
    let [first, away, lost] = &desks;
    away.zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_STATUS_SWITCHER")
        .expect("Ada is an agent");
    for desk in &desks {
        desk.sign_in(&session);
    }
    let app = Launch::app().arg("--hidden").start(&session);
    let item = app.tray_item();

    lit(&item, "Away", SEEN);
    wait_for_lines(&item, ["local: Online", "local-2: Away", "local-3: Online"]);
    let seen = item.wait_until("the light names its account", SEEN, |now| {
        now.tool_tip.title.contains("\nlocal-2: ")
    });
    let [ok, ok_2, ok_3] = ["local", "local-2", "local-3"].map(|account| pair(account, "ok"));
    assert_eq!(told(&session), [ok.clone(), ok_2.clone(), ok_3]);

    lost.zendesk.fault(Fault::Reset);
    lit(&item, "Zendesk cannot be reached", SEEN);
    wait_for_lines(
        &item,
        [
            "local: Online",
            "local-2: Away",
            "local-3: Zendesk cannot be reached",
        ],
    );
    let worst = item.wait_until("the light names the one that is lost", SEEN, |now| {
        now.tool_tip.title.contains("\nlocal-3: ")
    });
    assert_ne!(worst.icon, seen.icon);
    let unreachable = pair("local-3", "unreachable");
    assert_eq!(
        told(&session),
        [ok.clone(), ok_2.clone(), unreachable.clone()]
    );

    item.click("Lunch");
    wait_for_lines(
        &item,
        [
            "local: Lunch",
            "local-2: Away",
            "local-3: Zendesk cannot be reached",
        ],
    );
    assert_eq!(first.writes(), [sample::LUNCH], "the others go on working");
    assert_eq!((away.writes(), lost.writes()), (vec![], vec![]));

    item.click("local-3: Zendesk cannot be reached/local-3 counts for the light");
    item.click("local counts for the light");
    let without = item.wait_until(
        "the light is the second account\u{2019}s alone",
        SEEN,
        |now| now.tool_tip.title.starts_with("Away") && now.tool_tip.title.contains("\nlocal-2: "),
    );
    assert_eq!(without.icon, seen.icon);

    item.click("local-2: Away/Make it the first account");
    wait_for_lines(
        &item,
        [
            "local-2: Away",
            "local: Lunch",
            "local-3: Zendesk cannot be reached",
        ],
    );
    assert_eq!(told(&session), [ok_2, ok, unreachable]);

    item.click("All accounts/Online");
    let summary = notifications.wait_for("what failed is summed up", SEEN, |notice| {
        notice.summary == "Not all accounts were switched"
    });
    assert!(
        summary
            .body
            .contains("2 of 3 accounts were switched. local-3: "),
        "{summary:?}"
    );
    assert_eq!(first.writes(), [sample::LUNCH, sample::ONLINE]);
    assert_eq!(away.writes(), [sample::ONLINE]);
}
