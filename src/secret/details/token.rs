//! Tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::{Expiry, Token};

/// Reads a JSON web token (RFC 7519), whose claims anyone can read that sees it. `None` if it is none.
pub fn of_jwt(key: &str, value: &[u8]) -> Option<Token> {
    let payload = value.split(|byte| *byte == b'.').nth(1)?;
    let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    let claims: Json = serde_json::from_slice(&payload).ok()?;
    let subject = claims["sub"].as_str().map(str::to_owned);
    Some(Token { key: key.to_owned(), subject, expires: claims["exp"].as_i64().map(Expiry::At) })
}

/// Reads the end of a bootstrap token.
pub(super) fn of_text(key: &str, value: &[u8]) -> Option<Token> {
    let text = std::str::from_utf8(value).ok()?.to_owned();
    Some(Token { key: key.to_owned(), subject: None, expires: Some(Expiry::Text(text)) })
}
