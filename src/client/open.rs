//! The first call: obtains credentials, and prepares connections with them.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{
    config::Config,
    exec,
    failure::Failure,
    kubeconfig::User,
    oidc,
    tls::{self, Identity},
    transport,
};
use go::quote::quote;

/// The result of the first call.
pub(crate) struct Ready {
    pub kube: kube::Client,
    /// The headers with the credentials.
    pub headers: HeaderMap,
}

/// Creates the Service for a configuration. Credentials come first, then what TLS needs.
pub(crate) async fn open(config: &Config) -> Result<Ready, Failure> {
    let mut identity = Identity::of(config)?;
    let mut headers = impersonation(&config.user)?;
    let token = config.user.bearer_token(&config.env)?;
    if let Some(token) = &token {
        headers.insert(header::AUTHORIZATION, bearer(token)?);
    } else if !config.user.username.is_empty() || !config.user.password.is_empty() {
        let basic = super::basic(&config.user.username, &config.user.password);
        headers.insert(header::AUTHORIZATION, basic.ok_or_else(|| Failure::other("bad characters in a password"))?);
    } else if let Some(plugin) = config.user.exec.as_ref().filter(|_| identity.is_none()) {
        // A client certificate is a credential that needs no plugin: client-go's `UpdateTransportConfig`.
        if !config.runs_plugins {
            return Err(Failure::other("an exec plugin is needed"));
        }
        let authority = tls::authority_pem(config)?;
        let given = exec::run(plugin, config, authority.as_deref()).await?;
        if let Some(token) = given.token {
            headers.insert(header::AUTHORIZATION, bearer(&token)?);
        }
        identity = given.identity;
    } else if let Some(provider) = &config.user.auth_provider {
        headers.insert(header::AUTHORIZATION, bearer(&oidc::token(provider, &config.env, config.renews).await?)?);
    }
    if let Some(proxy) = config.proxy.as_ref().filter(|_| config.server.scheme_str() == Some("http"))
        && let Some(authorization) = proxy.authorization()
    {
        headers.insert(header::PROXY_AUTHORIZATION, authorization);
    }
    let tls = if config.needs_tls() { Some(tls::client_config(config, identity)?) } else { None };
    let service = transport::service(config, tls)?;
    Ok(Ready { kube: kube::Client::new(service, config.namespace.as_str()), headers })
}

fn bearer(token: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| Failure::other("the token has characters that no token can have"))?;
    value.set_sensitive(true);
    Ok(value)
}

pub(crate) fn impersonation(user: &User) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    let mut add = |name: HeaderName, value: &str| {
        let value = HeaderValue::from_str(value)
            .map_err(|_| Failure::other(format!("bad characters in what --as says: {}", quote(value))))?;
        headers.append(name, value);
        Ok::<(), Failure>(())
    };
    if user.as_user.is_empty() {
        // Why not ignored: the request would run as the caller.
        let is_alone = user.as_uid.is_empty() && user.as_groups.is_empty() && user.as_user_extra.is_empty();
        return match is_alone {
            true => Ok(headers),
            false => Err(Failure::local("requesting uid, groups or user-extra without impersonating a user")),
        };
    }
    add(HeaderName::from_static("impersonate-user"), &user.as_user)?;
    if !user.as_uid.is_empty() {
        add(HeaderName::from_static("impersonate-uid"), &user.as_uid)?;
    }
    for group in &user.as_groups {
        add(HeaderName::from_static("impersonate-group"), group)?;
    }
    for (key, values) in &user.as_user_extra {
        let mut name = String::from("impersonate-extra-");
        for byte in key.to_ascii_lowercase().bytes() {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => name.push(char::from(byte)),
                _ => name.push_str(&format!("%{byte:02X}")),
            }
        }
        let name = HeaderName::try_from(name)
            .map_err(|_| Failure::other(format!("bad key in as-user-extra: {}", quote(key))))?;
        for value in values {
            add(name.clone(), value)?;
        }
    }
    Ok(headers)
}
