//! `cluster-info`: the addresses of the control plane and of the cluster's services.

use serde_json::Value as Json;

use super::session;
use crate::{
    cli::flags::ConnectionFlags,
    client::{Call, Client, Namespace, Path},
    context::Context,
    error::{Error, Result},
};
use go::quote::quote;

/// Print the addresses of the control plane and of the cluster's services
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  ksecret cluster-info")]
pub struct Args {
    /// Ignored, as kubectl does; dump is refused
    #[arg(hide = true)]
    words: Vec<String>,
}

/// The namespace of the cluster's services, unless -n names another one.
const SYSTEM: &str = "kube-system";
/// The label of the cluster's services.
const SELECTOR: &str = "kubernetes.io/cluster-service=true";

/// Prints the addresses.
///
/// # Errors
/// `dump`; a server that does not answer, or that has no Services.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if args.words.first().is_some_and(|word| word == "dump") {
        return Err(Error::new("cluster-info dump is not handled here: it reads every kind of the cluster").foreign());
    }
    let client = session::connect(flags, ctx)?;
    let namespace = if client.namespace_given() { client.namespace() } else { SYSTEM };
    let asked = session::block_on(async {
        let path = Path::services(&Namespace::new(namespace)?);
        match client.call(Call::get(path).query("labelSelector", SELECTOR)).await {
            Ok(answer) => Ok(answer.object()?.into_json()),
            Err(failure) if failure.is_not_found() => {
                let kind = quote("services");
                Err(Error::new(format!("the server doesn't have a resource type {kind}")))
            }
            Err(failure) => Err(failure.into()),
        }
    });
    let mut text = String::new();
    let outcome = asked.map(|list| {
        text.push_str(&format!("Kubernetes control plane is running at {}\n", client.address()));
        for service in list["items"].as_array().into_iter().flatten() {
            text.push_str(&line(service, &client));
        }
    });
    text.push_str("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
    ctx.put(text)?;
    outcome
}

fn line(service: &Json, client: &Client) -> String {
    let metadata = |field: &str| service["metadata"][field].as_str().unwrap_or_default();
    let shown = service["metadata"]["labels"]["kubernetes.io/name"].as_str().filter(|name| !name.is_empty());
    let shown = shown.unwrap_or(metadata("name"));
    format!("{shown} is running at {}\n", link(service, metadata("namespace"), metadata("name"), client))
}

/// Returns the addresses of a load balancer's ports, or the address of the service through the API server's proxy.
fn link(service: &Json, namespace: &str, name: &str, client: &Client) -> String {
    let ports = || service["spec"]["ports"].as_array().into_iter().flatten();
    if let Some(ingress) = service["status"]["loadBalancer"]["ingress"].get(0) {
        let text = |field: &str| ingress[field].as_str().filter(|text| !text.is_empty());
        let host = text("ip").or(text("hostname")).unwrap_or_default();
        return ports().map(|port| format!("http://{host}:{} ", port["port"].as_i64().unwrap_or_default())).collect();
    }
    let name = match ports().next() {
        None => name.to_owned(),
        Some(port) => {
            let port_name = port["name"].as_str().unwrap_or_default();
            if port_name == "https" || port["port"] == 443 {
                format!("https:{name}:{port_name}")
            } else if port_name.is_empty() {
                name.to_owned()
            } else {
                format!("{name}:{port_name}")
            }
        }
    };
    format!("{}/api/v1/namespaces/{namespace}/services/{name}/proxy", client.address())
}
