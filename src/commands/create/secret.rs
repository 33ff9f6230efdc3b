//! Shared by `create generic` and the other types: the common flags, and the way of a built Secret to the server or to
//! standard output (kubectl's `CreateSecretOptions`).

use std::ffi::OsString;

use super::{
    existing::{self, IfExists},
    extras::{ExtraFlags, Extras},
};
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
    secret::{Object, build::SecretBuilder, hash, last_applied},
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
    pub extras: ExtraFlags,
    #[command(flatten)]
    pub print: PrintFlags,
    /// Words after `--`. As in kubectl they are not names.
    #[arg(last = true, hide = true, value_name = "WORD")]
    pub after_dash: Vec<OsString>,
}

/// The resolved [`Common`].
pub struct Options {
    name: String,
    namespace: Option<String>,
    append_hash: bool,
    save_config: bool,
    write: Write,
    extras: Extras,
    output: Output,
}

/// A Secret that was stored.
pub struct Stored {
    /// The server's object; without a request, the one that would be sent.
    pub object: Object,
    /// The operation, such as `created`.
    pub operation: &'static str,
}

impl Options {
    /// Checks the common flags and the only NAME. `path` is the subcommand, for the usage error.
    ///
    /// # Errors
    /// kubectl's: not exactly one name, an invalid `--dry-run`, `--validate` or `-o`.
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
        let extras = common.extras.resolve()?;
        if common.save_config && extras.existing.if_exists == IfExists::Update {
            return Err(Error::new(
                "--save-config goes with no --if-exists=update: apply would take other keys for removed",
            ));
        }
        if dry_run == DryRun::Client && extras.needs_server() {
            return Err(Error::new("--owner asks the server for its uid, and --dry-run=client asks no server")
                .hint("--dry-run=server does"));
        }
        Ok(Self {
            name: name.clone(),
            namespace: flags.place.namespace.clone(),
            append_hash: common.append_hash,
            save_config: common.save_config,
            write: Write { validation: Some(common.validate.resolve()?), manager: common.field_manager, dry_run },
            extras,
            output: Output::resolve(&common.print, Order::Typed, ctx)?,
        })
    }

    /// Returns the name without the hash.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether the value of `key` is generated.
    pub fn generates(&self, key: &str) -> bool {
        self.extras.generates(key)
    }

    /// Keeps the registries of an existing Secret in addition to the new ones.
    ///
    /// # Errors
    /// If `--if-exists=update` is not set, since then nothing is merged.
    pub fn merge_registries(&mut self) -> Result<()> {
        if self.extras.existing.if_exists != IfExists::Update {
            return Err(Error::new("--merge-registries goes with --if-exists=update"));
        }
        self.extras.existing.merges_registries = true;
        Ok(())
    }

    /// Returns the dry-run strategy.
    pub fn dry_run(&self) -> DryRun {
        self.write.dry_run
    }

    /// Completes a Secret, stores it unless this is a client-side dry run, and prints the result.
    ///
    /// # Errors
    /// As [`Options::store`] and [`Options::say`].
    pub fn create(self, secret: SecretBuilder, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
        let stored = self.store(secret, flags, ctx)?;
        self.say(stored, ctx)
    }

    /// Completes a Secret, and stores it unless this is a client-side dry run.
    ///
    /// # Errors
    /// A key that is given twice, and what the server refuses.
    pub fn store(&self, secret: SecretBuilder, flags: &ConnectionFlags, ctx: &mut Context) -> Result<Stored> {
        let mut object = self.extras.build(secret)?;
        if let (Some(namespace), Some(metadata)) = (&self.namespace, object.metadata_mut()) {
            metadata.insert("namespace".to_owned(), namespace.clone().into());
        }
        if self.append_hash {
            let name = format!("{}-{}", self.name, hash::suffix(&object));
            if let Some(metadata) = object.metadata_mut() {
                metadata.insert("name".to_owned(), name.into());
            }
        }
        if self.save_config {
            last_applied::save(&mut object, Order::Typed);
        }
        if self.write.dry_run == DryRun::Client {
            return Ok(Stored { object, operation: "created" });
        }
        let client = session::connect(flags, ctx)?;
        let (object, operation) = session::block_on(self.send(&client, object, ctx))?;
        Ok(Stored { object, operation })
    }

    /// Prints the result line, or the Secret in the format of `-o`.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub fn say(mut self, stored: Stored, ctx: &mut Context) -> Result<()> {
        self.output.done(ctx, stored.object, stored.operation, self.write.dry_run)
    }

    async fn send(&self, client: &Client, mut secret: Object, ctx: &mut Context) -> Result<(Object, &'static str)> {
        if let Some(metadata) = secret.metadata_mut() {
            metadata.entry("namespace").or_insert_with(|| client.namespace().into());
        }
        self.extras.name_owner(client, &mut secret).await?;
        existing::create(client, &self.write, &self.extras.existing, secret, ctx).await
    }
}
