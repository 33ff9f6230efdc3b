//! Edits that could not be saved, kept until they can be: encrypted in the user's state directory. The key lies only in
//! memory (`$XDG_RUNTIME_DIR`, else a private directory in `/dev/shm`), so it is gone when the machine is turned off. A
//! system that does not tell which file systems are memory has it in `$XDG_RUNTIME_DIR`, else in a private directory in
//! `$TMPDIR`.
//!
//! Files: `$XDG_STATE_HOME/ksecret/edits/ID` (`~/.local/state` by default), 0600: 12 bytes of nonce, then AES-256-GCM of
//! JSON. The key: `$XDG_RUNTIME_DIR/ksecret/key`, 32 bytes, 0600.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use super::{private_dir, session::Text};
use crate::{
    context::{Env, files},
    private::{
        hex, key,
        seal::{Sealed, Sealer},
    },
    secret::{Object, wipe},
};

/// The view of a Secret that `replace --force` deleted and could not create again: its text is an object to be created.
pub const FORMER: &str = "former";

/// The most that is read of a file here. An edit is what an editor may leave ([`private_dir::LIMIT`]) in base64, with the objects
/// that it began as.
const LIMIT: usize = 64 << 20;
/// How old a file under a temporary name may be before it is taken for the remains of a killed process.
const UNFINISHED: Duration = Duration::from_secs(3600);

/// An edit that was not saved.
pub struct Kept {
    /// The namespace.
    pub namespace: String,
    /// The view that wrote the text, by the name that the command uses.
    pub view: String,
    /// The objects that were opened.
    pub objects: Vec<Object>,
    /// The text.
    pub text: Text,
}

/// Edits, each with its file.
pub type Found = Vec<(PathBuf, Kept)>;

/// Keeps an edit, and removes an older one of the same Secrets. Returns the new file.
///
/// # Errors
/// When there is no memory-backed place for a key, or no state directory.
pub fn keep(env: &Env, kept: &Kept) -> io::Result<PathBuf> {
    let sealer = sealer(env, true)?;
    let dir = edits(env)?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
    // Why: a kept edit that cannot be read now must not prevent this one from being kept.
    for (path, other) in all(env)?.0 {
        if other.ids() == kept.ids() {
            fs::remove_file(path)?;
        }
    }
    let Sealed { nonce, text } = sealer.seal(kept.to_bytes(), &[])?;
    let id = hex(&nonce);
    let part = dir.join(format!(".{id}"));
    key::write_new(&part, &[&nonce, &text])?;
    let whole = dir.join(id);
    fs::rename(part, &whole)?;
    Ok(whole)
}

/// The edits that were kept in this namespace, of exactly these Secrets if any are named, the last one first; each with
/// its file, for [`forget`]. Names can be the same on several servers: the caller compares the uids.
///
/// # Errors
/// When the key or the files cannot be read, and none could be. Finding no edit is no error.
pub fn find(env: &Env, namespace: &str, names: &[String]) -> io::Result<Found> {
    let modified = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let (mut found, unread) = all(env)?;
    found.retain(|(_, kept)| kept.namespace == namespace && (names.is_empty() || kept.names().eq(names)));
    if let (true, Some(error)) = (found.is_empty(), unread) {
        return Err(error);
    }
    found.sort_by_cached_key(|(path, _)| std::cmp::Reverse(modified(path)));
    Ok(found)
}

/// Returns every kept edit, each with its file.
///
/// # Errors
/// When the key or one of the files cannot be read.
pub fn every(env: &Env) -> io::Result<Found> {
    let (found, unread) = all(env)?;
    unread.map_or(Ok(found), Err)
}

/// Removes a kept edit, after it was saved.
pub fn forget(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Returns every kept edit that the key opens, and the error of a file that could not be read. Files that the key does
/// not open were encrypted with a key that no longer exists: they are removed.
fn all(env: &Env) -> io::Result<(Found, Option<io::Error>)> {
    let none = || Ok((Found::new(), None));
    let sealer = match sealer(env, false) {
        Ok(sealer) => sealer,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return none(),
        Err(error) => return Err(error),
    };
    let entries = match fs::read_dir(edits(env)?) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return none(),
        Err(error) => return Err(error),
    };
    let (mut found, mut unread) = (Found::new(), None);
    for entry in entries.flatten() {
        let path = entry.path();
        // Why: another process may be writing it. A file gets its final name when it is complete.
        if entry.file_name().as_encoded_bytes().starts_with(b".") && is_recent(&path) {
            continue;
        }
        match files::read_regular(&path, LIMIT) {
            Ok(sealed) => match sealer.open(&sealed, &[]).and_then(|text| Kept::from_bytes(&text)) {
                Some(kept) => found.push((path, kept)),
                None => forget(&path),
            },
            // Invariant: only a file that can never be opened is removed. One that cannot be read now (no file
            // descriptors are left) may be readable the next time.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                unread = Some(io::Error::new(error.kind(), format!("{}: {}", path.display(), go::errno::text(&error))))
            }
        }
    }
    Ok((found, unread))
}

/// Returns whether a process may still be writing the file.
fn is_recent(path: &Path) -> bool {
    let modified = fs::symlink_metadata(path).and_then(|found| found.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age < UNFINISHED))
}

impl Kept {
    /// Returns the names of the Secrets that were opened.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.objects.iter().map(Object::name)
    }

    /// Returns whether this is an edit of these very objects, by uid: Secrets of the same names may exist on other
    /// servers.
    pub fn is_of(&self, objects: &[Object]) -> bool {
        let uid = |object: &Object| object.json()["metadata"]["uid"].as_str().map(str::to_owned);
        self.objects.iter().map(uid).eq(objects.iter().map(uid))
    }

    /// Returns what identifies the objects: their uids, or namespace and name if they are not on the server yet.
    fn ids(&self) -> Vec<String> {
        let id = |object: &Object| match object.json()["metadata"]["uid"].as_str() {
            Some(uid) => uid.to_owned(),
            None => format!("{}/{}", self.namespace, object.name()),
        };
        self.objects.iter().map(id).collect()
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let objects: Vec<&Json> = self.objects.iter().map(Object::json).collect();
        let mut json = json!({
            "namespace": self.namespace, "view": self.view, "objects": objects,
            "text": STANDARD.encode(&*self.text),
        });
        let bytes = Zeroizing::new(json.to_string().into_bytes());
        wipe(&mut json);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let json = Object::new(serde_json::from_slice(bytes).ok()?);
        let text = |field: &str| json.json()[field].as_str().map(str::to_owned);
        Some(Self {
            namespace: text("namespace")?,
            view: text("view")?,
            objects: json.json()["objects"].as_array()?.iter().cloned().map(Object::new).collect(),
            text: Zeroizing::new(STANDARD.decode(json.json()["text"].as_str()?).ok()?),
        })
    }
}

fn edits(env: &Env) -> io::Result<PathBuf> {
    let state = env.var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let state = state.or_else(|| env.home().map(|home| home.join(".local/state")));
    Ok(state.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home directory"))?.join("ksecret/edits"))
}

/// Returns the cipher with the key. If there is no key, makes one if `make` is set, and fails with `NotFound`
/// otherwise.
fn sealer(env: &Env, make: bool) -> io::Result<Sealer> {
    let dir =
        private_dir::runtime_dir(env).ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no runtime directory"))?;
    if make {
        match fs::DirBuilder::new().mode(0o700).create(&dir) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    let meta = fs::symlink_metadata(&dir)?;
    if !meta.is_dir() || meta.uid() != rustix::process::getuid().as_raw() || meta.mode() & 0o077 != 0 {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the runtime directory is not private"));
    }
    let path = dir.join("key");
    Sealer::new(&if make { key::read_or_make(&path) } else { key::read(&path) }?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(name: &str, text: &str) -> Kept {
        Kept {
            namespace: "ns".into(),
            view: "decoded".into(),
            objects: vec![Object::new(
                json!({"metadata": {"name": name, "uid": name}, "data": {"k": "czNjcmV0LXdvcmQ="}}),
            )],
            text: Zeroizing::new(text.as_bytes().to_vec()),
        }
    }

    fn sandbox() -> (tempfile::TempDir, Env) {
        // The runtime directory must be memory.
        let dir = platform::shared_memory().map_or_else(tempfile::tempdir, tempfile::tempdir_in).unwrap();
        fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let env = Env::made([("XDG_RUNTIME_DIR", dir.path()), ("HOME", dir.path())], "/".into());
        (dir, env)
    }

    #[test]
    fn what_is_kept_is_found_again_and_not_in_clear() {
        let (dir, env) = sandbox();
        assert!(find(&env, "ns", &[]).unwrap().is_empty());
        keep(&env, &kept("a", "s3cret-word one")).unwrap();
        keep(&env, &kept("b", "s3cret-word two")).unwrap();
        keep(&env, &kept("a", "s3cret-word three")).unwrap();
        let files = fs::read_dir(dir.path().join(".local/state/ksecret/edits")).unwrap();
        let files: Vec<Vec<u8>> = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
        assert_eq!(files.len(), 2);
        for needle in [&b"s3cret-word"[..], b"czNjcmV0"] {
            assert!(files.iter().all(|file| !file.windows(needle.len()).any(|window| window == needle)));
        }
        let (path, found) = find(&env, "ns", &["a".into()]).unwrap().remove(0);
        assert_eq!((&*found.text, found.view.as_str()), (&b"s3cret-word three".to_vec(), "decoded"));
        assert!(found.objects == kept("a", "").objects);
        assert!(find(&env, "other", &[]).unwrap().is_empty());
        forget(&path);
        assert!(find(&env, "ns", &["a".into()]).unwrap().is_empty());
    }

    /// Nothing in the directory holds it up or is removed but what the key can never open.
    #[test]
    fn what_is_no_kept_edit_is_not_waited_for() {
        let (dir, env) = sandbox();
        keep(&env, &kept("a", "x")).unwrap();
        let edits = dir.path().join(".local/state/ksecret/edits");
        let odd = |name: &str| edits.join(name);
        assert!(std::process::Command::new("mkfifo").arg(odd("fifo")).status().is_ok_and(|made| made.success()));
        std::os::unix::fs::symlink("/dev/zero", odd("link")).unwrap();
        fs::File::create(odd("sparse")).unwrap().set_len(LIMIT as u64 + 1).unwrap();
        fs::write(odd(".unfinished"), "x").unwrap();
        fs::write(odd("other-key"), [7; 100]).unwrap();
        assert_eq!(find(&env, "ns", &[]).unwrap().len(), 1);
        keep(&env, &kept("b", "y")).unwrap();
        assert_eq!(find(&env, "ns", &[]).unwrap().len(), 2);
        let there =
            ["fifo", "link", "sparse", ".unfinished", "other-key"].map(|name| odd(name).symlink_metadata().is_ok());
        assert_eq!(there, [true, true, true, true, false]);
        // If there is no other, what cannot be read is told.
        let error = find(&env, "other", &[]).map(|found| found.len()).unwrap_err().to_string();
        assert!(error.contains("edits/"), "{error}");
    }

    #[test]
    fn without_the_key_there_is_nothing() {
        let (dir, env) = sandbox();
        keep(&env, &kept("a", "x")).unwrap();
        fs::write(dir.path().join("ksecret/key"), [7; 32]).unwrap();
        assert!(find(&env, "ns", &[]).unwrap().is_empty());
        let mode = |path: &str| fs::metadata(dir.path().join(path)).unwrap().mode() & 0o777;
        assert_eq!((mode("ksecret"), mode("ksecret/key"), mode(".local/state/ksecret/edits")), (0o700, 0o600, 0o700));
    }

    #[test]
    fn no_private_runtime_directory_no_key() {
        let (dir, env) = sandbox();
        fs::create_dir(dir.path().join("ksecret")).unwrap();
        fs::set_permissions(dir.path().join("ksecret"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        assert_eq!(keep(&env, &kept("a", "x")).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }
}
