//! A Kubernetes client for the requests that this program makes: kubeconfig, connection, request, answer.
//!
//! [`Settings`] are the flags as typed, `Config` is their resolution, [`Client`] sends requests. All requests go
//! through a `kube::Client` over a tower Service: a connection to a cluster, a server in this process, or a script in a
//! test. No connection is made, no certificate loaded and no plugin run before the first request.
//!
//! | module | what it is |
//! | --- | --- |
//! | `settings`, `overrides`, `config` | flags, and their resolution with the files below |
//! | `kubeconfig`, `in_cluster` | where configuration comes from; kubeconfig files are changed there too |
//! | `usable` | whether it can be used |
//! | `open`, `proxy`, `tls`, `exec`, `oidc`, `transport` | how a connection is made, and credentials for it |
//! | `site`, `fetch` | HTTP servers that are not the cluster's API server |
//! | `name`, `path`, `collection` | names, and the paths built from them |
//! | `handle` | the [`Client`]: which server, as which user |
//! | `call`, `exchange`, `redirect` | requests, and how they are sent and repeated |
//! | `observe`, `bound` | writes to Secrets, told with the object before and after |
//! | `answer`, `expected`, `stream` | answers: whole ones, what object they must have, and streams |
//! | `limits` | timeouts and sizes |
//! | `list`, `watch` | pages of a list, events of a watch |
//! | `failure`, `status`, `credentials` | failures, in kubectl's words and without values |

mod answer;
mod bound;
mod call;
mod collection;
mod config;
mod credentials;
#[cfg(test)]
#[allow(dead_code, reason = "a part of it")]
#[path = "../../tests/support/dice.rs"]
mod dice;
mod exchange;
mod exec;
mod expected;
mod failure;
mod fetch;
mod handle;
mod in_cluster;
pub mod kubeconfig;
mod limits;
mod list;
mod name;
mod observe;
mod oidc;
mod open;
mod overrides;
mod path;
mod proxy;
mod redirect;
mod settings;
mod site;
mod status;
mod stream;
mod tls;
mod transport;
mod usable;
mod verbose;
mod warning;
mod watch;

pub use answer::Answer;
pub use call::Call;
pub use collection::Collection;
use config::Config;
pub use exchange::Pending;
pub use failure::{Failure, Transport, Words};
pub use fetch::fetch;
pub use handle::Client;
pub use limits::{Timeouts, in_words as limits_in_words};
pub use list::{ListOptions, Page, Pages};
pub use name::{Name, Namespace};
pub use observe::{After, Observer, Written};
pub use path::Path;
pub use settings::Settings;
pub use status::{Cause, Details, Status};
pub use stream::Stream;
pub use verbose::Log;
pub use watch::{Event, Events};

use environment::{Env, InUse, Terminals};

/// Returns a client of the cluster that `settings` select. Reads kubeconfig files, but neither the network nor
/// certificates and exec plugins: those follow with the first call. A plugin may prompt on standard input as far as
/// `terminals` and `stdin_in_use` allow it.
///
/// # Errors
/// kubectl's lines about contexts, users and clusters that do not exist, contradictory credentials, malformed timeouts
/// and unreadable files.
pub fn connect(settings: &Settings, env: &Env, terminals: Terminals, stdin_in_use: &InUse) -> Result<Client, Failure> {
    let mut config = Config::resolve(settings, env)?;
    if terminals.stderr && config.server.scheme_str() == Some("https") && config.cluster.insecure_skip_tls_verify {
        config.warnings.push("the server's certificate is not verified (insecure-skip-tls-verify)".to_owned());
    }
    config.input = config::Input { terminal: terminals.stdin, in_use: stdin_in_use.clone() };
    Ok(Client::remote(config))
}

/// Returns the header of basic authentication.
fn basic(user: &str, password: &str) -> Option<http::HeaderValue> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let pair = zeroize::Zeroizing::new(format!("{user}:{password}"));
    let mut value = http::HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair.as_bytes()))).ok()?;
    value.set_sensitive(true);
    Some(value)
}
