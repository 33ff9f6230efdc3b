//! Chooses the proxy for a request: `proxy-url` of the cluster, otherwise `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` by
//! the rules of Go's `golang.org/x/net/http/httpproxy`.

use std::net::IpAddr;

use http::Uri;
use zeroize::Zeroizing;

use environment::Env;
use go::quote::quote;

/// The protocol of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// CONNECT (or an absolute URL for plain HTTP), without TLS.
    Http,
    /// The same over TLS.
    Https,
    /// SOCKS version 5.
    Socks5,
}

/// A proxy, its credentials separate from its address.
pub(crate) struct Proxy {
    pub protocol: Protocol,
    /// `host:port` as a URI with scheme, without credentials.
    pub uri: Uri,
    /// User and password, percent-decoded.
    pub credentials: Option<(String, Zeroizing<String>)>,
}

/// Returns the proxy for requests to `server`, if there is one. `configured` is the cluster's `proxy-url`, which takes
/// precedence over the environment, `NO_PROXY` included.
///
/// # Errors
/// If `configured` is invalid. Invalid variables are ignored, as in Go.
pub(crate) fn choose(server: &Uri, configured: &str, env: &Env) -> Result<Option<Proxy>, String> {
    if !configured.is_empty() {
        return parse(configured).map(Some);
    }
    let any = |names: [&str; 2]| names.into_iter().find_map(|name| env.non_empty(name));
    let secure = server.scheme_str() == Some("https");
    let names = if secure { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let Some(value) = any(names) else { return Ok(None) };
    // Why: in a CGI script `HTTP_PROXY` is a header of the request, set by a remote client.
    if !secure && env.non_empty("REQUEST_METHOD").is_some() {
        return Ok(None);
    }
    let host = server.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let port = server.port_u16().unwrap_or(if secure { 443 } else { 80 });
    if bypassed(&host, port, any(["NO_PROXY", "no_proxy"]).unwrap_or_default()) {
        return Ok(None);
    }
    Ok(parse(value).or_else(|_| parse(&format!("http://{value}"))).ok())
}

fn parse(text: &str) -> Result<Proxy, String> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err("unsupported scheme \"\", must be http, https, or socks5".to_owned());
    };
    let (protocol, default_port) = match scheme.to_ascii_lowercase().as_str() {
        "http" => (Protocol::Http, 80),
        "https" => (Protocol::Https, 443),
        "socks5" | "socks5h" => (Protocol::Socks5, 1080),
        other => return Err(format!("unsupported scheme {}, must be http, https, or socks5", quote(other))),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (userinfo, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let scheme = match protocol {
        Protocol::Http => "http",
        Protocol::Https => "https",
        Protocol::Socks5 => "socks5",
    };
    let parsed: Uri = format!("{scheme}://{host}/").parse().map_err(|_| "not a URL".to_owned())?;
    if parsed.host().is_none_or(str::is_empty) {
        return Err("no host".to_owned());
    }
    let uri = match parsed.port_u16() {
        Some(_) => parsed,
        None => format!("{scheme}://{host}:{default_port}/").parse().map_err(|_| "not a URL".to_owned())?,
    };
    let credentials = userinfo.map(|userinfo| {
        let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
        (percent_decode(user), Zeroizing::new(percent_decode(password)))
    });
    Ok(Proxy { protocol, uri, credentials })
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |b: &u8| char::from(*b).to_digit(16);
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => digit(high).zip(digit(low)).and_then(|(h, l)| u8::try_from(h * 16 + l).ok()),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the opposite of Go's `config.useProxy`. `host` is in lower case and without brackets.
fn bypassed(host: &str, port: u16, no_proxy: &str) -> bool {
    if host == "localhost" {
        return true;
    }
    let ip: Option<IpAddr> = host.parse().ok();
    if ip.is_some_and(|ip| ip.to_canonical().is_loopback()) {
        return true;
    }
    no_proxy.split(',').map(|entry| entry.trim().to_ascii_lowercase()).any(|entry| matches(&entry, host, ip, port))
}

fn matches(entry: &str, host: &str, ip: Option<IpAddr>, port: u16) -> bool {
    if entry.is_empty() {
        return false;
    }
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = cidr(entry) {
        return ip.is_some_and(|ip| contains(network, bits, ip));
    }
    let (entry_host, entry_port) = split_port(entry);
    if entry_host.is_empty() || entry_port.is_some_and(|p| p != port.to_string()) {
        return false;
    }
    if let Ok(entry_ip) = entry_host.parse::<IpAddr>() {
        return ip.is_some_and(|ip| ip.to_canonical() == entry_ip.to_canonical());
    }
    let entry_host = entry_host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(entry_host);
    match entry_host.strip_prefix('.') {
        // `.example.com` matches subdomains, `example.com` the domain itself, too.
        Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
        None => host == entry_host || host.strip_suffix(entry_host).is_some_and(|rest| rest.ends_with('.')),
    }
}

/// Splits off the port, as Go's `net.SplitHostPort`; returns the whole text if that fails.
fn split_port(entry: &str) -> (&str, Option<&str>) {
    if let Some(rest) = entry.strip_prefix('[') {
        return match rest.split_once("]:") {
            Some((host, port)) => (host, Some(port)),
            None => (entry, None),
        };
    }
    match entry.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port).filter(|p| !p.is_empty())),
        _ => (entry, None),
    }
}

fn cidr(entry: &str) -> Option<(IpAddr, u8)> {
    let (network, bits) = entry.split_once('/')?;
    let network: IpAddr = network.parse().ok()?;
    let bits: u8 = bits.parse().ok()?;
    (bits <= if network.is_ipv4() { 32 } else { 128 }).then_some((network, bits))
}

fn contains(network: IpAddr, bits: u8, ip: IpAddr) -> bool {
    match (network, ip.to_canonical()) {
        (IpAddr::V4(network), IpAddr::V4(ip)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            (u32::from(network) ^ u32::from(ip)) & mask == 0
        }
        (IpAddr::V6(network), IpAddr::V6(ip)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            (u128::from(network) ^ u128::from(ip)) & mask == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(server: &str, vars: &[(&str, &str)]) -> Option<String> {
        let env = Env::made(vars.iter().copied(), "/".into());
        choose(&server.parse().expect("a URL"), "", &env).expect("a choice").map(|p| p.uri.to_string())
    }

    #[test]
    fn takes_the_variable_of_the_scheme() {
        let vars = [("HTTPS_PROXY", "http://secure:3128"), ("http_proxy", "plain:8080")];
        assert_eq!(chosen("https://api:6443", &vars).as_deref(), Some("http://secure:3128/"));
        assert_eq!(chosen("http://api", &vars).as_deref(), Some("http://plain:8080/"));
        assert_eq!(chosen("https://api", &[("https_proxy", "socks5://s")]).as_deref(), Some("socks5://s:1080/"));
        assert_eq!(
            chosen("https://api", &[("HTTPS_PROXY", ""), ("https_proxy", "http://p")]).as_deref(),
            Some("http://p:80/")
        );
        assert_eq!(chosen("http://api", &[("HTTP_PROXY", "http://p"), ("REQUEST_METHOD", "GET")]), None);
        assert_eq!(chosen("https://api", &[("ALL_PROXY", "http://p")]), None);
    }

    #[test]
    fn never_proxies_loopback() {
        for server in ["https://localhost:6443", "https://127.0.0.1", "https://127.9.9.9", "https://[::1]:6443"] {
            assert_eq!(chosen(server, &[("HTTPS_PROXY", "http://p")]), None, "{server}");
        }
        assert!(chosen("https://localhost.example", &[("HTTPS_PROXY", "http://p")]).is_some());
    }

    #[test]
    fn follows_no_proxy_as_go_does() {
        for (no_proxy, server, bypass) in [
            ("*", "https://api", true),
            ("example.com", "https://example.com", true),
            ("example.com", "https://API.Example.com:6443", true),
            ("example.com", "https://notexample.com", false),
            (".example.com", "https://example.com", false),
            (".example.com", "https://a.example.com", true),
            ("*.example.com", "https://a.example.com", true),
            ("*.example.com", "https://example.com", false),
            ("example.com:6443", "https://example.com:6443", true),
            ("example.com:6443", "https://example.com", false),
            ("example.com:443", "https://example.com", true),
            ("10.0.0.0/8", "https://10.9.8.7:6443", true),
            ("10.0.0.0/8", "https://11.9.8.7", false),
            ("0.0.0.0/0", "https://11.9.8.7", true),
            ("10.1.2.3", "https://10.1.2.3:6443", true),
            ("10.1.2.3:80", "https://10.1.2.3:6443", false),
            ("fd00::/8", "https://[fd00::1]:6443", true),
            ("[fd00::1]:6443", "https://[fd00::1]:6443", true),
            ("fd00::1", "https://[fd00::1]", true),
            (" other , api ", "https://api", true),
            (",:80,", "https://api", false),
            ("10.0.0.0/8", "https://ten.example", false),
        ] {
            let vars = [("HTTPS_PROXY", "http://p"), ("no_proxy", no_proxy)];
            assert_eq!(chosen(server, &vars).is_none(), bypass, "{no_proxy} {server}");
        }
    }

    #[test]
    fn the_cluster_s_own_proxy_wins_and_must_be_right() {
        let env = Env::made([("NO_PROXY", "*")], "/".into());
        let server: Uri = "https://127.0.0.1".parse().expect("a URL");
        let proxy = choose(&server, "https://us%40er:p%3Aw@proxy", &env).expect("a choice").expect("a proxy");
        assert_eq!((proxy.protocol, proxy.uri.to_string().as_str()), (Protocol::Https, "https://proxy:443/"));
        assert_eq!(proxy.credentials.map(|(u, p)| (u, p.to_string())), Some(("us@er".into(), "p:w".into())));
        let error = choose(&server, "ftp://user:secret@proxy", &env).err().expect("an error");
        assert_eq!(error, "unsupported scheme \"ftp\", must be http, https, or socks5");
    }
}
