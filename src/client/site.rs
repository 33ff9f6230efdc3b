//! HTTP servers that are not an API server: those of manifests, and issuers of tokens. Invariant: no credential of a
//! cluster is sent to them.

use http::Uri;

use super::{Config, Path, Settings};
use crate::failure::{Failure, Result};
use environment::Env;

/// The variables that configure proxies and trusted certificate authorities.
const NETWORK: [&str; 8] =
    ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Returns the configuration for the origin of a URL, and the path there. Proxies and authorities are those of the
/// environment.
///
/// # Errors
/// If the text is not an HTTP URL.
pub(crate) fn of(url: &str, env: &Env) -> Result<(Config, Path)> {
    let no_url = || Failure::local("it is not a URL");
    let uri: Uri = url.parse().map_err(|_| no_url())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(no_url()) };
    let settings = Settings { server: Some(format!("{scheme}://{}", authority.as_str())), ..Settings::default() };
    let vars = NETWORK.into_iter().filter_map(|name| Some((name, env.var_os(name)?)));
    let config = Config::resolve(&settings, &Env::made(vars, env.cwd().to_owned()))?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let path = match path.starts_with('/') {
        true => Path::raw(path)?,
        false => Path::raw(&format!("/{path}"))?,
    };
    Ok((config, path))
}

/// Returns a URL without its user and password, for messages.
pub(crate) fn shown(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(start);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_password_is_not_shown() {
        for (url, expected) in [
            ("http://h/a@b", "http://h/a@b"),
            ("https://u:s3cr3t@h:1/x?y=z@", "https://h:1/x?y=z@"),
            ("http://u:s3@cr3t@h", "http://h"),
            ("u:s3cr3t@h", "h"),
            ("http://u:s3cr3t@:x/y", "http://:x/y"),
            ("", ""),
        ] {
            assert_eq!(shown(url), expected);
        }
    }
}
