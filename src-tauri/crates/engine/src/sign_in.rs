//! Signing in: ask the help desk who it is, then keep the secret.

use domain::{Account, AccountId, Action, Agreed, Code, Failure, HelpDeskName, SignIn, View};
use helpdesk::{BadAddress, BaseUrl, Credentials};
use secrecy::{ExposeSecret, SecretString};

use crate::account::{limit, not_kept, within};
use crate::desk::Desks;
use crate::handle::Handle;
use crate::ports::{Kept, SecretName, Secrets};
use crate::tokens::Tokens;

/// What somebody typed to sign in.
#[derive(Debug)]
pub struct SignInForm {
    /// Which help desk.
    pub helpdesk: HelpDeskName,
    /// A subdomain or an address.
    pub address: String,
    /// What signs the requests.
    pub proof: Proof,
    /// What the agent agreed to with it.
    pub agreed: Agreed,
}

/// What signs the requests of a new account.
#[derive(Debug)]
pub enum Proof {
    /// Credentials that somebody typed or pasted.
    Typed(Credentials),
    /// Tokens that the agent allowed in the browser.
    Allowed {
        /// The OAuth client's identifier.
        client_id: String,
        /// The tokens.
        tokens: Tokens,
    },
}

impl Proof {
    fn sign_in(&self) -> SignIn {
        match self {
            Self::Typed(credentials) => credentials.sign_in(),
            Self::Allowed { client_id, .. } => SignIn::OAuth {
                client_id: client_id.clone(),
            },
        }
    }

    fn credentials(&self) -> Credentials {
        match self {
            Self::Typed(credentials) => credentials.clone(),
            Self::Allowed { tokens, .. } => Credentials::AccessToken(tokens.access.clone()),
        }
    }

    /// What the keyring is to keep.
    fn secret(&self) -> SecretString {
        match self {
            Self::Typed(credentials) => credentials.secret().clone(),
            Self::Allowed { tokens, .. } => tokens.written(),
        }
    }
}

/// Signs in: checks with the help desk, keeps the secret, adds the account.
///
/// # Errors
/// Says what is wrong with the address, the credentials, the role or the keyring; then nothing was kept, and what the
/// agent allowed in the browser was given back.
pub async fn sign_in<D: Desks>(
    form: SignInForm,
    desks: &D,
    secrets: &dyn Secrets,
    handle: &Handle,
) -> Result<(Account, Kept), Failure> {
    let signed_in = add(&form, desks, secrets, handle).await;
    if signed_in.is_err() {
        give_back(form, desks).await;
    }
    signed_in
}

/// Gives back what the agent allowed in the browser, where the sign-in came to nothing: nobody else would end it.
pub async fn give_back<D: Desks>(form: SignInForm, desks: &D) {
    let Proof::Allowed { .. } = form.proof else {
        return;
    };
    let Ok(base) = BaseUrl::new(form.helpdesk, &form.address, form.agreed.unencrypted) else {
        return;
    };
    let ending = desks.end(form.helpdesk, base, form.proof.credentials());
    if let Err(error) = within(limit::REVOKE, ending).await {
        tracing::warn!(%error, "a sign-in that failed goes on at the help desk until it ends by itself");
    }
}

async fn add<D: Desks>(
    form: &SignInForm,
    desks: &D,
    secrets: &dyn Secrets,
    handle: &Handle,
) -> Result<(Account, Kept), Failure> {
    let desk = form.helpdesk;
    let base = BaseUrl::new(desk, &form.address, form.agreed.unencrypted)
        .map_err(|bad| bad_address(desk, bad))?;
    let secret = form.proof.secret();
    if secret.expose_secret().trim().is_empty() {
        let message = match desk {
            HelpDeskName::Zendesk => "The token is empty. Paste the whole token and sign in again.",
            HelpDeskName::Libredesk => {
                "The secret is empty. Paste the key and its whole secret and sign in again."
            }
        };
        return Err(Failure::new(Code::SignedOut, message));
    }
    let (base, agent) = desks
        .probe(desk, base, form.proof.credentials())
        .await
        .map_err(|error| Failure::signing_in(desk, &error))?;
    let url = base.to_string();
    let id = name(&handle.view().borrow(), base.host(), &url, &agent.id);
    let account = Account {
        id,
        helpdesk: desk,
        url,
        agent,
        sign_in: form.proof.sign_in(),
        agreed: form.agreed,
    };
    let name = SecretName::of(&account);
    // A keyring that cannot be read now may still take something, or memory does in its place.
    let before = secrets.read(&name).await;
    let kept = secrets.store(&name, &secret).await.map_err(not_kept)?;
    let action = Action::AddAccount {
        account: account.clone(),
    };
    if let Err(failure) = handle.act(action).await {
        // The account goes on with the secret that it has.
        let restored = match before {
            Ok(Some(before)) => secrets.store(&name, &before).await.map(drop),
            // What it has was not seen, and may be there still.
            Err(_) if handle.view().borrow().account(&account.id).is_some() => Ok(()),
            Ok(None) | Err(_) => secrets.forget(&name).await,
        };
        if let Err(error) = restored {
            tracing::warn!(%error, "a sign-in that failed is still in the keyring");
        }
        return Err(failure);
    }
    Ok((account, kept))
}

/// Names an account after its instance; the same agent on the same instance keeps its name.
fn name(view: &View, host: &str, url: &str, agent: &str) -> AccountId {
    let same = view
        .accounts
        .iter()
        .find(|account| account.url == url && account.agent.id == agent);
    if let Some(same) = same {
        return same.account.clone();
    }
    let stem: String = match host.parse::<std::net::IpAddr>() {
        Ok(_) => "local".to_owned(),
        Err(_) => host
            .split('.')
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect(),
    };
    let stem = if stem.is_empty() {
        "account".to_owned()
    } else {
        stem
    };
    let mut name = AccountId(stem.clone());
    let mut number = 1;
    while view.account(&name).is_some() {
        number += 1;
        name = AccountId(format!("{stem}-{number}"));
    }
    name
}

pub(crate) fn bad_address(desk: HelpDeskName, bad: BadAddress) -> Failure {
    let what_to_type = match desk {
        HelpDeskName::Zendesk => {
            "Type your subdomain, such as \u{201c}acme\u{201d}, or the whole https address."
        }
        HelpDeskName::Libredesk => {
            "Type the address that your browser shows for it, such as \u{201c}help.example.com\u{201d}."
        }
    };
    Failure::new(
        Code::NotThisHelpDesk,
        format!("This address cannot be used: {bad}. {what_to_type}"),
    )
}
