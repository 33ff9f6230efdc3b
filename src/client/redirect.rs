//! Redirects: 307 and 308 within one origin are followed, with the same method and body; any other redirect is an error
//! that names its target.
//!
//! Invariant: no request leaves the origin that the kubeconfig names, since credentials are sent with every request.

use http::{Response, StatusCode, Uri, header};

use super::failure::Failure;
use secret::sanitize;

/// Go's limit on redirects.
const MAX_HOPS: u32 = 10;

/// Returns the next URL, or `None` if the answer is not a redirect. `hops` is the number of redirects that were
/// followed already.
///
/// # Errors
/// A redirect to another origin, with another status, or one too many.
pub(crate) fn next<B>(url: &str, response: &Response<B>, hops: u32) -> Result<Option<String>, Failure> {
    let status = response.status();
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    let (true, Some(location)) = (matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308), location) else {
        return Ok(None);
    };
    let Some((here, there)) = url.parse::<Uri>().ok().and_then(|here| {
        let there = resolve(&here, location)?;
        Some((here, there))
    }) else {
        return Ok(None);
    };
    let refused = |why: &str| {
        Failure::other(format!("the server answered {} and points to {}: {why}", name(status), shown(&there)))
    };
    if origin(&here) != origin(&there) {
        return Err(refused("a redirect to another origin is not followed")
            .hint("a proxy or a login page may stand before the API server; check the server's address"));
    }
    if !matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
        return Err(refused("only 307 and 308 are followed, which keep the method"));
    }
    if hops >= MAX_HOPS {
        return Err(refused(&format!("stopped after {MAX_HOPS} redirects")));
    }
    Ok(Some(there.to_string()))
}

fn name(status: StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or("redirect"))
}

/// Returns scheme, host and port of a URL, if it has nothing else before its path.
fn origin(uri: &Uri) -> Option<(String, String, u16)> {
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    // A user and a password count as another origin.
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    let port = authority.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
    Some((scheme, authority.host().to_ascii_lowercase(), port))
}

/// Resolves `location` relative to `here` (RFC 3986, 5.2), without its fragment.
fn resolve(here: &Uri, location: &str) -> Option<Uri> {
    let location = location.split('#').next().unwrap_or_default();
    let scheme = here.scheme_str()?;
    let authority = here.authority()?;
    let has_scheme = location.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    });
    if has_scheme {
        return location.parse().ok().filter(|uri: &Uri| uri.scheme().is_some());
    }
    if location.starts_with("//") {
        return format!("{scheme}:{location}").parse().ok();
    }
    let (path, query) = match location.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (location, String::new()),
    };
    let path = match path {
        "" => here.path().to_owned(),
        path if path.starts_with('/') => without_dots(path),
        path => {
            let (directory, _) = here.path().rsplit_once('/').unwrap_or_default();
            without_dots(&format!("{directory}/{path}"))
        }
    };
    format!("{scheme}://{authority}{path}{query}").parse().ok()
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    if matches!(path.rsplit('/').next(), Some("." | "..")) {
        kept.push("");
    }
    format!("/{}", kept.join("/"))
}

/// Returns a URL for an error: without user, password and query, which may be credentials.
fn shown(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = authority.rsplit('@').next().unwrap_or_default();
    let scheme = uri.scheme_str().map(|scheme| format!("{scheme}://")).unwrap_or_default();
    let text: String = format!("{scheme}{host}{}", uri.path()).chars().take(200).collect();
    sanitize::line(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, location: &str) -> Response<()> {
        Response::builder().status(status).header("location", location).body(()).expect("a response")
    }

    fn led(location: &str) -> String {
        match next("https://a.example:443/k8s/api/v1/x?q=1", &answer(307, location), 0) {
            Ok(Some(url)) => url,
            Ok(None) => "none".to_owned(),
            Err(failure) => failure.message().to_owned(),
        }
    }

    #[test]
    fn locations_within_an_origin() {
        for (location, expected) in [
            ("https://a.example/y", "https://a.example/y"),
            ("https://A.EXAMPLE:443/y?z#f", "https://A.EXAMPLE:443/y?z"),
            ("/y?z=1", "https://a.example:443/y?z=1"),
            ("//a.example/y", "https://a.example/y"),
            ("y", "https://a.example:443/k8s/api/v1/y"),
            ("../v2/./y", "https://a.example:443/k8s/api/v2/y"),
            ("../../../../..", "https://a.example:443/"),
            ("?z", "https://a.example:443/k8s/api/v1/x?z"),
        ] {
            assert_eq!(led(location), expected, "{location}");
        }
    }

    #[test]
    fn no_other_origin_is_asked_or_shown_whole() {
        let prefix = "the server answered 307 Temporary Redirect and points to ";
        for (location, shown) in [
            ("https://b.example/y?token=s3cr3t", "https://b.example/y"),
            ("http://a.example/y", "http://a.example/y"),
            ("https://a.example:8443/y", "https://a.example:8443/y"),
            ("//b.example/y", "https://b.example/y"),
            ("https://me:s3cr3t@a.example/y", "https://a.example/y"),
        ] {
            assert_eq!(led(location), format!("{prefix}{shown}: a redirect to another origin is not followed"));
        }
        for location in ["", "https://", "javascript:alert(1)", "a b", ":"] {
            let text = led(location);
            assert!(!text.starts_with("https://a.example/") && !text.contains("alert"), "{location:?}: {text}");
        }
    }

    #[test]
    fn other_kinds_and_endless_ones_are_named() {
        for status in [301, 302, 303] {
            let failure = next("https://a/x", &answer(status, "/y"), 0).expect_err("a refusal");
            let text = failure.message();
            assert!(
                text.ends_with("points to https://a/y: only 307 and 308 are followed, which keep the method"),
                "{text}"
            );
        }
        assert!(next("https://a/x", &answer(308, "/y"), 9).is_ok());
        let failure = next("https://a/x", &answer(308, "/y"), 10).expect_err("a refusal");
        assert!(failure.message().ends_with("stopped after 10 redirects"));
        assert!(matches!(next("https://a/x", &answer(304, "/y"), 0), Ok(None)));
        assert!(matches!(next("https://a/x", &answer(200, "/y"), 0), Ok(None)));
    }
}
