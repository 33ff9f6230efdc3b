//! Recorded scripts of several command lines, and how one of them is played (tests/recipes/README.md).

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{
    KSECRET, Outcome, Sandbox, cases, executable, kubectl,
    pattern::{self, Known},
    require::{Need, on_path},
};

/// Seconds after which a step that does not end is ended, and fails.
const LONGEST_STEP: &str = "60";

/// One recorded script.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// `GROUP/NAME`.
    pub name: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    steps: Vec<Step>,
    left: Json,
}

/// One line of a script, and what it did.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Step {
    run: String,
    exit: i32,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
}

/// An entry of `differences.toml`: what is right instead, where it is not what kubectl does.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Which recipe.
    pub case: String,
    #[expect(dead_code, reason = "for the reader of the file; it must be there")]
    reason: String,
    /// Whether only the embedded server makes the difference: elsewhere the record holds.
    #[serde(default)]
    pub embedded: bool,
    #[serde(default)]
    step: Vec<StepDifference>,
    left: Option<String>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct StepDifference {
    /// Which step, from 1.
    number: usize,
    exit: Option<i32>,
    stdout: Option<String>,
    stderr: Option<String>,
}

/// What a recipe gave.
struct Played {
    steps: Vec<Outcome>,
    left: Json,
}

/// What became of a recipe.
pub enum Verdict {
    /// All is as recorded, or as the difference says.
    AsWanted,
    /// It cannot be played here.
    NotPlayed(String),
    /// What is not as wanted.
    Wrong(String),
}

/// Every recipe under `dir`, in the order of their names.
pub fn recipes(dir: &Path) -> Vec<Recipe> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .expect("the recipes")
        .flat_map(|group| fs::read_dir(group.expect("a group").path()).expect("a group's recipes"))
        .map(|file| file.expect("a recipe").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).expect("a recipe");
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}

impl Recipe {
    /// What the recipe needs of this machine that may not be there, beside a shell.
    pub fn need(&self) -> Option<Need> {
        if self.uses("REAL_KUBECTL") {
            return Some(Need::Pypi);
        }
        let missing = |tool: &&str| self.uses(tool) && on_path(tool).is_err();
        ["jq", "python3", "ssh-keygen"].iter().any(missing).then_some(Need::Tools)
    }

    /// Whether this word stands in a step or in a file.
    fn uses(&self, word: &str) -> bool {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let texts = self.steps.iter().map(|step| &step.run).chain(self.files.values());
        texts.flat_map(|text| text.split(|c| !is_part(c))).any(|part| part == word)
    }

    /// Plays the recipe with `program` as kubectl, and compares what it gave with the record or with the difference.
    pub fn play(&self, difference: Option<&Difference>, program: &Path) -> Verdict {
        let mut sandbox = Sandbox::with_server();
        let second = sandbox.another_namespace();
        for (name, value) in [("NS", sandbox.namespace.clone()), ("NS2", second.clone())] {
            sandbox.set_env(name, value);
        }
        if let Err(reason) = self.prepare(&mut sandbox, program) {
            return Verdict::NotPlayed(reason);
        }
        let mut steps: Vec<Outcome> = self.steps.iter().map(|step| run(&sandbox, &step.run)).collect();
        let ours = program == Path::new(KSECRET);
        if !ours {
            steps.iter_mut().for_each(without_values);
        }
        let left = match left(&sandbox, &second) {
            Ok(left) => left,
            Err(error) => return Verdict::Wrong(error),
        };
        let played = Played { steps, left };
        let cwd = sandbox.cwd().to_string_lossy().into_owned();
        let known = Known { namespace: &sandbox.namespace, second: &second, cwd: &cwd };
        let mut wrong = match difference {
            None => compare(self, &played, &known),
            Some(difference) => {
                let mut wrong = compare(&self.but(difference), &played, &known);
                if wrong.is_empty() {
                    wrong = self.idle(difference, &played, &known);
                }
                wrong
            }
        };
        if ours {
            wrong.extend(self.shown_values(&played));
        }
        if wrong.is_empty() { Verdict::AsWanted } else { Verdict::Wrong(wrong.join("\n")) }
    }

    /// Writes the files, and puts onto PATH and into the environment what the script takes from there.
    ///
    /// # Errors
    /// What this machine lacks.
    fn prepare(&self, sandbox: &mut Sandbox, program: &Path) -> Result<(), String> {
        for (name, content) in &self.files {
            let file = sandbox.cwd().join(name);
            fs::create_dir_all(file.parent().expect("its directory")).expect("a directory in the sandbox");
            match content.starts_with("#!") {
                true => executable(&file, content),
                false => fs::write(&file, content).expect("a file in the sandbox"),
            }
        }
        if self.uses("REAL_KUBECTL") {
            let real = kubectl::recorded()?;
            sandbox.set_env("REAL_KUBECTL", real.to_string_lossy());
        }
        let config = fs::read_to_string(sandbox.kubeconfig()).expect("the kubeconfig");
        let config: serde_yaml::Value = serde_yaml::from_str(&config).expect("a kubeconfig");
        let current = |list: &str, name: &serde_yaml::Value| {
            config[list].as_sequence().into_iter().flatten().find(|entry| &entry["name"] == name).cloned()
        };
        let context = current("contexts", &config["current-context"]).expect("the current context");
        let cluster = current("clusters", &context["context"]["cluster"]).expect("its cluster");
        sandbox.set_env("SERVER", cluster["cluster"]["server"].as_str().expect("a server"));
        if self.uses("TOKEN") {
            let user = current("users", &context["context"]["user"]).expect("its user");
            let token = user["user"]["token"].as_str().ok_or("the kubeconfig's user has no token")?;
            sandbox.set_env("TOKEN", token);
        }
        sandbox.link("kubectl", program);
        sandbox.link("ksecret", KSECRET);
        Ok(())
    }

    /// The recipe with what the difference says in place of what was recorded.
    fn but(&self, difference: &Difference) -> Self {
        let mut wanted = self.clone();
        for changed in &difference.step {
            let step = wanted.steps.get_mut(changed.number.wrapping_sub(1)).unwrap_or_else(|| {
                panic!("differences.toml: {} has no step {}", self.name, changed.number);
            });
            step.exit = changed.exit.unwrap_or(step.exit);
            if let Some(stdout) = &changed.stdout {
                step.stdout.clone_from(stdout);
            }
            if let Some(stderr) = &changed.stderr {
                step.stderr.clone_from(stderr);
            }
        }
        if let Some(left) = &difference.left {
            wanted.left = serde_json::from_str(left).expect("`left` of a difference is JSON");
        }
        wanted
    }

    /// What stands in the difference although it is as recorded.
    fn idle(&self, difference: &Difference, played: &Played, known: &Known) -> Vec<String> {
        let mut idle = Vec::new();
        for changed in &difference.step {
            let (step, is) = (&self.steps[changed.number - 1], &played.steps[changed.number - 1]);
            let same = [
                ("exit", changed.exit.is_some() && step.exit == is.exit),
                ("stdout", changed.stdout.is_some() && pattern::matches(&step.stdout, &is.stdout, known)),
                ("stderr", changed.stderr.is_some() && cases::stderr_fits(&step.stderr, is, known).is_ok()),
            ];
            for (member, _) in same.iter().filter(|(_, same)| *same) {
                idle.push(format!("no difference any more: {member} of step {} is as recorded", changed.number));
            }
            if changed.exit.is_none() && changed.stdout.is_none() && changed.stderr.is_none() {
                idle.push(format!("the difference says nothing of step {}", changed.number));
            }
        }
        if difference.left.is_some() && left_fits(&self.left, &played.left, known) {
            idle.push("no difference any more: what is left is as recorded".to_owned());
        }
        if difference.step.is_empty() && difference.left.is_none() {
            idle.push("the difference says nothing".to_owned());
        }
        idle
    }

    /// The steps whose standard error shows a value of a Secret that was left. Short values are words like any other.
    fn shown_values(&self, played: &Played) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for secret in
            played.left.as_object().into_iter().flat_map(Map::values).flat_map(|list| list.as_array()).flatten()
        {
            for value in secret["data"].as_object().into_iter().flat_map(Map::values).filter_map(Json::as_str) {
                values.push(value.to_owned());
            }
        }
        let mut shown = Vec::new();
        for (number, (step, outcome)) in self.steps.iter().zip(&played.steps).enumerate() {
            let said = |value: &&String| value.len() >= 8 && outcome.stderr.contains(value.as_str());
            if let Some(value) = values.iter().find(said) {
                shown.push(format!("step {} {:?} shows the value {value:?} in stderr", number + 1, step.run));
            }
        }
        shown
    }
}

fn run(sandbox: &Sandbox, line: &str) -> Outcome {
    let words = ["-k", "5", LONGEST_STEP, "bash", "-o", "pipefail", "-c", line];
    super::run(sandbox.command_of("timeout", &words), b"")
}

/// Takes away what kubectl prints and the records do not hold: objects, and the lines that stand there as `{values}`.
fn without_values(outcome: &mut Outcome) {
    cases::cut(outcome);
    let shown = |line: &&str| !line.starts_with('{');
    outcome.stderr = outcome.stderr.split_inclusive('\n').filter(shown).collect();
}

/// What is not as wanted.
fn compare(wanted: &Recipe, played: &Played, known: &Known) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, (step, is)) in wanted.steps.iter().zip(&played.steps).enumerate() {
        let mut parts = Vec::new();
        if is.exit != step.exit {
            parts.push(format!("exit {} where {} is right", is.exit, step.exit));
        }
        if !pattern::matches(&step.stdout, &is.stdout, known) {
            parts.push(format!("stdout\n--- wanted\n{}\n--- is\n{}\n---", step.stdout, is.stdout));
        }
        if let Err(line) = cases::stderr_fits(&step.stderr, is, known) {
            parts.push(format!("stderr at {line:?}\n--- wanted\n{}\n--- is\n{}\n---", step.stderr, is.stderr));
        } else if !parts.is_empty() && !is.stderr.is_empty() {
            parts.push(format!("stderr, as wanted: {}", is.stderr));
        }
        if !parts.is_empty() {
            wrong.push(format!("step {}: {}\n{}", number + 1, step.run, parts.join("\n")));
        }
    }
    if !left_fits(&wanted.left, &played.left, known) {
        let shown = |left: &Json| serde_json::to_string_pretty(left).unwrap_or_default();
        wrong.push(format!("left\n--- wanted\n{}\n--- is\n{}\n---", shown(&wanted.left), shown(&played.left)));
    }
    wrong
}

/// Whether what is left is as recorded; both are compared as text, in which a name may hold `{random}` and a value may be
/// `{long}`.
fn left_fits(wanted: &Json, is: &Json, known: &Known) -> bool {
    pattern::matches(&wanted.to_string(), &is.to_string(), &Known { namespace: "{ns}", second: "{ns2}", ..*known })
}

/// The Secrets in both namespaces, reduced to what a recipe records of them.
fn left(sandbox: &Sandbox, second: &str) -> Result<Json, String> {
    let mut left = json!({});
    for (mark, namespace) in [("{ns}", sandbox.namespace.as_str()), ("{ns2}", second)] {
        let listed = sandbox.run(&["get", "secrets", "-o", "json", "-n", namespace]);
        if listed.exit != 0 {
            return Err(format!("listing what is left failed: {}", listed.stderr));
        }
        let list: Json = serde_json::from_str(&listed.stdout).map_err(|error| error.to_string())?;
        let items = list["items"].as_array().ok_or("a list of Secrets has no items")?;
        left[mark] = items.iter().map(reduced).collect();
    }
    Ok(left)
}

fn reduced(secret: &Json) -> Json {
    const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let metadata = &secret["metadata"];
    let data = secret.get("data").cloned().unwrap_or_else(|| json!({}));
    let mut kept = json!({"name": metadata["name"], "type": secret["type"], "data": data});
    let mut annotations = metadata["annotations"].clone();
    if let Some(map) = annotations.as_object_mut() {
        map.remove(LAST_APPLIED);
    }
    for (name, value) in
        [("labels", &metadata["labels"]), ("annotations", &annotations), ("finalizers", &metadata["finalizers"])]
    {
        let empty = value.as_object().is_none_or(Map::is_empty) && value.as_array().is_none_or(Vec::is_empty);
        if !empty {
            kept[name] = value.clone();
        }
    }
    if let Some(immutable) = secret.get("immutable") {
        kept["immutable"] = immutable.clone();
    }
    kept
}
