//! `statusctl login` and `statusctl logout`.

use std::io::{self, BufRead, IsTerminal};

use domain::{Action, Agreed, Code, Failure, HelpDeskName, short};
use engine::{BrowserForm, Handle, HelpDesks, Proof, SignInForm, SystemClock, allowed, sign_in};
use helpdesk::Credentials;
use platform::{Keyring, Loopback, Profile, open_browser};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::arguments::{Libredesk, Zendesk};
use crate::ended::Ended;
use crate::output::{self, Output};
use crate::reach::Reached;
use crate::show::json;
use crate::{own, reach, wait};

/// No token is any longer.
const LONGEST_SECRET: usize = 64 * 1024;

/// Puts together what was typed and the secret from standard input.
///
/// # Errors
/// Standard input is a terminal or holds no secret.
pub(super) fn form(typed: &Zendesk) -> Result<SignInForm, Ended> {
    let secret = piped("token", "zendesk")?;
    let credentials = match &typed.email {
        Some(email) => Credentials::ApiToken {
            email: email.trim().to_owned(),
            token: secret,
        },
        None => Credentials::AccessToken(secret),
    };
    Ok(SignInForm {
        helpdesk: HelpDeskName::Zendesk,
        address: address(typed),
        proof: Proof::Typed(credentials),
        agreed: Agreed::default(),
    })
}

/// Puts together what was typed and the key's secret from standard input.
///
/// # Errors
/// Standard input is a terminal or holds no secret.
pub(super) fn libredesk(typed: &Libredesk) -> Result<SignInForm, Ended> {
    Ok(SignInForm {
        helpdesk: HelpDeskName::Libredesk,
        address: typed.url.clone(),
        proof: Proof::Typed(Credentials::ApiKey {
            key: typed.key.trim().to_owned(),
            secret: piped("secret", "libredesk")?,
        }),
        agreed: Agreed {
            unencrypted: typed.allow_http,
            keep_online: typed.keep_online,
            away_when_idle: false,
        },
    })
}

/// Reads the secret from standard input, which must not show it.
fn piped(what: &str, desk: &str) -> Result<SecretString, Ended> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(Ended::Usage(format!(
            "The {what} is read from standard input, and a terminal would show it. Pipe it, for example: \
             statusctl login {desk} ... < {what}.txt"
        )));
    }
    secret(stdin.lock())
}

fn address(typed: &Zendesk) -> String {
    let address = typed.url.as_ref().or(typed.subdomain.as_ref());
    address.map(ToString::to_string).unwrap_or_default()
}

/// Waits until the agent has allowed it in the browser.
///
/// # Errors
/// There is no browser, the agent does not allow it, or the help desk refuses.
pub(super) async fn by_browser(typed: &Zendesk, output: Output) -> Result<SignInForm, Ended> {
    let Some(client_id) = &typed.client_id else {
        return Err(Ended::Usage(
            "Signing in by the browser needs --client-id: the unique identifier of the OAuth client that your Zendesk \
             admin made for Statuslight. Ask for it, or pipe a token with --access-token-stdin."
                .to_owned(),
        ));
    };
    let form = BrowserForm {
        helpdesk: HelpDeskName::Zendesk,
        address: address(typed),
        client_id: client_id.clone(),
    };
    let desks = HelpDesks(own::https(&reach::profile()?)?);
    let loopback = Loopback::open().await?;
    let show = |page: &str| {
        if typed.no_browser {
            let text = format!(
                "Open this address in a browser on this computer within five minutes:\n{page}"
            );
            if output.json {
                output::note(&text);
            } else if let Err(ended) = output::line(&text) {
                tracing::debug!(?ended, "the address could not be printed");
            }
            return Ok(());
        }
        open_browser(page)?;
        output::note(
            "Your browser shows Zendesk\u{2019}s page. Allow Statuslight there within five minutes.",
        );
        Ok(())
    };
    Ok(allowed(form, &desks, &SystemClock, Box::new(loopback), show).await?)
}

/// Reads one line.
fn secret(from: impl BufRead) -> Result<SecretString, Ended> {
    // As large as it can get from the start: growing would leave copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_SECRET + 2));
    let read = from
        .take(LONGEST_SECRET as u64 + 1)
        .read_until(b'\n', &mut line);
    read.map_err(|error| Ended::Usage(format!("Standard input cannot be read ({error}).")))?;
    if line.len() > LONGEST_SECRET {
        return Err(Ended::Usage(
            "The token on standard input is longer than 64 KiB, which no token is.".to_owned(),
        ));
    }
    let text = std::str::from_utf8(&line)
        .map_err(|_| Ended::Usage("The token on standard input is no text.".to_owned()))?;
    if text.trim().is_empty() {
        return Err(Ended::Usage(
            "There is no token on standard input. Pipe the whole token, on one line.".to_owned(),
        ));
    }
    Ok(SecretString::from(text.trim()))
}

/// Checks the credentials, keeps the secret in the keyring, and adds the account.
///
/// # Errors
/// The credentials are refused, the help desk is not reached, or there is no keyring.
pub(super) async fn login(
    form: SignInForm,
    profile: &Profile,
    reached: &Reached,
    output: Output,
) -> Result<(), Ended> {
    if let Some(trouble) = reached.own.as_ref().and_then(|own| own.trouble.as_ref()) {
        output::note(&trouble.message);
    }
    let desks = HelpDesks(own::https(profile)?);
    let keyring = Keyring::new(profile);
    let (account, _) = sign_in(form, &desks, &keyring, &reached.handle)
        .await
        .map_err(without_keyring)?;
    if output.json {
        let view = reached.handle.view();
        let shown = view.borrow().account(&account.id).cloned();
        let shown = shown.ok_or_else(|| wait::gone(&account.id))?;
        return output::json(&json::SignedIn::from(&shown));
    }
    output::line(&format!(
        "Signed in to {} as {} (account {}).",
        account.url,
        short(&account.agent.name, 60),
        account.id
    ))
}

/// Gives back what the agent allowed in the browser for a sign-in that cannot go on.
///
/// # Errors
/// The system's TLS or proxy settings are of no use.
pub(super) async fn give_back(form: SignInForm) -> Result<(), Failure> {
    let desks = HelpDesks(own::https(&reach::profile()?)?);
    engine::give_back(form, &desks).await;
    Ok(())
}

/// Points to the window, which can keep a secret for as long as it runs.
fn without_keyring(failure: Failure) -> Failure {
    if failure.code != Code::NoSecretStore {
        return failure;
    }
    let cause = failure
        .message
        .split_once(", so ")
        .map_or("The keyring is of no use", |(cause, _)| cause);
    let text = format!(
        "{cause}, so the sign-in cannot be kept. Nothing was changed. Start or unlock a keyring, such as GNOME \
         Keyring or KWallet, and sign in again; or sign in in Statuslight\u{2019}s window, which can do without one until it ends."
    );
    Failure::new(Code::NoSecretStore, text)
}

/// Forgets an account and its secret.
///
/// # Errors
/// There is no such account, or the keyring does not forget its secret.
pub(super) async fn logout(name: &str, handle: &Handle, output: Output) -> Result<(), Ended> {
    let id = reach::account(handle, Some(name))?;
    let asked = handle.act(Action::RemoveAccount {
        account: id.clone(),
    });
    let known = handle.view().borrow().account(&id).cloned();
    let by_browser = known
        .as_ref()
        .is_some_and(|account| account.client_id.is_some());
    let desk = known.map_or("the help desk", |account| account.helpdesk.words());
    asked.await?;
    if output.json {
        return output::json(&json::SignedOut { account: &id });
    }
    let there = if by_browser {
        format!("It was ended in {desk} too.")
    } else {
        format!("The secret itself stays valid until it is revoked in {desk}.")
    };
    output::line(&format!(
        "Signed out of {id}; its secret is gone from this computer. {there}"
    ))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn read(input: &[u8]) -> Result<String, String> {
        match secret(input) {
            Ok(secret) => Ok(secret.expose_secret().to_owned()),
            Err(Ended::Usage(text)) => Err(text),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_secret_is_the_first_line_without_what_surrounds_it() {
        assert_eq!(read(b"s3cret\n").as_deref(), Ok("s3cret"));
        assert_eq!(read(b" s3cret \r\nand more").as_deref(), Ok("s3cret"));
        assert_eq!(read(b"s3cret").as_deref(), Ok("s3cret"));
    }

    #[test]
    fn what_is_no_secret_is_refused_without_showing_it() {
        for input in [&b""[..], b"\n", b"  \n", b"\xff\xfe\n"] {
            assert!(read(input).is_err());
        }
        let long = vec![b'x'; LONGEST_SECRET + 1];
        let text = read(&long).unwrap_err();
        assert!(!text.contains("xxx"), "{text}");
        assert!(read(&long[1..]).is_ok());
    }

    #[test]
    fn without_a_keyring_the_window_is_pointed_to() {
        let failure = Failure::new(
            Code::NoSecretStore,
            "The keyring is locked, so your sign-in cannot be read and your status is not known. Unlock it.",
        );
        let text = without_keyring(failure).message;
        assert!(
            text.starts_with("The keyring is locked, so the sign-in cannot be kept."),
            "{text}"
        );
        assert!(text.contains("window"), "{text}");
    }
}
