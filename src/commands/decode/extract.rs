//! `--to DIR`: one file for each key, mode 0600. Invariants: a file has its whole value or does not exist; below DIR no
//! link is followed; no file is overwritten without `--force`; nothing is written before every name is known to be
//! valid.

use go::quote::quote;
use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::{
        fd::{AsFd as _, BorrowedFd, OwnedFd},
        unix::fs::DirBuilderExt as _,
    },
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use platform::Unnamed;
use rustix::fs::{AtFlags, Mode, OFlags};

use super::Shown;
use crate::{
    cli::flags::DryRun,
    commands::{
        interrupt::{Noticed, interrupted},
        progress::{Progress, Verb},
    },
    context::Context,
    error::{Error, Result},
    secret::Value,
};
use go::errno;

/// A file to write: its directories below the target (empty for the target itself), its name, its value.
struct Planned<'s> {
    below: Vec<&'s str>,
    name: &'s str,
    value: &'s Value,
}

/// Writes the entries of one Secret to `DIR/KEY`, of several to `DIR/NAME/KEY` (`DIR/NAMESPACE/NAME/KEY` if the
/// namespaces differ), and prints how many.
///
/// # Errors
/// A key or name that is not a valid file name, a file that exists, a directory that cannot be written.
pub fn write(dir: impl AsRef<Path>, shown: &[Shown], force: bool, ctx: &mut Context) -> Result<()> {
    let dir = dir.as_ref();
    let plan = plan(shown)?;
    let root = ctx.env.cwd().join(dir);
    if !force {
        for file in &plan {
            let path = file.below.iter().fold(root.clone(), |path, part| path.join(part)).join(file.name);
            if fs::symlink_metadata(&path).is_ok() {
                return Err(Error::new(format!("{} is there already", path.display())).hint("--force overwrites it"));
            }
        }
    }
    let progress = Progress::begin(Verb { done: "written", dry_run: DryRun::None }, plan.len(), ctx);
    // Why not for one file: there is no partial result to report, and Ctrl-C then works on a file system that hangs.
    let signals = (plan.len() > 1).then(Noticed::begin);
    let signal = || signals.as_ref().and_then(Noticed::signal);
    let mut swept = None;
    for file in &plan {
        if signal().is_some() {
            break;
        }
        let path = file.below.iter().fold(PathBuf::from(dir), |path, part| path.join(part)).join(file.name);
        // Why once per directory: sweeping reads all of it.
        let sweeps = swept.replace(&file.below) != Some(&file.below);
        place(&root, file, force, sweeps)
            .map_err(|error| Error::new(format!("cannot write {}: {}", path.display(), errno::text(&error))))?;
        progress.count(true);
        progress.draw(ctx);
    }
    ctx.erase();
    if let Some(signal) = signal() {
        return Err(interrupted(progress.interrupted(""), signal));
    }
    let files = if plan.len() == 1 { "file" } else { "files" };
    ctx.say(format_args!("{} {files} written to {}", plan.len(), dir.display()));
    Ok(())
}

fn plan(shown: &[Shown]) -> Result<Vec<Planned<'_>>> {
    let namespace = |secret: &Shown| secret.object.namespace().unwrap_or_default().to_owned();
    let many = shown.first().is_some_and(|first| shown.iter().any(|other| namespace(other) != namespace(first)));
    let mut plan = Vec::new();
    for secret in shown {
        let mut below = Vec::new();
        if many {
            below.push(secret.object.namespace().unwrap_or_default());
        }
        if shown.len() > 1 {
            below.push(secret.object.name());
        }
        for (name, value) in &secret.entries {
            if let Some(bad) = below.iter().chain([&name.as_str()]).find(|part| !is_file_name(part)) {
                return Err(Error::new(format!("{} is no name for a file: nothing was written", quote(bad))));
            }
            plan.push(Planned { below: below.clone(), name, value });
        }
    }
    Ok(plan)
}

/// Returns whether the name is valid as a file name: the rule for keys of Secrets. Only a hostile server sends others.
fn is_file_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && name != "."
        && !name.starts_with("..")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

fn place(root: &Path, file: &Planned<'_>, force: bool, sweeps: bool) -> io::Result<()> {
    match fs::DirBuilder::new().recursive(true).mode(0o700).create(root) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    // The directory that the user named may be a link; those below it may not.
    let mut dir: OwnedFd = rustix::fs::open(root, flags, Mode::empty())?;
    for part in &file.below {
        match rustix::fs::mkdirat(&dir, *part, Mode::from_raw_mode(0o700)) {
            Err(rustix::io::Errno::EXIST) | Ok(()) => {}
            Err(error) => return Err(error.into()),
        }
        dir = rustix::fs::openat(&dir, *part, flags | OFlags::NOFOLLOW, Mode::empty())?;
    }
    if sweeps {
        sweep(&dir);
    }
    if !force {
        return whole(dir.as_fd(), file.name, file.value);
    }
    // Why two steps: only a rename replaces a file, and a file without a name cannot be renamed. Invariant: the file
    // under the temporary name is complete.
    let part = part_name();
    let written =
        whole(dir.as_fd(), &part, file.value).and_then(|()| Ok(rustix::fs::renameat(&dir, &*part, &dir, file.name)?));
    if written.is_err() {
        let _ = rustix::fs::unlinkat(&dir, &*part, AtFlags::empty());
    }
    written
}

/// Writes a file without a name, then links it to `name`, which must not exist. Invariant: a process that is killed
/// leaves no part of a value behind, and a link at `name` is not followed.
fn whole(dir: BorrowedFd<'_>, name: &str, value: &Value) -> io::Result<()> {
    let Some(new) = Unnamed::make(dir)? else { return named(dir, name, value) };
    new.file().write_all(value.expose())?;
    if new.link(dir, name)? { Ok(()) } else { named(dir, name, value) }
}

/// As [`whole`], for file systems without unnamed files: writes a file with a temporary name and mode 0, which not even
/// its owner can open, and makes it readable when the value is complete. [`sweep`] removes what a killed process left.
fn named(dir: BorrowedFd<'_>, name: &str, value: &Value) -> io::Result<()> {
    let part = part_name();
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::openat(dir, &*part, flags, Mode::empty())?);
    let write = || -> io::Result<()> {
        (&file).write_all(value.expose())?;
        rustix::fs::fchmod(&file, Mode::from_raw_mode(0o600))?;
        // Why not a rename: it would replace a file that appeared meanwhile; linking fails.
        Ok(rustix::fs::linkat(dir, &*part, dir, name, AtFlags::empty())?)
    };
    let written = write();
    let _ = rustix::fs::unlinkat(dir, &*part, AtFlags::empty());
    written
}

/// The prefix of temporary names.
const PART: &str = ".ksecret-";
const END: &str = ".part";

fn part_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{PART}{}-{}{END}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Returns the process that made a name with [`part_name`].
fn owner(name: &str) -> Option<rustix::process::Pid> {
    let (pid, number) = name.strip_prefix(PART)?.strip_suffix(END)?.split_once('-')?;
    number.parse::<u32>().ok()?;
    rustix::process::Pid::from_raw(pid.parse().ok()?)
}

/// Removes the temporary files of processes that have ended.
fn sweep(dir: &OwnedFd) {
    let Ok(entries) = rustix::fs::Dir::read_from(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().ok().and_then(owner) else { continue };
        if !platform::exists(pid) {
            let _ = rustix::fs::unlinkat(dir, name, AtFlags::empty());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use serde_json::json;

    use super::*;
    use crate::{context::Env, secret::Object};

    fn secret(name: &str, namespace: &str, entries: &[(&str, &str)]) -> Shown {
        Shown {
            object: Object::new(json!({"metadata": {"name": name, "namespace": namespace}})),
            entries: entries.iter().map(|(key, value)| ((*key).to_owned(), Value::new(*value))).collect(),
        }
    }

    fn ctx(dir: &Path) -> Context {
        Context {
            env: Env::made::<&str, &str>([], dir.to_owned()),
            stderr: Box::new(io::sink()),
            ..Context::of_process("ksecret".into())
        }
    }

    fn write_in(dir: &tempfile::TempDir, shown: &[Shown], force: bool) -> Result<()> {
        write("out", shown, force, &mut ctx(dir.path()))
    }

    #[test]
    fn one_file_a_key_private_and_never_overwritten_unasked() {
        let dir = tempfile::tempdir().unwrap();
        write_in(&dir, &[secret("s", "n", &[("a", "1"), (".b", "2\n")])], false).unwrap();
        let path = dir.path().join("out/.b");
        assert_eq!((fs::read(&path).unwrap(), fs::metadata(&path).unwrap().mode() & 0o777), (b"2\n".to_vec(), 0o600));
        assert_eq!(fs::metadata(dir.path().join("out")).unwrap().mode() & 0o777, 0o700);
        let again = [secret("s", "n", &[("a", "new"), ("c", "3")])];
        assert!(write_in(&dir, &again, false).unwrap_err().to_string().ends_with("out/a is there already"));
        assert!(!dir.path().join("out/c").exists());
        write_in(&dir, &again, true).unwrap();
        assert_eq!(fs::read(dir.path().join("out/a")).unwrap(), b"new");
        assert_eq!(fs::read_dir(dir.path().join("out")).unwrap().count(), 3);
    }

    #[test]
    fn where_every_file_has_a_name_no_piece_stays_either() {
        let dir = tempfile::tempdir().unwrap();
        let handle = OwnedFd::from(File::open(dir.path()).unwrap());
        named(handle.as_fd(), "a", &Value::new("1")).unwrap();
        assert!(named(handle.as_fd(), "a", &Value::new("2")).is_err());
        let path = dir.path().join("a");
        assert_eq!((fs::read(&path).unwrap(), fs::metadata(&path).unwrap().mode() & 0o777), (b"1".to_vec(), 0o600));
        // No process has the number 0x7fff_ffff; the kernel's limit is far below.
        fs::write(dir.path().join(".ksecret-2147483647-0.part"), "left").unwrap();
        let own = dir.path().join(format!(".ksecret-{}-9.part", std::process::id()));
        fs::write(&own, "at work").unwrap();
        fs::write(dir.path().join(".ksecret-2147483647-x"), "a key of that name").unwrap();
        sweep(&handle);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
        assert!(own.exists());
    }

    #[test]
    fn no_name_leaves_the_directory_and_nothing_is_written_beside_it() {
        for bad in ["../x", "..x", "..", ".", "a/b", "/etc/x", "", "a\0b", "\u{1b}[2J"] {
            let dir = tempfile::tempdir().unwrap();
            assert!(write_in(&dir, &[secret("s", "n", &[("good", "1"), (bad, "2")])], true).is_err(), "{bad:?}");
            assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        }
        let dir = tempfile::tempdir().unwrap();
        assert!(write_in(&dir, &[secret("../s", "n", &[("a", "1")]), secret("t", "n", &[])], true).is_err());
    }

    #[test]
    fn links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let victim = dir.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        fs::create_dir(dir.path().join("out")).unwrap();
        symlink(&victim, dir.path().join("out/a")).unwrap();
        assert!(write_in(&dir, &[secret("s", "n", &[("a", "1")])], false).is_err());
        write_in(&dir, &[secret("s", "n", &[("a", "1")])], true).unwrap();
        assert_eq!(
            (fs::read(&victim).unwrap(), fs::read(dir.path().join("out/a")).unwrap()),
            (b"precious".to_vec(), b"1".to_vec())
        );

        let elsewhere = tempfile::tempdir().unwrap();
        symlink(elsewhere.path(), dir.path().join("out/s")).unwrap();
        assert!(write_in(&dir, &[secret("s", "n", &[("a", "1")]), secret("t", "n", &[("a", "1")])], true).is_err());
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_no_file_is_neither_written_into_nor_changed() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        fs::create_dir(&out).unwrap();
        let mode = |path: &std::path::Path| fs::symlink_metadata(path).unwrap().mode() & 0o777;
        fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(out.join("fifo")).status().is_ok_and(|made| made.success()));
        fs::create_dir(out.join("directory")).unwrap();
        fs::set_permissions(out.join("directory"), fs::Permissions::from_mode(0o755)).unwrap();
        for key in ["fifo", "directory"] {
            assert!(write_in(&dir, &[secret("s", "n", &[(key, "1")])], false).is_err(), "{key}");
        }
        assert!(write_in(&dir, &[secret("s", "n", &[("directory", "1")])], true).is_err());
        assert!(fs::read_dir(out.join("directory")).unwrap().next().is_none());
        assert_eq!((mode(&out), mode(&out.join("directory"))), (0o755, 0o755));
        assert!(!fs::symlink_metadata(out.join("fifo")).unwrap().is_file());
        // The name goes to a file of our own; what a reader of the FIFO waits for does not come.
        write_in(&dir, &[secret("s", "n", &[("fifo", "1")])], true).unwrap();
        assert_eq!((fs::read(out.join("fifo")).unwrap(), mode(&out.join("fifo"))), (b"1".to_vec(), 0o600));

        let files = tempfile::tempdir().unwrap();
        fs::write(files.path().join("out"), "precious").unwrap();
        assert!(write_in(&files, &[secret("s", "n", &[("a", "1")])], true).is_err());
        assert_eq!(fs::read(files.path().join("out")).unwrap(), b"precious");
    }

    #[test]
    fn several_have_directories_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        write_in(&dir, &[secret("s", "n", &[("a", "1")]), secret("s", "m", &[("a", "2")])], false).unwrap();
        assert_eq!(fs::read(dir.path().join("out/n/s/a")).unwrap(), b"1");
        assert_eq!(fs::read(dir.path().join("out/m/s/a")).unwrap(), b"2");
    }
}
