//! The browser sign-in: <https://developer.zendesk.com/documentation/api-basics/authentication/oauth-pkce>.

use std::pin::Pin;
use std::time::Duration;

use domain::{DeskError, error_word};
use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderValue, Request, Response, StatusCode};
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::answer::Answer;
use crate::{BaseUrl, Transport};

/// No narrower scope covers agent statuses or Talk.
const SCOPES: [&str; 2] = ["read", "write"];
/// Two days, the longest life of an access token; a shorter grant is normal.
const ACCESS_LIFETIME_S: &str = "172800";
/// Ninety days, the longest life of a refresh token.
const REFRESH_LIFETIME_S: &str = "7776000";

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A sign-in that waits for the agent to allow it in the browser.
#[derive(Debug)]
pub struct Authorization {
    client: Client,
    host: String,
    address: String,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

/// What the agent allowed.
#[derive(Debug)]
pub struct Granted {
    /// Signs requests.
    pub access: SecretString,
    /// Brings the next pair, once.
    pub refresh: Option<SecretString>,
    /// How long the access token lives.
    pub lifetime: Option<Duration>,
}

/// Why nothing was granted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GrantError {
    /// The code or the refresh token is too old, was used before, or was revoked (`invalid_grant`).
    #[error("the grant is over")]
    Over,
    /// No OAuth client has this identifier (`invalid_client`).
    #[error("there is no such OAuth client")]
    NoSuchClient,
    /// The OAuth client may not ask for these scopes (`invalid_scope`).
    #[error("the OAuth client may not ask for the scopes read and write")]
    Scope,
    /// Refused for another reason, in the authorization server's word.
    #[error("refused: {error}")]
    Refused {
        /// The word, free of secrets.
        error: String,
    },
    /// The tokens cannot be renewed.
    #[error("the answer has no refresh token")]
    NoRefreshToken,
    /// What the answer or the network means.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl Authorization {
    /// Prepares a sign-in that ends at `redirect`; nothing is sent.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] where the addresses cannot be put together.
    pub fn begin(base: &BaseUrl, client_id: &str, redirect: &str) -> Result<Self, DeskError> {
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| DeskError::NotFound)?;
        let client = client(base, client_id).set_redirect_uri(redirect);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state) = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Self {
            client,
            host: base.host().to_owned(),
            address: address.into(),
            state,
            verifier,
        })
    }

    /// The page where the agent allows it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What the answer to this very request carries, and no other.
    pub fn state(&self) -> SecretString {
        self.state.secret().as_str().into()
    }

    /// Redeems the code that the browser brought.
    ///
    /// # Errors
    /// Why nothing was granted.
    pub async fn redeem<T: Transport + Clone>(
        self,
        code: &SecretString,
        transport: &T,
    ) -> Result<Granted, GrantError> {
        let send = sender(&self.host, transport);
        let answer = self
            .client
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .set_pkce_verifier(self.verifier)
            .add_extra_param("expires_in", ACCESS_LIFETIME_S)
            .add_extra_param("refresh_token_expires_in", REFRESH_LIFETIME_S)
            .request_async(&send)
            .await;
        let granted = granted(answer)?;
        if granted.refresh.is_none() {
            return Err(GrantError::NoRefreshToken);
        }
        Ok(granted)
    }
}

/// Exchanges a refresh token for the next pair; the pair before is gone then.
///
/// # Errors
/// Why nothing was granted; after [`GrantError::Over`] only signing in helps.
pub async fn renew<T: Transport + Clone>(
    base: &BaseUrl,
    client_id: &str,
    refresh: &SecretString,
    transport: &T,
) -> Result<Granted, GrantError> {
    let send = sender(base.host(), transport);
    let answer = client(base, client_id)
        .exchange_refresh_token(&RefreshToken::new(refresh.expose_secret().to_owned()))
        .add_extra_param("expires_in", ACCESS_LIFETIME_S)
        .add_extra_param("refresh_token_expires_in", REFRESH_LIFETIME_S)
        .request_async(&send)
        .await;
    granted(answer)
}

fn client(base: &BaseUrl, client_id: &str) -> Client {
    let at = |path: &[&str]| base.at(path, &[]);
    BasicClient::new(ClientId::new(client_id.to_owned()))
        // A public client has no secret: its identifier goes into the body.
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::from_url(at(&["oauth", "authorizations", "new"])))
        .set_token_uri(TokenUrl::from_url(at(&["oauth", "tokens"])))
}

/// A request under way, in the one form that the OAuth library takes across threads.
type Sending = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, DeskError>> + Send>>;

fn sender<T: Transport + Clone>(
    host: &str,
    transport: &T,
) -> impl Fn(Request<Vec<u8>>) -> Sending + use<T> {
    let (host, transport) = (host.to_owned(), transport.clone());
    move |request| {
        let (host, transport) = (host.clone(), transport.clone());
        Box::pin(async move { send(request, &host, &transport).await })
    }
}

/// Carries a request of the OAuth library, which takes no other success than 200: Zendesk's is 201.
async fn send<T: Transport>(
    mut request: Request<Vec<u8>>,
    host: &str,
    transport: &T,
) -> Result<Response<Vec<u8>>, DeskError> {
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT));
    let mut response = transport.send(request).await?;
    match response.status().as_u16() {
        200..=299 => {
            *response.status_mut() = StatusCode::OK;
            Ok(response)
        }
        // The authorization server says why, and the library reads it.
        400 | 401 if is_json(&response) => Ok(response),
        _ => Err(match Answer::new(response, host).accepted() {
            Err(error) => error,
            Ok(_) => DeskError::NotFound,
        }),
    }
}

fn is_json(response: &Response<Vec<u8>>) -> bool {
    response.body().trim_ascii_start().starts_with(b"{")
}

type Failed = RequestTokenError<DeskError, oauth2::StandardErrorResponse<BasicErrorResponseType>>;

fn granted(answer: Result<BasicTokenResponse, Failed>) -> Result<Granted, GrantError> {
    let answer = answer.map_err(|failed| match failed {
        RequestTokenError::ServerResponse(refusal) => match refusal.error() {
            BasicErrorResponseType::InvalidGrant => GrantError::Over,
            BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => {
                GrantError::NoSuchClient
            }
            BasicErrorResponseType::InvalidScope => GrantError::Scope,
            other => GrantError::Refused {
                error: error_word(other.as_ref()),
            },
        },
        RequestTokenError::Request(error) => GrantError::Desk(error),
        // Neither is repeated: what was read may be a token.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            GrantError::Desk(DeskError::Unintelligible {
                detail: "no answer of an authorization server".to_owned(),
            })
        }
    })?;
    Ok(Granted {
        access: answer.access_token().secret().as_str().into(),
        refresh: answer
            .refresh_token()
            .map(|token| token.secret().as_str().into()),
        lifetime: answer.expires_in(),
    })
}
