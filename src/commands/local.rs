//! `--local`: the embedded server in this process, on a file.

use std::{ffi::OsStr, path::PathBuf};

use crate::{
    cli::flags::ConnectionFlags,
    client::{Client, Failure},
    context::Env,
    error::{Error, Result},
    server::{Server, Storage},
};

/// Returns a client of the embedded server if the flags or the environment select it. The file is opened at the first
/// request.
///
/// # Errors
/// [`file`]'s, and invalid flags.
pub(super) fn client(flags: &ConnectionFlags, env: &Env) -> Result<Option<Client>> {
    let Some(path) = file(flags, env)? else { return Ok(None) };
    let open = move || -> Result<_, Failure> {
        let name = path.display();
        let server = Server::open(&Storage::File(path.clone())).map_err(|failure| {
            Error::new(format_args!("cannot open the local store {name}: {failure}")).hints_of(failure.hint())
        })?;
        Ok(server.as_admin())
    };
    Ok(Some(Client::in_process(open, &flags.settings())?))
}

/// Returns whether the flags or the environment select the embedded server, even if they contradict each other.
pub(super) fn is_meant(flags: &ConnectionFlags, env: &Env) -> bool {
    !matches!(file(flags, env), Ok(None))
}

/// Returns the file of the embedded server if `--local` or `KSECRET_LOCAL` selects it.
///
/// `KSECRET_LOCAL` is a path, or `1` or `true` for the default file; `0`, `false` and an empty value turn it off. Flags
/// that name a cluster override the variable.
///
/// # Errors
/// `--local` together with such a flag, or no default file.
pub(super) fn file(flags: &ConnectionFlags, env: &Env) -> Result<Option<PathBuf>> {
    let remote = [
        ("--kubeconfig", flags.place.kubeconfig.is_some()),
        ("--context", flags.place.context.is_some()),
        ("--cluster", flags.rare.cluster.is_some()),
        ("--user", flags.rare.user.is_some()),
        ("--server", flags.rare.server.is_some()),
        ("--token", flags.rare.token.is_some()),
    ];
    let remote = remote.into_iter().find(|(_, given)| *given);
    let local = flags.local_store();
    let file = match (&local, env.var_os("KSECRET_LOCAL")) {
        (Some(file), _) => {
            if let Some((flag, _)) = remote {
                return Err(Error::new(format_args!("--local and {flag} cannot be used together")));
            }
            file.as_deref().unwrap_or_default()
        }
        (None, Some(value)) if remote.is_none() => match value.to_str() {
            Some("" | "0" | "false") => return Ok(None),
            Some("1" | "true") => OsStr::new(""),
            _ => value,
        },
        (None, _) => return Ok(None),
    };
    if file.is_empty() { default_file(env).map(Some) } else { Ok(Some(env.cwd().join(file))) }
}

/// Returns the default file: `local.db` in the user's data directory.
///
/// # Errors
/// If neither `XDG_DATA_HOME` nor `HOME` is set.
pub(super) fn default_file(env: &Env) -> Result<PathBuf> {
    env.data_dir().map(|dir| dir.join("local.db")).ok_or_else(|| {
        Error::new("no place for the local store: neither XDG_DATA_HOME nor HOME is set").hint("name one: --local=FILE")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(local: Option<&str>, server: Option<&str>, vars: &[(&str, &str)]) -> Result<Option<String>> {
        let mut flags = ConnectionFlags::default();
        flags.place.local = local.map(Into::into);
        flags.rare.server = server.map(str::to_owned);
        let env = Env::made(vars.iter().copied(), "/work".into());
        Ok(file(&flags, &env)?.map(|path| path.display().to_string()))
    }

    const HOME: (&str, &str) = ("HOME", "/h");

    #[test]
    fn names_the_file() {
        let default = Ok(Some("/h/.local/share/ksecret/local.db".to_owned()));
        assert_eq!(chosen(Some(""), None, &[HOME]), default);
        assert_eq!(chosen(None, None, &[HOME, ("KSECRET_LOCAL", "")]), Ok(None));
        assert_eq!(chosen(None, None, &[HOME, ("KSECRET_LOCAL", "true")]), default);
        assert_eq!(chosen(Some(""), None, &[("XDG_DATA_HOME", "/d")]), Ok(Some("/d/ksecret/local.db".into())));
        assert_eq!(chosen(Some(""), None, &[HOME, ("XDG_DATA_HOME", "relative")]), default);
        assert_eq!(chosen(Some("x.db"), None, &[]), Ok(Some("/work/x.db".into())));
        assert_eq!(chosen(None, None, &[("KSECRET_LOCAL", "/y.db")]), Ok(Some("/y.db".into())));
        assert_eq!(chosen(None, None, &[HOME]), Ok(None));
        assert_eq!(chosen(None, None, &[HOME, ("KSECRET_LOCAL", "0")]), Ok(None));
    }

    #[test]
    fn a_cluster_and_the_local_server_exclude_each_other() {
        assert_eq!(chosen(None, Some("https://a"), &[HOME, ("KSECRET_LOCAL", "1")]), Ok(None));
        let error = chosen(Some(""), Some("https://a"), &[HOME]).expect_err("a contradiction");
        assert_eq!(error.to_string(), "error: --local and --server cannot be used together");
        let error = chosen(Some(""), None, &[]).expect_err("no place");
        assert_eq!(error.hints(), ["name one: --local=FILE"]);
    }
}
