//! `validate`: finds what is wrong with Secrets, on a server or in files.

mod files;
mod fix;
mod location;
mod members;
mod options;
mod repairs;
mod report;
mod rewrite;
mod rules;
mod sarif;
mod stored;

use ring::rand::{SecureRandom as _, SystemRandom};

pub use self::options::Args;
use self::{
    options::{Options, Work},
    report::Report,
    stored::Asking,
};
use super::{outcome, session};
use crate::{
    cli::flags::ConnectionFlags,
    context::Context,
    error::{Error, Result},
    findings::Seen,
};

/// The exit status if not everything could be checked.
pub(super) const COULD_NOT_LOOK: u8 = 2;

/// Checks Secrets and prints the findings.
///
/// # Errors
/// Without a message, findings at or above the level of `--fail-on`; with one, what cannot be checked.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let failed = match Options::resolve(args, flags, ctx).and_then(|options| look(options, flags, ctx)) {
        Ok(None) => return Ok(()),
        Ok(Some(failed)) => return Err(failed),
        Err(error) => error,
    };
    // Another status, of a signal or a closed pipe, is kept.
    Err(if failed.exit_status() == 1 { failed.status(COULD_NOT_LOOK) } else { failed })
}

/// Checks, and returns the failure that the findings mean.
fn look(options: Options, flags: &ConnectionFlags, ctx: &mut Context) -> Result<Option<Error>> {
    let Options { work, settings, report, fix } = options;
    if let Work::Rules = work {
        return rules::print(report.format, ctx).map(|()| None);
    }
    let mut report = Report::begin(report, ctx)?;
    let mut seen = seen()?;
    let failures = match work {
        Work::Rules => Vec::new(),
        Work::Files { filenames, against } => {
            let how = files::How { against, settings: &settings, fix: fix.map(|fix| fix.write.dry_run) };
            files::check(&filenames, &how, &mut seen, &mut report, flags, ctx)?
        }
        Work::Server(choice) => {
            let client = session::connect(flags, ctx)?;
            let checked: Asking<'_> =
                Box::pin(stored::check(&client, &choice, &settings, fix, &mut seen, &mut report, ctx));
            session::block_on(checked)?
        }
    };
    let found = report.end(ctx)?;
    outcome::all(failures)?;
    Ok(found.then(|| Error::silent(1)))
}

/// Returns a comparison of values by a keyed hash, with a key of this run.
fn seen() -> Result<Seen> {
    let mut key = [0; 32];
    SystemRandom::new().fill(&mut key).map_err(|_| Error::new("the system has no randomness"))?;
    Ok(Seen::new(&key))
}
