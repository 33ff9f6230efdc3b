//! The flags of `rotate`, resolved.

use std::time::Duration;

use go::quote::quote;

use super::calls::Hooks;
use crate::{
    cli::{resources, time},
    commands::sources::SourceFlags,
    context::{Context, Env},
    error::{Error, Result},
    hooks::Hook,
    secret::{Value, build::check_key},
    source::generate::Spec,
};

/// Rotate values of a Secret, step by step: no crash loses the former or the new value
///
/// The new value is first stored in the Secret NAME-rotation, whose creation is the lock. Then --set makes it known to a
/// backend, --verify tries it, one request writes it to the Secret, and --revoke ends the former value. Each step first checks
/// whether it is already done, so --continue resumes after any interruption. A KEY without SPEC that holds one line of text gets
/// 32 random letters and digits.
///
/// Hooks are programs with their arguments, run without a shell. They read all entries as JSON from descriptor 3 (as they will
/// be) and from descriptor 4 (as they are): {"KEY": "TEXT"}, or {"KEY": {"base64": "..."}} for bytes that are no text. They find
/// KSECRET_STEP, _NAME, _NAMESPACE, _TOKEN and _ATTEMPT in their environment. Exit status 0 means done, 75 that the step is to be
/// tried again later, any other that it failed. --verify tries what descriptor 3 holds: the former value, where the former state
/// is to be confirmed.
///
/// Exit status: 0 done, or in the overlap that was requested; 1 refused, or failed with the former state confirmed; 3
/// incomplete, both values are kept; 4 locked, or in conflict with another process; with --due: 1 if something is overdue.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME KEY[=SPEC]... [--set COMMAND] [--verify COMMAND] [flags]",
    after_help = "Examples:\n  ksecret rotate db password=random:40 --set ./set.sh --verify ./verify.sh\n  ksecret rotate db token=hex:20 --every=90d --keep-previous\n  ksecret rotate ca --from-file=ca.crt=chain.crt --overlap=bundle\n  ksecret rotate db --print-role | kubectl apply -f -\n  ksecret rotate db --status\n  ksecret rotate --due=7d -A"
)]
pub struct Args {
    /// NAME of one Secret, or secret/NAME; then KEY, or KEY=SPEC as --generate takes it
    #[arg(value_name = "NAME|KEY=SPEC")]
    words: Vec<String>,
    #[command(flatten)]
    sources: SourceFlags,
    /// Take what a command writes as the new value; repeatable
    #[arg(long, value_name = "KEY=COMMAND")]
    from_exec: Vec<String>,
    /// Have this command make the new value known to the backend
    #[arg(long, value_name = "COMMAND")]
    set: Option<String>,
    /// Have this command try a value at the backend
    #[arg(long, value_name = "COMMAND")]
    verify: Option<String>,
    /// Have this command end the former value at the backend
    #[arg(long, value_name = "COMMAND")]
    revoke: Option<String>,
    /// Have this command undo what --set did, if the former state is to return
    #[arg(long, value_name = "COMMAND")]
    undo: Option<String>,
    /// Let each hook run up to TIME
    #[arg(long, value_name = "TIME", default_value = "5m")]
    hook_timeout: String,
    /// Keep the former value under KEY, where * is the key; --finish removes it
    #[arg(long, value_name = "KEY", num_args = 0..=1, require_equals = true, default_missing_value = "*.previous")]
    keep_previous: Option<String>,
    /// Keep former certificates behind the new ones until --finish: bundle
    #[arg(long, value_name = "HOW")]
    overlap: Option<String>,
    /// Let a key hold one of two users in turn; repeatable
    #[arg(long, value_name = "KEY=USER,USER")]
    alternate: Vec<String>,
    /// Leave the former value in force for TIME, and until --finish: 24h, 7d
    #[arg(long, value_name = "TIME")]
    grace: Option<String>,
    /// Mark the Secret as due again after TIME: 90d
    #[arg(long, value_name = "TIME")]
    every: Option<String>,
    /// Name the rotation: the same token continues it, and never rotates twice
    #[arg(long, value_name = "TOKEN")]
    rotation_token: Option<String>,
    /// If a step fails, keep both values, or restore the former one
    #[arg(long, value_name = "WHAT", default_value = "keep")]
    on_failure: String,
    /// Rotate keys that the Secret does not have yet
    #[arg(long)]
    create_key: bool,
    /// Rotate a Secret that a controller or a tool manages
    #[arg(long)]
    override_manager: bool,
    /// Print the steps, and whether the rights suffice; change nothing
    #[arg(long)]
    dry_run: bool,
    /// Show how far the rotation of NAME is
    #[arg(long)]
    status: bool,
    /// Go on with the rotation of NAME where it was interrupted
    #[arg(long = "continue")]
    proceed: bool,
    /// End the overlap: the former value is no longer accepted
    #[arg(long)]
    finish: bool,
    /// Give the rotation of NAME up, if the former value is in force
    #[arg(long)]
    abort: bool,
    /// List the Secrets that are due now, or within this time
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "0s")]
    due: Option<String>,
    /// Print a Role that may rotate NAME, and nothing else
    #[arg(long)]
    print_role: bool,
    /// List the Secrets of all namespaces; for --due
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// List only Secrets with these labels; for --due
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    selector: Option<String>,
    /// Print --status as json, --due as json or openmetrics
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<String>,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-rotate")]
    field_manager: String,
}

/// The action.
pub enum Mode {
    /// Begin a rotation, or continue the one with the same token.
    Begin(Box<Request>),
    /// Only print the steps.
    DryRun(Box<Request>),
    /// Continue.
    Continue,
    /// End the overlap.
    Finish,
    /// Give the rotation up.
    Abort,
    /// Print the state.
    Status(Format),
    /// Print the Role that is needed.
    Role,
    /// List the Secrets that are due.
    Due(Due),
}

/// The output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text for reading.
    Text,
    /// JSON.
    Json,
    /// OpenMetrics.
    OpenMetrics,
}

/// What `--due` lists.
pub struct Due {
    /// Secrets that are due within this time.
    pub within: Duration,
    /// `-A`: whether those of all namespaces.
    pub everywhere: bool,
    /// The label selector.
    pub selector: String,
    /// The output format.
    pub format: Format,
}

/// The resolved arguments.
pub struct Options {
    /// The words that name the Secret.
    pub names: Vec<String>,
    /// The action.
    pub mode: Mode,
    /// The hooks.
    pub hooks: Hooks,
    /// `--rotation-token`.
    pub token: Option<String>,
    /// `fieldManager` of the writes.
    pub manager: String,
}

/// A rotation to begin.
pub struct Request {
    /// The values to generate.
    pub specs: Vec<Spec>,
    /// Keys that were typed without a SPEC.
    pub bare: Vec<String>,
    /// Values from files, standard input and other sources.
    pub entries: Vec<(String, Value)>,
    /// Keys whose values commands make.
    pub made: Vec<String>,
    /// Keys that hold one of two users in turn.
    pub alternates: Vec<(String, [String; 2])>,
    /// `--keep-previous`; `*` stands for the key.
    pub previous: Option<String>,
    /// `--overlap=bundle`.
    pub bundles: bool,
    /// `--grace`.
    pub grace: Option<Duration>,
    /// `--every`, as it was typed.
    pub every: Option<String>,
    /// `--on-failure=restore`.
    pub restores: bool,
    /// `--create-key`.
    pub creates_keys: bool,
    /// `--override-manager`.
    pub overrides_manager: bool,
}

impl Request {
    /// Returns the keys that get new values, in the order of the flags.
    pub fn keys(&self) -> Vec<String> {
        let specs = self.specs.iter().flat_map(Spec::keys);
        let entries = self.entries.iter().map(|(key, _)| key.clone());
        let alternates = self.alternates.iter().map(|(key, _)| key.clone());
        specs.chain(entries).chain(self.made.iter().cloned()).chain(alternates).collect()
    }
}

/// The longest key for which the companion can store both values under a valid key.
const LONGEST: usize = 253 - "new.".len();

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// No name or no key, two values for one key, a hook that cannot be started, flags that exclude each other.
    pub fn resolve(args: Args, ctx: &mut Context) -> Result<Self> {
        let (names, words) = resources::name_first(&args.words);
        let modes = [
            ("--status", args.status),
            ("--continue", args.proceed),
            ("--finish", args.finish),
            ("--abort", args.abort),
            ("--print-role", args.print_role),
            ("--due", args.due.is_some()),
        ];
        let mut typed = modes.into_iter().filter(|(_, is_typed)| *is_typed).map(|(flag, _)| flag);
        if let (Some(one), Some(other)) = (typed.next(), typed.next()) {
            return Err(Error::new(format!("{one} and {other} cannot be used together")));
        }
        let mode = if args.status {
            Some(Mode::Status(format(args.output.as_deref(), &[Format::Json])?))
        } else if args.proceed {
            Some(Mode::Continue)
        } else if args.finish {
            Some(Mode::Finish)
        } else if args.abort {
            Some(Mode::Abort)
        } else if args.print_role {
            Some(Mode::Role)
        } else if let Some(within) = &args.due {
            Some(Mode::Due(Due {
                within: time::read("--due", within)?,
                everywhere: args.all_namespaces,
                selector: args.selector.clone().unwrap_or_default(),
                format: format(args.output.as_deref(), &[Format::Json, Format::OpenMetrics])?,
            }))
        } else {
            None
        };
        match &mode {
            Some(Mode::Due(_)) if !args.words.is_empty() => {
                return Err(Error::new("--due lists Secrets, and takes no NAME").hint("-l and -A choose them"));
            }
            Some(Mode::Due(_)) if args.selector.as_deref().is_some_and(|selector| selector.trim().is_empty()) => {
                return Err(Error::new("-l is empty"));
            }
            Some(Mode::Due(_)) => {}
            _ if args.all_namespaces || args.selector.is_some() => {
                return Err(Error::new("-A and -l are for --due: a rotation is of one Secret"));
            }
            _ if names.is_empty() || names.iter().any(String::is_empty) => {
                return Err(Error::new("the NAME of a Secret is required"));
            }
            _ => {}
        }
        if args.output.is_some() && !matches!(mode, Some(Mode::Status(_) | Mode::Due(_))) {
            return Err(Error::new("-o is for --status and --due"));
        }
        if args.dry_run && mode.is_some() {
            return Err(Error::new("--dry-run shows the steps of a rotation that begins"));
        }
        let token = args.rotation_token.clone();
        if token.as_deref().is_some_and(|token| !is_token(token)) {
            return Err(Error::new("--rotation-token wants 1 to 128 letters, digits and -_.:"));
        }
        let hooks = hooks(&args, &ctx.env)?;
        let manager = args.field_manager.clone();
        let dry_run = args.dry_run;
        let mode = match mode {
            // The stored plan decides on the keys; repeating them has no effect.
            Some(mode) => mode,
            None => {
                let request = Box::new(request(args, &words, &hooks, ctx)?);
                if dry_run { Mode::DryRun(request) } else { Mode::Begin(request) }
            }
        };
        Ok(Self { names, mode, hooks, token, manager })
    }
}

fn request(args: Args, words: &[String], hooks: &Hooks, ctx: &mut Context) -> Result<Request> {
    let (mut specs, mut bare) = (Vec::new(), Vec::new());
    for word in words {
        if !word.contains('=') {
            bare.push(word.clone());
        }
        let (key, spec) = word.split_once('=').unwrap_or((word, "random"));
        check_key(key).map_err(Error::new)?;
        if spec.is_empty() {
            return Err(Error::new(format!("{key}= says not how to make the value"))
                .hint(format!("{key}=random:40 makes 40 letters and digits; ksecret set {key}=... sets a known one")));
        }
        specs.push(Spec::parse(&format!("{key}={spec}"))?);
    }
    let alternates = args.alternate.iter().map(|typed| alternate(typed)).collect::<Result<Vec<_>>>()?;
    let restores = match args.on_failure.as_str() {
        "keep" => false,
        "restore" if hooks.given.contains_key("verify") => true,
        "restore" => {
            return Err(Error::new(
                "--on-failure=restore needs --verify, which proves that the former value is in force",
            ));
        }
        other => return Err(Error::new(format!("--on-failure is keep or restore, not {}", quote(other)))),
    };
    let bundles = match args.overlap.as_deref() {
        None => false,
        Some("bundle") => true,
        Some(other) => return Err(Error::new(format!("--overlap is bundle, not {}", quote(other)))),
    };
    if let Some(every) = &args.every
        && time::read("--every", every)?.is_zero()
    {
        return Err(Error::new("--every wants a time above 0"));
    }
    let grace = args.grace.as_deref().map(|grace| time::read("--grace", grace)).transpose()?;
    let request = Request {
        specs,
        bare,
        made: hooks.makers.keys().cloned().collect(),
        alternates,
        previous: args.keep_previous,
        bundles,
        grace,
        every: args.every,
        restores,
        creates_keys: args.create_key,
        overrides_manager: args.override_manager,
        entries: args.sources.collect(Vec::new(), ctx)?,
    };
    check(&request)?;
    Ok(request)
}

fn check(request: &Request) -> Result<()> {
    let keys = request.keys();
    if keys.len() == request.alternates.len() {
        return Err(Error::new("at least one KEY to rotate is required")
            .hint("ksecret rotate NAME password=random:40 makes 40 letters and digits"));
    }
    for (index, key) in keys.iter().enumerate() {
        if keys.iter().take(index).any(|other| other == key) {
            return Err(Error::new(format!("two new values are given for {}", quote(key))));
        }
        if key.len() > LONGEST {
            return Err(Error::new(format!("a key that is rotated may have {LONGEST} bytes, {} has more", quote(key))));
        }
    }
    if let Some(previous) = &request.previous {
        if previous.is_empty() {
            return Err(Error::new("--keep-previous= names no key").hint("--keep-previous alone means *.previous"));
        }
        check_key(&previous.replace('*', "key")).map_err(Error::new)?;
        if !previous.contains('*') && keys.len() - request.alternates.len() > 1 {
            return Err(Error::new(format!("--keep-previous={previous} names one key, and several are rotated"))
                .hint("--keep-previous='*-old' keeps each under a key of its own"));
        }
    }
    Ok(())
}

/// Parses `KEY=USER,USER`.
fn alternate(typed: &str) -> Result<(String, [String; 2])> {
    let parts = typed.split_once('=').and_then(|(key, users)| Some((key, users.split_once(',')?)));
    match parts {
        Some((key, (one, other))) if !one.is_empty() && !other.is_empty() && one != other && !other.contains(',') => {
            check_key(key).map_err(Error::new)?;
            Ok((key.to_owned(), [one.to_owned(), other.to_owned()]))
        }
        _ => Err(Error::new("--alternate wants KEY=USER,USER, two that differ")),
    }
}

fn hooks(args: &Args, env: &Env) -> Result<Hooks> {
    let mut hooks = Hooks { limit: time::read("--hook-timeout", &args.hook_timeout)?, ..Hooks::default() };
    if hooks.limit.is_zero() {
        return Err(Error::new("--hook-timeout wants a time above 0"));
    }
    for (flag, typed) in [("set", &args.set), ("verify", &args.verify), ("revoke", &args.revoke), ("undo", &args.undo)]
    {
        if let Some(typed) = typed {
            hooks.given.insert(flag, Hook::parse(&format!("--{flag}"), typed, env)?);
        }
    }
    for typed in &args.from_exec {
        let Some((key, command)) = typed.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(Error::new("--from-exec wants KEY=COMMAND"));
        };
        check_key(key).map_err(Error::new)?;
        let hook = Hook::parse(&format!("--from-exec {key}"), command, env)?;
        if hooks.makers.insert(key.to_owned(), hook).is_some() {
            return Err(Error::new(format!("two new values are given for {}", quote(key))));
        }
    }
    Ok(hooks)
}

fn format(typed: Option<&str>, known: &[Format]) -> Result<Format> {
    let found = match typed {
        None => Format::Text,
        Some("json") => Format::Json,
        Some("openmetrics") => Format::OpenMetrics,
        Some(other) => return Err(Error::new(format!("unknown output format {}", quote(other)))),
    };
    match found == Format::Text || known.contains(&found) {
        true => Ok(found),
        false => Err(Error::new("-o openmetrics is for --due")),
    }
}

fn is_token(token: &str) -> bool {
    let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (1..=128).contains(&token.len()) && token.bytes().all(is_of_it)
}
