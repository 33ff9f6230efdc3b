//! What `create generic`, `docker-registry` and `tls` share: their common flags, and the way from a built Secret to the
//! server or to standard output (kubectl's `CreateSecretOptions`).

use std::ffi::OsString;

use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, PrintFlags, ValidateFlag},
    client::Client,
    commands::{
        outcome::Notices,
        output::Output,
        session,
        write::{self, Write},
    },
    context::Context,
    error::{Error, Result},
    print::Order,
    secret::{Object, hash, last_applied, resource::Resource},
};

/// Flags of every `create secret …`.
#[derive(clap::Args, Debug)]
pub struct Common {
    /// Add a hash of the content to the name
    #[arg(long)]
    pub append_hash: bool,
    /// Write the annotation that apply reads: names of keys, no value
    #[arg(long)]
    pub save_config: bool,
    #[command(flatten)]
    pub dry_run: DryRunFlag,
    #[command(flatten)]
    pub validate: ValidateFlag,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-create")]
    pub field_manager: String,
    #[command(flatten)]
    pub print: PrintFlags,
    /// Words behind `--`: they are no names, as with kubectl.
    #[arg(last = true, hide = true, value_name = "WORD")]
    pub after_dash: Vec<OsString>,
}

/// What [`Common`] means, checked.
pub struct Options {
    name: String,
    namespace: Option<String>,
    append_hash: bool,
    save_config: bool,
    write: Write,
    output: Output,
}

impl Options {
    /// Checks the common flags and the one NAME. `path` is the subcommand, for the usage error.
    ///
    /// # Errors
    /// kubectl's: not one name, a bad `--dry-run`, `--validate` or `-o`.
    pub fn resolve(
        names: &[String],
        path: &str,
        common: Common,
        flags: &ConnectionFlags,
        ctx: &Context,
        notices: &mut Notices,
    ) -> Result<Self> {
        let [name] = names else {
            let see = format!("See '{} {path} -h' for help and examples", ctx.program);
            return Err(Error::usage(format!("exactly one NAME is required, got {}", names.len()), see));
        };
        let dry_run = write::dry_run(&common.dry_run, notices)?;
        if name.is_empty() {
            return Err(Error::new("name must be specified"));
        }
        Ok(Self {
            name: name.clone(),
            namespace: flags.namespace.clone(),
            append_hash: common.append_hash,
            save_config: common.save_config,
            write: Write { validation: Some(common.validate.resolve()?), manager: common.field_manager, dry_run },
            output: Output::resolve(&common.print, Order::Typed, ctx)?,
        })
    }

    /// The name to build with, before the hash.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Finishes `secret`, stores it unless this is a client-side dry run, and says so.
    ///
    /// # Errors
    /// `failed to create secret …`, as kubectl words what the server refuses.
    pub fn create(mut self, mut secret: Object, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
        if let (Some(namespace), Some(metadata)) = (&self.namespace, secret.metadata_mut()) {
            metadata.insert("namespace".to_owned(), namespace.clone().into());
        }
        if self.append_hash {
            let name = format!("{}-{}", self.name, hash::suffix(&secret));
            if let Some(metadata) = secret.metadata_mut() {
                metadata.insert("name".to_owned(), name.into());
            }
        }
        if self.save_config {
            last_applied::save(&mut secret, Order::Typed);
        }
        if self.write.dry_run != DryRun::Client {
            let client = session::connect(flags, ctx)?;
            secret = session::block_on(self.post(&client, secret, ctx))?;
        }
        self.output.done(ctx, secret, "created", self.write.dry_run)
    }

    async fn post(&self, client: &Client, mut secret: Object, ctx: &mut Context) -> Result<Object> {
        if let Some(metadata) = secret.metadata_mut() {
            metadata.entry("namespace").or_insert_with(|| client.namespace().into());
        }
        let collection = client.collection(Resource::Secrets).map_err(|failure| failure.words_of_create("secret"))?;
        let call = self.write.on(session::post(collection.path(), secret.json()));
        let answer = client.call(call).await.map_err(|failure| failure.redacted(&secret).words_of_create("secret"))?;
        session::say_warnings(ctx, &answer);
        Ok(answer.object()?)
    }
}
