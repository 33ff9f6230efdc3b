//! Reads a value from the terminal without echo.

use std::{io, thread};

use platform::is_ignored;
use rustix::{
    process::Signal,
    stdio::stdin,
    termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr},
};
use signal_hook::{iterator::Signals, low_level::emulate_default_handler};

use crate::{
    edit::signals::Busy,
    error::{Error, Result},
    secret::Value,
};

/// Asks for a value twice, until both answers are the same. `what` names it: `the value of token`.
///
/// # Errors
/// A terminal that cannot be read.
pub fn ask(what: &str) -> Result<Value> {
    typed(what, true)
}

/// Asks once, for a value that is checked by its use, such as a passphrase. It may be empty.
///
/// # Errors
/// As [`ask`].
pub fn ask_once(what: &str) -> Result<Value> {
    typed(what, false)
}

fn typed(what: &str, twice: bool) -> Result<Value> {
    let cannot = |error: io::Error| Error::system(format_args!("cannot ask for {what}"), &error);
    let before = tcgetattr(stdin()).map_err(|error| cannot(error.into()))?;
    // Invariant: signals have their default action again when this returns.
    let _busy = Busy::all();
    let ending =
        [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT].into_iter().filter(|signal| !is_ignored(*signal));
    let mut signals = Signals::new(ending.map(Signal::as_raw)).map_err(cannot)?;
    let handle = signals.handle();
    // Why: a signal would otherwise end the process with echo off, and the terminal would stay so in the shell.
    let restored = before.clone();
    let watch = thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let _ = tcsetattr(stdin(), OptionalActions::Flush, &restored);
            let _ = emulate_default_handler(signal);
        }
    });
    // Why before the prompt is printed: what is typed as soon as it is visible must not be echoed.
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(stdin(), OptionalActions::Flush, &silent).map_err(|error| cannot(error.into()))?;
    let asked = dialoguer::Password::new().with_prompt(capitalized(what)).report(false);
    let asked = match twice {
        true => asked.with_confirmation("Again", "They are not the same."),
        false => asked.allow_empty_password(true),
    };
    let typed = asked.interact();
    let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
    handle.close();
    let _ = watch.join();
    Ok(Value::new(typed.map_err(|dialoguer::Error::IO(error)| cannot(error))?))
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}
