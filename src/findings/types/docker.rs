//! Docker configs: logins to registries, as the kubelet reads them (`pkg/credentialprovider` of Kubernetes).

use ::base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use go::base64;
use secret::{Object, docker::DEFAULT_SERVER, types};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use crate::{Findings, Remedy, Secret, rules::*, strings};

/// Hosts of Docker Hub. The kubelet finds a login for its images under the first two of them alone.
const HUB: [&str; 7] = [
    "index.docker.io",
    "docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
    "hub.docker.com",
    "registry.docker.io",
    "www.docker.io",
];

pub(super) fn check(secret: &Secret<'_>, key: &str, findings: &mut Findings) {
    let Some(value) = secret.get(key) else { return };
    // What is no JSON object, the API server says.
    let Ok(config) = serde_json::from_slice::<Json>(value.expose()).map(Object::new) else { return };
    let config = config.json();
    if !config.is_object() {
        return;
    }
    let has_auths = key == types::DOCKERCONFIGJSON_KEY;
    let servers = if has_auths { &config["auths"] } else { config };
    let helpers = strings(&config["credHelpers"]).count() > 0 || config["credsStore"].as_str().is_some();
    if has_auths && helpers {
        let text = "names a credential helper, which the kubelet does not run: the login is not in it";
        findings.of_key(&KS226, key, Remedy::Docker, text);
    }
    if strings(servers).count() == 0 {
        let text = match (has_auths, config["auths"].is_object()) {
            (true, false) if strings(config).any(|(_, login)| login.is_object()) => {
                "has no auths, under which the registries stand"
            }
            (false, true) => "has its registries below auths, as .dockerconfigjson has them",
            _ => "has no registry",
        };
        return findings.of_key(&KS221, key, Remedy::Docker, text);
    }
    if !has_auths && config["auths"].is_object() {
        let text = "has its registries below auths, as .dockerconfigjson has them";
        return findings.of_key(&KS221, key, Remedy::Docker, text);
    }
    for (server, login) in strings(servers) {
        let server = &shown(server);
        check_server(key, server, findings);
        // A helper keeps what is missing here.
        if !(helpers && login.as_object().is_some_and(serde_json::Map::is_empty)) {
            check_login(key, server, login, findings);
        }
    }
}

/// Returns the name of a registry as findings show it. Invariant: what has no form of one is not shown, since it may be
/// anything; and neither is what stands before an `@`.
fn shown(server: &str) -> String {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'/' | b'-' | b'_');
    match server.len() <= 253 && !server.is_empty() && server.bytes().all(is_name) && server.contains(['.', ':']) {
        true => server.to_owned(),
        false => "a registry".to_owned(),
    }
}

fn check_server(key: &str, server: &str, findings: &mut Findings) {
    if server == DEFAULT_SERVER {
        return;
    }
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    // With another path it is a login for some of the images.
    let is_whole = matches!(path.trim_end_matches('/'), "" | "v1" | "v2");
    if is_whole && HUB.contains(&host.to_ascii_lowercase().as_str()) {
        let text = format!("{server} is Docker Hub, whose logins stand under {DEFAULT_SERVER}");
        findings.of_key(&KS224, key, Remedy::Docker, text);
    }
}

/// Decodes `auth` as the kubelet does (`decodeDockerConfigFieldAuth`): with padding or without.
fn decode(auth: &str) -> Option<Vec<u8>> {
    match auth.trim().ends_with('=') {
        true => base64::decode(auth.as_bytes()).ok(),
        false => STANDARD_NO_PAD.decode(auth.trim_end_matches(['\r', '\n'])).ok(),
    }
}

fn check_login(key: &str, server: &str, login: &Json, findings: &mut Findings) {
    let text = |field: &str| login[field].as_str().filter(|text| !text.is_empty());
    let (user, password, auth) = (text("username"), text("password"), text("auth"));
    let Some(auth) = auth else {
        // A token of an identity provider takes the place of both.
        if (user.is_none() || password.is_none()) && text("identitytoken").is_none() && text("registrytoken").is_none()
        {
            let missing = if user.is_none() { "user" } else { "password" };
            findings.of_key(&KS225, key, Remedy::Docker, format!("the login for {server} has no {missing}"));
        }
        return;
    };
    let decoded = decode(auth).map(Zeroizing::new);
    let pair = decoded.as_deref().and_then(|bytes| {
        let at = bytes.iter().position(|byte| *byte == b':')?;
        Some((bytes.get(..at)?, bytes.get(at + 1..)?))
    });
    let Some((own_user, own_password)) = pair else {
        let text = format!("auth of {server} is not the base64 of USER:PASSWORD");
        return findings.of_key(&KS222, key, Remedy::Docker, text);
    };
    let differs = |given: Option<&str>, own: &[u8]| given.is_some_and(|given| given.as_bytes() != own);
    for (what, differs) in [("username", differs(user, own_user)), ("password", differs(password, own_password))] {
        if differs {
            let text = format!("auth of {server} does not agree with the {what} beside it");
            findings.of_key(&KS223, key, Remedy::Docker, text);
        }
    }
    if own_password.ends_with(b"\n") {
        let text = format!("the password for {server} ends with a newline, which is part of it");
        findings.of_key(&KS301, key, Remedy::Docker, text);
    }
    if own_user.is_empty() || own_password.is_empty() {
        let missing = if own_user.is_empty() { "user" } else { "password" };
        findings.of_key(&KS225, key, Remedy::Docker, format!("the login for {server} has no {missing}"));
    }
}
