//! Signing in by the browser: the agent allows it there, and no secret is typed anywhere.

use std::time::Duration;

use domain::{Agreed, Code, DeskError, Failure, HelpDeskName};
use helpdesk::{Authorization, BaseUrl, GrantError};

use crate::desk::Desks;
use crate::ports::{Clock, NoCode, Redirect};
use crate::sign_in::{Proof, SignInForm, bad_address};
use crate::tokens::Tokens;

/// So long the agent has to allow it.
const LIMIT: Duration = Duration::from_secs(300);

/// What somebody typed to sign in by the browser.
#[derive(Clone, Debug)]
pub struct BrowserForm {
    /// Which help desk.
    pub helpdesk: HelpDeskName,
    /// A subdomain or an address.
    pub address: String,
    /// The identifier of the OAuth client that the company's admin made.
    pub client_id: String,
}

/// Shows the help desk's page by `show`, waits until the agent has allowed it, and gets the tokens.
///
/// # Errors
/// Says what is wrong with the address or the client, or that the agent did not allow it.
pub async fn allowed<D: Desks>(
    form: BrowserForm,
    desks: &D,
    clock: &dyn Clock,
    redirect: Box<dyn Redirect>,
    show: impl FnOnce(&str) -> Result<(), Failure>,
) -> Result<SignInForm, Failure> {
    let desk = form.helpdesk;
    let base = BaseUrl::new(desk, &form.address, false).map_err(|bad| bad_address(desk, bad))?;
    let client_id = form.client_id.trim().to_owned();
    if client_id.is_empty() {
        return Err(Failure::new(
            Code::Usage,
            "The client ID is empty. Your admin has it: it is the unique identifier of the OAuth client for Statuslight.",
        ));
    }
    let authorization = Authorization::begin(&base, &client_id, &redirect.address())
        .map_err(|error| Failure::signing_in(desk, &error))?;
    show(authorization.address())?;
    let code = redirect.code(&authorization.state(), LIMIT).await;
    let code = code.map_err(|error| no_code(desk, error))?;
    let granted = desks.redeem(authorization, &code).await;
    let granted = granted.map_err(|error| not_granted(desk, &error))?;
    let chance = clock.chance();
    let none = String::new().into();
    let tokens = Tokens::granted(granted, &none, clock.now().wall, chance);
    Ok(SignInForm {
        helpdesk: desk,
        address: form.address,
        proof: Proof::Allowed { client_id, tokens },
        agreed: Agreed::default(),
    })
}

fn no_code(desk: HelpDeskName, error: NoCode) -> Failure {
    let name = desk.words();
    match error {
        NoCode::TimedOut => Failure::new(
            Code::TimedOut,
            format!(
                "Nothing came back from your browser within five minutes. You are not signed in. \
                 Sign in again and allow Statuslight on {name}\u{2019}s page; \
                 if that page shows an error, the client ID or the address is wrong."
            ),
        ),
        NoCode::Refused(word) if word == "access_denied" => Failure::new(
            Code::Refused,
            format!(
                "Statuslight was not allowed on {name}\u{2019}s page. You are not signed in. \
                 Sign in again and choose Allow."
            ),
        ),
        NoCode::Refused(word) if word == "invalid_scope" => wrong_scope(desk),
        NoCode::Refused(word) => refused(desk, &word),
    }
}

fn wrong_scope(desk: HelpDeskName) -> Failure {
    let name = desk.words();
    Failure::new(
        Code::Refused,
        format!(
            "{name} does not let this OAuth client ask for the scopes read and write. You are not signed in. \
             Ask your admin to allow both for it."
        ),
    )
}

fn refused(desk: HelpDeskName, word: &str) -> Failure {
    let name = desk.words();
    Failure::new(
        Code::Refused,
        format!(
            "{name} refused the sign-in ({word}). You are not signed in. Try again; \
             if it goes on, show this to your admin."
        ),
    )
}

fn not_granted(desk: HelpDeskName, error: &GrantError) -> Failure {
    let name = desk.words();
    match error {
        GrantError::Over => Failure::new(
            Code::Refused,
            format!(
                "{name} no longer takes the code that your browser brought: it is good for two minutes and once. \
                 You are not signed in. Sign in again."
            ),
        ),
        GrantError::NoSuchClient => Failure::new(
            Code::Refused,
            format!(
                "{name} knows no OAuth client of this client ID. You are not signed in. \
                 Ask your admin for its unique identifier; it is a name, not a number."
            ),
        ),
        GrantError::Scope => wrong_scope(desk),
        GrantError::Refused { error } => refused(desk, error),
        GrantError::NoRefreshToken => Failure::new(
            Code::Refused,
            format!(
                "{name} gave a sign-in that cannot be renewed, so it would end within minutes or days. \
                 You are not signed in. Ask your admin to let the OAuth client use refresh tokens."
            ),
        ),
        GrantError::Desk(DeskError::Unauthorized) => refused(desk, "unauthorized"),
        GrantError::Desk(error) => Failure::signing_in(desk, error),
    }
}
