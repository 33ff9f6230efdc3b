//! The configuration that a pod finds in its environment and file system.

use std::{ffi::OsString, path::Path};

use super::kubeconfig::Cluster;
use crate::failure::{Failure, Result};
use environment::{Env, files};

/// The directory of a pod's service account.
pub(crate) const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The most bytes of the file with the namespace that are read.
const MOST_OF_A_NAMESPACE: usize = 4 << 10;

/// The API server of a pod's cluster, and the pod's identity.
pub(crate) struct Pod {
    pub cluster: Cluster,
    pub token_file: OsString,
    pub namespace: String,
}

/// Returns `true` if the program runs in a pod (client-go's `inClusterClientConfig.Possible`).
pub(crate) fn possible(env: &Env, service_account: &Path) -> bool {
    env.non_empty("KUBERNETES_SERVICE_HOST").is_some()
        && env.non_empty("KUBERNETES_SERVICE_PORT").is_some()
        && service_account.join("token").is_file()
}

/// Returns the configuration of a pod (client-go's `InClusterConfig`).
pub(crate) fn load(env: &Env, service_account: &Path) -> Result<Pod> {
    let host = env.non_empty("KUBERNETES_SERVICE_HOST").unwrap_or_default();
    let port = env.non_empty("KUBERNETES_SERVICE_PORT").unwrap_or_default();
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let token_file = service_account.join("token");
    std::fs::metadata(&token_file)
        .map_err(|error| Failure::local(format_args!("open {}: {}", token_file.display(), go::errno::text(&error))))?;
    let ca = service_account.join("ca.crt");
    let namespace = env.non_empty("POD_NAMESPACE").map(str::to_owned).or_else(|| {
        let path = Some(service_account.join("namespace")).filter(|path| path.is_file())?;
        let text = files::read_file(&path, MOST_OF_A_NAMESPACE).ok()?;
        Some(std::str::from_utf8(&text).ok()?.trim().to_owned()).filter(|namespace| !namespace.is_empty())
    });
    Ok(Pod {
        cluster: Cluster {
            server: format!("https://{host}:{port}"),
            // Without the file client-go trusts the system's certificate authorities.
            certificate_authority: if ca.is_file() { ca.into_os_string() } else { OsString::new() },
            ..Cluster::default()
        },
        token_file: token_file.into_os_string(),
        namespace: namespace.unwrap_or_else(|| "default".to_owned()),
    })
}
