//! How a command that changes something says what it did: kubectl's `secret/NAME created`, or the object in the format
//! that `-o` asks for.

use std::ffi::OsStr;

use jiff::Timestamp;

use crate::{
    cli::flags::{DryRun, PrintFlags},
    context::Context,
    error::{Error, Result},
    print::{Allowed, Flags, Format, Options, Order, Printer, Style, format},
    secret::Object,
};
use go::errno;

/// Where results go.
pub struct Output(Printer);

impl Output {
    /// Reads `-o` and its companions.
    ///
    /// # Errors
    /// kubectl's, for an unknown format or a template that cannot be read or parsed.
    pub fn resolve(flags: &PrintFlags, order: Order, ctx: &Context) -> Result<Self> {
        let format = parse(flags, Allowed::Create, false, ctx)?;
        let options =
            Options { show_managed_fields: flags.show_managed_fields, order, style: style(ctx), ..Options::default() };
        Ok(Self(Printer::new(format, options)))
    }

    /// Prints objects as one List, as kubectl's apply does where there are several.
    ///
    /// # Errors
    /// As [`Output::resolve`] and [`Output::done`].
    pub fn list(flags: &PrintFlags, order: Order, objects: Vec<Object>, ctx: &mut Context) -> Result<()> {
        let format = parse(flags, Allowed::Create, false, ctx)?;
        if matches!(format, Format::Name) {
            return Err(Error::new("list types are not supported by name printing: *v1.List"));
        }
        let options = Options {
            show_managed_fields: flags.show_managed_fields,
            order,
            style: style(ctx),
            list_version: None,
            ..Options::default()
        };
        let mut printer = Printer::of_list(format, options);
        for mut object in objects {
            printer.object(object.json_mut(), &mut ctx.stdout)?;
        }
        printer.end(&mut ctx.stdout).map(|_| ())
    }

    /// As [`Output::done`], but as if no object had been printed before: kubectl's patch, label and annotate make a printer
    /// for each, so no `---` stands between them.
    ///
    /// # Errors
    /// [`Output::done`]'s.
    pub fn alone(&mut self, ctx: &mut Context, object: Object, operation: &str, dry_run: DryRun) -> Result<()> {
        self.0.begin_anew();
        self.done(ctx, object, operation, dry_run)
    }

    /// Says that `operation` was done to `object`, or prints it.
    ///
    /// # Errors
    /// A template that fails on the object, or standard output that cannot be written.
    pub fn done(&mut self, ctx: &mut Context, mut object: Object, operation: &str, dry_run: DryRun) -> Result<()> {
        let operation = format!("{operation}{}", dry_run.suffix());
        self.0.done(object.json_mut(), &operation, &mut ctx.stdout)
    }
}

/// The format that `-o` and `--template` mean.
///
/// # Errors
/// kubectl's.
pub fn parse(flags: &PrintFlags, allowed: Allowed, no_headers: bool, ctx: &Context) -> Result<Format> {
    let typed = Flags {
        output: flags.output.as_deref(),
        template: flags.template.as_deref(),
        allow_missing_keys: flags.allow_missing_template_keys,
        no_headers,
    };
    Format::parse(typed, allowed, &format::reader(&ctx.env))
}

/// What the terminal allows.
pub fn style(ctx: &Context) -> Style {
    Style { color: ctx.color, terminal: ctx.terminals.stdout }
}

/// The time that ages are counted to.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A file that cannot be opened, as Go's `os.PathError` words it: `open PATH: no such file or directory`.
pub fn go_open_error(path: &OsStr, error: &std::io::Error) -> String {
    format!("open {}: {}", path.display(), errno::text(error))
}
