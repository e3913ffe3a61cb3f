//! What the agent reads when something is wrong.

use std::fmt::Write;

use super::{head, one, told};
use crate::session::tests::story::*;
use crate::*;

#[test]
fn stale_and_unreachable() {
    let mut text = String::new();
    let mut stale = Story::online();
    stale.desk.holds_reads = true;
    stale.after(100);
    write!(text, "no answer for a while\n{}", head(&stale)).unwrap();
    let cut = DeskError::Unintelligible {
        detail: "HTML in place of JSON".to_owned(),
    };
    let certificate = DeskError::Certificate {
        host: "acme.zendesk.com".into(),
        detail: "it expired 2026-11-01".into(),
    };
    for error in [
        unreachable(),
        DeskError::TimedOut,
        DeskError::Server {
            status: 500,
            retry_after: None,
        },
        cut,
        certificate,
    ] {
        let mut story = Story::online();
        story.desk.fails = Some(error.clone());
        story.after(60);
        write!(text, "{error}\n{}", head(&story)).unwrap();
        story.restart();
        write!(text, "{error}, from the start\n{}", head(&story)).unwrap();
    }
    reads!("stale_and_unreachable", text);
}

#[test]
fn rate_limited() {
    let mut story = Story::online();
    story.desk.fails = Some(limited(300));
    story.after(40);
    let mut text = format!("still fresh\n{}", head(&story));
    story.after(200);
    write!(text, "no more\n{}", head(&story)).unwrap();
    reads!("rate_limited", text);
}

#[test]
fn signed_out_and_locked() {
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::Unauthorized);
    story.after(36);
    let mut text = format!("signed out\n{}{}", told(&mut story), one(&story));
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::AccountLocked);
    story.after(36);
    write!(text, "account locked\n{}", one(&story)).unwrap();
    reads!("signed_out_and_locked", text);
}

#[test]
fn switching() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.click("Lunch");
    let mut text = head(&story);
    story.sleep(1);
    write!(text, "slept meanwhile\n{}", head(&story)).unwrap();
    reads!("switching", text);
}

#[test]
fn failed_switches() {
    let mut text = String::new();
    let errors = [
        DeskError::NotEligible,
        DeskError::NoSuchStatus,
        DeskError::Forbidden,
        DeskError::Refused { status: 400 },
        limited(60),
        DeskError::Certificate {
            host: "acme.zendesk.com".into(),
            detail: "it is self-signed".into(),
        },
        DeskError::Redirected {
            target: "login.example".into(),
        },
        DeskError::NotAnAgent {
            role: "end-user".into(),
        },
        DeskError::NotFound,
    ];
    for error in errors {
        let mut story = Story::online();
        story.desk.write_fails.push_back((error, Applied::No));
        story.click("Lunch");
        let message = story.view().failed.unwrap().failure.message;
        writeln!(text, "{}told: {message}", head(&story)).unwrap();
    }
    for error in [
        DeskError::Conflict,
        unreachable(),
        DeskError::TimedOut,
        DeskError::Server {
            status: 502,
            retry_after: None,
        },
    ] {
        let mut story = Story::online();
        story
            .desk
            .write_fails
            .extend(vec![(error, Applied::No); 99]);
        story.click("Lunch");
        story.after(30);
        let message = story.view().failed.unwrap().failure.message;
        writeln!(text, "{}told: {message}", head(&story)).unwrap();
    }
    reads!("failed_switches", text);
}
