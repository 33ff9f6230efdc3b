//! Talks to the issuer of an id-token: OpenID Connect discovery, and the refresh of OAuth 2.0 (RFC 6749, section 6), as
//! client-go's `auth/oidc` and Go's `oauth2` do. Invariant: no answer is repeated in an error, since it may contain
//! tokens.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{Call, Client, failure::Failure, path, site};
use environment::Env;
use go::quote::quote;

/// The largest answer of an issuer that is read, in bytes.
const MOST: usize = 1 << 20;

/// The tokens that an issuer returned.
pub(super) struct Tokens {
    pub id_token: Zeroizing<String>,
    /// The next refresh token, if it differs from the one that was sent.
    pub refresh_token: Option<Zeroizing<String>>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    token_endpoint: String,
}

#[derive(Deserialize)]
struct Granted {
    #[serde(default)]
    id_token: Option<String>,
    #[serde(default)]
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

/// How the client authenticates to the issuer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// In a header of basic authentication.
    Header,
    /// In the body.
    Body,
}

/// Requests a new id-token from the issuer in `fields`.
///
/// # Errors
/// client-go's words, without what the issuer answered.
pub(super) async fn refresh(fields: &BTreeMap<String, String>, env: &Env) -> Result<Tokens, Failure> {
    let issuer = Issuer { fields, env };
    let endpoint = issuer.token_endpoint().await?;
    // Go's oauth2 finds out in this order what an issuer accepts. Without a client secret there is nothing for a
    // header.
    let styles: &[Style] =
        if issuer.field("client-secret").is_empty() { &[Style::Body] } else { &[Style::Header, Style::Body] };
    let mut refused = None;
    for style in styles {
        let (status, body) = issuer.post(&endpoint, *style).await?;
        if status.is_success() {
            return issuer.tokens(&body);
        }
        let is_final = !status.is_client_error();
        refused = Some((status, body));
        if is_final {
            break;
        }
    }
    let why = refused.map(|(status, body)| why(status, &body)).unwrap_or_default();
    Err(Failure::connection(format!("failed to refresh token: oauth2: {why}")))
}

/// Returns the error code of a refusal, without its description, which may repeat what was sent.
fn why(status: StatusCode, body: &[u8]) -> String {
    let named = |error: &String| {
        let is_code = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        (1..=40).contains(&error.len()) && error.bytes().all(is_code)
    };
    match serde_json::from_slice::<Refused>(body).ok().map(|refused| refused.error).filter(named) {
        Some(error) => quote(&error),
        None => format!("the issuer answered {status}"),
    }
}

struct Issuer<'a> {
    fields: &'a BTreeMap<String, String>,
    env: &'a Env,
}

impl Issuer<'_> {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Returns the URL for tokens (client-go's `tokenEndpoint`).
    async fn token_endpoint(&self) -> Result<String, Failure> {
        let issuer = self.field("idp-issuer-url");
        let url = format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer));
        let (status, body) = self.ask(&url, Style::Body, Call::get).await?;
        if status != StatusCode::OK {
            return Err(Failure::connection(format!("oidc: failed to query metadata endpoint {status}")));
        }
        let metadata: Metadata = serde_json::from_slice(&body)
            .map_err(|_| Failure::connection("oidc: failed to decode provider discovery object"))?;
        match metadata.token_endpoint {
            url if url.is_empty() => {
                Err(Failure::connection("oidc: discovery object doesn't contain a token_endpoint"))
            }
            url => Ok(url),
        }
    }

    async fn post(&self, endpoint: &str, style: Style) -> Result<(StatusCode, Bytes), Failure> {
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", self.field("refresh-token"))];
        if style == Style::Body {
            form.push(("client_id", self.field("client-id")));
            form.push(("client_secret", self.field("client-secret")));
        }
        form.retain(|(_, value)| !value.is_empty());
        let body = encode(&form);
        self.ask(endpoint, style, |path| {
            Call::new(Method::POST, path).body("application/x-www-form-urlencoded", body.as_bytes())
        })
        .await
    }

    async fn ask(
        &self,
        url: &str,
        style: Style,
        call: impl Fn(crate::Path) -> Call,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let failed = |why: &str| {
            Failure::connection(format!("oidc: the issuer cannot be asked at {}: {why}", quote(&site::shown(url))))
        };
        // Why: the refresh token is sent there.
        if !url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")) {
            return Err(failed("it is not an https URL"));
        }
        let (mut config, path) = site::of(url, self.env).map_err(|error| failed(error.message()))?;
        config.cluster.certificate_authority = self.field("idp-certificate-authority").into();
        self.field("idp-certificate-authority-data").clone_into(&mut config.cluster.certificate_authority_data);
        if style == Style::Header {
            config.user.username = escape(self.field("client-id"));
            config.user.password = escape(self.field("client-secret"));
        }
        let answer = Client::remote(config).raw(call(path).accept("application/json, */*"), MOST).await;
        answer.map_err(|failure| failed(failure.message()))
    }

    fn tokens(&self, body: &[u8]) -> Result<Tokens, Failure> {
        let granted: Granted = serde_json::from_slice(body)
            .map_err(|_| Failure::connection("failed to refresh token: oauth2: the issuer's answer is not JSON"))?;
        let (id_token, refresh_token) =
            (granted.id_token.map(Zeroizing::new), granted.refresh_token.map(Zeroizing::new));
        let id_token = id_token.filter(|token| !token.is_empty()).ok_or_else(|| {
            Failure::connection(
                "token response did not contain an id_token, either the scope \"openid\" wasn't requested upon login, or \
                 the provider doesn't support id_tokens as part of the refresh response",
            )
        })?;
        let before = self.field("refresh-token");
        let refresh_token = refresh_token.filter(|token| !token.is_empty() && token.as_str() != before);
        Ok(Tokens { id_token, refresh_token })
    }
}

/// Encodes a form as `application/x-www-form-urlencoded`.
fn encode(form: &[(&str, &str)]) -> Zeroizing<String> {
    let pairs = form.iter().map(|(name, value)| Zeroizing::new(format!("{name}={}", escape(value))));
    Zeroizing::new(pairs.map(|pair| pair.to_string()).collect::<Vec<_>>().join("&"))
}

/// Escapes text as Go's `url.QueryEscape` does.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    path::push_query_part(&mut escaped, text);
    escaped
}
