//! The agent in front of the help desk's page in the browser.

#[cfg(target_os = "linux")]
use std::time::Duration;

use http::{Method, Request};
use simulator::Zendesk;

#[cfg(target_os = "linux")]
use crate::desktop::{Program, wait_for};

/// Presses a button of the page at `address` in process, and gives the address that the browser goes to then.
///
/// # Panics
/// There is no such page, or the button leads nowhere.
pub async fn press(zendesk: &Zendesk, address: &str, decision: &str) -> String {
    let page = address.replace("/oauth/authorizations/new?", "/oauth/authorizations?");
    assert_ne!(page, address, "this is no page of an authorization server");
    let body = format!("decision={decision}").into_bytes();
    let pressed = Request::builder().method(Method::POST).uri(page).body(body);
    let answer = zendesk
        .handle(pressed.expect("an address"))
        .await
        .expect("an answer");
    let to = answer
        .headers()
        .get("location")
        .expect("the page leads back");
    to.to_str().expect("an address").to_owned()
}

/// Presses a button of the page at `address`, as the agent does, and follows the browser back: what the last page says.
///
/// # Panics
/// There is no such page, or Statuslight does not listen.
#[cfg(target_os = "linux")]
pub fn decide(address: &str, decision: &str) -> String {
    let page = follow(address);
    assert!(
        page.contains(&format!("value=\"{decision}\"")),
        "no such button: {page}"
    );
    let action = page
        .split("action=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let action = action.expect("a form").replace("&amp;", "&");
    let base = address.split("/oauth/").next().unwrap_or_default();
    let pressed = browser()
        .post(format!("{base}{action}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .send(format!("decision={decision}"))
        .expect("an answer");
    let to = pressed
        .headers()
        .get("location")
        .expect("the page leads back");
    follow(to.to_str().expect("an address"))
}

/// The page that a sign-in in the terminal asks to open.
///
/// # Panics
/// It prints none in time.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn printed_address(login: &Program, limit: Duration) -> String {
    wait_for("the address to open", limit, || {
        let output = login.output();
        let line = output.lines().find(|line| line.starts_with("http"))?;
        output.ends_with('\n').then(|| line.to_owned())
    })
}

/// What the page at `address` says.
///
/// # Panics
/// Nobody answers there.
#[cfg(target_os = "linux")]
pub fn follow(address: &str) -> String {
    let page = browser().get(address).call().expect("somebody answers");
    page.into_body().read_to_string().expect("a page")
}

#[cfg(target_os = "linux")]
fn browser() -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
        .into()
}
