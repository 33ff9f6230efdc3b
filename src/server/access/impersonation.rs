//! Impersonation: the user that a request is made as, after kube-apiserver's `WithConstrainedImpersonation`.

use http::{HeaderMap, request::Parts};

use crate::{
    access::{
        identity::{ANONYMOUS, AUTHENTICATED, Identity, UNAUTHENTICATED, unauthorized},
        rules::{self, Attributes, Target},
    },
    http::query::unescape,
};
use go::quote::quote;
use secret::{status::Status, validate::names};

/// Returns the user that a request is made as: the one it comes from, or the one that its headers name.
///
/// # Errors
/// 401 if the request has no user. 403 if its user may not impersonate. 400 for groups, a UID or extras without a user
/// name, and for headers that are not UTF-8.
///
/// Invariant: a malformed impersonation header fails the request. Ignoring it would run the request with the rights of
/// the caller.
pub fn user(parts: &Parts) -> Result<Identity, Status> {
    let from = parts.extensions.get::<Identity>().ok_or_else(unauthorized)?;
    let Some(wanted) = impersonated(&parts.headers)? else { return Ok(from.clone()) };
    if from.is_admin() {
        return Ok(wanted);
    }
    let verb = "impersonate".to_owned();
    let target = match service_account(&wanted.user) {
        Some((namespace, name)) => Target {
            verb,
            resource: "serviceaccounts".into(),
            namespace: namespace.into(),
            name: name.into(),
            ..Target::default()
        },
        None => Target { verb, resource: "users".into(), name: wanted.user.clone(), ..Target::default() },
    };
    Err(rules::forbidden(from, &Attributes::Resource(target)))
}

/// Returns the user that the headers name, with the groups that go with the name (`processImpersonationHeaders` and
/// `impersonationModeState.check`), or `None` if they name none.
fn impersonated(headers: &HeaderMap) -> Result<Option<Identity>, Status> {
    let mut wanted = Identity {
        user: texts(headers, "impersonate-user")?.into_iter().next().unwrap_or_default(),
        uid: texts(headers, "impersonate-uid")?.into_iter().next().unwrap_or_default(),
        groups: texts(headers, "impersonate-group")?,
        extra: extra(headers)?,
    };
    if wanted.user.is_empty() {
        if wanted.groups.is_empty() && wanted.uid.is_empty() && wanted.extra.is_empty() {
            return Ok(None);
        }
        let text = format!("requested {} without impersonating a user name", in_go(&wanted));
        return Err(Status::bad_request(text));
    }
    if wanted.groups.is_empty()
        && let Some((namespace, _)) = service_account(&wanted.user)
    {
        wanted.groups = vec!["system:serviceaccounts".into(), format!("system:serviceaccounts:{namespace}")];
    }
    let everybodys = if wanted.user == ANONYMOUS { UNAUTHENTICATED } else { AUTHENTICATED };
    if !wanted.is_in(everybodys) && !wanted.is_in(UNAUTHENTICATED) {
        wanted.groups.push(everybodys.into());
    }
    Ok(Some(wanted))
}

/// Returns the values of a header.
fn texts(headers: &HeaderMap, name: &str) -> Result<Vec<String>, Status> {
    let text = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec())
            .map_err(|_| Status::bad_request(format!("the value of the header {name} is not valid UTF-8")))
    };
    headers.get_all(name).iter().map(|value| text(value.as_bytes())).collect()
}

/// Reads `Impersonate-Extra-…`. A name that is not valid percent-encoding is taken as it is.
fn extra(headers: &HeaderMap) -> Result<Vec<(String, Vec<String>)>, Status> {
    let mut extra: Vec<(String, Vec<String>)> = Vec::new();
    for header in headers.keys() {
        let Some(key) = header.as_str().strip_prefix("impersonate-extra-") else { continue };
        let key = unescape(key, false).unwrap_or_else(|| key.to_owned());
        let values = texts(headers, header.as_str())?;
        match extra.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => known.extend(values),
            None => extra.push((key, values)),
        }
    }
    extra.sort();
    Ok(extra)
}

/// Returns the namespace and name of `system:serviceaccount:NAMESPACE:NAME` (`serviceaccount.SplitUsername`).
fn service_account(user: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user.strip_prefix("system:serviceaccount:")?.split_once(':')?;
    (names::label(namespace).is_empty() && names::subdomain(name).is_empty()).then_some((namespace, name))
}

/// Formats a user as Go's `%#v` formats a `user.DefaultInfo`.
fn in_go(identity: &Identity) -> String {
    let list = |texts: &[String]| {
        let quoted = texts.iter().map(|t| quote(t)).collect::<Vec<_>>();
        format!("[]string{{{}}}", quoted.join(", "))
    };
    let groups = if identity.groups.is_empty() { "[]string(nil)".to_owned() } else { list(&identity.groups) };
    let extra = if identity.extra.is_empty() {
        "map[string][]string(nil)".to_owned()
    } else {
        let members = identity.extra.iter().map(|(name, values)| format!("{}:{}", quote(name), list(values)));
        format!("map[string][]string{{{}}}", members.collect::<Vec<_>>().join(", "))
    };
    let (user, uid) = (quote(&identity.user), quote(&identity.uid));
    format!("&user.DefaultInfo{{Name:{user}, UID:{uid}, Groups:{groups}, Extra:{extra}}}")
}
