//! `auth-provider: oidc`: tokens renewed through an issuer, and kept in the kubeconfig.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Mutex,
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::server::{Reply, Request, Server, answer, json, tls_server};

/// An id-token that expires in so many seconds. Everything that must not be shown has `s3cr3t` in it.
fn id_token(name: &str, seconds: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs();
    let end = i64::try_from(now).expect("a time") + seconds;
    format!("e30.{}.s3cr3t-{name}", URL_SAFE_NO_PAD.encode(format!("{{\"exp\":{end}}}")))
}

const LOG_IN: &str =
    "hint: log in again with the tool that wrote the kubeconfig, or use an exec credential plugin (kubelogin)\n";

/// A home with a kubeconfig whose user has an id-token that expired, an API server, and an issuer.
struct World {
    home: tempfile::TempDir,
    api: Server,
    issuer: Server,
}

/// An issuer that rotates its refresh tokens, as a script.
fn rotating() -> impl Fn(&Request) -> Reply + Send + Sync + 'static {
    let issued = Mutex::new(0);
    move |request| {
        if let Some(reply) = discovery(request) {
            return reply;
        }
        let mut issued = issued.lock().expect("no panic");
        let form = String::from_utf8_lossy(&request.body).into_owned();
        if !form.contains(&format!("refresh_token=s3cr3t-refresh-{}", *issued)) {
            return answer("400 Bad Request", "application/json", r#"{"error":"invalid_grant"}"#);
        }
        *issued += 1;
        granted(&id_token(&format!("fresh-{}", *issued), 3600), &format!("s3cr3t-refresh-{}", *issued))
    }
}

fn discovery(request: &Request) -> Option<Reply> {
    let host = request.header("host")?;
    let found = request.target() == "GET /realm/.well-known/openid-configuration";
    found.then(|| json(&format!(r#"{{"issuer":"x","token_endpoint":"https://{host}/token"}}"#)))
}

fn granted(id_token: &str, refresh_token: &str) -> Reply {
    json(&format!(
        r#"{{"access_token":"s3cr3t-access","token_type":"Bearer","id_token":"{id_token}","refresh_token":"{refresh_token}"}}"#
    ))
}

impl World {
    fn new(issuer: impl Fn(&Request) -> Reply + Send + Sync + 'static, more: &str) -> Self {
        use base64::engine::general_purpose::STANDARD;
        let (api, api_ca) = tls_server(|_| json(r#"{"kind":"SecretList","apiVersion":"v1","metadata":{},"items":[]}"#));
        let (issuer, ca) = tls_server(issuer);
        let home = tempfile::tempdir().expect("a directory");
        let text = format!(
            "# mine\napiVersion: v1\nkind: Config\ncurrent-context: x\nclusters:\n- name: c\n  cluster:\n    server: \
             https://{}\n    certificate-authority-data: {}\ncontexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n\
             users:\n- name: u\n  user:\n    auth-provider:\n      name: oidc\n      config:\n        client-id: me\n        \
             id-token: {} # renewed\n        idp-issuer-url: https://{}/realm/\n        refresh-token: s3cr3t-refresh-0\n\
             CA{more}unknown: {{kept: true}}\n",
            api.address,
            STANDARD.encode(api_ca),
            id_token("old", -60),
            issuer.address,
        );
        let authority = format!("        idp-certificate-authority-data: {}\n", STANDARD.encode(&ca));
        fs::write(home.path().join("ca.crt"), ca).expect("a file");
        let text = text.replace("CA", if more.contains("idp-certificate") { "" } else { &authority });
        let world = Self { home, api, issuer };
        fs::write(world.config(), text).expect("a kubeconfig");
        fs::set_permissions(world.config(), fs::Permissions::from_mode(0o600)).expect("a mode");
        world
    }

    fn config(&self) -> PathBuf {
        self.home.path().join("config")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.config()).expect("a kubeconfig")
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command.args(["50", env!("CARGO_BIN_EXE_ksecret"), "get", "secrets", "--kubeconfig", "config"]).args(more);
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("HOME", self.home.path()).current_dir(self.home.path());
        command
    }

    /// Runs `get secrets` with everything logged, and checks that no token is shown.
    fn run(&self, more: &[&str]) -> (bool, String) {
        let Output { status, stdout, stderr } = self.command(&[more, &["-v=9"]].concat()).output().expect("a run");
        let shown = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
        assert!(!shown.contains("s3cr3t"), "{shown}");
        (status.success(), shown)
    }

    /// The lines that are no log.
    fn fails(&self, more: &[&str]) -> String {
        let Output { status, stderr, .. } = self.command(more).output().expect("a run");
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        assert_eq!(status.code(), Some(1), "{stderr}");
        assert!(!self.run(more).0);
        stderr
    }

    /// The Bearer tokens that the API server has seen.
    fn bearers(&self) -> Vec<String> {
        let requests = self.api.requests();
        requests.iter().filter_map(|request| request.header("authorization")).map(str::to_owned).collect()
    }

    /// The forms that the issuer was sent.
    fn forms(&self) -> Vec<String> {
        let requests = self.issuer.requests();
        let posts = requests.iter().filter(|request| request.target() == "POST /token");
        posts.map(|request| String::from_utf8_lossy(&request.body).into_owned()).collect()
    }

    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.home.path())
            .expect("a directory")
            .map(|item| item.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").mode() & 0o7777
}

#[test]
fn an_expired_token_is_renewed_and_kept() {
    let world = World::new(rotating(), "");
    let before = world.text();
    let (success, shown) = world.run(&[]);
    assert!(success, "{shown}");
    let bearer = world.bearers().pop().expect("a request").trim_start_matches("Bearer ").to_owned();
    assert!(bearer.ends_with(".s3cr3t-fresh-1"), "{bearer}");
    assert_eq!(world.forms(), ["grant_type=refresh_token&refresh_token=s3cr3t-refresh-0&client_id=me"]);
    // Nothing but the two tokens is another one.
    let old = before.lines().find_map(|line| line.trim().strip_prefix("id-token: ")?.strip_suffix(" # renewed"));
    let expected = before.replace(old.expect("a token"), &bearer).replace("s3cr3t-refresh-0", "s3cr3t-refresh-1");
    assert_eq!(world.text(), expected);
    assert_eq!(mode(&world.config()), 0o600);
    assert_eq!(world.files(), ["ca.crt", "config"]);
    // The next call has a token that is good.
    assert!(world.run(&[]).0);
    assert_eq!(world.forms().len(), 1);
}

#[test]
fn a_link_and_a_mode_stay() {
    let world = World::new(rotating(), "");
    let real = world.home.path().join("real");
    fs::rename(world.config(), &real).expect("moved");
    std::os::unix::fs::symlink("real", world.config()).expect("a link");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("a mode");
    // Another name of the same file, as a bind mount is.
    fs::hard_link(&real, world.home.path().join("other")).expect("a link");
    let (success, shown) = world.run(&[]);
    assert!(success, "{shown}");
    assert_eq!(fs::read_to_string(world.home.path().join("other")).expect("a file"), world.text());
    assert!(fs::symlink_metadata(world.config()).expect("a link").is_symlink());
    assert_eq!(mode(&real), 0o640);
    assert!(world.text().contains("s3cr3t-refresh-1"));
}

#[test]
fn the_issuer_s_authority_may_be_a_file_and_must_be_the_right_one() {
    let world = World::new(rotating(), "        idp-certificate-authority: ca.crt\n");
    let (success, shown) = world.run(&[]);
    assert!(success, "{shown}");
    let (_, other) = tls_server(|_| json("{}"));
    let world = World::new(rotating(), "        idp-certificate-authority: other.crt\n");
    fs::write(world.home.path().join("other.crt"), other).expect("a file");
    let line = world.fails(&[]);
    let url = format!("https://{}/realm/.well-known/openid-configuration", world.issuer.address);
    assert_eq!(
        line,
        format!(
            "Unable to connect to the server: oidc: the issuer cannot be asked at {url:?}: tls: failed to verify \
             certificate: x509: certificate signed by unknown authority\n{LOG_IN}"
        )
    );
    assert_eq!((world.forms(), world.bearers()), (Vec::new(), Vec::new()));
}

/// A client with a secret says who it is in a header first, as Go's oauth2, then in the body.
#[test]
fn a_client_s_secret_goes_where_the_issuer_wants_it() {
    use base64::engine::general_purpose::STANDARD;
    for in_header in [true, false] {
        let issuer = move |request: &Request| {
            if let Some(reply) = discovery(request) {
                return reply;
            }
            let header = request.header("authorization").unwrap_or_default();
            let right = match in_header {
                true => header == format!("Basic {}", STANDARD.encode("me:s3cr3t+%26")),
                false => header.is_empty() && request.body.ends_with(b"&client_id=me&client_secret=s3cr3t+%26"),
            };
            match right {
                true => granted(&id_token("fresh", 3600), ""),
                false => answer("401 Unauthorized", "application/json", r#"{"error":"invalid_client"}"#),
            }
        };
        let world = World::new(issuer, "        client-secret: 's3cr3t &'\n");
        let (success, shown) = world.run(&[]);
        assert!(success, "{shown}");
        assert_eq!(world.forms().len(), if in_header { 1 } else { 2 });
        // An issuer that does not rotate leaves the refresh token.
        assert!(world.text().contains("refresh-token: s3cr3t-refresh-0\n"), "{}", world.text());
    }
}

/// What an issuer may do wrong: one line that repeats nothing, and a kubeconfig as it was.
#[test]
fn refusals_are_one_line_with_the_way_out() {
    type Script = fn(&Request) -> Reply;
    let broken = |text: &str| format!("Unable to connect to the server: {text}\n{LOG_IN}");
    let cases: [(Script, String); 11] = [
        (
            |request| {
                discovery(request).unwrap_or_else(|| {
                    let body = r#"{"error":"invalid_grant","error_description":"s3cr3t-refresh-0 has expired"}"#;
                    answer("400 Bad Request", "application/json", body)
                })
            },
            broken("failed to refresh token: oauth2: \"invalid_grant\""),
        ),
        (
            |request| {
                discovery(request)
                    .unwrap_or_else(|| answer("400 Bad Request", "application/json", r#"{"error":"s3cr3t-refresh"}"#))
            },
            broken("failed to refresh token: oauth2: the issuer answered 400 Bad Request"),
        ),
        (
            |request| discovery(request).unwrap_or_else(|| answer("502 Bad Gateway", "text/html", "s3cr3t")),
            broken("failed to refresh token: oauth2: the issuer answered 502 Bad Gateway"),
        ),
        (
            |request| discovery(request).unwrap_or_else(|| json("s3cr3t")),
            broken("failed to refresh token: oauth2: the issuer's answer is not JSON"),
        ),
        (
            |request| discovery(request).unwrap_or_else(|| json(r#"{"access_token":"s3cr3t"}"#)),
            broken(
                "token response did not contain an id_token, either the scope \"openid\" wasn't requested upon login, or \
                 the provider doesn't support id_tokens as part of the refresh response",
            ),
        ),
        (|request| discovery(request).unwrap_or_else(|| granted("s3cr3t", "")), broken("ID Token is not a valid JWT")),
        (
            |_| answer("404 Not Found", "text/plain", "s3cr3t"),
            broken("oidc: failed to query metadata endpoint 404 Not Found"),
        ),
        (
            |_| json(r#"{"token_endpoint":"https://u:s3cr3t@h/token"}"#),
            broken(
                "oidc: the issuer cannot be asked at \"https://h/token\": credentials in the server's URL are not supported",
            ),
        ),
        (|_| json("s3cr3t"), broken("oidc: failed to decode provider discovery object")),
        (|_| json("{}"), broken("oidc: discovery object doesn't contain a token_endpoint")),
        (
            |_| json(r#"{"token_endpoint":"http://127.0.0.1:1/token"}"#),
            broken("oidc: the issuer cannot be asked at \"http://127.0.0.1:1/token\": it is not an https URL"),
        ),
    ];
    thread::scope(|scope| {
        for (script, expected) in &cases {
            scope.spawn(move || {
                let world = World::new(*script, "");
                let before = world.text();
                assert_eq!(&world.fails(&[]), expected);
                assert_eq!((world.text(), world.bearers()), (before, Vec::new()));
                assert_eq!(world.files(), ["ca.crt", "config"]);
            });
        }
    });
}

/// A body without end and one that never comes.
#[test]
fn an_issuer_without_end_is_left() {
    let endless = |request: &Request| {
        discovery(request).unwrap_or_else(|| {
            let mut body = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".to_vec();
            body.resize(3 << 20, b' ');
            Reply::Hang(body)
        })
    };
    let line = World::new(endless, "").fails(&[]);
    assert!(line.ends_with(&format!(": the server's answer is larger than 1 MiB\n{LOG_IN}")), "{line}");
    let line = World::new(|_| Reply::Hang(Vec::new()), "").fails(&["--request-timeout=300ms"]);
    assert!(line.starts_with("Unable to connect to the server: net/http: request canceled"), "{line}");
}

/// A refresh token is not spent where its successor cannot be kept.
#[test]
fn a_kubeconfig_that_cannot_be_written_costs_no_refresh_token() {
    let world = World::new(rotating(), "");
    fs::write(world.home.path().join("config.lock"), "").expect("a file");
    let before = world.text();
    let line = world.fails(&[]);
    let lock = world.home.path().join("config.lock");
    assert_eq!(
        line,
        format!(
            "Unable to connect to the server: could not persist new tokens: open {}: file exists\nhint: another program is \
             writing the kubeconfig; if none is, remove that file\n",
            lock.display()
        )
    );
    assert_eq!((world.forms(), world.text()), (Vec::new(), before));
    assert!(lock.exists());
}

/// Of many processes one asks the issuer, and the kubeconfig is whole at every moment.
#[test]
fn many_at_once_renew_once() {
    let world = World::new(rotating(), "");
    let running: Vec<_> =
        (0..12).map(|_| world.command(&[]).stderr(std::process::Stdio::piped()).spawn().expect("a process")).collect();
    while world.forms().is_empty() {
        assert!(world.text().ends_with("unknown: {kept: true}\n"));
        thread::yield_now();
    }
    for process in running {
        let output = process.wait_with_output().expect("an end");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(world.forms().len(), 1);
    assert_eq!(world.bearers().len(), 12);
    assert!(world.bearers().iter().all(|bearer| bearer.ends_with("s3cr3t-fresh-1")));
    assert_eq!(world.files(), ["ca.crt", "config"]);
}
