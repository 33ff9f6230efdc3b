//! What the type of a Secret needs, beyond what the API server checks.

mod basic_auth;
mod certificates;
mod docker;
mod ssh;
mod tokens;

use secret::types;

use super::{Findings, Secret, Settings};

pub(super) fn check(secret: &Secret<'_>, settings: &Settings, findings: &mut Findings) {
    match secret.kind() {
        types::TLS => certificates::check_pair(secret, findings),
        types::SSH_AUTH => ssh::check(secret, findings),
        types::DOCKERCONFIGJSON => docker::check(secret, types::DOCKERCONFIGJSON_KEY, findings),
        types::DOCKERCFG => docker::check(secret, types::DOCKERCFG_KEY, findings),
        types::BASIC_AUTH => basic_auth::check(secret, findings),
        types::BOOTSTRAP_TOKEN => tokens::check_bootstrap(secret, settings, findings),
        types::SERVICE_ACCOUNT_TOKEN => tokens::check_service_account(secret, settings, findings),
        _ => {}
    }
    certificates::check(secret, settings, findings);
}
