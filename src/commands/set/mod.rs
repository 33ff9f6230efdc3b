//! `set`, `unset` and `rename-key`: changes of keys of one Secret, each in one request with a precondition.

pub(super) mod change;

use std::ffi::{OsStr, OsString};

use guard::Typed;

use self::change::{Change, Expected, Step};
use super::{
    outcome::{self, Notices},
    output::Output,
    session,
    sources::{GenerateFlag, SourceFlags},
    targets::{Choice, Purpose},
    write::{self, Write},
};
use crate::{
    cli::{
        flags::{ConnectionFlags, DryRunFlag, PrintFlags},
        resources,
    },
    context::Context,
    error::{Error, Result},
    print::Order,
    secret::{build::check_key, resource::Resource},
};

/// Set keys of a Secret, in one request
///
/// Other keys stay. If another process changes the same keys meanwhile, nothing is written and the exit status is 4. KEY=@FILE
/// takes a file, KEY=- standard input; what begins so itself is given by --from-literal.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME (KEY=VALUE | KEY=@FILE | KEY=-)... [flags]",
    after_help = "Examples:\n  ksecret set db user=admin ca.crt=@ca.crt\n  pass show db | ksecret set db password=- --strip-newline\n  ksecret set db --generate password=random:40 --create"
)]
pub struct SetArgs {
    /// NAME of one Secret, or secret NAME, secret/NAME; then KEY=VALUE...
    #[arg(value_name = "NAME|KEY=VALUE")]
    words: Vec<Typed<String>>,
    /// Create the Secret if it does not exist
    #[arg(long)]
    create: bool,
    #[command(flatten)]
    generate: GenerateFlag,
    #[command(flatten)]
    sources: SourceFlags,
    #[command(flatten)]
    common: Common,
}

/// Remove keys of a Secret, in one request
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME KEY... [flags]",
    after_help = "Examples:\n  ksecret unset db token\n  ksecret unset secret/db user token --dry-run=server"
)]
pub struct UnsetArgs {
    /// NAME of one Secret, or secret/NAME; then KEY...
    #[arg(value_name = "NAME|KEY")]
    words: Vec<String>,
    #[command(flatten)]
    common: Common,
}

/// Give a key of a Secret another name, in one request
#[derive(clap::Args, Debug)]
#[command(override_usage = "NAME KEY NEW [flags]", after_help = "Examples:\n  ksecret rename-key db user username")]
pub struct RenameKeyArgs {
    /// NAME of one Secret, or secret/NAME; then KEY and its new name
    #[arg(value_name = "NAME|KEY")]
    words: Vec<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Debug)]
struct Common {
    /// Change the object only if it has this resourceVersion
    #[arg(long, value_name = "VERSION")]
    if_version: Option<String>,
    /// Change it only if a value has this SHA-256, in hexadecimal; repeatable
    #[arg(long, value_name = "KEY=DIGEST")]
    if_value_digest: Vec<String>,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-set")]
    field_manager: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    print: PrintFlags,
}

/// The objects of kubectl's `set`, whose kinds are not handled here.
const KUBECTL: [&str; 7] = ["env", "image", "resources", "selector", "sa", "serviceaccount", "subject"];

/// Returns whether the word after `set` makes the command one of kubectl's.
pub fn is_of_kubectl(word: &OsStr) -> bool {
    KUBECTL.iter().any(|known| word == *known)
}

/// Sets keys.
///
/// # Errors
/// Those of [`Options::of_set`] and of [`Change::on`].
pub fn run_set(args: SetArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    Options::of_set(args, ctx)?.run(flags, ctx)
}

/// Removes keys.
///
/// # Errors
/// Those of [`Options::of_unset`] and of [`Change::on`].
pub fn run_unset(args: UnsetArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    Options::of_unset(args, ctx)?.run(flags, ctx)
}

/// Renames a key.
///
/// # Errors
/// Those of [`Options::of_rename_key`] and of [`Change::on`].
pub fn run_rename_key(args: RenameKeyArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    Options::of_rename_key(args, ctx)?.run(flags, ctx)
}

/// The resolved arguments.
struct Options {
    names: Vec<String>,
    step: Step,
    /// `--create`.
    create: bool,
    expected: Expected,
    write: Write,
    output: Output,
}

impl Options {
    /// Checks and resolves the arguments of `set`, and reads the values.
    ///
    /// # Errors
    /// No name, no key, and a value that cannot be read or made.
    fn of_set(args: SetArgs, ctx: &mut Context) -> Result<Self> {
        let at = args.words.iter().position(|word| word.contains('=')).unwrap_or(args.words.len());
        let (names, pairs) = args.words.split_at(at);
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        if let Some(word) = names.first().filter(|word| is_of_kubectl(word.as_ref())) {
            let error = Error::new(format!("kubectl's set {word} changes other kinds than Secrets"));
            return Err(error.hint(format!("a Secret of that name is secret/{word}")).foreign());
        }
        let mut sources = args.sources;
        let literals = literals(pairs, &mut sources)?;
        let specs = args.generate.specs()?;
        let options = Self::of(names, Step::Set(Vec::new()), args.common, ctx)?;
        let mut entries = sources.collect(literals, ctx)?;
        for spec in specs {
            for (key, value) in spec.make()? {
                check_key(&key).map_err(Error::new)?;
                if entries.iter().any(|(known, _)| *known == key) {
                    return Err(Error::new(format!("cannot add key {key}, another key by that name already exists")));
                }
                entries.push((key, value));
            }
        }
        if entries.is_empty() {
            return Err(Error::new("at least one KEY=VALUE is required"));
        }
        Ok(Self { step: Step::Set(entries), create: args.create, ..options })
    }

    /// Checks and resolves the arguments of `unset`.
    ///
    /// # Errors
    /// No name, and no key or an empty one.
    fn of_unset(args: UnsetArgs, ctx: &mut Context) -> Result<Self> {
        let (names, keys) = resources::name_first(&args.words);
        if keys.is_empty() || keys.iter().any(String::is_empty) {
            return Err(Error::new("at least one KEY is required, and none is empty"));
        }
        Self::of(names, Step::Unset(keys), args.common, ctx)
    }

    /// Checks and resolves the arguments of `rename-key`.
    ///
    /// # Errors
    /// No name, not exactly two keys, twice the same, and a name that no key can have.
    fn of_rename_key(args: RenameKeyArgs, ctx: &mut Context) -> Result<Self> {
        let (names, keys) = resources::name_first(&args.words);
        let [old, new] = keys.as_slice() else {
            return Err(Error::new("NAME, KEY and its new name are required"));
        };
        check_key(new).map_err(Error::new)?;
        if old == new {
            return Err(Error::new("both names of the key are the same"));
        }
        Self::of(names, Step::Rename(old.clone(), new.clone()), args.common, ctx)
    }

    fn of(names: Vec<String>, step: Step, common: Common, ctx: &mut Context) -> Result<Self> {
        if names.is_empty() {
            return Err(Error::new("the NAME of a Secret is required"));
        }
        let dry_run = outcome::resolve(ctx, |_, notices| write::dry_run(&common.dry_run, notices))?;
        Ok(Self {
            names,
            step,
            create: false,
            expected: Expected::of(common.if_version, &common.if_value_digest)?,
            write: Write { manager: common.field_manager, validation: None, dry_run },
            output: Output::resolve(&common.print, Order::Sorted, ctx)?,
        })
    }

    /// Changes the Secret.
    fn run(self, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
        let Self { names, step, create, expected, write, mut output } = self;
        let client = session::connect(flags, ctx)?;
        let dry_run = write.dry_run;
        let change = Change { step, expected, create, write };
        let mut notices = Notices::default();
        let done = session::block_on(async {
            let choice = Choice { words: &names, purpose: Purpose::Change, ..Choice::default() };
            let mut targets = choice.find(&client, ctx).await?;
            match (targets.pop(), targets.is_empty()) {
                (Some(target), true) => match target? {
                    target if target.resource() == Resource::Secrets => change.on(&client, &target, &mut notices).await,
                    target => Err(Error::new(format!("{} is no Secret", target.name))),
                },
                _ => Err(Error::new("the NAME of one Secret is required")),
            }
        });
        notices.tell(ctx)?;
        let done = done?;
        output.done(ctx, done.object, done.operation, dry_run)
    }
}

/// Returns the literals among the pairs of `set`; adds those that name a file or standard input to `sources`.
///
/// # Errors
/// A pair without a key or a value, and a name after the first pair.
fn literals(pairs: &[Typed<String>], sources: &mut SourceFlags) -> Result<Vec<Typed<OsString>>> {
    let mut literals = Vec::new();
    for pair in pairs {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(match pair.starts_with('=') {
                true => Error::new("one KEY=VALUE has no key"),
                false => Error::new("all names come before the first KEY=VALUE"),
            });
        };
        match value.strip_prefix('@') {
            _ if value.is_empty() => {
                return Err(Error::new(format!("{key}= has no value"))
                    .hint(format!("--from-literal={key}= sets an empty one, ksecret unset removes the key")));
            }
            Some("") => return Err(Error::new(format!("{key}=@ names no file"))),
            Some(path) => sources.add_file(format!("{key}={path}").into()),
            None if value == "-" => sources.add_stdin(key)?,
            None => literals.push(OsString::from(&**pair).into()),
        }
    }
    Ok(literals)
}
