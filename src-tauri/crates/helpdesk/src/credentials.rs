//! What signs a request.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{DeskError, SignIn};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// An agent's credentials; they can be neither printed nor serialized.
#[derive(Clone)]
pub enum Credentials {
    /// An OAuth access token.
    AccessToken(SecretString),
    /// An API token, which acts as the agent whose e-mail address goes with it.
    ApiToken {
        /// The agent's e-mail address.
        email: String,
        /// The API token.
        token: SecretString,
    },
    /// A key and its secret.
    ApiKey {
        /// The key.
        key: String,
        /// Its secret.
        secret: SecretString,
    },
}

impl Credentials {
    /// Puts together how an account signs its requests and the secret that the keyring holds for it.
    pub fn new(sign_in: &SignIn, secret: SecretString) -> Self {
        match sign_in {
            SignIn::AccessToken | SignIn::OAuth { .. } => Self::AccessToken(secret),
            SignIn::ApiToken { email } => Self::ApiToken {
                email: email.clone(),
                token: secret,
            },
            SignIn::ApiKey { key } => Self::ApiKey {
                key: key.clone(),
                secret,
            },
        }
    }

    /// How requests are signed, without the secret.
    pub fn sign_in(&self) -> SignIn {
        match self {
            Self::AccessToken(_) => SignIn::AccessToken,
            Self::ApiToken { email, .. } => SignIn::ApiToken {
                email: email.clone(),
            },
            Self::ApiKey { key, .. } => SignIn::ApiKey { key: key.clone() },
        }
    }

    /// The secret, as the keyring is to hold it.
    pub fn secret(&self) -> &SecretString {
        match self {
            Self::AccessToken(secret)
            | Self::ApiToken { token: secret, .. }
            | Self::ApiKey { secret, .. } => secret,
        }
    }

    /// The `Authorization` header, marked so that no `Debug` of a request shows it.
    ///
    /// Zendesk's forms: <https://developer.zendesk.com/api-reference/introduction/security-and-auth/>. Libredesk's:
    /// <https://docs.libredesk.io/getting-started/api-getting-started>; it knows `Basic` in this spelling alone, and
    /// takes a pair without a key or a secret for no credentials at all.
    ///
    /// # Errors
    /// A secret with control characters can be in no header, so no help desk has ever given it out.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, DeskError> {
        let value = match self {
            // A pasted token often brings a line break along.
            Self::AccessToken(token) => format!("Bearer {}", token.expose_secret().trim()),
            Self::ApiToken { email, token } => {
                let pair = format!("{}/token:{}", email.trim(), token.expose_secret().trim());
                format!("Basic {}", STANDARD.encode(pair))
            }
            Self::ApiKey { key, secret } => {
                let (key, secret) = (key.trim(), secret.expose_secret().trim());
                if key.is_empty() || key.contains(':') || secret.is_empty() {
                    return Err(DeskError::Unauthorized);
                }
                format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")))
            }
        };
        let mut header = HeaderValue::try_from(value).map_err(|_| DeskError::Unauthorized)?;
        header.set_sensitive(true);
        Ok(header)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccessToken(_) => f.write_str("AccessToken(..)"),
            Self::ApiToken { .. } => f.write_str("ApiToken(..)"),
            Self::ApiKey { .. } => f.write_str("ApiKey(..)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(credentials: &Credentials) -> String {
        credentials
            .authorization()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn each_kind_is_sent_in_its_own_scheme() {
        let pasted = Credentials::AccessToken(" s3cret-token\n".into());
        assert_eq!(header(&pasted), "Bearer s3cret-token");
        let api = Credentials::ApiToken {
            email: "kim@example.com".into(),
            token: "s3cret".into(),
        };
        let pair = STANDARD.encode("kim@example.com/token:s3cret");
        assert_eq!(header(&api), format!("Basic {pair}"));
    }

    #[test]
    fn a_key_goes_with_its_secret_or_not_at_all() {
        let pair = |key: &str, secret: &str| Credentials::ApiKey {
            key: key.into(),
            secret: secret.into(),
        };
        let sent = header(&pair(" k3y ", "s3cret\n"));
        assert_eq!(sent, format!("Basic {}", STANDARD.encode("k3y:s3cret")));
        for half in [pair("", "s3cret"), pair("k3y", " "), pair("k:y", "s3cret")] {
            assert_eq!(half.authorization(), Err(DeskError::Unauthorized));
        }
        assert!(!format!("{:?}", pair("k3y", "s3cret")).contains("k3y"));
    }

    #[test]
    fn a_token_that_fits_in_no_header_is_refused_before_it_is_sent() {
        let broken = Credentials::AccessToken("two\nlines".into());
        assert_eq!(broken.authorization(), Err(DeskError::Unauthorized));
    }

    #[test]
    fn no_debug_text_shows_the_secret() {
        let credentials = Credentials::AccessToken("s3cret-token".into());
        let text = format!("{credentials:?} {:?}", credentials.authorization());
        assert!(!text.contains("s3cret"), "{text}");
        let api = Credentials::ApiToken {
            email: "kim@example.com".into(),
            token: "s3cret".into(),
        };
        let text = format!("{api:?} {:?}", api.authorization());
        assert!(!text.contains("s3cret") && !text.contains("kim"), "{text}");
    }
}
