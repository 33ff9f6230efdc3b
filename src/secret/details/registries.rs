//! Docker configs.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use guard::Object;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::Registry;

/// Reads the registries of a `.dockerconfigjson` (where they stand below `auths`) or of a `.dockercfg`.
pub(super) fn of(value: &[u8], has_auths: bool) -> Vec<Registry> {
    let Ok(config) = serde_json::from_slice::<Json>(value).map(Object::new) else { return Vec::new() };
    let servers = if has_auths { &config.json()["auths"] } else { config.json() };
    let servers = servers.as_object().into_iter().flatten();
    servers.map(|(server, login)| Registry { server: server.clone(), user: user(login) }).collect()
}

/// Returns the user: by name, or what stands before the colon of `auth`.
fn user(login: &Json) -> Option<String> {
    if let Some(name) = login["username"].as_str().filter(|name| !name.is_empty()) {
        return Some(name.to_owned());
    }
    let auth = Zeroizing::new(STANDARD.decode(login["auth"].as_str()?).ok()?);
    let (name, _) = std::str::from_utf8(&auth).ok()?.split_once(':')?;
    Some(name.to_owned())
}
