//! Two users of a PostgreSQL server, in turn.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use libtest_mimic::Failed;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};

use super::login::log_in;
use crate::support::{
    Outcome, Sandbox,
    https::{SECRETS, Serving},
    rounds, run,
};

/// The users that the Secret holds in turn.
const USERS: [&str; 2] = ["app_a", "app_b"];
/// How often the client logs in.
const PAUSE: Duration = Duration::from_millis(50);

/// Gives the user that is to be its password. `psql` reads the statement from a pipe.
const SET: &str = r#"
user=$(field user) password=$(field password)
printf "ALTER ROLE %s PASSWORD '%s';\n" "$user" "$password" |
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$PG_SOCKET" --port "$PG_PORT" --username admin postgres
"#;
/// Logs in as the user that is to be. The password is in the environment of `psql` alone.
const VERIFY: &str = r#"
user=$(field user)
PGPASSWORD=$(field password) psql --no-psqlrc --quiet --command "SELECT 1" --output /dev/null \
    --host 127.0.0.1 --port "$PG_PORT" --username "$user" --no-password postgres
"#;

/// Where a rotation is killed by its own hook, in turn; nowhere at the first.
const KILLS: [&str; 5] = ["", "set-begins", "set-ends", "verify-begins", "verify-ends"];

/// A script that reads a field of the entries that are to be, and kills its parent where it is told to.
fn hook(body: &str) -> String {
    let kill = |moment: &str| format!("[ \"$KILL\" != $KSECRET_STEP-{moment} ] || kill -9 $PPID\n");
    let (begins, ends) = (kill("begins"), kill("ends"));
    let body = format!("{begins}{body}\nstatus=$?\n{ends}exit $status\n");
    format!(
        "#!/bin/sh\nentries=$(cat <&3)\nfield() {{ echo \"$entries\" | sed -n \"s/.*\\\"$1\\\":\\\"\\([^\\\"]*\\)\\\".*/\\1/p\"; }}\n{body}"
    )
}

/// A server of the test's own. It is ended when this is dropped.
struct Postgres {
    child: Child,
    socket: PathBuf,
    address: SocketAddr,
}

impl Postgres {
    fn start(sandbox: &Sandbox, programs: &Path) -> Result<Self, Failed> {
        let dir = sandbox.root().join("postgres");
        fs::create_dir(&dir)?;
        let own = |command: &mut Command| {
            command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(&dir).stdin(Stdio::null());
            if rustix::process::geteuid().is_root() {
                // Why: the server refuses to run as root.
                command.uid(NOBODY).gid(NOBODY);
            }
        };
        if rustix::process::geteuid().is_root() {
            chown(&dir, Some(NOBODY), Some(NOBODY))?;
            fs::set_permissions(sandbox.root(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        }
        let data = dir.join("data");
        let mut init = Command::new(programs.join("initdb"));
        init.args(["--username=admin", "--auth-local=trust", "--auth-host=password", "--no-sync", "--no-locale"]);
        own(init.arg("--pgdata").arg(&data));
        let output = init.output()?;
        if !output.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        // Free until now; a port that another program takes meanwhile is a start that fails.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = fs::File::create(sandbox.root().join("postgres.log"))?;
        let mut server = Command::new(programs.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(&dir).args(["-p", &address.port().to_string(), "-c", "fsync=off"]);
        own(server.args(["-c", "listen_addresses=127.0.0.1"]).stdout(log.try_clone()?).stderr(log));
        let mut this = Self { child: server.spawn()?, socket: dir, address };
        let begun = Instant::now();
        // It answers a login with an error once it is ready.
        while !matches!(log_in(address, "admin", ""), Err(error) if error.contains("password")) {
            if begun.elapsed() > Duration::from_secs(60) || this.child.try_wait()?.is_some() {
                let log = fs::read_to_string(sandbox.root().join("postgres.log"))?;
                return Err(format!("PostgreSQL does not start: {log}").into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(this)
    }

    fn run(&self, statement: &str) -> Result<(), Failed> {
        let output = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--username", "admin", "--command", statement])
            .arg("--host")
            .arg(&self.socket)
            .args(["--port", &self.address.port().to_string(), "postgres"])
            .stdin(Stdio::null())
            .output()?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
        }
    }
}

/// The user without rights, who may run a server.
const NOBODY: u32 = 65534;

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGQUIT is its way to end at once.
        let _ = kill_process(Pid::from_child(&self.child), Signal::QUIT);
        let _ = self.child.wait();
    }
}

/// What a client has seen.
#[derive(Default)]
struct Seen {
    logins: usize,
    /// Logins with what the Secret had held a moment before.
    late: usize,
    faults: Vec<String>,
}

/// Logs in with what the Secret holds, again and again.
fn client(serving: &Serving, address: SocketAddr, over: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    let mut client = serving.client();
    let mut read = || {
        let (status, secret) = client.ask("GET", &format!("{SECRETS}/db"), &Json::Null).expect("an answer");
        assert_eq!(status, 200, "{secret}");
        let value = |key: &str| {
            let text = secret["data"][key].as_str().expect("a value");
            let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).expect("base64");
            String::from_utf8(bytes).expect("text")
        };
        [value("user"), value("password")]
    };
    while !over.load(Ordering::Relaxed) {
        let [user, password] = read();
        match log_in(address, &user, &password) {
            Ok(()) => seen.logins += 1,
            // Why: a machine that is busy may let two rotations pass between the two.
            Err(_) if read() != [user.clone(), password] => seen.late += 1,
            Err(error) => seen.faults.push(format!("{user}: {error}")),
        }
        thread::sleep(PAUSE);
    }
    seen
}

/// Rotates once, and goes on if it was killed there.
fn rotated(sandbox: &Sandbox, words: &[&str], kill: &str) -> Outcome {
    let mut command = sandbox.command(words);
    command.env("KILL", kill);
    let outcome = run(command, b"");
    match outcome.exit == -1 && !kill.is_empty() {
        true => sandbox.run(&[words, &["--continue"]].concat()),
        false => {
            assert!(kill.is_empty(), "it was not killed when {kill}: {}", outcome.stderr);
            outcome
        }
    }
}

pub fn rotate_while_a_client_logs_in(programs: &Path) -> Result<(), Failed> {
    let mut sandbox = Sandbox::bare();
    let postgres = Postgres::start(&sandbox, programs)?;
    let first = "first-password";
    for user in USERS {
        postgres.run(&format!("CREATE ROLE {user} LOGIN PASSWORD '{first}'"))?;
    }
    let serving = Serving::on(&sandbox, "memory", "kubeconfig");
    let object = json!({"metadata": {"name": "db"}, "stringData": {"user": USERS[0], "password": first}});
    let (status, answer) = serving.client().ask("POST", SECRETS, &object)?;
    assert_eq!(status, 201, "{answer}");
    sandbox.set_env("KUBECONFIG", sandbox.cwd().join("kubeconfig").to_string_lossy());
    sandbox.set_env("PG_SOCKET", postgres.socket.to_string_lossy());
    sandbox.set_env("PG_PORT", postgres.address.port().to_string());
    let [set, verify] = [("set", SET), ("verify", VERIFY)]
        .map(|(name, body)| format!("--{name}={}", sandbox.script(name, &hook(body))));
    let alternate = format!("--alternate=user={}", USERS.join(","));
    let words = ["rotate", "db", "password=random:40", &alternate, &set, &verify];
    let count = rounds(8);
    let over = AtomicBool::new(false);
    let (outcome, seen) = thread::scope(|scope| {
        let client = scope.spawn(|| client(&serving, postgres.address, &over));
        let rotate = || (0..count).map(|at| rotated(&sandbox, &words, KILLS[at % KILLS.len()])).find(|it| it.exit != 0);
        let failed = rotate();
        over.store(true, Ordering::Relaxed);
        (failed, client.join().expect("a client"))
    });
    if let Some(failed) = outcome {
        return Err(format!("exit {}: {}", failed.exit, failed.stderr).into());
    }
    assert!(seen.faults.is_empty(), "{} of {} logins: {:?}", seen.faults.len(), seen.logins, seen.faults);
    assert!(seen.logins >= count, "{} logins", seen.logins);
    println!(
        "{count} rotations, four of five of them killed and continued, {} logins, none refused; {} with what the Secret had held before",
        seen.logins, seen.late
    );
    // The password of the user that the Secret held before stays.
    Ok(())
}
