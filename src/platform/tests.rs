//! Both ways on one system: where both can answer they say the same.

use std::{
    fs,
    io::Write as _,
    os::{
        fd::{AsFd as _, AsRawFd as _},
        unix::fs::MetadataExt as _,
    },
    path::Path,
    process::{Command, Stdio},
};

use rustix::process::Signal;

use super::*;

/// The ways to list processes. Why not the portable one always: not every Linux has the program `ps`.
const LISTS: &[fn(&str, &Path) -> Vec<Process>] = &[
    processes,
    #[cfg(target_os = "linux")]
    linux::processes,
];

#[test]
fn a_process_is_found_by_its_parent_and_by_its_environment() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new("cat").env("MARK", dir.path()).stdin(Stdio::piped()).spawn().unwrap();
    let pid = i32::try_from(child.id()).unwrap();
    let this = i32::try_from(std::process::id()).unwrap();
    for list in LISTS {
        let found = list("MARK", dir.path());
        let found: Vec<&Process> = found.iter().filter(|process| process.marked).collect();
        assert!(matches!(found.as_slice(), [one] if (one.id.pid, one.parent) == (pid, this)), "{found:?}");
        let again = list("MARK", &dir.path().join("longer"));
        let again = again.iter().find(|process| process.id.pid == pid).unwrap();
        assert_eq!((again.id, again.marked), (found[0].id, false));
        assert!(list("ARK", dir.path()).iter().all(|process| !process.marked));
    }
    assert_eq!(process(pid).map(|process| process.parent), Some(this));
    child.kill().unwrap();
    // It has ended, and waits to be asked: WNOWAIT leaves it so.
    let ended = rustix::process::WaitIdOptions::EXITED | rustix::process::WaitIdOptions::NOWAIT;
    rustix::process::waitid(rustix::process::WaitId::Pid(Pid::from_child(&child)), ended).unwrap();
    for list in LISTS {
        assert!(list("MARK", dir.path()).iter().all(|process| process.id.pid != pid));
    }
    child.wait().unwrap();
}

#[test]
fn a_file_has_one_identity() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    assert_eq!(identity(&path), None);
    fs::write(&path, "").unwrap();
    let found = fs::metadata(&path).unwrap();
    assert_eq!(portable::identity(&path), Some((found.dev(), found.ino())));
    assert_eq!(identity(&path), portable::identity(&path));
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_ne!(identity(&link), identity(&path));
    assert_eq!(identity(&link), portable::identity(&link));
}

#[test]
fn an_inherited_descriptor_is_duplicated_and_a_closed_one_is_an_error() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let copy = inherited(reader.as_raw_fd()).unwrap();
    drop(reader);
    writer.write_all(b"x").unwrap();
    drop(writer);
    let mut read = String::new();
    std::io::Read::read_to_string(&mut fs::File::from(copy), &mut read).unwrap();
    assert_eq!(read, "x");
    for closed in [-1, i32::MAX] {
        assert_eq!(inherited(closed).unwrap_err().raw_os_error(), Some(libc::EBADF));
    }
}

/// In a process of its own, in which the numbers are free until the pipes are made.
#[test]
fn descriptors_are_passed_under_their_numbers_and_a_failed_start_is_told() {
    #[allow(clippy::disallowed_methods, reason = "a word to the process below")]
    if std::env::var_os("KSECRET_TEST_PASSES").is_none() {
        let name = "tests::descriptors_are_passed_under_their_numbers_and_a_failed_start_is_told";
        let mut child = Command::new("sh");
        child.args(["-c", "exec \"$0\" --exact \"$1\" 3<&- 4<&-"]).arg(std::env::current_exe().unwrap()).arg(name);
        let output = child.env("KSECRET_TEST_PASSES", "1").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let with = |program: &str, texts: [&str; 2]| {
        let mut command = Command::new(program);
        // In the other order than their numbers.
        let descriptors = [4, 3].into_iter().zip(texts).map(|(number, text)| {
            let (reader, mut writer) = std::io::pipe().unwrap();
            writer.write_all(text.as_bytes()).unwrap();
            (OwnedFd::from(reader), number)
        });
        pass(&mut command, descriptors.collect()).unwrap();
        command
    };
    for _ in 0..3 {
        let error = with("/nonexistent/program", ["", ""]).spawn().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let output = with("sh", ["four", "three"]).args(["-c", "cat <&3; echo; cat <&4"]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "three\nfour");
    }
}

/// `sh` ignores what it was started with ignored, and so do its children.
#[test]
fn what_a_parent_ignores_is_ignored() {
    #[allow(clippy::disallowed_methods, reason = "a word to the process below")]
    if std::env::var_os("KSECRET_TEST_IGNORES").is_some() {
        let seen = [Signal::HUP, Signal::USR1, Signal::TERM].map(is_ignored);
        assert_eq!(seen, [true, true, false]);
        return;
    }
    let test = std::env::current_exe().unwrap();
    let script = "trap '' HUP USR1; exec \"$0\" --exact tests::what_a_parent_ignores_is_ignored";
    let mut child = Command::new("sh");
    child.args(["-c", script]).arg(test).env("KSECRET_TEST_IGNORES", "1").stdout(Stdio::null());
    assert!(child.status().unwrap().success());
    assert!(!is_ignored(Signal::USR1));
}

#[test]
fn this_program_and_this_process_are_known() {
    let own = fs::metadata(program().unwrap()).unwrap();
    let portable = fs::metadata(portable::program().unwrap()).unwrap();
    assert_eq!((own.dev(), own.ino()), (portable.dev(), portable.ino()));
    assert!(exists(rustix::process::getpid()));
    // No process has the number 0x7fff_ffff; the kernel's limit is far below.
    assert!(!exists(Pid::from_raw(i32::MAX).unwrap()));
    assert_eq!(started(None).is_none(), PORTABLE);
    assert_eq!(started(None), started(Some(rustix::process::getpid())));
}

#[test]
fn a_file_without_a_name_gets_one_that_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let handle = fs::File::open(dir.path()).unwrap();
    assert!(portable::Unnamed::make(handle.as_fd()).unwrap().is_none());
    #[cfg(target_os = "linux")]
    for free in [true, false] {
        let Some(new) = linux::Unnamed::make(handle.as_fd()).unwrap() else { continue };
        new.file().write_all(b"text").unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), usize::from(!free));
        assert_eq!(new.link(handle.as_fd(), "name").is_ok(), free);
        let found = fs::metadata(dir.path().join("name")).unwrap();
        assert_eq!((found.len(), found.mode() & 0o777), (4, 0o600));
    }
}
