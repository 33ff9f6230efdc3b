//! Parses the text of a kubeconfig file as client-go does: the first YAML document, by the rules of go-yaml v2, not
//! strict. Of duplicate keys the last one counts, merge keys are followed, and what follows the document is ignored.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{
    file::{AuthProvider, Cluster, Context, EnvVar, Exec, Extension, File, Named, User},
    schema::{CONFIG, Problem, Unknown},
};
use go::quote::quote;
use yaml::read::Lines;

/// Parses one file, YAML or JSON. The error is a fragment of a message, without any value from the file.
pub(super) fn parse(text: &[u8]) -> Result<File, String> {
    let (mut json, lines) = document(text)?;
    let read = read(&json, &lines);
    secret::wipe(&mut json);
    read
}

/// Parses one file completely, in kubectl's form, with the fields that client-go does not know; also returns whether it
/// contains credentials. The error is as in [`parse`].
pub(super) fn whole(text: &[u8]) -> Result<(Json, bool), String> {
    let (mut json, lines) = document(text)?;
    match read(&json, &lines) {
        Ok(file) => {
            let json = finished(json, Unknown::Keep).map_err(|problem| words(problem, &lines))?;
            Ok((json, file.holds_secrets()))
        }
        Err(error) => {
            secret::wipe(&mut json);
            Err(error)
        }
    }
}

/// Returns a changed document in kubectl's form.
pub(super) fn canonical(json: Json) -> Result<Json, String> {
    finished(json, Unknown::Keep).map_err(|problem| words(problem, &Lines::default()))
}

/// Returns a kubeconfig in kubectl's form, with kind and version.
pub(super) fn finished(json: Json, unknown: Unknown) -> Result<Json, Problem> {
    let mut json = CONFIG.canonical(json, unknown)?;
    if let Some(map) = json.as_object_mut() {
        map.insert("kind".to_owned(), "Config".into());
        map.insert("apiVersion".to_owned(), "v1".into());
    }
    Ok(json)
}

fn document(text: &[u8]) -> Result<(Json, Lines), String> {
    yaml::read::lenient_with_lines(text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text))
}

fn read(json: &Json, lines: &Lines) -> Result<File, String> {
    // An empty document is an empty kubeconfig.
    if json.is_null() {
        return Ok(File::default());
    }
    let root = At { json: Some(json), parent: None, name: String::new() };
    let (file, kind, version) = file(&root).map_err(|path| wrong_type(&path, lines))?;
    let known = |value: &str, expected: &str| value.is_empty() || value == expected;
    if !known(&version, "v1") || !known(&kind, "Config") {
        return Err(format!("no kind {} is registered for version {}", quote(&kind), quote(&version)));
    }
    if let Some((name, list)) = file.duplicate() {
        return Err(format!("duplicate name {} in list of {list}", quote(name)));
    }
    Ok(file)
}

fn words(problem: Problem, lines: &Lines) -> String {
    place(&problem.path, lines, problem.why.as_deref().unwrap_or(WRONG_TYPE))
}

const WRONG_TYPE: &str = "wrong type";

fn wrong_type(path: &[String], lines: &Lines) -> String {
    place(path, lines, WRONG_TYPE)
}

/// Returns an error with the field and its line. Why not Go's text: it repeats the value, which may be a token.
fn place(path: &[String], lines: &Lines, why: &str) -> String {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let mut shown = String::new();
    for name in &names {
        match name.parse::<usize>() {
            Ok(index) => shown.push_str(&format!("[{index}]")),
            Err(_) => {
                let dot = if shown.is_empty() { "" } else { "." };
                shown.push_str(&format!("{dot}{name}"));
            }
        }
    }
    let colon = if shown.is_empty() { "" } else { ": " };
    format!("yaml: line {}: {shown}{colon}{why}", lines.line_or_first(&names))
}

/// A position in the document, which may have no value.
struct At<'a> {
    json: Option<&'a Json>,
    parent: Option<&'a At<'a>>,
    name: String,
}

/// The path of a value that has the wrong type.
type Wrong = Vec<String>;

impl At<'_> {
    /// Returns the field names on the path to this position.
    fn path(&self) -> Wrong {
        let mut path = self.parent.map(At::path).unwrap_or_default();
        if self.parent.is_some() {
            path.push(self.name.clone());
        }
        path
    }

    /// Returns the field of that name; `null` counts as a field that is not set, as in Go.
    fn field(&self, name: &str) -> Result<At<'_>, Wrong> {
        let json = match self.json {
            None => None,
            Some(Json::Object(map)) => map.get(name).filter(|json| !json.is_null()),
            Some(_) => return Err(self.path()),
        };
        Ok(At { json, parent: Some(self), name: name.to_owned() })
    }

    fn text(&self, name: &str) -> Result<String, Wrong> {
        self.field(name)?.as_text()
    }

    fn as_text(&self) -> Result<String, Wrong> {
        match self.json {
            None | Some(Json::Null) => Ok(String::new()),
            Some(Json::String(text)) => Ok(text.clone()),
            Some(_) => Err(self.path()),
        }
    }

    fn flag(&self, name: &str) -> Result<bool, Wrong> {
        let field = self.field(name)?;
        match field.json {
            None => Ok(false),
            Some(Json::Bool(flag)) => Ok(*flag),
            Some(_) => Err(field.path()),
        }
    }

    fn list<T>(&self, name: &str, read: impl Fn(&At<'_>) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
        let field = self.field(name)?;
        let items = match field.json {
            None => &[],
            Some(Json::Array(items)) => items.as_slice(),
            Some(_) => return Err(field.path()),
        };
        let item = |(index, json): (usize, &Json)| {
            let json = Some(json).filter(|json| !json.is_null());
            read(&At { json, parent: Some(&field), name: index.to_string() })
        };
        items.iter().enumerate().map(item).collect()
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, Wrong> {
        self.list(name, |at| at.as_text())
    }

    fn map<T>(
        &self,
        name: &str,
        read: impl Fn(&At<'_>, &str) -> Result<T, Wrong>,
    ) -> Result<BTreeMap<String, T>, Wrong> {
        let field = self.field(name)?;
        let mut map = BTreeMap::new();
        match field.json {
            None => {}
            Some(Json::Object(entries)) => {
                for key in entries.keys() {
                    map.insert(key.clone(), read(&field, key)?);
                }
            }
            Some(_) => return Err(field.path()),
        }
        Ok(map)
    }

    fn optional<T>(&self, name: &str, read: impl Fn(&At<'_>) -> Result<T, Wrong>) -> Result<Option<T>, Wrong> {
        let field = self.field(name)?;
        field.json.is_some().then(|| read(&field)).transpose()
    }
}

/// Reads the file, its kind and its version.
fn file(at: &At<'_>) -> Result<(File, String, String), Wrong> {
    let file = File {
        clusters: at.list("clusters", |at| named(at, "cluster", cluster))?,
        users: at.list("users", |at| named(at, "user", user))?,
        contexts: at.list("contexts", |at| named(at, "context", context))?,
        current_context: at.text("current-context")?,
    };
    Ok((file, at.text("kind")?, at.text("apiVersion")?))
}

fn named<T>(at: &At<'_>, field: &str, read: fn(&At<'_>) -> Result<T, Wrong>) -> Result<Named<T>, Wrong> {
    Ok(Named { name: at.text("name")?, entry: read(&at.field(field)?)? })
}

fn cluster(at: &At<'_>) -> Result<Cluster, Wrong> {
    Ok(Cluster {
        server: at.text("server")?,
        tls_server_name: at.text("tls-server-name")?,
        insecure_skip_tls_verify: at.flag("insecure-skip-tls-verify")?,
        certificate_authority: at.text("certificate-authority")?.into(),
        certificate_authority_data: at.text("certificate-authority-data")?,
        proxy_url: at.text("proxy-url")?,
        disable_compression: at.flag("disable-compression")?,
        extensions: at.list("extensions", |at| {
            let extension = at.field("extension")?.json.cloned().unwrap_or_default();
            Ok(Extension { name: at.text("name")?, extension })
        })?,
    })
}

fn user(at: &At<'_>) -> Result<User, Wrong> {
    Ok(User {
        client_certificate: at.text("client-certificate")?.into(),
        client_certificate_data: at.text("client-certificate-data")?,
        client_key: at.text("client-key")?.into(),
        client_key_data: at.text("client-key-data")?,
        token: at.text("token")?,
        token_file: at.text("tokenFile")?.into(),
        as_user: at.text("as")?,
        as_uid: at.text("as-uid")?,
        as_groups: at.texts("as-groups")?,
        as_user_extra: at.map("as-user-extra", |at, key| at.texts(key))?,
        username: at.text("username")?,
        password: at.text("password")?,
        auth_provider: at.optional("auth-provider", |at| {
            let origin = Default::default();
            Ok(AuthProvider { name: at.text("name")?, config: at.map("config", |at, key| at.text(key))?, origin })
        })?,
        exec: at.optional("exec", exec)?,
    })
}

fn exec(at: &At<'_>) -> Result<Exec, Wrong> {
    Ok(Exec {
        command: at.text("command")?.into(),
        args: at.texts("args")?,
        env: at.list("env", |at| Ok(EnvVar { name: at.text("name")?, value: at.text("value")? }))?,
        api_version: at.text("apiVersion")?,
        install_hint: at.text("installHint")?,
        provide_cluster_info: at.flag("provideClusterInfo")?,
        interactive_mode: at.text("interactiveMode")?,
    })
}

fn context(at: &At<'_>) -> Result<Context, Wrong> {
    Ok(Context { cluster: at.text("cluster")?, user: at.text("user")?, namespace: at.text("namespace")? })
}
