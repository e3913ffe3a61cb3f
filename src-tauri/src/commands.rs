//! The window's commands. Each only forwards; none knows a rule.

use std::sync::{Arc, PoisonError};

use domain::{
    AccountId, Action, Agreed, Answer, Code, Failure, HelpDeskName, HintTopic, Question, SignIn,
    View,
};
use engine::ports::Kept;
use engine::{BrowserForm, Event, Proof, SignInForm, SystemClock};
use helpdesk::Credentials;
use platform::{Loopback, open_browser};
use secrecy::SecretString;
use serde::Deserialize;
use tauri::State;
use tokio::sync::oneshot;

use crate::app::Parts;
use crate::window::Window;

/// What there is to show.
#[tauri::command]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a command gets its state by value"
)]
pub(crate) fn view(parts: State<'_, Arc<Parts>>) -> View {
    View::clone(&parts.handle.view().borrow())
}

/// Whose next status the window was opened to choose for a time, if it was; told once.
#[tauri::command]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a command gets its state by value"
)]
pub(crate) fn for_a_time(window: State<'_, Arc<Window>>) -> Option<AccountId> {
    window.take_for_a_time()
}

/// Does what is asked and waits for the outcome.
#[tauri::command]
pub(crate) async fn act(parts: State<'_, Arc<Parts>>, action: Action) -> Result<(), Failure> {
    if let Action::AddAccount { .. } = action {
        // An account is added by signing in; nothing else may point a stored secret at an address.
        return Err(Failure::new(
            Code::Internal,
            "The window may not do that. Sign in by the form.",
        ));
    }
    parts.handle.act(action).await
}

/// Tells what the view does not.
#[tauri::command]
pub(crate) async fn ask(
    parts: State<'_, Arc<Parts>>,
    question: Question,
) -> Result<Answer, Failure> {
    parts.handle.ask(question).await
}

/// What the sign-in form sends; the one message that carries a secret.
#[derive(Deserialize)]
pub(crate) struct Form {
    helpdesk: HelpDeskName,
    address: String,
    #[serde(flatten)]
    sign_in: SignIn,
    secret: SecretString,
    #[serde(default)]
    agreed: Agreed,
}

/// Signs in.
#[tauri::command]
pub(crate) async fn sign_in(parts: State<'_, Arc<Parts>>, form: Form) -> Result<(), Failure> {
    let form = SignInForm {
        helpdesk: form.helpdesk,
        address: form.address,
        proof: Proof::Typed(Credentials::new(&form.sign_in, form.secret)),
        agreed: form.agreed,
    };
    finish(&parts, form).await
}

/// What the form sends to sign in by the browser: no secret.
#[derive(Deserialize)]
pub(crate) struct ByBrowser {
    helpdesk: HelpDeskName,
    address: String,
    client_id: String,
}

/// Signs in by the browser; waits until the agent has allowed it there.
#[tauri::command]
pub(crate) async fn sign_in_by_browser(
    parts: State<'_, Arc<Parts>>,
    form: ByBrowser,
) -> Result<(), Failure> {
    let form = BrowserForm {
        helpdesk: form.helpdesk,
        address: form.address,
        client_id: form.client_id,
    };
    let (stop, stopped) = oneshot::channel();
    // The one before, if it still waits, is stopped by this.
    *parts.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
    let allowed = async {
        let redirect = Box::new(Loopback::open().await?);
        engine::allowed(form, &parts.desks, &SystemClock, redirect, open_browser).await
    };
    let form = tokio::select! {
        form = allowed => form?,
        _ = stopped => return Err(Failure::new(
            Code::Overtaken,
            "The sign-in was stopped. You are not signed in.",
        )),
    };
    finish(&parts, form).await?;
    // The browser is in front of the window by now.
    parts.handle.act(Action::Open).await
}

/// Stops waiting for the browser.
#[tauri::command]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a command gets its state by value"
)]
pub(crate) fn stop_sign_in(parts: State<'_, Arc<Parts>>) {
    drop(
        parts
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(),
    );
}

async fn finish(parts: &Parts, form: SignInForm) -> Result<(), Failure> {
    let (_, kept) = engine::sign_in(form, &parts.desks, &*parts.secrets, &parts.handle).await?;
    let keyring = match kept {
        Kept::InMemory(reason) => Event::Lacks(crate::app::no_keyring(reason)),
        Kept::InKeyring => Event::Has(HintTopic::Keyring),
    };
    drop(parts.events.send(keyring).await);
    Ok(())
}
