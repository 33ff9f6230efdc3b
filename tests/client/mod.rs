//! The client against real servers on real sockets.

mod answers;
mod bounds;
mod connections;
mod exec;
mod lists;
mod local;
mod oidc;
pub mod server;
mod tls;

use std::path::Path;

use ksecret::{
    client::{self, Answer, Call, Client, Failure, Settings},
    context::{Context, Env, Stdout, Terminals},
};

/// A context with nothing in it but a home directory and `vars`.
pub fn context(home: &Path, vars: &[(&str, &str)]) -> Context {
    let mut all = vec![("HOME".to_owned(), home.display().to_string())];
    all.extend(vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Context {
        env: Env::made(all, home.to_owned()),
        program: "ksecret".to_owned(),
        terminals: Terminals::default(),
        stdin: Box::new(std::io::empty()),
        stdin_in_use: Default::default(),
        stdout: Stdout::new(std::io::sink(), false),
        stderr: Box::new(std::io::sink()),
        draws: false,
        color: false,
        color_messages: false,
        warnings: 0,
        foreign: None,
    }
}

/// A client of the cluster that flags mean in a context.
pub fn connect(settings: &Settings, context: &Context) -> Client {
    client::connect(settings, &context.env, context.terminals, &context.stdin_in_use).expect("a configuration")
}

/// A client for flags alone.
pub fn client(settings: &Settings) -> Client {
    let home = tempfile::tempdir().expect("a directory");
    connect(settings, &context(home.path(), &[]))
}

/// A client for flags and a kubeconfig.
pub fn client_of(kubeconfig: &str, settings: Settings) -> Client {
    let home = tempfile::tempdir().expect("a directory");
    std::fs::write(home.path().join("config"), kubeconfig).expect("a kubeconfig");
    let settings = Settings { kubeconfig: Some("config".into()), ..settings };
    connect(&settings, &context(home.path(), &[]))
}

/// Flags that name a server.
pub fn server(url: impl Into<String>) -> Settings {
    Settings { server: Some(url.into()), ..Settings::default() }
}

/// A kubeconfig for a TLS server, with `user` as the fields of the user.
pub fn kubeconfig(url: &str, ca: &str, user: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: x\n\
         clusters: [{{name: c, cluster: {{server: {url:?}, certificate-authority-data: {}}}}}]\n\
         users: [{{name: u, user: {user}}}]\n\
         contexts: [{{name: x, context: {{cluster: c, user: u, namespace: team}}}}]\n",
        STANDARD.encode(ca)
    )
}

/// Runs a future as the program does: on one thread.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

/// Where a Secret lives.
pub const SECRET: &str = "/api/v1/namespaces/team/secrets/db";

/// GETs a path.
pub fn get(client: &Client, path: &str) -> Result<Answer, Failure> {
    run(client.call(Call::get(ksecret::client::Path::raw(path).expect("a path"))))
}

/// The line of the failure that GETting a Secret ends with.
pub fn error_of(settings: Settings) -> String {
    let client = client(&settings);
    get(&client, SECRET).map(|_| String::new()).unwrap_or_else(|failure| failure.words().line)
}
