//! Kustomizations that cannot be built here: kustomize or kubectl builds them, and the output is read as a file.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
    process::Stdio,
};

use go::quote::quote_bytes;
use rustix::process::Signal;

use super::{
    child::{self, INTERRUPTED, Input},
    program::Program,
};
use crate::{
    commands::interrupt::interrupted,
    context::{Build, Context, Env},
    error::{Error, Result},
    manifest::kustomize::LoadRestrictions,
};

/// The variable that names the program; empty, `0` or `false` turn it off.
const VARIABLE: &str = "KSECRET_KUSTOMIZE";

/// How errors name the program.
const ROLE: &str = "the program for kustomizations";

/// The programs that are tried if none is named.
const USUAL: [&str; 2] = ["kustomize", "kubectl"];

/// Returns a builder that uses the program of the variable, else the fallback, else one on PATH.
pub fn builder(fallback: Option<&Program>, restrictions: LoadRestrictions, ctx: &Context) -> Build {
    let (fallback, env, terminal) = (fallback.cloned(), ctx.env.clone(), ctx.terminals.stdin);
    Box::new(move |directory, refused| match choose(fallback.clone(), &env) {
        // Why: a fallback may have any name, but is always a kubectl.
        Some((program, is_kubectl)) => build(&program, is_kubectl, directory, restrictions, &env, terminal)
            .map_err(|error| if error.lines().is_empty() { error } else { error.hint(reason(&refused)) }),
        None if env.var_os(VARIABLE).is_some() => Err(refused),
        None => {
            Err(refused.hint(format!("kustomize or kubectl would build it: put one on PATH, or name it in {VARIABLE}")))
        }
    })
}

/// Returns the program, and whether it is a kubectl.
fn choose(fallback: Option<Program>, env: &Env) -> Option<(Program, bool)> {
    match env.var_os(VARIABLE) {
        Some(name) => {
            let program = Program::of(ROLE, name, USUAL[0])?;
            let file = Path::new(program.name()).file_name().unwrap_or_default().to_string_lossy().into_owned();
            Some((program, file.contains("kubectl") || file == "oc"))
        }
        None => fallback.map(|program| (program, true)).or_else(|| {
            let usual = USUAL.iter().filter_map(|name| Program::of(ROLE, OsStr::new(name), name));
            usual.zip([false, true]).find(|(program, _)| program.find(env).is_ok())
        }),
    }
}

/// Runs the program on a directory. Its messages go to standard error.
fn build(
    program: &Program,
    is_kubectl: bool,
    directory: &OsStr,
    restrictions: LoadRestrictions,
    env: &Env,
    terminal: bool,
) -> Result<Vec<u8>> {
    let path = match directory.as_encoded_bytes().first() {
        // Why: a directory that begins with `-` must not be read as a flag.
        Some(b'-') => Path::new(".").join(directory).into_os_string(),
        _ => directory.to_owned(),
    };
    let mut words = vec![OsString::from(if is_kubectl { "kustomize" } else { "build" }), path];
    if restrictions == LoadRestrictions::None {
        words.push("--load-restrictor=LoadRestrictionsNone".into());
    }
    let mut command = program.command(&words, env)?;
    command.stdin(Stdio::null());
    let mut built = Vec::new();
    let mut keep = |bytes: &[u8]| {
        built.extend_from_slice(bytes);
        match built.len() > yaml::read::STREAM_LIMIT {
            true => Err(program.fault(format_args!("writes more than {} MiB", yaml::read::STREAM_LIMIT >> 20))),
            false => Ok(()),
        }
    };
    let how = match child::wait(program, command, Input::Inherited, Some(&mut keep), terminal)? {
        0 => return Ok(built),
        INTERRUPTED => return Err(interrupted(Error::silent(INTERRUPTED), Signal::INT)),
        status @ 129.. => format!("killed by signal {}", status - 128),
        status => format!("exit status {status}"),
    };
    let directory = quote_bytes(directory.as_encoded_bytes(), false);
    Err(program.fault(format_args!("did not build {directory}: {how}")))
}

/// Returns why another program was used.
fn reason(refused: &Error) -> String {
    format!("it was asked because ksecret does not build this: {}", refused.text().lines().next().unwrap_or_default())
}
