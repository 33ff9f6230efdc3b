//! `create namespace NAME`.

use std::ffi::OsString;

use serde_json::json;

use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, PrintFlags, ValidateFlag},
    client::Path,
    commands::{
        outcome::{self, Notices},
        output::Output,
        session,
        write::{self, Write},
    },
    context::Context,
    error::{Error, Result},
    print::Order,
    secret::{Object, last_applied, resource::Resource},
};

/// Create a namespace
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [flags]",
    after_help = "Examples:\n  ksecret create namespace team-a\n  ksecret --local create ns team-a"
)]
pub struct Args {
    /// Name of the namespace
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Keep the object in an annotation, for kubectl's client-side apply
    #[arg(long)]
    save_config: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-create")]
    field_manager: String,
    #[command(flatten)]
    print: PrintFlags,
    /// Words after `--`. As in kubectl they are not names.
    #[arg(last = true, hide = true, value_name = "WORD")]
    after_dash: Vec<OsString>,
}

struct Options {
    namespace: Object,
    write: Write,
    output: Output,
}

impl Options {
    fn resolve(args: &Args, ctx: &Context, notices: &mut Notices) -> Result<Self> {
        let [name] = args.names.as_slice() else {
            let see = format!("See '{} create namespace -h' for help and examples", ctx.program);
            return Err(Error::usage(format!("exactly one NAME is required, got {}", args.names.len()), see));
        };
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        if name.is_empty() {
            return Err(Error::new("name must be specified"));
        }
        let validation = Some(args.validate.resolve()?);
        let output = Output::resolve(&args.print, Order::Typed, ctx)?;
        let mut namespace = Object::new(json!({
            "kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}, "spec": {}, "status": {},
        }));
        if args.save_config {
            last_applied::save(&mut namespace, Order::Typed);
        }
        Ok(Self { namespace, write: Write { manager: args.field_manager.clone(), validation, dry_run }, output })
    }
}

/// Creates the namespace.
///
/// # Errors
/// Not exactly one name, or what the server refuses.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { mut namespace, write, mut output } =
        outcome::resolve(ctx, |ctx, notices| Options::resolve(args, ctx, notices))?;
    if write.dry_run != DryRun::Client {
        let client = session::connect(flags, ctx)?;
        let call = write.on(session::post(Path::all(Resource::Namespaces), namespace.json()));
        let answer = session::block_on(async { Ok(client.call(call).await?) })?;
        session::say_warnings(ctx, &answer);
        namespace = answer.object()?;
    }
    output.done(ctx, namespace, "created", write.dry_run)
}
