//! Manifests at URLs: one GET, as nobody in particular.

use http::Uri;

use super::{Call, Client, Config, Path, Settings};
use crate::{
    context::Env,
    error::{Error, Result},
};

/// The variables that say how the network is reached, and which authorities are trusted there.
const NETWORK: [&str; 8] =
    ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/// What `-f http://…` and `-f https://…` name. No credentials are sent, and no redirect to another origin is
/// followed: what is read here is applied to a cluster. Proxies are those of the environment.
///
/// # Errors
/// kubectl's `unable to read URL`, with what went wrong.
pub async fn fetch(url: &str, env: &Env) -> Result<Vec<u8>> {
    let failed = |why: String| Error::new(format!("unable to read URL {url:?}, {why}"));
    let uri: Uri = url.parse().map_err(|_| failed("it is not a URL".to_owned()))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(failed("it is not a URL".to_owned()));
    };
    let settings = Settings { server: Some(format!("{scheme}://{}", authority.as_str())), ..Settings::default() };
    let vars = NETWORK.into_iter().filter_map(|name| Some((name, env.var_os(name)?)));
    let config = Config::resolve(&settings, &Env::made(vars, env.cwd().to_owned()))?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let path = match path.starts_with('/') {
        true => Path::raw(path)?,
        false => Path::raw(&format!("/{path}"))?,
    };
    let call = Call::get(path).accept("*/*");
    match Client::remote(config).call(call).await {
        Ok(answer) => Ok(answer.body.to_vec()),
        Err(failure) if failure.code() > 0 => Err(failed(format!("status code={}", failure.code()))),
        Err(failure) => Err(failed(failure.into_error().text())),
    }
}
