//! One kubeconfig file: its fields, as client-go's `clientcmd/api/v1` names them. Unknown fields are ignored.

use std::path::Path;

use serde::{Deserialize, Deserializer};

/// A whole file. Holds tokens and keys: no `Debug`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct File {
    #[serde(rename = "apiVersion", deserialize_with = "lenient")]
    api_version: String,
    #[serde(deserialize_with = "lenient")]
    kind: String,
    #[serde(deserialize_with = "lenient")]
    clusters: Vec<NamedCluster>,
    #[serde(deserialize_with = "lenient")]
    users: Vec<NamedUser>,
    #[serde(deserialize_with = "lenient")]
    contexts: Vec<NamedContext>,
    /// The context in use unless `--context` names another.
    #[serde(deserialize_with = "lenient")]
    pub current_context: String,
}

#[derive(Deserialize)]
struct NamedCluster {
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    cluster: Cluster,
}

#[derive(Deserialize)]
struct NamedUser {
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    user: User,
}

#[derive(Deserialize)]
struct NamedContext {
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    context: Context,
}

/// How to reach a server. Empty means not set.
#[derive(Deserialize, Default, Clone)]
#[serde(rename_all = "kebab-case", default)]
pub struct Cluster {
    #[serde(deserialize_with = "lenient")]
    pub server: String,
    #[serde(deserialize_with = "lenient")]
    pub tls_server_name: String,
    #[serde(deserialize_with = "lenient")]
    pub insecure_skip_tls_verify: bool,
    #[serde(deserialize_with = "lenient")]
    pub certificate_authority: String,
    /// Base64 of PEM.
    #[serde(deserialize_with = "lenient")]
    pub certificate_authority_data: String,
    #[serde(deserialize_with = "lenient")]
    pub proxy_url: String,
    #[serde(deserialize_with = "lenient")]
    pub disable_compression: bool,
    #[serde(deserialize_with = "lenient")]
    pub extensions: Vec<Extension>,
}

/// Something that a tool left at a cluster; exec plugins have one.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Extension {
    #[serde(deserialize_with = "lenient")]
    pub name: String,
    pub extension: serde_yaml::Value,
}

/// Who one is. Empty means not set.
#[derive(Deserialize, Default, Clone)]
#[serde(rename_all = "kebab-case", default)]
pub struct User {
    #[serde(deserialize_with = "lenient")]
    pub client_certificate: String,
    /// Base64 of PEM.
    #[serde(deserialize_with = "lenient")]
    pub client_certificate_data: String,
    #[serde(deserialize_with = "lenient")]
    pub client_key: String,
    /// Base64 of PEM.
    #[serde(deserialize_with = "lenient")]
    pub client_key_data: String,
    #[serde(deserialize_with = "lenient")]
    pub token: String,
    #[serde(rename = "tokenFile", deserialize_with = "lenient")]
    pub token_file: String,
    #[serde(rename = "as", deserialize_with = "lenient")]
    pub as_user: String,
    #[serde(deserialize_with = "lenient")]
    pub as_uid: String,
    #[serde(deserialize_with = "lenient")]
    pub as_groups: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    pub as_user_extra: std::collections::BTreeMap<String, Vec<String>>,
    #[serde(deserialize_with = "lenient")]
    pub username: String,
    #[serde(deserialize_with = "lenient")]
    pub password: String,
    pub auth_provider: Option<AuthProvider>,
    pub exec: Option<Exec>,
}

/// A way to authenticate that client-go compiled in once.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct AuthProvider {
    #[serde(deserialize_with = "lenient")]
    pub name: String,
}

/// A program that gives credentials.
#[derive(Deserialize, Default, Clone)]
#[serde(rename_all = "camelCase", default)]
pub struct Exec {
    #[serde(deserialize_with = "lenient")]
    pub command: String,
    #[serde(deserialize_with = "lenient")]
    pub args: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    pub env: Vec<EnvVar>,
    #[serde(deserialize_with = "lenient")]
    pub api_version: String,
    #[serde(deserialize_with = "lenient")]
    pub install_hint: String,
    #[serde(deserialize_with = "lenient")]
    pub provide_cluster_info: bool,
    #[serde(deserialize_with = "lenient")]
    pub interactive_mode: String,
}

/// A variable for such a program.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct EnvVar {
    #[serde(deserialize_with = "lenient")]
    pub name: String,
    #[serde(deserialize_with = "lenient")]
    pub value: String,
}

/// A cluster, a user and a namespace. Empty means not set.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Context {
    #[serde(deserialize_with = "lenient")]
    pub cluster: String,
    #[serde(deserialize_with = "lenient")]
    pub user: String,
    #[serde(deserialize_with = "lenient")]
    pub namespace: String,
}

/// `null` stands for "not set", as in Go.
fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

impl File {
    /// The cluster of that name.
    pub fn cluster(&self, name: &str) -> Option<&Cluster> {
        self.clusters.iter().find(|c| c.name == name).map(|c| &c.cluster)
    }

    /// The user of that name.
    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|u| u.name == name).map(|u| &u.user)
    }

    /// The context of that name.
    pub fn context(&self, name: &str) -> Option<&Context> {
        self.contexts.iter().find(|c| c.name == name).map(|c| &c.context)
    }

    /// Adds what `other` has and `self` has not: earlier files win.
    pub(super) fn add(&mut self, other: Self) {
        for entry in other.clusters {
            if self.cluster(&entry.name).is_none() {
                self.clusters.push(entry);
            }
        }
        for entry in other.users {
            if self.user(&entry.name).is_none() {
                self.users.push(entry);
            }
        }
        for entry in other.contexts {
            if self.context(&entry.name).is_none() {
                self.contexts.push(entry);
            }
        }
        if self.current_context.is_empty() {
            self.current_context = other.current_context;
        }
    }

    /// Makes the paths in a file relative to its directory, as clientcmd's `ResolveLocalPaths`.
    pub(super) fn resolve_paths(&mut self, base: &Path) {
        let resolve = |path: &mut String| {
            if !path.is_empty() {
                *path = clean(&base.join(&*path));
            }
        };
        for NamedCluster { cluster, .. } in &mut self.clusters {
            resolve(&mut cluster.certificate_authority);
        }
        for NamedUser { user, .. } in &mut self.users {
            resolve(&mut user.client_certificate);
            resolve(&mut user.client_key);
            resolve(&mut user.token_file);
            // A bare name is looked up in PATH.
            if let Some(exec) = user.exec.as_mut().filter(|exec| exec.command.contains('/')) {
                resolve(&mut exec.command);
            }
        }
    }

    /// Whether there is anything in it that should stay with its owner.
    pub(super) fn holds_secrets(&self) -> bool {
        let users = self.users.iter().map(|entry| &entry.user);
        users.into_iter().any(|u| [&u.token, &u.password, &u.client_key_data].into_iter().any(|text| !text.is_empty()))
    }

    fn duplicate(&self) -> Option<(&str, &'static str)> {
        twice(self.clusters.iter().map(|c| &*c.name))
            .map(|name| (name, "clusters"))
            .or_else(|| twice(self.users.iter().map(|u| &*u.name)).map(|name| (name, "users")))
            .or_else(|| twice(self.contexts.iter().map(|c| &*c.name)).map(|name| (name, "contexts")))
    }
}

fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}

/// The path without `.` and with `..` taken off, as Go's `filepath.Join` leaves it.
fn clean(path: &Path) -> String {
    use std::path::Component;
    let mut clean = std::path::PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean.display().to_string()
}

/// Reads one file, YAML or JSON. The error is a fragment without any value from the file.
pub(super) fn parse(text: &[u8]) -> Result<File, String> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    // An empty document is an empty kubeconfig; serde_yaml gives `null` for it.
    let file: Option<File> = serde_yaml::from_slice(text).map_err(|error| describe(&error))?;
    let file = file.unwrap_or_default();
    let known = |value: &str, expected: &str| value.is_empty() || value == expected;
    if !known(&file.api_version, "v1") || !known(&file.kind, "Config") {
        return Err(format!("no kind {:?} is registered for version {:?}", file.kind, file.api_version));
    }
    if let Some((name, list)) = file.duplicate() {
        return Err(format!("duplicate name {name:?} in list of {list}"));
    }
    Ok(file)
}

/// `yaml: line N: WHAT`. serde's own text repeats the value that it did not like, and that may be a token.
fn describe(error: &serde_yaml::Error) -> String {
    let text = error.to_string();
    let line = error.location().map(|at| format!("line {}: ", at.line())).unwrap_or_default();
    const ABOUT_VALUES: [&str; 8] = [
        "invalid type",
        "invalid value",
        "invalid length",
        "missing field",
        "duplicate field",
        "duplicate entry",
        "unknown field",
        "unknown variant",
    ];
    let Some(at) = ABOUT_VALUES.iter().filter_map(|words| text.find(words)).min() else {
        // The scanner's texts are fixed.
        let text = text.split(" at line ").next().unwrap_or_default();
        return format!("yaml: {line}{text}");
    };
    let path = text.get(..at).unwrap_or_default();
    let is_path = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"[].-_: ".contains(&b));
    format!("yaml: {line}{}wrong type", if is_path { path } else { "" })
}
