//! One sandbox for every test: a HOME of its own, a server of its own on a port of its own, and the built binary.

#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::disallowed_methods, reason = "a sandbox begins with what the test was given")]

pub mod cases;
pub mod dice;
pub mod gate;
pub mod https;
pub mod kubectl;
pub mod pattern;
pub mod properties;
pub mod recipes;
pub mod recorder;
pub mod require;
pub mod stand_in;
pub mod suite;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// The program under test.
pub const KSECRET: &str = env!("CARGO_BIN_EXE_ksecret");

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Exit status; -1 when a signal ended it.
    pub exit: i32,
    /// Standard output; bytes that are not UTF-8 are shown as U+FFFD.
    pub stdout: String,
    /// Standard error, likewise.
    pub stderr: String,
    /// Standard output as it was.
    pub bytes: Vec<u8>,
}

/// A directory with a HOME, a working directory and a kubeconfig, and the server that the kubeconfig names.
pub struct Sandbox {
    root: tempfile::TempDir,
    /// The namespace that the kubeconfig's context names.
    pub namespace: String,
    /// Further namespaces that the sandbox made.
    others: Vec<String>,
    env: BTreeMap<String, String>,
    server: Option<Child>,
}

impl Sandbox {
    /// A sandbox without a server and without a kubeconfig.
    pub fn bare() -> Self {
        let root = tempfile::Builder::new().prefix("ksecret-test-").tempdir().expect("a temporary directory");
        for dir in ["home", "cwd", "tmp", "run"] {
            fs::create_dir(root.path().join(dir)).expect("a directory in the sandbox");
        }
        fs::set_permissions(root.path().join("run"), fs::Permissions::from_mode(0o700)).expect("a private directory");
        let path = |name: &str| root.path().join(name).to_string_lossy().into_owned();
        let env = BTreeMap::from([
            ("HOME".to_owned(), path("home")),
            ("TMPDIR".to_owned(), path("tmp")),
            ("XDG_RUNTIME_DIR".to_owned(), path("run")),
            ("TZ".to_owned(), "UTC".to_owned()),
            ("PATH".to_owned(), std::env::var("PATH").unwrap_or_default()),
        ]);
        Self { root, namespace: "default".to_owned(), others: Vec::new(), env, server: None }
    }

    /// A sandbox with a fresh server in memory, or the cluster that `KSECRET_TEST_KUBECONFIG` names, and a fresh
    /// namespace that its kubeconfig's context names.
    pub fn with_server() -> Self {
        let mut sandbox = Self::bare();
        let config = match std::env::var("KSECRET_TEST_KUBECONFIG") {
            Ok(path) => fs::read_to_string(path).expect("KSECRET_TEST_KUBECONFIG names a readable file"),
            Err(_) => sandbox.serve(),
        };
        sandbox.use_namespace(&config, &fresh_namespace());
        let made = sandbox.run(&["create", "namespace", &sandbox.namespace.clone()]);
        assert_eq!(made.exit, 0, "the sandbox's namespace: {}", made.stderr);
        sandbox
    }

    /// Makes a further namespace; its name.
    pub fn another_namespace(&mut self) -> String {
        let name = fresh_namespace();
        let made = self.run(&["create", "namespace", &name]);
        assert_eq!(made.exit, 0, "another namespace: {}", made.stderr);
        self.others.push(name.clone());
        name
    }

    fn serve(&mut self) -> String {
        let file = self.root.path().join("served.kubeconfig");
        let mut child = self
            .command(&["serve", "--store", "memory", "--kubeconfig", &file.to_string_lossy()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its stdout")).read_line(&mut line).expect("its ready line");
        assert!(line.starts_with("ready https://127.0.0.1:"), "not ready: {line:?}");
        self.server = Some(child);
        fs::read_to_string(file).expect("the kubeconfig that it wrote")
    }

    /// Makes this kubeconfig the sandbox's, with the namespace in its current context.
    pub fn use_namespace(&mut self, config: &str, namespace: &str) {
        let mut config: serde_yaml::Value = serde_yaml::from_str(config).expect("a kubeconfig");
        let current = config["current-context"].as_str().expect("a current context").to_owned();
        for entry in config["contexts"].as_sequence_mut().expect("contexts") {
            if entry["name"].as_str() == Some(&current) {
                entry["context"]["namespace"] = namespace.into();
            }
        }
        let file = self.root.path().join("kubeconfig");
        self.write_private(&file, &serde_yaml::to_string(&config).expect("a kubeconfig"));
        self.env.insert("KUBECONFIG".to_owned(), file.to_string_lossy().into_owned());
        namespace.clone_into(&mut self.namespace);
    }

    fn write_private(&self, file: &Path, text: &str) {
        fs::write(file, text).expect("a file in the sandbox");
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("a private file");
    }

    /// Where commands run.
    pub fn cwd(&self) -> PathBuf {
        self.root.path().join("cwd")
    }

    /// The sandbox's root: `home`, `cwd`, `tmp` and `run` (`XDG_RUNTIME_DIR`) lie in it.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The path of the kubeconfig, where there is one.
    pub fn kubeconfig(&self) -> PathBuf {
        self.root.path().join("kubeconfig")
    }

    /// Sets a variable for the commands to come.
    pub fn set_env(&mut self, name: &str, value: impl Into<String>) {
        self.env.insert(name.to_owned(), value.into());
    }

    /// Unsets a variable.
    pub fn unset_env(&mut self, name: &str) {
        self.env.remove(name);
    }

    /// Writes a file into the working directory.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.cwd().join(name), content).expect("a file in the sandbox");
    }

    /// An executable script in the sandbox, outside the working directory; its path.
    pub fn script(&self, name: &str, body: &str) -> String {
        let file = self.bin().join(name);
        executable(&file, body);
        file.to_string_lossy().into_owned()
    }

    /// Puts a link of this name to a program first on PATH, for the commands to come.
    pub fn link(&mut self, name: &str, program: impl AsRef<Path>) {
        let dir = self.bin();
        std::os::unix::fs::symlink(program, dir.join(name)).expect("a link in the sandbox");
        let path = &self.env["PATH"];
        let first = dir.to_string_lossy();
        if !path.starts_with(&*first) {
            let path = format!("{first}:{path}");
            self.set_env("PATH", path);
        }
    }

    fn bin(&self) -> PathBuf {
        let dir = self.root.path().join("bin");
        fs::create_dir_all(&dir).expect("a directory in the sandbox");
        dir
    }

    /// The program with these arguments in this sandbox, not started.
    pub fn command<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Command {
        self.command_of(KSECRET, args)
    }

    /// Another program in this sandbox, not started.
    pub fn command_of<S: AsRef<std::ffi::OsStr>>(&self, program: &str, args: &[S]) -> Command {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(&self.env).current_dir(self.cwd());
        command
    }

    /// Runs the program to its end, with nothing on standard input.
    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Outcome {
        self.run_with(args, b"")
    }

    /// Runs the program to its end with this standard input.
    pub fn run_with<S: AsRef<std::ffi::OsStr>>(&self, args: &[S], stdin: &[u8]) -> Outcome {
        run(self.command(args), stdin)
    }

    /// Runs the program and expects success; its standard output.
    pub fn ok<S: AsRef<std::ffi::OsStr> + std::fmt::Debug>(&self, args: &[S]) -> String {
        let outcome = self.run(args);
        assert_eq!(outcome.exit, 0, "{args:?}: {}", outcome.stderr);
        outcome.stdout
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if std::env::var_os("KSECRET_TEST_KUBECONFIG").is_some() && self.namespace != "default" {
            for namespace in self.others.iter().chain([&self.namespace]) {
                self.run(&["delete", "namespace", namespace, "--wait=false"]);
            }
        }
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// Runs a prepared command to its end.
pub fn run(mut command: Command, stdin: &[u8]) -> Outcome {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{:?} does not start: {error}", command.get_program()));
    let mut input = child.stdin.take().expect("its stdin");
    let mut errors = child.stderr.take().expect("its stderr");
    let input_bytes = stdin.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = input.write_all(&input_bytes);
    });
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = errors.read_to_end(&mut bytes);
        bytes
    });
    let mut bytes = Vec::new();
    child.stdout.take().expect("its stdout").read_to_end(&mut bytes).expect("its output");
    let status = child.wait().expect("its end");
    let _ = writer.join();
    let stderr = String::from_utf8_lossy(&reader.join().expect("its errors")).into_owned();
    // Rust's words for an error of the system; a person reads Go's, whatever the test is about.
    assert!(!stderr.contains("(os error "), "{stderr}");
    Outcome { exit: status.code().unwrap_or(-1), stdout: String::from_utf8_lossy(&bytes).into_owned(), stderr, bytes }
}

/// Returns whether the needle stands in the haystack.
pub fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}

/// Makes a file that can be executed.
///
/// Why another program writes it: a process that another test starts meanwhile has what is open here until its exec, and
/// the kernel executes nothing that is open for writing anywhere (`ETXTBSY`).
pub fn executable(file: &Path, content: impl AsRef<[u8]>) {
    let mut install = Command::new("install");
    install.args(["-m", "755", "/dev/stdin"]).arg(file).stdin(Stdio::piped());
    let mut child = install.spawn().expect("install starts");
    child.stdin.take().expect("its input").write_all(content.as_ref()).expect("a pipe");
    assert!(child.wait().expect("its end").success(), "an executable");
}

/// A namespace name that no other test of any process uses.
pub fn fresh_namespace() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Returns whether a test plays this combination: every fifth, or all of them if rounds are asked for. The sum of the
/// positions of what is combined gives each of it a part.
pub fn is_in_turn(combination: usize) -> bool {
    rounds(0) > 0 || combination.is_multiple_of(5)
}

/// How many rounds tests play that could go on for ever: `few`, unless `KSECRET_TEST_ROUNDS` says how many.
pub fn rounds(few: usize) -> usize {
    std::env::var("KSECRET_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(few)
}
