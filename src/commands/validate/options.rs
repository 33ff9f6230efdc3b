//! The flags of `validate`, resolved.

use go::quote::quote;

use super::{
    fix::Fix,
    repairs,
    report::{Format, Manner},
};
use crate::{
    cli::{
        flags::{ConnectionFlags, DryRunFlag, FileFlags, SelectorFlags},
        time,
    },
    commands::{
        output,
        targets::{self, Choice, Meaning},
        write::{self, Write},
    },
    context::Context,
    error::{Error, Result},
    findings::{Level, Rule, Settings, rules},
    manifest::Filenames,
};

/// Find what is wrong with Secrets, on a server or in files
///
/// The rules of the API server come first, then what a type needs (does the key belong to the certificate, when does it
/// expire, does ssh read the key, do the logins of a docker config agree with themselves), bytes that are seldom meant (a
/// newline at the end, base64 twice, changeme), and in files what Pods and Ingresses name. No value is shown.
///
/// -o json prints an object of apiVersion ksecret/findings/v1: findings, each with code, level, kind, namespace, name, field,
/// message, fix, fixable and, from files, file, document and line; and summary, with objects, errors, warnings and infos.
///
/// Exit status: 0 clean, 1 findings at or above --fail-on, 2 not everything could be looked at.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "[NAME | secret NAME... | -l SELECTOR | -A | -f FILE | -k DIR] [flags]",
    after_help = "Examples:\n  ksecret validate\n  ksecret validate -f secret.yaml --fail-on=error\n  ksecret validate -A --fix --dry-run=client\n  ksecret validate --list"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME...; all Secrets if there is none
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Print as text, json, sarif or github; github by itself in GitHub Actions
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<String>,
    /// Exit with 1 from this level on: error, warning, info or never
    #[arg(long, value_name = "LEVEL", default_value = "warning")]
    fail_on: String,
    /// Leave out the findings with these codes; repeatable
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    skip: Vec<String>,
    /// Report what expires within TIME: 30d, 12h
    #[arg(long, value_name = "TIME", default_value = "30d")]
    expiry_warn: String,
    /// Print all rules, with what they find and how to fix it
    #[arg(long)]
    list: bool,
    /// Look on the server for what files name, and for what it refuses to change
    #[arg(long)]
    against_server: bool,
    /// Fix what is safe: of what is named (NAME, secrets, -l, -A), or in the files
    #[arg(long)]
    fix: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
}

/// The resolved arguments.
pub(super) struct Options {
    pub(super) work: Work,
    pub(super) settings: Settings,
    pub(super) report: Manner,
    pub(super) fix: Option<Fix>,
}

/// What is checked.
pub(super) enum Work {
    /// Nothing: the rules are listed.
    Rules,
    /// Files, and whether a server is asked about them.
    Files { filenames: Filenames, against: bool },
    /// Secrets on a server.
    Server(Stored),
}

/// The Secrets on a server.
pub(super) struct Stored {
    pub(super) meaning: Meaning,
    pub(super) labels: String,
    pub(super) fields: String,
    pub(super) all_namespaces: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// An unknown format, level or code, an invalid time, choices that exclude each other.
    pub(super) fn resolve(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<Self> {
        let now = output::now().as_second();
        let in_actions = ctx.env.var("GITHUB_ACTIONS") == Some("true") && !args.list;
        let report = Manner {
            format: format(args.output.as_deref(), in_actions)?,
            called: repairs::called(&ctx.program, flags),
            fail_on: level(&args.fail_on)?,
            skipped: args.skip.iter().map(|code| rule(code)).collect::<Result<_>>()?,
        };
        let expiry_warn = time::read("--expiry-warn", &args.expiry_warn)?;
        let expiry_warn = i64::try_from(expiry_warn.as_secs()).unwrap_or(i64::MAX);
        let dry_run = crate::commands::outcome::resolve(ctx, |_, notices| write::dry_run(&args.dry_run, notices))?;
        let work = work(&args, ctx)?;
        let is_on_server = matches!(work, Work::Server(_));
        if args.against_server && is_on_server {
            return Err(Error::new("--against-server is for files: add -f or -k"));
        }
        if args.fix && is_on_server {
            check_named(&args)?;
        }
        let is_default = args.dry_run.dry_run == "none";
        if !args.fix && !is_default {
            return Err(Error::new("--dry-run is for --fix: nothing is changed without it"));
        }
        let write = Write { manager: "kubectl-patch".to_owned(), validation: None, dry_run };
        let fix = args.fix.then_some(Fix { write });
        Ok(Self { work, settings: Settings { now, expiry_warn, is_stored: is_on_server }, report, fix })
    }
}

fn work(args: &Args, ctx: &Context) -> Result<Work> {
    if args.list {
        return Ok(Work::Rules);
    }
    let program = ctx.program.as_str();
    let words = targets::or_secrets(&args.words, &args.files, program);
    let choice = Choice {
        words: &words,
        labels: args.selection.labels(),
        fields: args.selection.fields(),
        every: true,
        all_namespaces: args.selection.all_namespaces,
        files: args.files.clone(),
        ..Choice::default()
    };
    Ok(match choice.meaning(program)? {
        Meaning::Files(filenames) => Work::Files { filenames, against: args.against_server },
        meaning => Work::Server(Stored {
            meaning,
            labels: args.selection.labels().trim().to_owned(),
            fields: args.selection.fields().trim().to_owned(),
            all_namespaces: args.selection.all_namespaces,
        }),
    })
}

/// Refuses `--fix` without names. Why: an empty variable must not mean all Secrets.
fn check_named(args: &Args) -> Result<()> {
    let selectors = [("-l", &args.selection.selector), ("--field-selector", &args.selection.field_selector)];
    let typed = selectors.iter().filter_map(|(flag, typed)| Some((flag, typed.as_deref()?)));
    if let Some((flag, _)) = typed.clone().find(|(_, selector)| selector.trim().is_empty()) {
        return Err(Error::new(format!("{flag} is empty, and --fix would fix every Secret")));
    }
    match args.words.is_empty() && !args.selection.all_namespaces && typed.count() == 0 {
        true => Err(Error::new("--fix works on what is named: a NAME, secrets, -l or -A")
            .hint("secrets means all of the namespace")),
        false => Ok(()),
    }
}

fn format(typed: Option<&str>, in_actions: bool) -> Result<Format> {
    Ok(match typed {
        None if in_actions => Format::Github,
        None | Some("text" | "") => Format::Text,
        Some("json") => Format::Json,
        Some("sarif") => Format::Sarif,
        Some("github") => Format::Github,
        Some(other) => {
            let text = format!("unknown output format {}, expected text, json, sarif or github", quote(other));
            return Err(Error::new(text));
        }
    })
}

/// Returns the least level that fails the command; `None` for never.
fn level(typed: &str) -> Result<Option<Level>> {
    Ok(Some(match typed {
        "error" => Level::Error,
        "warning" => Level::Warning,
        "info" => Level::Info,
        "never" => return Ok(None),
        other => {
            let text = format!("--fail-on must be error, warning, info or never, not {}", quote(other));
            return Err(Error::new(text));
        }
    }))
}

fn rule(code: &str) -> Result<&'static Rule> {
    rules::of(code.trim()).ok_or_else(|| {
        Error::new(format!("--skip: there is no rule {}", quote(code))).hint("ksecret validate --list shows all rules")
    })
}
