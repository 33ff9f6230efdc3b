//! Kubeconfig files: found, read and merged as client-go's `clientcmd` does it.
//!
//! The list is `--kubeconfig` alone, or `KUBECONFIG` (missing files are skipped), or `~/.kube/config`. The first file
//! that names a cluster, user or context wins, and the first one with a current context. Relative paths in a file are
//! relative to that file.

mod access;
mod amend;
mod document;
mod file;
mod list;
mod merged;
mod paths;
mod persist;
mod read;
mod reduce;
mod retouch;
mod schema;
mod splice;
mod store;

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::Instant,
};

use zeroize::Zeroizing;

pub use access::{Access, Loaded, Paths};
pub use list::List;
pub use merged::{Entries, Entry, Merged};
pub use paths::clean;
pub use schema::Unknown;

pub(super) use file::{AuthProvider, Cluster, Context, Exec, File, User};
pub(super) use persist::{Held, Refusal};

use crate::{
    failure::{Failure, Result},
    limits,
};
use environment::{Env, files};

/// The largest kubeconfig that is read, in bytes. Why a limit: `/dev/zero` has no end.
const MAX_SIZE: usize = 16 << 20;

/// The merged files.
#[derive(Default)]
pub(super) struct Kubeconfig {
    /// The merged entries, in the order of precedence.
    pub file: File,
    /// Warnings about the files, for the user.
    pub warnings: Vec<String>,
}

impl Kubeconfig {
    /// Finds, reads and merges the files. `explicit` is `--kubeconfig`, which must exist.
    ///
    /// # Errors
    /// A line that names the file, and the line number if it is known; never a value from the file.
    pub fn load(explicit: Option<&OsStr>, env: &Env) -> Result<Self> {
        let mut merged = Self::default();
        let mut errors = Vec::new();
        let mut missing = Vec::new();
        let mut found = false;
        let explicit = explicit.filter(|path| !path.is_empty());
        let listed = explicit.is_none() && env.var_os("KUBECONFIG").is_some_and(|list| !list.is_empty());
        for name in files(explicit, env) {
            // client-go resolves relative names in the working directory.
            let path = env.cwd().join(&name);
            match read_complete(&path, read::parse) {
                Ok((file, mode)) => {
                    found = true;
                    match file {
                        Ok(mut file) => {
                            if file.holds_secrets() {
                                merged.warnings.extend(readers(&name, mode));
                            }
                            file.locate(&path);
                            merged.file.add(file);
                        }
                        Err(reason) => errors.push(load_error(&name, &reason)),
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    if explicit.is_some() {
                        return Err(Failure::local(format_args!("stat {}: no such file or directory", name.display())));
                    }
                    missing.push(name.display().to_string());
                }
                Err(error) => errors.push(load_error(&name, &read_error(&name, &error))),
            }
        }
        if listed && !found && errors.is_empty() && !missing.is_empty() {
            merged.warnings.push(format!("kubeconfig not found: {}", missing.join(", ")));
        }
        all(errors).map(|()| merged)
    }
}

/// Returns an error if there are any. kubectl prints a single one with `error: `, and several without.
fn all(mut errors: Vec<String>) -> Result<()> {
    match errors.len() {
        0 => Ok(()),
        1 => Err(Failure::local(errors.remove(0))),
        _ => Err(Failure::line(errors.join("\n"))),
    }
}

/// Returns a warning if users other than the owner can read the file, and so use the keys and tokens in it.
fn readers(name: &Path, mode: u32) -> Option<String> {
    let who = if mode & 0o004 != 0 { "all users" } else { "its group" };
    let name = name.display();
    (mode & 0o044 != 0).then(|| format!("kubeconfig {name} is readable by {who}: chmod 600 {name} ends this warning"))
}

/// Reads a file whose content is to be embedded in a kubeconfig.
///
/// # Errors
/// A file that cannot be read.
pub fn read_embedded(path: &OsStr, env: &Env) -> Result<guard::Value> {
    let failed = |error| Failure::local(read_error(Path::new(path), &error));
    env.read_file(path, limits::FILE).map(guard::Value::new).map_err(failed)
}

fn load_error(name: &Path, reason: &str) -> String {
    format!("error loading config file \"{}\": {reason}", name.display())
}

/// Returns Go's words for an error: `open PATH: permission denied`, `read PATH: is a directory`.
fn read_error(name: &Path, error: &io::Error) -> String {
    let verb = if error.kind() == io::ErrorKind::IsADirectory { "read" } else { "open" };
    format!("{verb} {}: {}", name.display(), go::errno::text(error))
}

/// Returns the files to read, in order.
fn files(explicit: Option<&OsStr>, env: &Env) -> Vec<PathBuf> {
    if let Some(path) = explicit {
        return vec![PathBuf::from(path)];
    }
    match env.var_os("KUBECONFIG").filter(|list| !list.is_empty()) {
        Some(list) => {
            let mut files = Vec::new();
            for path in split(list) {
                if !path.as_os_str().is_empty() && !files.contains(&path) {
                    files.push(path);
                }
            }
            files
        }
        None => env.home().map(|home| home.join(".kube/config")).into_iter().collect(),
    }
}

fn split(list: &OsStr) -> impl Iterator<Item = PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    list.as_bytes().split(|byte| *byte == b':').map(|part| PathBuf::from(OsStr::from_bytes(part)))
}

/// Reads and parses a file; also returns the mode of a regular file. Why again after a failure: another program may be
/// writing the file, in place, so that a part of it is missing for a moment.
fn read_complete<T>(path: &Path, parse: impl Fn(&[u8]) -> Result<T, String>) -> io::Result<(Result<T, String>, u32)> {
    let begun = Instant::now();
    loop {
        let written = || begun.elapsed() < limits::KUBECONFIG_WRITTEN && fs::metadata(store::lock_name(path)).is_ok();
        let (text, mode) = read(path)?;
        let text = Zeroizing::new(text);
        let parsed = parse(&text);
        if (parsed.is_ok() && !text.is_empty()) || !written() {
            return Ok((parsed, mode));
        }
        thread::sleep(store::PAUSE);
    }
}

/// Returns the content of a file and, if it is regular, its mode.
fn read(path: &Path) -> io::Result<(Vec<u8>, u32)> {
    use std::os::unix::fs::PermissionsExt as _;
    let (file, metadata) = files::open(path)?;
    // The mode of a pipe or a device does not matter.
    let mode = if metadata.is_file() { metadata.permissions().mode() } else { 0 };
    let mut text = Vec::new();
    guard::bounded::read(file, metadata.len(), MAX_SIZE, &mut text)?;
    if text.len() > MAX_SIZE {
        return Err(files::too_large(MAX_SIZE));
    }
    Ok((text, mode))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn dir_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a directory");
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
            fs::write(&path, text).expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a mode");
        }
        dir
    }

    fn env(dir: &tempfile::TempDir, list: Option<&str>) -> Env {
        let mut vars = vec![("HOME".to_owned(), dir.path().display().to_string())];
        vars.extend(list.map(|list| ("KUBECONFIG".to_owned(), list.to_owned())));
        Env::made(vars, dir.path().to_owned())
    }

    fn load_error(text: &str) -> String {
        let dir = dir_with(&[("f", text)]);
        Kubeconfig::load(Some("f".as_ref()), &env(&dir, None)).err().map(|e| e.words().line).unwrap_or_default()
    }

    const ONE: &str = "\
apiVersion: v1
kind: Config
clusters:
- name: a
  cluster: {server: https://one, certificate-authority: ca.crt}
users:
- name: u
  user: {token: one}
current-context: ''
";
    const TWO: &str = r#"{"apiVersion":"v1","kind":"Config","clusters":[{"name":"a","cluster":{"server":"https://two"}},
        {"name":"b","cluster":{"server":"https://b"}}],"users":[{"name":"u","user":{"tokenFile":"t","exec":{"command":"./x"}}},
        {"name":"v","user":{"tokenFile":"t","exec":{"command":"./x"}}}],"current-context":"two"}"#;

    #[test]
    fn first_file_wins_per_entry_and_missing_ones_are_skipped() {
        let dir = dir_with(&[("one", ONE), ("sub/two", TWO)]);
        let merged = Kubeconfig::load(None, &env(&dir, Some("absent:one::sub/two:one"))).expect("a kubeconfig");
        let file = merged.file;
        assert_eq!(file.current_context, "two");
        assert_eq!(file.cluster("a").map(|c| c.server.as_str()), Some("https://one"));
        assert_eq!(file.cluster("b").map(|c| c.server.as_str()), Some("https://b"));
        assert_eq!(file.user("u").map(|u| u.token_file.is_empty()), Some(true));
        assert_eq!(merged.warnings, [""; 0]);
        // Paths belong to the directory of the file that names them.
        let at = |name: &str| dir.path().join(name).into_os_string();
        assert_eq!(file.cluster("a").map(|c| c.certificate_authority.clone()), Some(at("ca.crt")));
        let v = file.user("v").expect("user v");
        assert_eq!(v.token_file, at("sub/t"));
        assert_eq!(v.exec.as_ref().map(|e| e.command.clone()), Some(at("sub/x")));
    }

    #[test]
    fn empty_list_means_the_default_file() {
        let dir = dir_with(&[(".kube/config", ONE)]);
        let merged = Kubeconfig::load(None, &env(&dir, Some(""))).expect("a kubeconfig");
        assert!(merged.file.cluster("a").is_some());
    }

    #[test]
    fn an_explicit_file_must_exist_and_a_list_may_be_absent() {
        let dir = dir_with(&[]);
        let error = Kubeconfig::load(Some("absent-config".as_ref()), &env(&dir, None)).err().expect("an error");
        assert_eq!(error.words().line, "error: stat absent-config: no such file or directory");
        let merged = Kubeconfig::load(None, &env(&dir, Some("x:y"))).expect("nothing");
        assert_eq!(merged.warnings, ["kubeconfig not found: x, y"]);
        assert_eq!(Kubeconfig::load(None, &env(&dir, None)).expect("nothing").warnings, [""; 0]);
    }

    #[test]
    fn broken_files_are_named_with_the_line_and_without_values() {
        assert_eq!(
            load_error("a: [\n"),
            "error: error loading config file \"f\": yaml: line 1: did not find expected node content"
        );
        assert_eq!(
            load_error("users:\n- name: u\n  user: s3cr3t-t0ken\n"),
            "error: error loading config file \"f\": yaml: line 3: users[0].user: wrong type"
        );
        assert_eq!(
            load_error("users: \"\\q\"\n"),
            "error: error loading config file \"f\": yaml: found unknown escape character"
        );
        assert_eq!(load_error("s3cr3t-t0ken"), "error: error loading config file \"f\": yaml: line 1: wrong type");
        assert_eq!(
            load_error("{apiVersion: v2, kind: Config}"),
            "error: error loading config file \"f\": no kind \"Config\" is registered for version \"v2\""
        );
        assert_eq!(
            load_error("clusters: [{name: a, cluster: {}}, {name: a, cluster: {}}]"),
            "error: error loading config file \"f\": duplicate name \"a\" in list of clusters"
        );
        assert_eq!(load_error("users: null\nclusters:\n- name: c\n  cluster: null\nextensions: {}\n"), "");
        assert_eq!(load_error(""), "");
        assert_eq!(load_error("\u{feff}# nothing\n"), "");
    }

    /// As kubectl 1.37.1 reads each of them.
    #[test]
    fn yaml_is_read_as_client_go_reads_it() {
        let server = |text: &str| {
            let dir = dir_with(&[("f", text)]);
            let merged = Kubeconfig::load(Some("f".as_ref()), &env(&dir, None))
                .unwrap_or_else(|error| panic!("{text}: {error:?}"));
            merged.file.cluster("a").map(|cluster| cluster.server.clone()).unwrap_or_default()
        };
        for text in [
            "x: &b {server: one}\nclusters: [{name: a, cluster: {<<: *b}}]\n",
            "x: &b {server: two}\nclusters: [{name: a, cluster: {<<: *b, server: one}}]\n",
            "x: &b {server: one}\nclusters: [{name: a, cluster: {server: two, <<: *b}}]\n",
            "x: &b {server: one}\ny: &c {server: two}\nclusters: [{name: a, cluster: {<<: [*b, *c]}}]\n",
            "clusters: [{name: a, cluster: &b {server: one}}, {name: b, cluster: *b}]\n",
            "clusters: [{name: a, cluster: {server: one}}]\n---\n",
            "clusters: [{name: a, cluster: {server: one}}]\n---\nclusters: [{name: a, cluster: {server: two}}]\n",
            "clusters: [{name: a, cluster: {server: one}}]\n---\nkind: [\n",
            "clusters: [{name: a, cluster: {server: one}}]\n...\nkind: x\n",
            "clusters: !list [!map {name: a, cluster: {server: !x one}}]\n",
            "---\n# first\nclusters: [{name: a, cluster: {server: one}}]\n",
            "%YAML 1.1\n---\nclusters: [{name: a, cluster: {server: one}}]\n",
            "clusters: [{name: a, cluster: {server: two, server: one}}]\n",
            "clusters: [{name: a, cluster: {server: two}}]\nclusters: [{name: a, cluster: {server: one}}]\n",
            "clusters:\n- {name: a, cluster: {server: one, insecure-skip-tls-verify: yes}}\n- {name: null}\n",
            "{\"clusters\":[{\"name\":\"a\",\"cluster\":{\"server\":\"one\",\"yes\":1,\"Server\":2}}],\"users\":null}",
        ] {
            assert_eq!(server(text), "one", "{text}");
        }
        // What follows an empty document is not read either.
        assert_eq!(server("---\n---\nclusters: [{name: a, cluster: {server: one}}]\n"), "");
    }

    #[test]
    fn a_directory_is_no_kubeconfig_and_several_failures_are_told_together() {
        let dir = dir_with(&[("d/x", ""), ("bad", "a: [\n"), ("worse", "- x\n")]);
        let error = Kubeconfig::load(Some("d".as_ref()), &env(&dir, None)).err().expect("an error");
        assert_eq!(error.words().line, "error: error loading config file \"d\": read d: is a directory");
        let error = Kubeconfig::load(None, &env(&dir, Some("bad:worse"))).err().expect("an error");
        assert_eq!(
            error.words().line,
            "error loading config file \"bad\": yaml: line 1: did not find expected node content\n\
             error loading config file \"worse\": yaml: line 1: wrong type"
        );
    }

    /// A file is empty while client-go writes it, and then incomplete for a moment.
    #[test]
    fn a_file_that_is_being_written_is_read_when_it_is_there() {
        for half in ["", "clusters: [{name: a, cluster: {server: \"https"] {
            let dir = dir_with(&[("f", half), ("f.lock", "")]);
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    std::thread::sleep(3 * store::PAUSE);
                    fs::write(dir.path().join("f"), ONE).expect("a file");
                    fs::remove_file(dir.path().join("f.lock")).expect("the lock");
                });
                let merged = Kubeconfig::load(Some("f".as_ref()), &env(&dir, None)).expect("a kubeconfig");
                assert!(merged.file.cluster("a").is_some());
            });
        }
        // A write that never ends is not waited for any longer.
        let dir = dir_with(&[("f", ""), ("f.lock", "")]);
        assert!(Kubeconfig::load(Some("f".as_ref()), &env(&dir, None)).expect("nothing").file.cluster("a").is_none());
    }

    #[test]
    fn readers_are_warned_of() {
        let dir = dir_with(&[("f", ONE)]);
        fs::set_permissions(dir.path().join("f"), fs::Permissions::from_mode(0o644)).expect("a mode");
        let merged = Kubeconfig::load(Some("f".as_ref()), &env(&dir, None)).expect("a kubeconfig");
        assert_eq!(merged.warnings, ["kubeconfig f is readable by all users: chmod 600 f ends this warning"]);
    }
}
