//! `create service-account-token NAME`: a Secret that the token controller of a cluster fills with a token for a service
//! account (`kubernetes.io/service-account-token`).

use std::time::{Duration, Instant};

use super::secret::{Common, Options};
use crate::{
    cli::flags::{ConnectionFlags, DryRun},
    client::Name,
    commands::{outcome, session, targets::Target, until},
    context::Context,
    error::{Error, Result},
    secret::{Object, build::SecretBuilder, resource::Resource, types},
};

/// Create a Secret that the cluster fills with a service account's token
///
/// Such a token never expires. One that does, and needs no Secret, is had by kubectl create token.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME --service-account ACCOUNT [flags]",
    after_help = "Examples:\n  ksecret create service-account-token build --service-account=builder"
)]
pub struct Args {
    /// Name of the Secret
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Request a token of this service account, which must exist
    #[arg(long, value_name = "ACCOUNT", default_value = "", hide_default_value = true)]
    service_account: String,
    /// Wait until the cluster has filled in the token
    #[arg(long)]
    wait: bool,
    /// Wait up to DURATION for the token
    #[arg(long, value_name = "DURATION", default_value = "30s")]
    timeout: String,
    #[command(flatten)]
    common: Common,
}

/// Creates the Secret.
///
/// # Errors
/// No service account, a token that does not appear in time, and those of [`Options::create`].
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| {
        Options::resolve(&args.names, "create service-account-token", args.common, flags, ctx, notices)
    })?;
    if args.service_account.is_empty() {
        return Err(Error::new("--service-account must be specified"));
    }
    Name::new(&args.service_account)?;
    let timeout = go::duration::parse(&args.timeout).filter(|timeout| !timeout.is_zero());
    let timeout = timeout.ok_or_else(|| Error::new("--timeout wants a time, as 30s"))?;
    if args.wait && options.dry_run() != DryRun::None {
        return Err(Error::new("--wait waits for what a dry run does not create"));
    }
    let builder = SecretBuilder::new(options.name()).kind(types::SERVICE_ACCOUNT_TOKEN);
    let builder = builder.annotation(types::SERVICE_ACCOUNT_NAME, &args.service_account);
    let mut stored = options.store(builder, flags, ctx)?;
    if args.wait && !is_filled(&stored.object) {
        stored.object = wait(&stored.object, timeout, &args.service_account, flags, ctx)?;
    }
    options.say(stored, ctx)
}

fn is_filled(secret: &Object) -> bool {
    secret.json()["data"]["token"].as_str().is_some_and(|token| !token.is_empty())
}

/// Waits for the token. Fails early if the controller deletes the Secret, which it does if the service account does not
/// exist.
fn wait(
    created: &Object,
    timeout: Duration,
    account: &str,
    flags: &ConnectionFlags,
    ctx: &mut Context,
) -> Result<Object> {
    let name = created.name();
    let client = session::connect(flags, ctx)?;
    let target = Target { collection: client.collection(Resource::Secrets)?, name: Name::new(name)?, file: None };
    let judge = |seen: Option<Object>| match seen {
        None => Some(None),
        Some(object) => is_filled(&object).then_some(Some(object)),
    };
    let deadline = Some(Instant::now() + timeout);
    let found = session::block_on(async {
        Ok(until::until(&client, &until::Subject::object(&target), deadline, judge, || ()).await?)
    })?;
    match found {
        Some(Some(object)) => Ok(object),
        Some(None) => Err(Error::new(format!("secret/{name} was deleted before it had a token"))
            .hint(format!("is there a service account {account} in this namespace?"))),
        None => Err(Error::new(format!("secret/{name} has no token yet; it was created"))
            .hint("the token controller of the cluster fills it; a server without one never does")),
    }
}
