//! Exec plugins: credentials from a program that the kubeconfig names (`client.authentication.k8s.io`).
//!
//! The program runs once, without a shell, and only for the user of the selected context. It gets standard input if
//! that is a terminal that nothing else reads and `interactiveMode` allows it.
//!
//! Invariant: the program's output is a credential; it is parsed, and never shown or repeated in an error. Its standard
//! error is passed through, since it is often the only hint at what to do.

use std::{os::unix::ffi::OsStrExt as _, process::Stdio};

use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use super::{
    config::{Config, Input},
    failure::Failure,
    kubeconfig::{Cluster, Exec},
    tls::Identity,
};
use go::quote::quote;
use secret::sanitize;

/// The API group of exec plugins.
const GROUP: &str = "client.authentication.k8s.io/";

/// The most bytes of output that are read. A credential is small; a plugin that prints without end is stopped.
const MAX_OUTPUT: u64 = 4 << 20;

/// The credentials that a plugin returned.
#[derive(Default)]
pub(crate) struct Credentials {
    pub token: Option<Zeroizing<String>>,
    pub identity: Option<Identity>,
}

/// Runs the plugin. `authority` is the PEM of the cluster's CA, for plugins that ask for the cluster.
///
/// # Errors
/// client-go's words (`getting credentials: …`), with the plugin's own hint how to install it.
pub(crate) async fn run(exec: &Exec, config: &Config, authority: Option<&[u8]>) -> Result<Credentials, Failure> {
    if !["v1", "v1beta1"].contains(&exec.api_version.strip_prefix(GROUP).unwrap_or_default()) {
        return Err(Failure::other(format!("exec plugin: invalid apiVersion {}", quote(&exec.api_version))));
    }
    let interactive = interactive(&exec.interactive_mode, &config.input)?;
    let info = info(exec, interactive, &config.cluster, authority);
    let output = output_of(exec, &info, interactive, config).await?;
    credentials(exec, &output)
}

/// Returns `true` if the plugin may prompt the user (client-go's `isInteractive`).
fn interactive(mode: &str, input: &Input) -> Result<bool, Failure> {
    let refused = |why| Err(failed(&format!("exec plugin cannot support interactive mode: standard input is {why}")));
    match mode {
        "Never" => Ok(false),
        "Always" if !input.terminal => refused("not a terminal"),
        "Always" if input.in_use.get() => refused("unavailable: used by stdin resource manifest reader"),
        "Always" => Ok(true),
        // `IfAvailable`, which is the default of v1beta1.
        _ => Ok(input.terminal && !input.in_use.get()),
    }
}

/// Returns the `ExecCredential` that the plugin gets in its environment.
fn info(exec: &Exec, interactive: bool, cluster: &Cluster, authority: Option<&[u8]>) -> String {
    let mut spec = json!({"interactive": interactive});
    if exec.provide_cluster_info {
        spec["cluster"] = cluster_info(cluster, authority);
    }
    json!({"kind": "ExecCredential", "apiVersion": exec.api_version, "spec": spec}).to_string()
}

fn cluster_info(cluster: &Cluster, authority: Option<&[u8]>) -> Json {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let mut info = serde_json::Map::new();
    info.insert("server".into(), json!(cluster.server));
    let mut text = |name: &str, value: &str| {
        if !value.is_empty() {
            info.insert(name.into(), json!(value));
        }
    };
    text("tls-server-name", &cluster.tls_server_name);
    text("proxy-url", &cluster.proxy_url);
    text("certificate-authority-data", &authority.map(|pem| STANDARD.encode(pem)).unwrap_or_default());
    if cluster.insecure_skip_tls_verify {
        info.insert("insecure-skip-tls-verify".into(), json!(true));
    }
    if cluster.disable_compression {
        info.insert("disable-compression".into(), json!(true));
    }
    let extension = cluster.extensions.iter().find(|e| e.name == "client.authentication.k8s.io/exec");
    info.insert("config".into(), extension.and_then(|e| serde_json::to_value(&e.extension).ok()).unwrap_or_default());
    Json::Object(info)
}

async fn output_of(exec: &Exec, info: &str, interactive: bool, config: &Config) -> Result<Zeroizing<Vec<u8>>, Failure> {
    use tokio::io::AsyncReadExt as _;
    let mut command = tokio::process::Command::new(&exec.command);
    command
        .args(&exec.args)
        .env_clear()
        .envs(config.env.vars())
        .envs(exec.env.iter().map(|variable| (&variable.name, &variable.value)))
        .env("KUBERNETES_EXEC_INFO", info)
        .current_dir(config.env.cwd())
        .stdin(if interactive { Stdio::inherit() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| not_started(exec, &error))?;
    let mut output = Zeroizing::new(Vec::new());
    if let Some(stdout) = child.stdout.take() {
        let read = stdout.take(MAX_OUTPUT + 1).read_to_end(&mut output).await;
        read.map_err(|error| failed(&format!("exec: {}", go::errno::text(&error))))?;
    }
    if output.len() as u64 > MAX_OUTPUT {
        return Err(failed(&format!("exec: executable {} printed too much", exec.command.display())));
    }
    let status = child.wait().await.map_err(|error| failed(&format!("exec: {}", go::errno::text(&error))))?;
    if status.success() {
        return Ok(output);
    }
    let end = match status.code() {
        Some(code) => format!("failed with exit code {code}"),
        None => "was ended by a signal".to_owned(),
    };
    Err(failed(&format!("exec: executable {} {end}", exec.command.display())))
}

/// Returns the failure of client-go's `wrapCmdRunErrorLocked`, with its advice as hints.
fn not_started(exec: &Exec, error: &std::io::Error) -> Failure {
    let missing = error.kind() == std::io::ErrorKind::NotFound;
    let failure = if missing && !exec.command.as_bytes().contains(&b'/') {
        failed(&format!("exec: executable {} not found", exec.command.display()))
    } else {
        failed(&format!("exec: fork/exec {}: {}", exec.command.display(), go::errno::text(error)))
    };
    match exec.install_hint.trim() {
        "" if missing => failure.hint("the kubeconfig names a credential plugin that is not installed"),
        "" => failure,
        hint => failure.hint(sanitize::line(&hint.replace(['\n', '\t'], " "))),
    }
}

/// Returns `true` if the text is a version of a Kubernetes API: `v1`, `v1beta1`, `v2alpha3`.
fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else { return false };
    text.len() < 16 && rest.split("alpha").flat_map(|part| part.split("beta")).all(|part| part.parse::<u32>().is_ok())
}

fn failed(text: &str) -> Failure {
    Failure::connection(format!("getting credentials: {text}"))
}

/// Parses an `ExecCredential`. Invariant: no error repeats what the plugin printed.
fn credentials(exec: &Exec, output: &[u8]) -> Result<Credentials, Failure> {
    let mut answer: Json = serde_json::from_slice(output)
        .map_err(|_| failed(&format!("decoding stdout: executable {} did not print JSON", exec.command.display())))?;
    let result = read_credentials(exec, &answer);
    secret::wipe(&mut answer);
    result
}

fn read_credentials(exec: &Exec, answer: &Json) -> Result<Credentials, Failure> {
    let version = answer["apiVersion"].as_str().unwrap_or_default();
    if answer["kind"] != "ExecCredential" || version.is_empty() {
        return Err(failed("decoding stdout: it is no ExecCredential"));
    }
    if version != exec.api_version {
        // Why: anything but a version may be a token in the wrong place.
        let known = version.strip_prefix(GROUP).is_some_and(is_version);
        return Err(failed(&format!(
            "exec plugin is configured to use API version {}, plugin returned version {}",
            exec.api_version,
            if known { version } else { "of another group" }
        )));
    }
    let status = &answer["status"];
    if !status.is_object() {
        return Err(failed("exec plugin didn't return a status field"));
    }
    let text = |field: &str| status[field].as_str().filter(|text| !text.is_empty());
    let identity = match (text("clientCertificateData"), text("clientKeyData")) {
        (Some(certificate), Some(key)) => Some(Identity {
            certificate: certificate.as_bytes().to_vec(),
            key: Zeroizing::new(key.as_bytes().to_vec()),
        }),
        (None, None) => None,
        _ => return Err(failed("exec plugin returned only certificate or key, not both")),
    };
    let token = text("token").map(|token| Zeroizing::new(token.to_owned()));
    if token.is_none() && identity.is_none() {
        return Err(failed("exec plugin didn't return a token or cert/key pair"));
    }
    Ok(Credentials { token, identity })
}
