//! Credentials of `auth-provider: oidc`, which client-go has built in: an id-token that has not expired is the bearer
//! token. Otherwise the issuer returns a new one for the refresh token, and both are written to the kubeconfig.

mod issuer;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::{
    failure::Failure,
    kubeconfig::{AuthProvider, Held, Refusal},
    limits::ISSUER,
};
use environment::Env;
use go::quote::quote;

/// How much earlier a token counts as expired, to allow for clocks that differ (client-go's `expiryDelta`).
const EARLIER: Duration = Duration::from_secs(10);

/// Returns the bearer token of an auth provider. One that has expired is renewed if `renews`.
///
/// # Errors
/// One line, with a hint: another provider, or a token that has expired or is missing. It contains no token.
pub(super) async fn token(provider: &AuthProvider, env: &Env, renews: bool) -> Result<Zeroizing<String>, Failure> {
    match provider.name.as_str() {
        "oidc" => {}
        "gcp" => {
            return Err(Failure::other("The gcp auth plugin has been removed.")
                .hint("use the gke-gcloud-auth-plugin credential plugin: gcloud container clusters get-credentials"));
        }
        "azure" => {
            return Err(Failure::other("The azure auth plugin has been removed.")
                .hint("use the kubelogin credential plugin: kubelogin convert-kubeconfig"));
        }
        other => {
            return Err(Failure::other(format!("no Auth Provider found for name {}", quote(other)))
                .hint("use an exec credential plugin instead"));
        }
    }
    for field in ["idp-issuer-url", "client-id"] {
        if provider.config.get(field).is_none_or(String::is_empty) {
            return Err(Failure::other(format!("Must provide {field}")));
        }
    }
    if let Some(token) = valid(&provider.config)? {
        return Ok(token);
    }
    refreshable(&provider.config)?;
    if !renews {
        return Err(Failure::connection("the id-token of the kubeconfig has expired"));
    }
    refresh(provider, env).await
}

/// Returns the id-token, if there is one and it has not expired.
fn valid(fields: &BTreeMap<String, String>) -> Result<Option<Zeroizing<String>>, Failure> {
    let Some(token) = fields.get("id-token").filter(|token| !token.is_empty()) else { return Ok(None) };
    let lives = expiry(token)?.is_some_and(|end| SystemTime::now() + EARLIER < end);
    Ok(lives.then(|| Zeroizing::new(token.clone())))
}

fn refreshable(fields: &BTreeMap<String, String>) -> Result<(), Failure> {
    let filled = |name| fields.get(name).is_some_and(|token| !token.is_empty());
    match (filled("refresh-token"), filled("id-token")) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure::connection("the id-token of the kubeconfig has expired").hint(LOG_IN)),
        (false, false) => {
            Err(Failure::connection("No valid id-token, and cannot refresh without refresh-token").hint(LOG_IN))
        }
    }
}

/// Gets a new id-token, and writes it to the kubeconfig.
async fn refresh(provider: &AuthProvider, env: &Env) -> Result<Zeroizing<String>, Failure> {
    let kept = |Refusal { why, hint }| Failure::connection(format!("could not persist new tokens: {why}")).hint(hint);
    let (path, user) = &provider.origin;
    let held = Held::lock(path).await.map_err(kept)?;
    // Invariant: the refresh token that is used is the one in the file now, read under the lock. An issuer that rotates
    // refresh tokens treats one that is used twice as stolen, and revokes all of them.
    let current = held.provider(user).map_err(kept)?.config;
    if let Some(token) = valid(&current)? {
        return Ok(token);
    }
    refreshable(&current)?;
    held.check_writable().await.map_err(kept)?;
    let asked = tokio::time::timeout(ISSUER, issuer::refresh(&current, env)).await;
    let tokens = asked.unwrap_or_else(|_| {
        Err(Failure::connection(format!(
            "failed to refresh token: the issuer did not answer in {} s",
            ISSUER.as_secs()
        )))
    });
    let tokens = tokens.map_err(|failure| failure.hint(LOG_IN))?;
    expiry(&tokens.id_token)?;
    let refresh_token = tokens.refresh_token.as_ref().map(|token| ("refresh-token", token.as_str()));
    let fields = [Some(("id-token", tokens.id_token.as_str())), refresh_token].into_iter().flatten();
    held.write(user, &fields.collect::<Vec<_>>()).await.map_err(kept)?;
    Ok(tokens.id_token)
}

const LOG_IN: &str =
    "log in again with the tool that wrote the kubeconfig, or use an exec credential plugin (kubelogin)";

/// Returns when a JSON Web Token expires, or `None` if it does not say.
fn expiry(token: &str) -> Result<Option<SystemTime>, Failure> {
    let invalid = || Failure::connection("ID Token is not a valid JWT").hint(LOG_IN);
    let [_, payload, _] = token.split('.').collect::<Vec<_>>()[..] else { return Err(invalid()) };
    let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).map_err(|_| invalid())?);
    let claims: Json = serde_json::from_slice(&payload).map_err(|_| invalid())?;
    let seconds = claims["exp"].as_u64().or_else(|| claims["exp"].as_f64().map(|seconds| seconds as u64));
    Ok(seconds.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(name: &str, fields: &[(&str, &str)]) -> AuthProvider {
        let config = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        AuthProvider { name: name.to_owned(), config, ..AuthProvider::default() }
    }

    fn jwt(claims: &str) -> String {
        format!("h.{}.s3cr3t", URL_SAFE_NO_PAD.encode(claims))
    }

    fn in_seconds(seconds: i64) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs();
        i64::try_from(now).expect("a time") + seconds
    }

    fn token_of(provider: &AuthProvider) -> Result<Zeroizing<String>, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(super::token(provider, &Env::default(), true))
    }

    fn outcome(token: &str) -> String {
        let fields = [("idp-issuer-url", "https://i"), ("client-id", "c"), ("id-token", token)];
        match token_of(&provider("oidc", &fields)) {
            Ok(found) => format!("token {}", *found == token),
            Err(failure) => failure.message().to_owned(),
        }
    }

    #[test]
    fn a_token_is_used_until_shortly_before_its_end() {
        for (seconds, expected) in [
            (3600, "token true"),
            (60, "token true"),
            (5, "the id-token of the kubeconfig has expired"),
            (-60, "the id-token of the kubeconfig has expired"),
        ] {
            let end = in_seconds(seconds);
            assert_eq!(outcome(&jwt(&format!("{{\"exp\":{end}}}"))), expected, "{seconds}");
            assert_eq!(outcome(&jwt(&format!("{{\"exp\":{end}.5}}"))), expected, "{seconds}");
        }
    }

    #[test]
    fn what_is_no_token_is_refused_without_it() {
        for token in ["s3cr3t", "a.s3cr3t", "a.s3cr3t!.c", "a.czNjcjN0.c", "a.b.c.d"] {
            assert_eq!(outcome(token), "ID Token is not a valid JWT", "{token}");
        }
        assert_eq!(outcome(&jwt("{}")), "the id-token of the kubeconfig has expired");
        assert_eq!(outcome(""), "No valid id-token, and cannot refresh without refresh-token");
        let refused = |name, fields: &[_]| token_of(&provider(name, fields)).expect_err("refused").message().to_owned();
        assert_eq!(refused("oidc", &[]), "Must provide idp-issuer-url");
        assert_eq!(refused("oidc", &[("idp-issuer-url", "i")]), "Must provide client-id");
        assert_eq!(refused("gcp", &[]), "The gcp auth plugin has been removed.");
        assert_eq!(refused("x", &[]), "no Auth Provider found for name \"x\"");
    }
}
