//! One kubeconfig file: its fields, as client-go's `clientcmd/api/v1` names them. Unknown fields are ignored.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use super::paths::clean;

/// A whole file. Holds tokens and keys: no `Debug`.
#[derive(Default)]
pub struct File {
    pub(super) clusters: Vec<Named<Cluster>>,
    pub(super) users: Vec<Named<User>>,
    pub(super) contexts: Vec<Named<Context>>,
    /// The context in use unless `--context` names another.
    pub current_context: String,
}

/// An entry of a list with its name.
pub(super) struct Named<T> {
    pub name: String,
    pub entry: T,
}

/// How to reach a server. Empty means not set.
#[derive(Default, Clone)]
pub struct Cluster {
    pub server: String,
    pub tls_server_name: String,
    pub insecure_skip_tls_verify: bool,
    pub certificate_authority: OsString,
    /// Base64 of PEM.
    pub certificate_authority_data: String,
    pub proxy_url: String,
    pub disable_compression: bool,
    pub extensions: Vec<Extension>,
}

/// Something that a tool left at a cluster; exec plugins have one.
#[derive(Default, Clone)]
pub struct Extension {
    pub name: String,
    pub extension: Json,
}

/// Who one is. Empty means not set.
#[derive(Default, Clone)]
pub struct User {
    pub client_certificate: OsString,
    /// Base64 of PEM.
    pub client_certificate_data: String,
    pub client_key: OsString,
    /// Base64 of PEM.
    pub client_key_data: String,
    pub token: String,
    pub token_file: OsString,
    pub as_user: String,
    pub as_uid: String,
    pub as_groups: Vec<String>,
    pub as_user_extra: BTreeMap<String, Vec<String>>,
    pub username: String,
    pub password: String,
    pub auth_provider: Option<AuthProvider>,
    pub exec: Option<Exec>,
}

/// A way to authenticate that client-go compiled in once.
#[derive(Default, Clone)]
pub struct AuthProvider {
    pub name: String,
    /// The provider's own fields, tokens among them.
    pub config: BTreeMap<String, String>,
    /// The file that the user stands in, and the user's name there: where renewed tokens are written to.
    pub origin: (PathBuf, String),
}

/// A program that gives credentials.
#[derive(Default, Clone)]
pub struct Exec {
    pub command: OsString,
    pub args: Vec<String>,
    pub env: Vec<EnvVar>,
    pub api_version: String,
    pub install_hint: String,
    pub provide_cluster_info: bool,
    pub interactive_mode: String,
}

/// A variable for such a program.
#[derive(Default, Clone)]
pub struct EnvVar {
    pub name: String,
    pub value: String,
}

/// A cluster, a user and a namespace. Empty means not set.
#[derive(Default, Clone)]
pub struct Context {
    pub cluster: String,
    pub user: String,
    pub namespace: String,
}

impl File {
    /// The cluster of that name.
    pub fn cluster(&self, name: &str) -> Option<&Cluster> {
        find(&self.clusters, name)
    }

    /// The user of that name.
    pub fn user(&self, name: &str) -> Option<&User> {
        find(&self.users, name)
    }

    /// The context of that name.
    pub fn context(&self, name: &str) -> Option<&Context> {
        find(&self.contexts, name)
    }

    /// Adds what `other` has and `self` has not: earlier files win.
    pub(super) fn add(&mut self, other: Self) {
        add(&mut self.clusters, other.clusters);
        add(&mut self.users, other.users);
        add(&mut self.contexts, other.contexts);
        if self.current_context.is_empty() {
            self.current_context = other.current_context;
        }
    }

    /// Makes the paths in the file at `path` relative to its directory, as clientcmd's `ResolveLocalPaths`, and notes
    /// where each user stands, as its `LocationOfOrigin`.
    pub(super) fn locate(&mut self, path: &Path) {
        let base = path.parent().unwrap_or(Path::new("/"));
        let resolve = |path: &mut OsString| {
            if !path.is_empty() {
                *path = clean(&base.join(&*path));
            }
        };
        for Named { entry: cluster, .. } in &mut self.clusters {
            resolve(&mut cluster.certificate_authority);
        }
        for Named { name, entry: user } in &mut self.users {
            resolve(&mut user.client_certificate);
            resolve(&mut user.client_key);
            resolve(&mut user.token_file);
            // A bare name is looked up in PATH.
            if let Some(exec) = user.exec.as_mut().filter(|exec| exec.command.as_bytes().contains(&b'/')) {
                resolve(&mut exec.command);
            }
            if let Some(provider) = &mut user.auth_provider {
                provider.origin = (path.to_owned(), name.clone());
            }
        }
    }

    /// Whether there is anything in it that should stay with its owner.
    pub(super) fn holds_secrets(&self) -> bool {
        self.users.iter().any(|Named { entry: user, .. }| {
            let fields = [&user.token, &user.password, &user.client_key_data];
            let tokens = user.auth_provider.iter().flat_map(|provider| {
                ["id-token", "refresh-token", "client-secret"].into_iter().filter_map(|name| provider.config.get(name))
            });
            fields.into_iter().chain(tokens).any(|text| !text.is_empty())
        })
    }

    /// A name that stands twice in one list, and the list.
    pub(super) fn duplicate(&self) -> Option<(&str, &'static str)> {
        twice(&self.clusters)
            .map(|name| (name, "clusters"))
            .or_else(|| twice(&self.users).map(|name| (name, "users")))
            .or_else(|| twice(&self.contexts).map(|name| (name, "contexts")))
    }
}

fn find<'a, T>(list: &'a [Named<T>], name: &str) -> Option<&'a T> {
    list.iter().find(|named| named.name == name).map(|named| &named.entry)
}

fn add<T>(list: &mut Vec<Named<T>>, others: Vec<Named<T>>) {
    for other in others {
        if find(list, &other.name).is_none() {
            list.push(other);
        }
    }
}

fn twice<T>(list: &[Named<T>]) -> Option<&str> {
    let mut seen = std::collections::BTreeSet::new();
    list.iter().map(|named| &*named.name).find(|name| !seen.insert(*name))
}
