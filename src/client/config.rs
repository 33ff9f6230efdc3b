//! What was meant: a complete configuration out of flags, kubeconfig files and the surroundings of a pod. No network.

use std::{path::Path, time::Duration};

use zeroize::Zeroizing;

use super::{
    duration, in_cluster,
    kubeconfig::{Cluster, Context as ContextEntry, Exec, Kubeconfig, User},
    settings::Settings,
};
use crate::{
    context::Env,
    error::{Error, Result},
};

/// Where kubectl looks when nothing says otherwise.
const DEFAULT_SERVER: &str = "http://localhost:8080";

/// A resolved configuration. Holds tokens and keys: no `Debug`.
pub struct Config {
    /// Scheme, host and port, and perhaps a path under which the API lives.
    pub(super) server: http::Uri,
    /// Whether nothing named a server, so that `server` is only kubectl's default.
    pub(super) nothing_configured: bool,
    pub(super) namespace: String,
    pub(super) namespace_given: bool,
    pub(super) cluster: Cluster,
    pub(super) user: User,
    pub(super) timeout: Option<Duration>,
    pub(super) disable_compression: bool,
    pub(super) proxy: Option<super::proxy::Proxy>,
    /// For exec plugins, and for the paths that flags name.
    pub(super) env: Env,
    /// Things to tell a person, as `warning: TEXT`.
    pub warnings: Vec<String>,
}

impl Config {
    /// Works out the configuration as kubectl does: flags over the chosen context of the merged kubeconfig, and the
    /// service account of a pod when neither says anything.
    ///
    /// # Errors
    /// kubectl's lines about contexts, users and clusters that are not there, contradictory credentials, bad timeouts
    /// and unreadable files.
    pub fn resolve(settings: &Settings, env: &Env) -> Result<Self> {
        Self::resolve_in(settings, env, Path::new(in_cluster::SERVICE_ACCOUNT))
    }

    /// [`Config::resolve`] with the pod's service account in a directory of the caller's choice.
    fn resolve_in(settings: &Settings, env: &Env, service_account: &Path) -> Result<Self> {
        let Kubeconfig { file, mut warnings } = Kubeconfig::load(settings.kubeconfig.as_deref(), env)?;
        let required = non_empty(&settings.context);
        let context_name = required.unwrap_or(&file.current_context);
        let found = file.context(context_name);
        if found.is_none() && !context_name.is_empty() {
            return Err(Error::bare(format!(
                "Error in configuration: context was not found for specified context: {context_name}"
            )));
        }
        let mut context = found.cloned().unwrap_or_default();
        let explicit = context.namespace.clone();
        overlay(&mut context.cluster, &settings.cluster);
        overlay(&mut context.user, &settings.user);
        overlay(&mut context.namespace, &settings.namespace);

        if non_empty(&settings.cluster).is_some() && file.cluster(&context.cluster).is_none() {
            return Err(Error::new(format_args!("no server found for cluster {:?}", context.cluster)));
        }
        let mut cluster = file.cluster(&context.cluster).cloned().unwrap_or_default();
        let mut user = file.user(&context.user).cloned().unwrap_or_default();
        let dangling = if found.is_some() { dangling(&file, &context, context_name) } else { None };
        override_cluster(&mut cluster, settings);
        override_user(&mut user, settings);

        let mut nothing_configured = cluster.server.is_empty();
        if nothing_configured {
            let master = env.non_empty("KUBERNETES_MASTER");
            nothing_configured = master.is_none();
            cluster.server = master.unwrap_or(DEFAULT_SERVER).to_owned();
        }
        confirm_usable(&context, &cluster, &user, env)?;
        if non_empty(&settings.user).is_some() && file.user(&context.user).is_none() {
            return Err(Error::new(format_args!("auth info {:?} does not exist", context.user)));
        }
        let timeout = match non_empty(&settings.request_timeout) {
            Some(text) => duration::request_timeout(text).map_err(Error::new)?,
            None => None,
        };

        let mut namespace = context.namespace.clone();
        let namespace_given = non_empty(&settings.namespace).is_some();
        if nothing_configured && in_cluster::possible(env, service_account) {
            // client-go takes the service account only when nothing else was said.
            let pod = in_cluster::load(env, service_account)?;
            nothing_configured = false;
            cluster = pod.cluster;
            override_cluster(&mut cluster, settings);
            if user.token.is_empty() {
                user.token_file = pod.token_file;
            }
            if !namespace_given && explicit.is_empty() {
                namespace = pod.namespace;
            }
        }
        if let Some(warning) = dangling {
            warnings.push(warning);
        }
        if namespace.is_empty() {
            namespace = "default".to_owned();
        }
        let server = server_uri(&cluster.server)?;
        let secure = server.scheme_str() == Some("https");
        if !secure {
            // client-go reads no credentials for plain HTTP: a token must not cross a network in the clear.
            if user.has_credentials() {
                warnings.push("credentials are not sent over plain http".to_owned());
            }
            user.forget_credentials();
        } else if cluster.insecure_skip_tls_verify && non_empty_ca(&cluster) {
            return Err(Error::new("specifying a root certificates file with the insecure flag is not allowed"));
        }
        let proxy = super::proxy::choose(&server, &cluster.proxy_url, env).map_err(|reason| {
            Error::new(format_args!("invalid 'proxy-url' for cluster {:?}: {reason}", context.cluster))
        })?;
        let disable_compression = cluster.disable_compression;
        Ok(Self {
            server,
            nothing_configured,
            namespace,
            namespace_given,
            cluster,
            user,
            timeout,
            disable_compression,
            proxy,
            env: env.clone(),
            warnings,
        })
    }

    /// Whether TLS is spoken, be it to the server or to a proxy.
    pub(super) fn needs_tls(&self) -> bool {
        let proxy = self.proxy.as_ref().is_some_and(|proxy| proxy.protocol == super::proxy::Protocol::Https);
        proxy || self.server.scheme_str() == Some("https")
    }

    /// The namespace in use, and whether a flag named it (rather than the context, or nobody).
    pub fn namespace(&self) -> (&str, bool) {
        (&self.namespace, self.namespace_given)
    }
}

/// A context that points at what is not there: kubectl says nothing and goes on without it.
fn dangling(file: &super::kubeconfig::File, context: &ContextEntry, name: &str) -> Option<String> {
    if !context.cluster.is_empty() && file.cluster(&context.cluster).is_none() {
        return Some(format!("context {name:?} names cluster {:?}, which is not in the kubeconfig", context.cluster));
    }
    if !context.user.is_empty() && file.user(&context.user).is_none() {
        return Some(format!("context {name:?} names user {:?}, which is not in the kubeconfig", context.user));
    }
    None
}

fn non_empty(value: &Option<String>) -> Option<&str> {
    value.as_deref().filter(|v| !v.is_empty())
}

fn non_empty_ca(cluster: &Cluster) -> bool {
    !cluster.certificate_authority.is_empty() || !cluster.certificate_authority_data.is_empty()
}

fn overlay(target: &mut String, flag: &Option<String>) {
    if let Some(value) = non_empty(flag) {
        *target = value.to_owned();
    }
}

/// `DirectClientConfig.getCluster`: a server or a CA given as flags puts aside what goes with the other one.
fn override_cluster(cluster: &mut Cluster, settings: &Settings) {
    overlay(&mut cluster.server, &settings.server);
    if non_empty(&settings.tls_server_name).is_some() || non_empty(&settings.server).is_some() {
        cluster.tls_server_name = settings.tls_server_name.clone().unwrap_or_default();
    }
    let insecure = settings.insecure_skip_tls_verify.unwrap_or(false);
    if insecure || non_empty(&settings.certificate_authority).is_some() {
        cluster.insecure_skip_tls_verify = insecure;
        cluster.certificate_authority = settings.certificate_authority.clone().unwrap_or_default();
        cluster.certificate_authority_data.clear();
    }
    if let Some(disable) = settings.disable_compression {
        cluster.disable_compression = disable;
    }
}

fn override_user(user: &mut User, settings: &Settings) {
    if non_empty(&settings.token).is_some() {
        user.token_file.clear();
    }
    if non_empty(&settings.client_certificate).is_some() {
        user.client_certificate_data.clear();
    }
    if non_empty(&settings.client_key).is_some() {
        user.client_key_data.clear();
    }
    overlay(&mut user.token, &settings.token);
    overlay(&mut user.username, &settings.username);
    overlay(&mut user.password, &settings.password);
    overlay(&mut user.client_certificate, &settings.client_certificate);
    overlay(&mut user.client_key, &settings.client_key);
    overlay(&mut user.as_user, &settings.as_user);
    overlay(&mut user.as_uid, &settings.as_uid);
    if !settings.as_groups.is_empty() {
        user.as_groups.clone_from(&settings.as_groups);
    }
}

impl User {
    fn has_credentials(&self) -> bool {
        let texts = [&self.token, &self.token_file, &self.username, &self.password];
        let certificates = [&self.client_certificate, &self.client_certificate_data];
        texts.into_iter().chain(certificates).any(|text| !text.is_empty())
            || self.exec.is_some()
            || self.auth_provider.is_some()
    }

    fn forget_credentials(&mut self) {
        *self = Self {
            as_user: std::mem::take(&mut self.as_user),
            as_uid: std::mem::take(&mut self.as_uid),
            as_groups: std::mem::take(&mut self.as_groups),
            as_user_extra: std::mem::take(&mut self.as_user_extra),
            ..Self::default()
        };
    }

    /// The token in use, read from its file where it has one.
    ///
    /// # Errors
    /// kubectl's line about the file.
    pub(super) fn bearer_token(&self, env: &Env) -> Result<Option<Zeroizing<String>>> {
        if !self.token.is_empty() {
            return Ok(Some(Zeroizing::new(self.token.clone())));
        }
        if self.token_file.is_empty() {
            return Ok(None);
        }
        let bytes = Zeroizing::new(read_file(env, &self.token_file)?);
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::new(format_args!("token file {:?} is not text", self.token_file)))?;
        match text.trim() {
            "" => Err(Error::new(format_args!("read empty token from file {:?}", self.token_file))),
            token => Ok(Some(Zeroizing::new(token.to_owned()))),
        }
    }
}

/// clientcmd's `validateClusterInfo` and `validateAuthInfo`, with their words.
fn confirm_usable(context: &ContextEntry, cluster: &Cluster, user: &User, env: &Env) -> Result<()> {
    let mut errors = Vec::new();
    let (cluster_name, user_name) = (&context.cluster, &context.user);
    if !cluster.certificate_authority.is_empty() && !cluster.certificate_authority_data.is_empty() {
        errors.push(format!(
            "certificate-authority-data and certificate-authority are both specified for {cluster_name}. \
             certificate-authority-data will override."
        ));
    }
    check_readable(&mut errors, env, "certificate-authority", &cluster.certificate_authority, cluster_name);

    let has_certificate = !user.client_certificate.is_empty() || !user.client_certificate_data.is_empty();
    if has_certificate {
        if !user.client_certificate.is_empty() && !user.client_certificate_data.is_empty() {
            errors.push(format!(
                "client-cert-data and client-cert are both specified for {user_name}. client-cert-data will override."
            ));
        }
        if !user.client_key.is_empty() && !user.client_key_data.is_empty() {
            errors.push(format!(
                "client-key-data and client-key are both specified for {user_name}; client-key-data will override"
            ));
        }
        if user.client_key.is_empty() && user.client_key_data.is_empty() {
            errors.push(format!(
                "client-key-data or client-key must be specified for {user_name} to use the clientCert authentication \
                 method."
            ));
        }
        check_readable(&mut errors, env, "client-cert", &user.client_certificate, user_name);
        check_readable(&mut errors, env, "client-key", &user.client_key, user_name);
    }
    if let Some(exec) = &user.exec {
        if user.auth_provider.is_some() {
            errors.push(format!("authProvider cannot be provided in combination with an exec plugin for {user_name}"));
        }
        check_exec(&mut errors, exec, user_name);
    }
    let basic = !user.username.is_empty() || !user.password.is_empty();
    if !user.token.is_empty() && basic {
        errors.push(format!(
            "more than one authentication method found for {user_name}; found [token basicAuth], only one is allowed"
        ));
    }
    let impersonates = !user.as_uid.is_empty() || !user.as_groups.is_empty() || !user.as_user_extra.is_empty();
    if impersonates && user.as_user.is_empty() {
        errors.push(format!("requesting uid, groups or user-extra for {user_name} without impersonating a user"));
    }
    match errors.as_slice() {
        [] => Ok(()),
        [one] => Err(Error::new(one)),
        several => Err(Error::bare(format!("Error in configuration: \n* {}", several.join("\n* ")))),
    }
}

fn check_exec(errors: &mut Vec<String>, exec: &Exec, user: &str) {
    let must = |what: &str| format!("{what} must be specified for {user} to use exec authentication plugin");
    if exec.command.is_empty() {
        errors.push(must("command"));
    }
    if exec.api_version.is_empty() {
        errors.push(must("apiVersion"));
    }
    if exec.env.iter().any(|variable| variable.name.is_empty()) {
        errors.push(must("env variable name"));
    }
    match exec.interactive_mode.as_str() {
        "Never" | "IfAvailable" | "Always" => {}
        // v1 asks for it, the older version supplies it.
        "" if exec.api_version.ends_with("/v1") => errors.push(must("interactiveMode")),
        "" => {}
        other => errors.push(format!("invalid interactiveMode for {user}: {other:?}")),
    }
}

fn check_readable(errors: &mut Vec<String>, env: &Env, what: &str, path: &str, owner: &str) {
    if path.is_empty() {
        return;
    }
    if let Err(error) = std::fs::File::open(env.cwd().join(path)) {
        errors
            .push(format!("unable to read {what} {path} for {owner} due to open {path}: {}", super::words::io(&error)));
    }
}

/// client-go's `DefaultServerURL`: a URL, or a `host:port`, which means plain HTTP.
fn server_uri(text: &str) -> Result<http::Uri> {
    let bad = || Error::new(format_args!("host must be a URL or a host:port pair: {text:?}"));
    // Query and fragment are cut off.
    let base = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let whole = if base.contains("://") { base.to_owned() } else { format!("http://{base}") };
    let uri: http::Uri = whole.parse().map_err(|_| bad())?;
    if !base.contains("://") && uri.path() != "/" {
        return Err(bad());
    }
    match uri.scheme_str() {
        _ if uri.host().is_none_or(str::is_empty) => Err(bad()),
        // A user and password in a URL would reach logs and errors.
        _ if uri.authority().is_some_and(|a| a.as_str().contains('@')) => {
            Err(Error::new("credentials in the server's URL are not supported")
                .hint("use --username and --password, or a token"))
        }
        Some("http" | "https") => Ok(uri),
        Some(other) => {
            Err(Error::bare(format!("Unable to connect to the server: unsupported protocol scheme {other:?}")))
        }
        None => Err(bad()),
    }
}

/// Reads a file that a flag or a kubeconfig names, relative to the working directory.
pub(super) fn read_file(env: &Env, path: &str) -> Result<Vec<u8>> {
    std::fs::read(env.cwd().join(path))
        .map_err(|error| Error::new(format_args!("open {path}: {}", super::words::io(&error))))
}
