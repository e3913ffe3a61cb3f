//! The window's commands. Each only forwards; none knows a rule.

use std::sync::Arc;

use domain::{Action, Answer, Code, Failure, HelpDeskName, HintTopic, Question, SignIn, View};
use engine::ports::Kept;
use engine::{Event, SignInForm};
use helpdesk::Credentials;
use secrecy::SecretString;
use serde::Deserialize;
use tauri::State;

use crate::app::Parts;

/// What there is to show.
#[tauri::command]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a command gets its state by value"
)]
pub(crate) fn view(parts: State<'_, Arc<Parts>>) -> View {
    View::clone(&parts.handle.view().borrow())
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
}

/// Signs in.
#[tauri::command]
pub(crate) async fn sign_in(parts: State<'_, Arc<Parts>>, form: Form) -> Result<(), Failure> {
    let form = SignInForm {
        helpdesk: form.helpdesk,
        address: form.address,
        credentials: Credentials::new(&form.sign_in, form.secret),
    };
    let (_, kept) = engine::sign_in(form, &parts.desks, &*parts.secrets, &parts.handle).await?;
    let keyring = match kept {
        Kept::InMemory(reason) => Event::Lacks(crate::app::no_keyring(reason)),
        Kept::InKeyring => Event::Has(HintTopic::Keyring),
    };
    drop(parts.events.send(keyring).await);
    Ok(())
}
