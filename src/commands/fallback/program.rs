//! The program that is the fallback: its name, its file, and how it is started.

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStrExt as _, fs::MetadataExt as _, process::CommandExt as _},
    path::PathBuf,
    process::Command,
};

use go::quote::quote_bytes;
use rustix::fs::{Access, access};

use crate::{
    context::Env,
    error::{Error, Result},
};

/// The variable that names the program, as `--fallback` does.
pub const VARIABLE: &str = "KSECRET_FALLBACK";

/// The variable that counts how often a command was handed on.
const DEPTH: &str = "KSECRET_FALLBACK_DEPTH";

/// How often a command may be handed on. Why: a fallback that is a script, or a plugin of kubectl, may call this
/// program again once or twice; one that only hands back would loop for ever.
const DEEPEST: u8 = 4;

/// The program that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// How errors name the program.
    role: &'static str,
    /// Its name or path, as typed.
    name: OsString,
}

impl Program {
    /// Returns the program of the flag, or else of the variable. `1` and `true` mean kubectl; `0`, `false` and an empty
    /// value mean none.
    pub fn named(flag: Option<Option<OsString>>, env: &Env) -> Option<Self> {
        let name = match &flag {
            Some(typed) => typed.as_deref().unwrap_or(OsStr::new("kubectl")),
            None => env.var_os(VARIABLE)?,
        };
        Self::of("the fallback", name, "kubectl")
    }

    /// Returns the program of a setting; `usual` for `1` and `true`.
    pub fn of(role: &'static str, setting: &OsStr, usual: &str) -> Option<Self> {
        match setting.to_str() {
            Some("" | "0" | "false") => None,
            Some("1" | "true") => Some(Self { role, name: usual.into() }),
            _ => Some(Self { role, name: setting.to_owned() }),
        }
    }

    /// Returns the name or path, as typed.
    pub fn name(&self) -> &OsStr {
        &self.name
    }

    /// Returns the program's file: the path that was named, or the first executable of that name on PATH which is not
    /// this program.
    ///
    /// # Errors
    /// There is none, it cannot be executed, or it is this program.
    pub fn find(&self, env: &Env) -> Result<PathBuf> {
        let (mut is_self, mut unusable) = (false, None);
        for file in self.candidates(env) {
            let Ok(found) = fs::metadata(&file) else { continue };
            if is_this_program(&found) {
                is_self = true;
            } else if found.is_file() && access(&file, Access::EXEC_OK).is_ok() {
                return Ok(file);
            } else {
                unusable.get_or_insert(file);
            }
        }
        Err(match unusable {
            _ if is_self => self.fault("is ksecret itself"),
            Some(file) => self.fault(format_args!("is not executable: {}", file.display())),
            None if self.is_path() => self.fault("does not exist"),
            None => self.fault("is not on PATH"),
        })
    }

    fn is_path(&self) -> bool {
        self.name.as_bytes().contains(&b'/')
    }

    fn candidates(&self, env: &Env) -> Vec<PathBuf> {
        if self.is_path() {
            return vec![env.cwd().join(&self.name)];
        }
        let path = env.var_os("PATH").unwrap_or_default();
        // As in a shell, an empty entry of PATH is the working directory.
        std::env::split_paths(path).map(|dir| env.cwd().join(dir).join(&self.name)).collect()
    }

    /// Prepares a command with these arguments and an unchanged environment, except for [`DEPTH`].
    ///
    /// # Errors
    /// [`Self::find`]'s, or a command that was handed on too often.
    pub fn command(&self, args: &[OsString], env: &Env) -> Result<Command> {
        let file = self.find(env)?;
        let depth = env.var(DEPTH).and_then(|depth| depth.parse::<u8>().ok()).unwrap_or(0);
        if depth >= DEEPEST {
            return Err(self.fault("leads back to ksecret"));
        }
        let mut command = Command::new(file);
        command.arg0(&self.name).args(args).env(DEPTH, (depth + 1).to_string());
        Ok(command)
    }

    /// Replaces this process with the program. Returns only if that fails.
    pub fn exec(&self, args: &[OsString], env: &Env) -> Error {
        match self.command(args, env) {
            Ok(mut command) => self.unstarted(&command.exec()),
            Err(error) => error,
        }
    }

    /// Returns the error of a program that cannot be started.
    pub fn unstarted(&self, error: &std::io::Error) -> Error {
        self.fault(format_args!("cannot be started: {}", go::errno::text(error)))
    }

    /// Returns an error about the program.
    pub fn fault(&self, what: impl std::fmt::Display) -> Error {
        Error::new(format_args!("{} {} {what}", self.role, self.shown()))
    }

    /// Returns the line that names the fallback.
    pub fn told(&self, env: &Env) -> String {
        match self.find(env) {
            Ok(file) => format!("Fallback: {}\n", file.display()),
            Err(error) => format!("Fallback: none, {}\n", error.text()),
        }
    }

    /// Returns the quoted name.
    pub fn shown(&self) -> String {
        quote_bytes(self.name.as_bytes(), false)
    }
}

/// Returns whether the file is that of this process, under any name.
fn is_this_program(file: &fs::Metadata) -> bool {
    let own = platform::program().and_then(fs::metadata);
    own.is_ok_and(|own| (own.dev(), own.ino()) == (file.dev(), file.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_stronger_than_the_variable() {
        let env = |value: &str| Env::made([(VARIABLE, value)], "/".into());
        let none = Env::default();
        let name = |flag, env: &Env| Program::named(flag, env).map(|program| program.name.into_string().unwrap());
        for off in ["", "0", "false"] {
            assert_eq!(name(None, &env(off)), None);
            assert_eq!(name(Some(Some(off.into())), &env("kubectl")), None);
        }
        assert_eq!(name(None, &none), None);
        assert_eq!(name(None, &env("1")).as_deref(), Some("kubectl"));
        assert_eq!(name(None, &env("/a/b")).as_deref(), Some("/a/b"));
        assert_eq!(name(Some(None), &env("/a/b")).as_deref(), Some("kubectl"));
        assert_eq!(name(Some(Some("c".into())), &env("0")).as_deref(), Some("c"));
    }
}
