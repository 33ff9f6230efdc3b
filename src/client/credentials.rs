//! Which credentials a client holds, so that nothing that it says repeats one: a server, a proxy or a plugin may send them
//! back in an error, a warning or a header.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use zeroize::Zeroizing;

use super::config::Config;
use crate::secret::redact::Known;

/// Adds the tokens and passwords of a configuration. Those of files and plugins are known from the headers that they
/// became.
pub(super) fn of_config(config: &Config, known: &mut Known) {
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

/// Adds what the headers of requests introduce us with.
pub(super) fn of_headers(headers: &HeaderMap, known: &mut Known) {
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
