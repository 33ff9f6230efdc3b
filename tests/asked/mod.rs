//! What a server has and what its objects mean: command lines that only ask, which must come out byte for byte as kubectl's, on
//! the embedded server and on scripted ones that have more.
//!
//! `cases/` holds what kubectl 1.37.1 gave. It plays them again where `KSECRET_REQUIRE` names `pypi`; with
//! `KSECRET_WRITE_GENERATED=1` as well it writes them anew.

mod cluster;

use std::{
    fs,
    path::{Path, PathBuf},
};

use libtest_mimic::Failed;
use serde::{Deserialize, Serialize};

use crate::support::{
    self, KSECRET, Sandbox, kubectl,
    require::{Need, Required},
    suite::Suite,
};

/// One line for `bash -o pipefail -c`, in which `kubectl` is the program under test.
#[derive(Deserialize, Serialize, Clone)]
#[serde(deny_unknown_fields)]
struct Line {
    run: String,
    /// The server: embedded unless told otherwise.
    #[serde(default, skip_serializing_if = "Where::is_embedded")]
    on: Where,
    #[serde(default)]
    exit: i32,
    /// Lines; the last is empty where the output ends with a newline.
    #[serde(default)]
    stdout: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stderr: Vec<String>,
    /// What ksecret gives, where that differs on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ours: Option<Ours>,
}

/// A difference on purpose.
#[derive(Deserialize, Serialize, Clone)]
#[serde(deny_unknown_fields)]
struct Ours {
    reason: String,
    exit: i32,
    stdout: Vec<String>,
    stderr: Vec<String>,
}

#[derive(Deserialize, Serialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
enum Where {
    #[default]
    Embedded,
    /// A scripted server with aggregated discovery.
    Cluster,
    /// A scripted server without.
    OldCluster,
    /// None listens.
    Nowhere,
}

impl Where {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_embedded(&self) -> bool {
        *self == Self::Embedded
    }

    /// A sandbox whose kubeconfig names such a server, and the server's address.
    fn sandbox(self) -> (Sandbox, String) {
        let url = match self {
            Self::Embedded => return (Sandbox::with_server(), "{server}".to_owned()),
            Self::Cluster => cluster::start(true),
            Self::OldCluster => cluster::start(false),
            Self::Nowhere => "http://127.0.0.1:1".to_owned(),
        };
        let mut sandbox = Sandbox::bare();
        let config = format!(
            "{{apiVersion: v1, kind: Config, current-context: c, clusters: [{{name: c, cluster: {{server: \"{url}\"}}}}], \
             contexts: [{{name: c, context: {{cluster: c}}}}]}}"
        );
        sandbox.use_namespace(&config, "here");
        (sandbox, url)
    }
}

type Outcome = (i32, Vec<String>, Vec<String>);

/// One test a line and program.
pub fn suite(required: &Required) -> Suite {
    let mut suite = Suite::new("asked");
    let files = files();
    let count = files.iter().map(|file| lines(file).len()).sum::<usize>();
    match required.wants(Need::Pypi).map(|met| met.and_then(|()| kubectl::recorded())) {
        None => suite.not_run(count, Need::Pypi),
        Some(Err(missing)) => suite.test("kubectl", move || Err(missing.into())),
        Some(Ok(program)) if std::env::var_os("KSECRET_WRITE_GENERATED").is_some() => {
            for file in files.clone() {
                let program = program.clone();
                suite.test(&format!("write/{}", name(&file)), move || write(&file, &program));
            }
            return suite;
        }
        Some(Ok(program)) => {
            for file in &files {
                for (number, line) in lines(file).into_iter().enumerate() {
                    let program = program.clone();
                    suite.test(&format!("kubectl/{}/{number}", name(file)), move || line.check(&program, false));
                }
            }
        }
    }
    for file in &files {
        for (number, line) in lines(file).into_iter().enumerate() {
            suite.test(&format!("{}/{number}", name(file)), move || line.check(Path::new(KSECRET), true));
        }
    }
    suite.report(|| "command lines that ask what a server has, as kubectl answered them".to_owned());
    suite
}

fn files() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/asked/cases");
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir).expect("the cases").map(|file| file.expect("a file of cases").path()).collect();
    files.sort();
    files
}

fn name(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn lines(file: &Path) -> Vec<Line> {
    let text = fs::read_to_string(file).expect("a file of cases");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Writes what kubectl gives.
fn write(file: &Path, kubectl: &Path) -> Result<(), Failed> {
    let mut lines = lines(file);
    for line in &mut lines {
        (line.exit, line.stdout, line.stderr) = line.play(kubectl);
    }
    let mut text = serde_json::to_string_pretty(&lines)?;
    text.push('\n');
    fs::write(file, text)?;
    Ok(())
}

impl Line {
    fn play(&self, program: &Path) -> Outcome {
        let (mut sandbox, url) = self.on.sandbox();
        sandbox.link("kubectl", program);
        let outcome =
            support::run(sandbox.command_of("timeout", &["60", "bash", "-o", "pipefail", "-c", &self.run]), b"");
        let namespace = &sandbox.namespace;
        let split = |text: &str| -> Vec<String> {
            text.split('\n').map(|line| line.replace(&url, "{server}").replace(namespace, "{ns}")).collect()
        };
        let said = split(&outcome.stderr).into_iter().filter(|line| !is_aside(line)).collect::<Vec<_>>();
        let said = if said == [""] { Vec::new() } else { said };
        (outcome.exit, split(&outcome.stdout), said)
    }

    fn check(&self, program: &Path, ours: bool) -> Result<(), Failed> {
        let recorded = (self.exit, self.stdout.clone(), self.stderr.clone());
        let wanted = match &self.ours {
            Some(Ours { exit, stdout, stderr, .. }) if ours => (*exit, stdout.clone(), stderr.clone()),
            _ => recorded.clone(),
        };
        let got = self.play(program);
        if got != wanted {
            return Err(format!("{}\nright: {}\n  got: {}", self.run, shown(&wanted), shown(&got)).into());
        }
        if let Some(Ours { reason, .. }) = self.ours.as_ref().filter(|_| ours && wanted == recorded) {
            return Err(format!("{}: does not differ: {reason}", self.run).into());
        }
        Ok(())
    }
}

/// Whether a line of standard error is klog's, or advice of ours.
fn is_aside(line: &str) -> bool {
    let klog = line.len() > 5 && line.starts_with(['E', 'W', 'I']) && line[1..5].bytes().all(|b| b.is_ascii_digit());
    klog || line.starts_with("hint: ") || line.starts_with("warning: ")
}

fn shown((exit, stdout, stderr): &Outcome) -> String {
    format!("exit {exit}\n{}\n--- standard error\n{}", stdout.join("\n"), stderr.join("\n"))
}
