//! Prints the result of a command that changes something: kubectl's `secret/NAME created`, or the object in the format
//! of `-o`.

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

/// The printer of results.
pub struct Output(Printer);

impl Output {
    /// Resolves `-o` and the flags that go with it.
    ///
    /// # Errors
    /// kubectl's, for an unknown format or a template that cannot be read or parsed.
    pub fn resolve(flags: &PrintFlags, order: Order, ctx: &Context) -> Result<Self> {
        let format = parse(flags, Allowed::Create, false, ctx)?;
        let options =
            Options { show_managed_fields: flags.show_managed_fields, order, style: style(ctx), ..Options::default() };
        Ok(Self(Printer::new(format, options)))
    }

    /// Prints objects as one List, as kubectl's apply does for several.
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

    /// As [`Output::done`], as if no object had been printed before. kubectl's patch, label and annotate make a printer
    /// for each object, so there is no `---` between them.
    ///
    /// # Errors
    /// [`Output::done`]'s.
    pub fn alone(&mut self, ctx: &mut Context, object: Object, operation: &str, dry_run: DryRun) -> Result<()> {
        self.0.begin_anew();
        self.done(ctx, object, operation, dry_run)
    }

    /// Prints that `operation` was done to `object`, or prints the object.
    ///
    /// # Errors
    /// A template that fails on the object, or standard output that cannot be written.
    pub fn done(&mut self, ctx: &mut Context, mut object: Object, operation: &str, dry_run: DryRun) -> Result<()> {
        let operation = format!("{operation}{}", dry_run.suffix());
        self.0.done(object.json_mut(), &operation, &mut ctx.stdout)
    }
}

/// Returns the format that `-o` and `--template` select.
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

/// Returns the style that the terminal allows.
pub fn style(ctx: &Context) -> Style {
    Style { color: ctx.color, terminal: ctx.terminals.stdout }
}

/// Returns the time that ages are relative to.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Returns the error of a file that cannot be opened, in the words of Go's `os.PathError`: `open PATH: no such file or
/// directory`.
pub fn go_open_error(path: &OsStr, error: &std::io::Error) -> String {
    format!("open {}: {}", path.display(), errno::text(error))
}
