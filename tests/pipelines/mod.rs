//! Pipelines as they stand in public repositories (CI jobs, Makefiles, scripts of operators), rebuilt: each is a script
//! that checks itself, with this program as `kubectl`. The comments at its head say which calls are kubectl's.
//!
//! Each is played with a stand-in as fallback, which answers for what the embedded server does not have, and without one,
//! where the first line that is not ours is refused. Those that need no server for it are played with the real kubectl too.

use std::{fs, path::Path};

use libtest_mimic::Failed;

use crate::support::{
    KSECRET, Outcome, Sandbox, kubectl,
    require::{Need, Required},
    run,
    stand_in::StandIn,
    suite::Suite,
};

/// A script with what its head says.
#[derive(Clone)]
struct Pipeline {
    name: String,
    text: String,
}

impl Pipeline {
    /// The lines of the head with this word.
    fn head<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        self.text.lines().filter_map(move |line| line.strip_prefix("# ")?.strip_prefix(word)?.strip_prefix(": "))
    }

    fn play(&self, sandbox: &mut Sandbox) -> Outcome {
        sandbox.link("kubectl", KSECRET);
        sandbox.link("ksecret", KSECRET);
        sandbox.set_env("TOKEN", "t0ken-of-pipeline");
        sandbox.set_env("NAMESPACE", sandbox.namespace.clone());
        sandbox.set_env("FIXTURES", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"));
        run(sandbox.command_of("sh", &["-eu", "-c", &self.text]), b"")
    }
}

/// Two or three tests for each pipeline.
pub fn suite(required: &Required) -> Suite {
    let mut suite = Suite::new("pipelines");
    let pipelines = pipelines();
    assert!(pipelines.len() >= 20, "only {} pipelines", pipelines.len());
    let with_kubectl: Vec<&Pipeline> = pipelines.iter().filter(|one| one.head("kubectl").next().is_some()).collect();
    match required.wants(Need::Kubectl).map(|met| met.and_then(|()| kubectl::on_path())) {
        None => suite.not_run(with_kubectl.len(), Need::Kubectl),
        Some(Err(missing)) => suite.test("kubectl", move || Err(missing.into())),
        Some(Ok(kubectl)) => {
            for one in with_kubectl {
                let (one, kubectl) = (one.clone(), kubectl.clone());
                suite.test(&format!("{}/kubectl", one.name), move || beside_kubectl(&one, &kubectl));
            }
        }
    }
    for one in pipelines {
        let again = one.clone();
        suite.test(&format!("{}/handed", one.name), move || handed(&one));
        suite.test(&format!("{}/refused", again.name), move || refused(&again));
    }
    suite.report(|| "pipelines with this program as kubectl, with a fallback and without".to_owned());
    suite
}

fn pipelines() -> Vec<Pipeline> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pipelines");
    let files = fs::read_dir(dir).expect("the pipelines").map(|entry| entry.expect("an entry").path());
    let mut pipelines: Vec<Pipeline> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "sh"))
        .map(|file| Pipeline {
            name: file.file_stem().expect("a name").to_string_lossy().into_owned(),
            text: fs::read_to_string(&file).expect("a script"),
        })
        .collect();
    pipelines.sort_by(|a, b| a.name.cmp(&b.name));
    pipelines
}

fn handed(pipeline: &Pipeline) -> Result<(), Failed> {
    let answer: Vec<&str> = pipeline.head("answer").collect();
    let mut stand_in = StandIn::new(Sandbox::with_server(), &answer.join("\n"));
    let namespace = stand_in.sandbox.namespace.clone();
    let outcome = pipeline.play(&mut stand_in.sandbox);
    if outcome.exit != 0 {
        return Err(format!("exit {}\n{}{}", outcome.exit, outcome.stdout, outcome.stderr).into());
    }
    let expected: Vec<String> = pipeline.head("handed").map(|call| call.replace("$NAMESPACE", &namespace)).collect();
    let log = stand_in.log();
    let calls = StandIn::calls_of(&log);
    if calls != expected {
        return Err(format!("handed {calls:#?}\nnot {expected:#?}").into());
    }
    match log.contains("t0ken-of-pipeline") {
        true => Err(format!("a value was handed over:\n{log}").into()),
        false => Ok(()),
    }
}

fn refused(pipeline: &Pipeline) -> Result<(), Failed> {
    let mut stand_in = StandIn::new(Sandbox::with_server(), "exit 9");
    stand_in.sandbox.unset_env("KSECRET_FALLBACK");
    let outcome = pipeline.play(&mut stand_in.sandbox);
    let all_is_ours = pipeline.head("handed").next().is_none();
    let as_expected = match all_is_ours {
        true => outcome.exit == 0,
        false => outcome.exit != 0 && ["error: ", " is left alone: "].iter().any(|said| outcome.stderr.contains(said)),
    };
    if as_expected && stand_in.calls().is_empty() {
        return Ok(());
    }
    Err(format!("exit {}\n{}{}", outcome.exit, outcome.stdout, outcome.stderr).into())
}

fn beside_kubectl(pipeline: &Pipeline, kubectl: &Path) -> Result<(), Failed> {
    let mut sandbox = Sandbox::with_server();
    sandbox.set_env("KSECRET_FALLBACK", kubectl.to_string_lossy());
    let outcome = pipeline.play(&mut sandbox);
    match outcome.exit {
        0 => Ok(()),
        exit => Err(format!("exit {exit}\n{}{}", outcome.stdout, outcome.stderr).into()),
    }
}
