//! The Team page on a real desktop: an admin's, and a plain agent's, who has none.

use simulator::sample;
use system_tests::desktop::{HelpDesk, KeyringState, Launch, Session, statusctl};

use super::{SOON, lit, picture};

#[test]
fn an_admin_sets_an_agents_status_on_the_team_page_and_the_own_light_stays() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    let url = desk.url();
    let login = ["login", "zendesk", "--url", &url, "--access-token-stdin"];
    let signed_in = statusctl(&session, &login, sample::GRACE_TOKEN);
    assert!(signed_in.status.success(), "{signed_in:?}");
    let mut app = Launch::app().arg("--hidden").start_driven(&session);
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    item.activate();
    let window = app.window(SOON);
    window.click("[data-page=team]");
    window.wait_for_text(".agents", SOON, |text| text.contains("Ben Billing"));
    window.click("[data-agent='10015'] > button");
    window.click("[data-agent='10015'] select");
    window.js(
        "const select = document.querySelector(\"[data-agent='10015'] select\"); \
         select.value = '201'; select.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    window.wait_for_text(".agents .confirm", SOON, |text| text.contains("to Lunch?"));
    window.screenshot(&picture("team-question.png"));
    assert!(desk.writes().is_empty(), "nothing is set before the yes");
    window.click(".agents .confirm button.main");
    window.wait_for_text("[data-agent='10015']", SOON, |text| {
        text.contains("Lunch since")
    });
    window.screenshot(&picture("team-window.png"));
    assert_eq!(desk.writes(), [sample::LUNCH]);
    let ben = desk.zendesk.current_status(sample::BEN);
    assert_eq!(ben.expect("Ben is there").id, sample::LUNCH);
    assert_eq!(window.text(".headline"), "Online");
    lit(&item, "Online", SOON);
}

#[test]
fn a_plain_agent_has_no_team_page_and_reads_why() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    let mut app = Launch::app().arg("--hidden").start_driven(&session);
    app.tray_item().activate();
    let window = app.window(SOON);
    window.click(".able summary");
    window.wait_for_text(".able", SOON, |text| {
        text.contains("lets only admins do that")
    });
    assert_eq!(window.count("[data-page=team]"), 0);
}
