//! Validates a cluster and a user: contradictory fields, fields that are missing, unreadable files.

use std::ffi::OsStr;

use super::kubeconfig::{Cluster, Context, Exec, User};
use crate::failure::{Failure, Result};
use environment::{Env, files};
use go::quote::quote;

/// Validates as clientcmd's `validateClusterInfo` and `validateAuthInfo` do, with their words.
///
/// # Errors
/// The only error, or all of them below `Error in configuration:`.
pub(crate) fn confirm(context: &Context, cluster: &Cluster, user: &User, env: &Env) -> Result<()> {
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
        [one] => Err(Failure::local(one)),
        several => Err(Failure::line(format!("Error in configuration: \n* {}", several.join("\n* ")))),
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
        // v1 requires it; v1beta1 has a default.
        "" if exec.api_version.ends_with("/v1") => errors.push(must("interactiveMode")),
        "" => {}
        other => errors.push(format!("invalid interactiveMode for {user}: {}", quote(other))),
    }
}

fn check_readable(errors: &mut Vec<String>, env: &Env, what: &str, path: &OsStr, owner: &str) {
    if path.is_empty() {
        return;
    }
    if let Err(error) = files::open(&env.cwd().join(path)) {
        errors.push(format!(
            "unable to read {what} {0} for {owner} due to open {0}: {1}",
            path.display(),
            go::errno::text(&error)
        ));
    }
}
