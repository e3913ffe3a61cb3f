//! What the agent reads of several accounts at once.

use super::*;

/// Three accounts: one is online, one away, one unreachable.
fn three() -> View {
    let mut online = Story::online().view();
    online.account = AccountId("acme".to_owned());
    let mut away = Story::online();
    away.moved_to("Away", "AGENT_STATUS_SWITCHER");
    away.after(60);
    let mut away = away.view();
    away.account = AccountId("globex".to_owned());
    let mut unreachable = Story::online();
    unreachable.desk.fails = Some(DeskError::Unreachable {
        detail: "connection refused".to_owned(),
    });
    unreachable.after(600);
    let mut unreachable = unreachable.view();
    unreachable.account = AccountId("initech".to_owned());
    (away.default, unreachable.default) = (false, false);
    let mut accounts = vec![online, away, unreachable];
    for account in &mut accounts {
        account.everywhere = Mapping::default().of(&account.statuses);
    }
    View {
        accounts,
        hints: Vec::new(),
    }
}

/// The icon and the tooltip.
fn light(view: &View) -> String {
    let text = shown(view);
    let lines: Vec<&str> = text.lines().take(2).collect();
    lines.join("\n")
}

#[test]
fn three_accounts_show_the_worst_light_and_name_it() {
    reads!("three_accounts", shown(&three()));
}

#[test]
fn the_light_is_the_worst_of_those_that_count() {
    let mut view = three();
    let mut text = String::new();
    for left_out in ["nobody", "initech", "globex"] {
        for account in &mut view.accounts {
            account.relevant &= account.account.0 != left_out;
        }
        writeln!(text, "without {left_out}\n{}", light(&view)).unwrap();
    }
    reads!("marked_accounts", text);
}

#[test]
fn the_last_account_that_counts_cannot_be_taken_out() {
    let mut view = three();
    view.accounts[1].relevant = false;
    view.accounts[2].relevant = false;
    let text = shown(&view);
    assert!(
        text.contains("\n[x] acme counts for the light  -- no click\n"),
        "{text}"
    );
    assert_eq!(text.matches("[ ] ").count(), 2, "{text}");
}
