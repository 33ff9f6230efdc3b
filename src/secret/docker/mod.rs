//! Registry credentials as `kubectl create secret docker-registry` encodes them: Go's JSON, with members in the order
//! of the Go types.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use super::{Object, Value, wipe};
use go::json_write::{self, push_string};

/// kubectl's default registry.
pub const DEFAULT_SERVER: &str = "https://index.docker.io/v1/";

/// The credentials for one registry.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The registry as it is in the file: a host, `host:port` or a URL.
    pub server: &'a str,
    /// The user.
    pub username: &'a str,
    /// The password.
    pub password: &'a str,
    /// An e-mail address, which old registries required; omitted if it is empty.
    pub email: &'a str,
}

impl Login<'_> {
    /// Returns the content of `.dockerconfigjson`: `{"auths":{SERVER:{…}}}`, without white space.
    pub fn config_json(&self) -> Value {
        write(&[Entry::of(self)], true)
    }

    /// Returns the content of `.dockercfg`, the older form: `{SERVER:{…}}`.
    pub fn config(&self) -> Value {
        write(&[Entry::of(self)], false)
    }
}

/// The fields of an entry, in the order of the Go type; kubelets read the first four.
const FIELDS: [&str; 6] = ["username", "password", "email", "auth", "identitytoken", "registrytoken"];

/// What a docker config has for one registry.
pub struct Entry {
    /// The registry as it is in the file.
    pub server: String,
    /// The values of [`FIELDS`]; empty ones are omitted.
    fields: [Zeroizing<String>; 6],
}

impl Entry {
    /// Returns the entry of a user and a password.
    pub fn of(login: &Login<'_>) -> Self {
        let plain = Zeroizing::new(format!("{}:{}", login.username, login.password));
        let auth = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
        let fields = [login.username, login.password, login.email, &auth, "", ""];
        Self { server: login.server.to_owned(), fields: fields.map(|text| text.to_owned().into()) }
    }

    /// Returns the entry of an identity token, which is exchanged for others at the registry.
    pub fn of_token(server: &str, token: &str) -> Self {
        let fields = ["", "", "", "", token, ""];
        Self { server: server.to_owned(), fields: fields.map(|text| text.to_owned().into()) }
    }

    /// Reads the entry of a docker config; returns `None` if it holds no credentials, as those in a helper's keeping.
    ///
    /// # Errors
    /// What is wrong with it, behind the name of the registry: `has a password that is no string`.
    pub fn read(server: &str, json: &Json) -> Result<Option<Self>, String> {
        let mut fields: [Zeroizing<String>; 6] = Default::default();
        for (name, field) in FIELDS.iter().zip(&mut fields) {
            match json.get(name) {
                None | Some(Json::Null) => {}
                Some(Json::String(text)) => text.clone_into(field),
                Some(_) => return Err(format!("has a field {name} that is no string")),
            }
        }
        let [username, password, _, auth, identity, registry] = &mut fields;
        if !auth.is_empty() {
            let decoded = STANDARD.decode(auth.as_bytes()).map(Zeroizing::new);
            if !decoded.is_ok_and(|text| text.contains(&b':') && std::str::from_utf8(&text).is_ok()) {
                return Err("has a field auth that is not USER:PASSWORD in base64".to_owned());
            }
        } else if !username.is_empty() && !password.is_empty() {
            let plain = Zeroizing::new(format!("{}:{}", **username, **password));
            *auth = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
        }
        let empty = [auth, identity, registry].iter().all(|field| field.is_empty());
        Ok((!empty).then(|| Self { server: server.to_owned(), fields }))
    }

    /// Returns whether a kubelet can pull with it: it knows users and passwords, and no tokens.
    pub fn has_password(&self) -> bool {
        let [_, _, _, auth, ..] = &self.fields;
        // Why: docker writes a user without a password beside a token.
        let text = Zeroizing::new(STANDARD.decode(auth.as_bytes()).unwrap_or_default());
        !text.is_empty() && !text.ends_with(b":")
    }
}

/// Returns the content of `.dockerconfigjson`, or, without `auths` around it, of `.dockercfg`.
pub fn write(entries: &[Entry], has_auths: bool) -> Value {
    // Why room for every escape: growing would leave an unwiped copy of a password behind.
    let size = |entry: &Entry| entry.server.len() + entry.fields.iter().map(|field| field.len()).sum::<usize>();
    let mut text = String::with_capacity(20 + entries.iter().map(|entry| 6 * size(entry) + 120).sum::<usize>());
    text.push_str(if has_auths { "{\"auths\":{" } else { "{" });
    for (index, Entry { server, fields }) in entries.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push_string(&mut text, server);
        text.push_str(":{");
        let mut first = true;
        for (name, value) in FIELDS.iter().zip(fields).filter(|(_, value)| !value.is_empty()) {
            if !std::mem::take(&mut first) {
                text.push(',');
            }
            push_string(&mut text, name);
            text.push(':');
            push_string(&mut text, value);
        }
        text.push('}');
    }
    text.push_str(if has_auths { "}}" } else { "}" });
    Value::new(text)
}

/// Returns the name by which two spellings of a server are known to be one: without scheme and final slashes.
fn spelling(server: &str) -> &str {
    let bare = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://")).unwrap_or(server);
    bare.trim_end_matches('/')
}

/// Puts the registries of `new` into `existing`, both a `.dockerconfigjson` (`has_auths`) or a `.dockercfg`. An entry for the
/// same server is replaced, also one that is spelled with another scheme; all else of `existing` stays, and all of it if
/// nothing changes.
///
/// # Errors
/// What is wrong with `existing`, behind its name.
pub fn merge(existing: &Value, new: &Value, has_auths: bool) -> Result<Value, &'static str> {
    let parse = |value: &Value| {
        serde_json::from_slice::<Json>(value.expose()).map(Object::new).map_err(|_| "is not valid JSON")
    };
    let before = parse(existing)?;
    let mut merged = before.clone();
    let mut added = parse(new)?;
    let servers = servers_mut(&mut merged, has_auths)?;
    for (server, entry) in std::mem::take(servers_mut(&mut added, has_auths)?) {
        let same = servers.keys().filter(|key| spelling(key) == spelling(&server)).cloned().collect::<Vec<_>>();
        for mut replaced in same.iter().filter_map(|key| servers.remove(key)) {
            wipe(&mut replaced);
        }
        servers.insert(server, entry);
    }
    if merged == before {
        return Ok(existing.clone());
    }
    let mut text = Vec::with_capacity(6 * (existing.len() + new.len()));
    json_write::write_compact(merged.json(), json_write::Order::Sorted, &mut text);
    Ok(Value::new(text))
}

/// Returns the map of registries; adds `auths` if there is none.
fn servers_mut(config: &mut Object, has_auths: bool) -> Result<&mut Map<String, Json>, &'static str> {
    let top = config.json_mut().as_object_mut().ok_or("is not a JSON object")?;
    if !has_auths {
        return Ok(top);
    }
    let auths = top.entry("auths").or_insert_with(|| Json::Object(Map::new()));
    if auths.is_null() {
        *auths = Json::Object(Map::new());
    }
    auths.as_object_mut().ok_or("has auths that are no object")
}

#[cfg(test)]
mod tests;
