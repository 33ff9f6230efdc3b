//! Flags that override entries of a kubeconfig, as clientcmd's `ConfigOverrides`.

use std::ffi::OsStr;

use super::{
    kubeconfig::{Cluster, Context, User},
    settings::Settings,
};

/// Returns a flag that is given and not empty. As in kubectl, an empty one counts as not given.
pub(crate) fn non_empty<T: AsRef<OsStr>>(flag: &Option<T>) -> Option<&T> {
    flag.as_ref().filter(|value| !value.as_ref().is_empty())
}

/// Overrides a context with `--cluster`, `--user` and `--namespace`.
pub(crate) fn of_context(context: &mut Context, settings: &Settings) {
    overlay(&mut context.cluster, &settings.cluster);
    overlay(&mut context.user, &settings.user);
    overlay(&mut context.namespace, &settings.namespace);
}

fn overlay<T: AsRef<OsStr> + Clone>(target: &mut T, flag: &Option<T>) {
    if let Some(value) = non_empty(flag) {
        target.clone_from(value);
    }
}

/// Overrides a cluster (`DirectClientConfig.getCluster`): a server or CA given as a flag also removes the settings that
/// belong to the overridden one.
pub(crate) fn of_cluster(cluster: &mut Cluster, settings: &Settings) {
    overlay(&mut cluster.server, &settings.server);
    overlay(&mut cluster.proxy_url, &settings.proxy_url);
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

/// Overrides a user (`DirectClientConfig.getAuthInfo`): a credential given as a flag also removes its alternative forms
/// (token and token file, data and file).
pub(crate) fn of_user(user: &mut User, settings: &Settings) {
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
    user.as_user_extra.extend(settings.user_extra());
}
