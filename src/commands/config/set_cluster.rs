//! `config set-cluster`.

use std::ffi::OsString;

use guard::Typed;

use super::{absolute, change, check_exists, embedded, one_word};
use crate::{
    cli::{flags::ConnectionFlags, pflag},
    client::kubeconfig::{Entry, List, Merged, Paths},
    context::Context,
    error::{Error, Result},
};
use go::quote::quote;

/// Make or change a cluster
///
/// Fields that no flag names stay as they are, but insecure-skip-tls-verify, which is off unless it is given.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [flags]",
    after_help = "Examples:\n  ksecret config set-cluster prod --server=https://prod.example:6443\n  ksecret config set-cluster prod --certificate-authority=ca.crt --embed-certs"
)]
pub(super) struct Args {
    /// Name of the cluster
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Copy the certificate authority's certificate into the kubeconfig
    #[arg(long)]
    embed_certs: bool,
    /// Address of the cluster's API server
    #[arg(short, long, value_name = "URL")]
    server: Option<String>,
    /// File with the certificate authority's certificate
    #[arg(long, value_name = "FILE")]
    certificate_authority: Option<OsString>,
    /// Do not verify the server's certificate: others can then read everything
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        value_parser = pflag::parse_bool)]
    insecure_skip_tls_verify: Option<bool>,
    /// Name to expect in the server's certificate
    #[arg(long, value_name = "NAME")]
    tls_server_name: Option<String>,
    /// Reach the cluster through this proxy
    #[arg(long, value_name = "URL")]
    proxy_url: Option<Typed<String>>,
}

/// Fields with their values; an empty value removes the field.
type Fields = Vec<(&'static str, serde_json::Value)>;

/// The resolved arguments.
struct Options {
    name: String,
    fields: Fields,
}

impl Options {
    /// Checks and resolves the arguments; reads a file that is embedded.
    ///
    /// # Errors
    /// Not exactly one name, an empty one, flags that exclude each other, a file that cannot be read.
    fn resolve(args: &Args, ctx: &Context) -> Result<Self> {
        let name = one_word(&args.names, "set-cluster", ctx)?;
        if name.is_empty() {
            return Err(Error::new("you must specify a non-empty cluster name"));
        }
        let authority = args.certificate_authority.as_ref();
        let given = authority.is_some_and(|path| !path.is_empty());
        if args.insecure_skip_tls_verify == Some(true) && given {
            return Err(Error::new("you cannot specify a certificate authority and insecure mode at the same time"));
        }
        if args.embed_certs {
            if !given {
                return Err(Error::new("you must specify a --certificate-authority to embed"));
            }
            check_exists("certificate-authority", authority, &ctx.env)?;
        }
        let mut fields = Fields::new();
        if let Some(server) = &args.server {
            // As in kubectl: a new server resets the name to expect in its certificate.
            fields.extend([("server", server.as_str().into()), ("tls-server-name", "".into())]);
        }
        if let Some(name) = &args.tls_server_name {
            fields.push(("tls-server-name", name.as_str().into()));
        }
        // As in kubectl, whose flag defaults to false: without it, verification is turned on again.
        let insecure = args.insecure_skip_tls_verify.unwrap_or_default();
        fields.push(("insecure-skip-tls-verify", insecure.into()));
        if insecure {
            fields.extend([("certificate-authority", "".into()), ("certificate-authority-data", "".into())]);
        }
        if let Some(path) = authority {
            if args.embed_certs {
                let data = embedded(path, &ctx.env)?;
                fields.extend([("certificate-authority", "".into()), ("certificate-authority-data", data.into())]);
            } else {
                let path = absolute(path, &ctx.env)?;
                fields.extend([("certificate-authority", path.into()), ("certificate-authority-data", "".into())]);
            }
        }
        if let Some(url) = &args.proxy_url {
            fields.push(("proxy-url", url.as_str().into()));
        }
        Ok(Self { name: name.to_owned(), fields })
    }
}

/// Changes a cluster.
///
/// # Errors
/// Those of [`Options::resolve`], or a kubeconfig that cannot be read or written.
pub(super) fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { name, fields } = Options::resolve(args, ctx)?;
    change(Paths::Relative, flags, ctx, |merged: &mut Merged| {
        let clusters = merged.list_mut(List::Clusters);
        let cluster = clusters.entry(name.clone()).or_insert_with(|| Entry::new(List::Clusters));
        for (field, value) in &fields {
            cluster.set(field, value.clone());
        }
        Ok(())
    })?;
    ctx.put(format!("Cluster {} set.\n", quote(&name)))
}
