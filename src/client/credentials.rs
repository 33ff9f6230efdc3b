//! Which credentials a user has, and which ones a client holds.
//!
//! Invariant: the client never repeats a credential, although a server, a proxy or a plugin may return one in an error,
//! a warning or a header.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use zeroize::Zeroizing;

use super::{
    config::{Config, read_file},
    kubeconfig::User,
};
use crate::failure::{Failure, Result};
use environment::Env;
use go::quote::quote_bytes;
use secret::redact::Known;

/// Adds the tokens and passwords of a configuration. Those from files and plugins are added by [`of_headers`], once
/// they are in a header.
pub(crate) fn of_config(config: &Config, known: &mut Known) {
    known.value(config.user.token.as_bytes());
    known.value(config.user.password.as_bytes());
    for field in ["id-token", "refresh-token", "client-secret"] {
        let provider = config.user.auth_provider.as_ref();
        if let Some(secret) = provider.and_then(|provider| provider.config.get(field)) {
            known.value(secret.as_bytes());
        }
    }
    if let Some((_, password)) = config.proxy.as_ref().and_then(|proxy| proxy.credentials.as_ref()) {
        known.value(password.as_bytes());
    }
}

/// Adds the credentials in the headers of requests.
pub(crate) fn of_headers(headers: &HeaderMap, known: &mut Known) {
    for name in [header::AUTHORIZATION, header::PROXY_AUTHORIZATION] {
        let Some(value) = headers.get(name).and_then(|value| value.to_str().ok()) else { continue };
        let (scheme, credential) = value.split_once(' ').unwrap_or(("", value));
        known.value(credential.as_bytes());
        if scheme == "Basic"
            && let Ok(pair) = STANDARD.decode(credential).map(Zeroizing::new)
            && let Some(colon) = pair.iter().position(|byte| *byte == b':')
        {
            known.value(pair.get(colon + 1..).unwrap_or_default());
        }
    }
}

impl User {
    /// Returns `true` if there is any credential.
    pub(crate) fn has_credentials(&self) -> bool {
        let texts = [&self.token, &self.username, &self.password, &self.client_certificate_data];
        let files = [&self.token_file, &self.client_certificate];
        texts.into_iter().any(|text| !text.is_empty())
            || files.into_iter().any(|file| !file.is_empty())
            || self.exec.is_some()
            || self.auth_provider.is_some()
    }

    /// Removes all credentials, but not the user to impersonate.
    pub(crate) fn forget_credentials(&mut self) {
        *self = Self {
            as_user: std::mem::take(&mut self.as_user),
            as_uid: std::mem::take(&mut self.as_uid),
            as_groups: std::mem::take(&mut self.as_groups),
            as_user_extra: std::mem::take(&mut self.as_user_extra),
            ..Self::default()
        };
    }

    /// Returns the bearer token. As in client-go, `BearerTokenFile` takes precedence, since it may be newer; the token
    /// beside it is used while the file is empty or unreadable.
    ///
    /// # Errors
    /// kubectl's line about the file, if there is no other token.
    pub(crate) fn bearer_token(&self, env: &Env) -> Result<Option<Zeroizing<String>>> {
        let own = || (!self.token.is_empty()).then(|| Zeroizing::new(self.token.clone()));
        if self.token_file.is_empty() {
            return Ok(own());
        }
        self.file_token(env).map(Some).or_else(|error| own().map(Some).ok_or(error))
    }

    fn file_token(&self, env: &Env) -> Result<Zeroizing<String>> {
        let bytes = Zeroizing::new(read_file(env, &self.token_file)?);
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            Failure::local(format_args!(
                "token file {} is not text",
                quote_bytes(self.token_file.as_encoded_bytes(), false)
            ))
        })?;
        match text.trim() {
            "" => Err(Failure::local(format_args!(
                "read empty token from file {}",
                quote_bytes(self.token_file.as_encoded_bytes(), false)
            ))),
            token => Ok(Zeroizing::new(token.to_owned())),
        }
    }
}
