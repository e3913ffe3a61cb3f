//! Signing in by a browser whose agent allows at once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Account, Failure, HelpDeskName, View};
use engine::ports::{NoCode, Pending, Redirect};
use engine::{BrowserForm, Handle, HelpDesks};
use secrecy::{ExposeSecret as _, SecretString};
use simulator::{Zendesk, sample};

use super::ada;
use super::clock::VirtualClock;
use super::secrets::KeptSecrets;
use super::wire::InProcess;
use crate::consent;

/// Ada's sign-in by the browser on `zendesk`, all the way, in process.
///
/// # Panics
/// Something on the way failed.
pub async fn allowed(zendesk: &Zendesk) -> KeptSecrets {
    let secrets = KeptSecrets::default();
    let signed_in = sign_in(zendesk, &secrets, Ok(())).await;
    assert_eq!(signed_in.unwrap().agent, ada().agent);
    secrets.count_anew();
    secrets
}

/// The same into a keyring that may hold something, for an engine that takes the account or not.
///
/// # Errors
/// What the agent is told.
///
/// # Panics
/// The agent could not allow it.
pub async fn sign_in(
    zendesk: &Zendesk,
    secrets: &KeptSecrets,
    added: Result<(), Failure>,
) -> Result<Account, Failure> {
    let desks = HelpDesks(InProcess::to(zendesk));
    let clock = VirtualClock::of({
        let zendesk = zendesk.clone();
        move || zendesk.now()
    });
    let page = Arc::new(Mutex::new(String::new()));
    let redirect = AtOnce {
        zendesk: zendesk.clone(),
        page: page.clone(),
    };
    let form = BrowserForm {
        helpdesk: HelpDeskName::Zendesk,
        address: ada().url,
        client_id: sample::CLIENT_ID.to_owned(),
    };
    let show = |address: &str| {
        address.clone_into(&mut page.lock().unwrap());
        Ok(())
    };
    let form = engine::allowed(form, &desks, &clock, Box::new(redirect), show).await;
    let (handle, mut asks) = Handle::pair(View::default());
    tokio::spawn(async move {
        while let Some(ask) = asks.asks.recv().await {
            drop(ask.outcome.send(added.clone()));
        }
    });
    let signed_in = engine::sign_in(form.unwrap(), &desks, secrets, &handle).await;
    signed_in.map(|(account, _)| account)
}

/// A browser whose agent allows at once.
struct AtOnce {
    zendesk: Zendesk,
    page: Arc<Mutex<String>>,
}

impl Redirect for AtOnce {
    fn address(&self) -> String {
        "http://127.0.0.1:47824/callback".to_owned()
    }

    fn code(
        self: Box<Self>,
        state: &SecretString,
        _: Duration,
    ) -> Pending<'_, Result<SecretString, NoCode>> {
        Box::pin(async move {
            let page = self.page.lock().unwrap().clone();
            let back = consent::press(&self.zendesk, &page, "allow").await;
            assert!(back.contains(&format!("state={}", state.expose_secret())));
            let code = back
                .split("code=")
                .nth(1)
                .and_then(|rest| rest.split('&').next());
            Ok(code.unwrap().into())
        })
    }
}
