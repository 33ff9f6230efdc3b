//! Paths in a kubeconfig, which are relative to the directory of the file.

use std::{
    ffi::OsString,
    path::{Component, Path, PathBuf},
};

use serde_json::Value as Json;

use super::list::List;

/// Returns the path without `.` and `..`, as Go's `filepath.Join` does.
pub fn clean(path: &Path) -> OsString {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean.into_os_string()
}

/// Returns the fields of an entry that are paths (clientcmd's `GetClusterFileReferences`, `GetAuthInfoFileReferences`).
pub(super) fn of(list: List) -> &'static [&'static str] {
    match list {
        List::Clusters => &["/certificate-authority"],
        List::Users => &["/client-certificate", "/client-key", "/tokenFile", "/exec/command"],
        List::Contexts => &[],
    }
}

/// Makes the paths of an entry relative to `base` if they are below it, and absolute otherwise (clientcmd's
/// `RelativizeClusterLocalPaths`, `RelativizeAuthInfoLocalPaths`).
pub(super) fn make_relative(list: List, body: &mut Json, base: &Path) {
    let base = PathBuf::from(clean(base));
    for pointer in of(list) {
        let command = *pointer == "/exec/command";
        let Some(Json::String(text)) = body.pointer_mut(pointer) else { continue };
        // A bare command name is searched in PATH.
        if text.is_empty() || (command && !text.contains('/')) {
            continue;
        }
        let whole = PathBuf::from(clean(&base.join(&*text)));
        let path = match whole.strip_prefix(&base) {
            Ok(rest) if rest.as_os_str().is_empty() => Path::new("."),
            Ok(rest) => rest,
            Err(_) => &whole,
        };
        let Some(path) = path.to_str() else { continue };
        // Why: client-go turns `./x` into `x`, which from then on names another program, in PATH.
        *text = if command && !path.contains('/') { format!("./{path}") } else { path.to_owned() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// As kubectl 1.37.1 writes each of them into `/base/kc`, but for a command that is a bare name then.
    #[test]
    fn paths_below_the_file_are_relative_to_it() {
        for (path, written, command) in [
            ("ca", "ca", "ca"),
            ("/base/ca", "ca", "./ca"),
            ("/base/./sub/../sub/ca", "sub/ca", "sub/ca"),
            ("./ca", "ca", "./ca"),
            ("../ca", "/ca", "/ca"),
            ("/based/ca", "/based/ca", "/based/ca"),
            ("/base", ".", "./."),
            ("", "", ""),
        ] {
            let mut user = json!({"client-key": path, "exec": {"command": path}});
            make_relative(List::Users, &mut user, Path::new("/base"));
            assert_eq!(user, json!({"client-key": written, "exec": {"command": command}}), "{path}");
        }
    }
}
