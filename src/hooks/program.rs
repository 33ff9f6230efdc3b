//! Which file a program is, and whether the system can execute it.

use std::{
    ffi::OsStr,
    fs::File,
    io::Read as _,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access};

use crate::context::Env;

/// The bytes of the first line of a script that the system reads: `BINPRM_BUF_SIZE` of Linux.
const HEAD: u64 = 256;

/// Returns the file of a program, by `PATH` unless it is a path.
///
/// # Errors
/// What is wrong, as the end of a sentence that begins with the program.
pub fn find(name: &str, env: &Env) -> Result<PathBuf, String> {
    let is_path = name.contains('/');
    let files = if is_path {
        vec![env.cwd().join(name)]
    } else {
        // As for a shell, an empty entry is the working directory.
        let path = env.var_os("PATH").unwrap_or_default();
        std::env::split_paths(path).map(|dir| env.cwd().join(dir).join(name)).collect()
    };
    if let Some(file) = files.iter().find(|file| is_executable(file)) {
        return check(file, env).map(|()| file.clone());
    }
    Err(match files.iter().find(|file| file.exists()) {
        Some(file) if file.is_dir() => format!("is a directory: {}", file.display()),
        Some(file) => format!("is not executable: {}", file.display()),
        None if is_path => "does not exist".to_owned(),
        None => "is not on PATH".to_owned(),
    })
}

fn is_executable(file: &Path) -> bool {
    file.is_file() && access(file, Access::EXEC_OK).is_ok()
}

/// Checks the first line of a script. Why here: what cannot be started must be known before anything is written.
fn check(file: &Path, env: &Env) -> Result<(), String> {
    let mut head = Vec::new();
    // What cannot be read may still be executed.
    if File::open(file).and_then(|file| file.take(HEAD).read_to_end(&mut head)).is_err() {
        return Ok(());
    }
    let Some(line) = head.strip_prefix(b"#!") else {
        // A binary has a zero in its head; without it `execvp` would hand the file to a shell.
        let is_text = !head.is_empty() && !head.contains(&0);
        return if is_text { Err("is a script without a first line like #!/bin/sh".to_owned()) } else { Ok(()) };
    };
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let word = line.split(|byte| matches!(byte, b' ' | b'\t')).find(|word| !word.is_empty()).unwrap_or_default();
    let interpreter = env.cwd().join(OsStr::from_bytes(word));
    match is_executable(&interpreter) {
        true => Ok(()),
        false => Err(format!("names an interpreter that is not executable: {}", interpreter.display())),
    }
}
