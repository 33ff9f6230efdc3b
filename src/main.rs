//! Parse, run, exit status: the only place that ends the process.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
    process::ExitCode,
};

use ksecret::{
    commands::{
        completion::DESCRIBED,
        fallback::{self, Plan},
    },
    context::{Context, output_error},
    error::Error,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the arguments")]
    let mut words = std::env::args_os();
    let called = words.next().unwrap_or_default();
    let file = Path::new(&called).file_name().and_then(OsStr::to_str).unwrap_or_default();
    let mut ctx = Context::of_process(program_name(file).to_owned());
    let plan = Plan::of(asked_by_kubectl(file).into_iter().chain(words).collect(), &ctx.env);
    if !matches!(plan, Plan::Theirs(..)) {
        // Why: limits are inherited, and the program that takes the place of this one has those that this one was given.
        harden();
    }
    let outcome = fallback::run(plan, &mut ctx);
    let flushed = ctx.flush_stdout().map_err(output_error);
    match outcome.and(flushed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            show(&error, &mut ctx);
            if let Some(signal) = error.signal() {
                let _ = signal_hook::low_level::emulate_default_handler(signal.into());
            }
            ExitCode::from(error.exit_status())
        }
    }
}

/// The name by which the program speaks of itself: called by a link named `kubectl` it says what kubectl says, and
/// `kubectl-secret` is kubectl's plugin `kubectl secret`.
fn program_name(file: &str) -> &'static str {
    match file {
        "kubectl" => "kubectl",
        "kubectl-secret" | COMPLETES_PLUGIN => "kubectl secret",
        _ => "ksecret",
    }
}

/// The file that kubectl asks to complete `kubectl secret` (`plugin_completion.go` of kubectl 1.36).
const COMPLETES_PLUGIN: &str = "kubectl_complete-secret";

/// The word that kubectl leaves out when it asks that file.
fn asked_by_kubectl(file: &str) -> Option<OsString> {
    (file == COMPLETES_PLUGIN).then(|| DESCRIBED.into())
}

fn show(error: &Error, ctx: &mut Context) {
    let hints = error.hints().iter().map(|hint| format!("hint: {hint}"));
    for line in error.lines().iter().cloned().chain(hints) {
        ctx.say(line);
    }
}

/// A crash must not write memory that holds values to a core file, nor let another process of the user read it.
fn harden() {
    platform::harden();
    // Why: where a file may grow no further (`ulimit -f`), the write fails and is an error. Unhandled, the signal would end
    // the process first. A child gets the default back.
    let _ = signal_hook::flag::register(rustix::process::Signal::XFSZ.as_raw(), std::sync::Arc::default());
}
