//! Recorded kubectl command lines, and how one of them is played.

#![allow(dead_code, reason = "each test crate uses its part")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use libtest_mimic::Failed;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::{
    Outcome, Sandbox,
    pattern::{self, Known},
};

/// One recorded command line (tests/kubectl/README.md).
#[derive(Deserialize, Clone)]
pub struct Case {
    /// `GROUP/NAME`.
    pub name: String,
    #[serde(default)]
    setup: Vec<Vec<String>>,
    /// The command line under test.
    pub args: Vec<String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    editor: Option<String>,
    exit: i32,
    stdout: String,
    stderr: String,
    seen: Option<String>,
    left: Vec<Json>,
}

/// One entry of `differences.toml`: what is right instead, where it is not what kubectl does.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Which case.
    pub case: String,
    #[expect(dead_code, reason = "for the reader of the file; it must be there")]
    reason: String,
    exit: Option<i32>,
    stdout: Option<String>,
    stderr: Option<String>,
    seen: Option<String>,
    left: Option<String>,
    /// Another output that is as right: kubectl prints some maps in the order in which Go happens to walk them.
    also_stdout: Option<String>,
}

impl Difference {
    /// Whether no outcome stands in it.
    fn says_nothing(&self) -> bool {
        let texts = [&self.stdout, &self.stderr, &self.seen, &self.left, &self.also_stdout];
        self.exit.is_none() && texts.iter().all(|text| text.is_none())
    }
}

/// A whole `differences.toml`.
#[derive(Deserialize)]
pub struct Differences {
    /// Its entries.
    #[serde(default)]
    pub difference: Vec<Difference>,
}

/// Every case under `dir`, in the order of their names.
pub fn cases(dir: &Path) -> Vec<Case> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .expect("the cases")
        .flat_map(|group| fs::read_dir(group.expect("a group").path()).expect("a group's cases"))
        .map(|file| file.expect("a case").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).expect("a case");
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}

/// Which program plays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// What was recorded, or what must be as that was: everything is compared.
    Recorded,
    /// Another version of kubectl: standard error is not compared, nor what later versions print differently.
    Another,
}

/// Plays one case: its setup with our binary, the command line under test with `program`.
///
/// # Errors
/// What is not as recorded.
pub fn play(
    case: &Case,
    difference: Option<&Difference>,
    fixtures: &Path,
    program: &str,
    version: Version,
) -> Result<(), Failed> {
    let mut sandbox = Sandbox::with_server();
    copy(fixtures, &sandbox.cwd());
    for (name, value) in &case.env {
        sandbox.set_env(name, value.clone());
    }
    for line in &case.setup {
        // Who applied owns the fields, by name: that is the program under test itself.
        let by = if line.first().is_some_and(|verb| verb == "apply") { program } else { super::KSECRET };
        let made = super::run(sandbox.command_of(by, line), b"");
        if made.exit != 0 {
            return Err(format!("setup {line:?} failed: {}", made.stderr).into());
        }
    }
    if let Some(body) = &case.editor {
        // One script calls `kubectl patch`: that is us.
        let bin = sandbox.script("kubectl", &format!("#!/bin/sh\nexec {program} \"$@\"\n"));
        let dir = Path::new(&bin).parent().expect("its directory").to_string_lossy().into_owned();
        let path = format!("{dir}:{}", std::env::var("PATH").unwrap_or_default());
        sandbox.set_env("PATH", path);
        let editor = sandbox.script("editor", &format!("#!/bin/sh\n{body}\n"));
        sandbox.set_env("KUBE_EDITOR", editor.clone());
        sandbox.set_env("EDITOR", editor);
    }
    let mut outcome = super::run(sandbox.command_of(program, &case.args), case.stdin.as_bytes());
    cut_advice(&mut outcome);
    if program != super::KSECRET {
        cut(&mut outcome);
    }
    let left = left(&sandbox)?;
    let seen = fs::read_to_string(sandbox.cwd().join("seen.txt")).ok();

    let cwd = sandbox.cwd().to_string_lossy().into_owned();
    let known = Known { namespace: &sandbox.namespace, second: "", cwd: &cwd };
    if version == Version::Another {
        // Its words to people are its own.
        outcome.stderr.clear();
        outcome.stdout = unversioned(&outcome.stdout.replace(&format!(" from {} namespace", sandbox.namespace), ""));
    }
    let played = Played { outcome, seen, left };
    let mut wrong = played.compare(&wanted(case, difference, version), difference, &known);
    if let Some(difference) = difference.filter(|_| wrong.is_empty()) {
        wrong = played.idle(&wanted(case, None, version), difference, version, &known);
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{:?}\n{}", case.args, wrong.join("\n")).into())
}

/// What a case gave.
struct Played {
    outcome: Outcome,
    seen: Option<String>,
    left: Vec<Json>,
}

impl Played {
    /// What is not as wanted.
    fn compare(&self, wanted: &Case, difference: Option<&Difference>, known: &Known) -> Vec<String> {
        let Self { outcome, seen, left } = self;
        let mut wrong = Vec::new();
        if outcome.exit != wanted.exit {
            wrong.push(format!("exit {} where {} is right", outcome.exit, wanted.exit));
        }
        let also = difference.and_then(|d| d.also_stdout.as_deref());
        if ![Some(wanted.stdout.as_str()), also]
            .into_iter()
            .flatten()
            .any(|w| pattern::matches(w, &outcome.stdout, known))
        {
            wrong.push(format!("stdout\n--- wanted\n{}\n--- is\n{}\n---", wanted.stdout, outcome.stdout));
        }
        if let Err(line) = stderr_fits(&wanted.stderr, outcome, known) {
            wrong.push(format!("stderr at {line:?}\n--- wanted\n{}\n--- is\n{}\n---", wanted.stderr, outcome.stderr));
        }
        if let Some(recorded) = &wanted.seen
            && !seen.as_deref().is_some_and(|seen| pattern::matches(recorded, seen, known))
        {
            wrong.push(format!(
                "seen by the editor\n--- wanted\n{recorded}\n--- is\n{}\n---",
                seen.clone().unwrap_or_default()
            ));
        }
        if *left != wanted.left {
            wrong.push(format!("left\n--- wanted\n{}\n--- is\n{}\n---", shown(&wanted.left), shown(left)));
        }
        wrong
    }

    /// What stands in the difference although it is as recorded.
    fn idle(&self, recorded: &Case, difference: &Difference, version: Version, known: &Known) -> Vec<String> {
        // The words of another version are not compared: only an entry for that version alone may not hold any.
        let compared = version == Version::Recorded || difference.case.contains(':');
        let same = [
            ("exit", difference.exit.is_some() && self.outcome.exit == recorded.exit),
            ("stdout", difference.stdout.is_some() && pattern::matches(&recorded.stdout, &self.outcome.stdout, known)),
            (
                "stderr",
                compared && difference.stderr.is_some() && stderr_fits(&recorded.stderr, &self.outcome, known).is_ok(),
            ),
            (
                "seen",
                difference.seen.is_some()
                    && match (&recorded.seen, &self.seen) {
                        (Some(recorded), Some(seen)) => pattern::matches(recorded, seen, known),
                        (recorded, seen) => recorded.is_none() && seen.is_none(),
                    },
            ),
            ("left", difference.left.is_some() && self.left == recorded.left),
        ];
        let mut idle: Vec<String> = same
            .iter()
            .filter(|(_, same)| *same)
            .map(|(member, _)| format!("no difference any more: {member} is as recorded"))
            .collect();
        if difference.says_nothing() {
            idle.push("the difference says nothing".to_owned());
        }
        idle
    }
}

/// What a case must give: as recorded but for the difference, and but for what another version prints otherwise.
fn wanted(case: &Case, difference: Option<&Difference>, version: Version) -> Case {
    let mut wanted = case.clone();
    if let Some(d) = difference {
        wanted.exit = d.exit.unwrap_or(wanted.exit);
        wanted.stdout = d.stdout.clone().unwrap_or(wanted.stdout);
        wanted.stderr = d.stderr.clone().unwrap_or(wanted.stderr);
        wanted.seen = d.seen.clone().or(wanted.seen);
        if let Some(left) = &d.left {
            wanted.left = serde_json::from_str(left).expect("`left` of a difference is JSON");
        }
    }
    wanted.left.sort_by_key(|s| s["name"].as_str().unwrap_or_default().to_owned());
    if version == Version::Another {
        wanted.stdout = unversioned(&wanted.stdout);
        wanted.stderr.clear();
    }
    wanted
}

/// Whether the recorded lines stand in ours in the same order; ours may only have `warning:` and `hint:` lines beside them.
/// A line that kubectl's logger wrote or that shows values need not stand in ours.
///
/// # Errors
/// The first recorded line that ours lacks, or the first line of ours that was not recorded.
pub fn stderr_fits(recorded: &str, outcome: &Outcome, known: &Known) -> Result<(), String> {
    let optional = |line: &str| {
        line.starts_with("{log}") || line == "{values}" || line.starts_with("A copy of your changes has been stored")
    };
    let extra = |line: &str| line.starts_with("warning:") || line.starts_with("hint:") || logged(line);
    let mut ours = outcome.stderr.lines().peekable();
    for line in recorded.lines() {
        // kubectl warns too: what was recorded is no extra line.
        while ours.next_if(|is| extra(is) && !pattern::matches(line, is, known)).is_some() {}
        match ours.peek() {
            Some(is) if pattern::matches(line, is, known) => {
                ours.next();
            }
            _ if optional(line) => {}
            _ => return Err(line.to_owned()),
        }
    }
    ours.find(|line| !extra(line)).map_or(Ok(()), |line| Err(line.to_owned()))
}

/// Whether kubectl's logger wrote this line: `E1123 21:35:28.584743    4825 memcache.go:381] ...`.
fn logged(line: &str) -> bool {
    let mut characters = line.chars();
    characters.next().is_some_and(|level| "IWEF".contains(level))
        && characters.clone().take(4).filter(char::is_ascii_digit).count() == 4
        && characters.nth(4) == Some(' ')
        && line.contains(".go:")
}

/// The records do not hold the advice after a conflict; tests/recipes has it.
fn cut_advice(outcome: &mut Outcome) {
    if let Some(at) = outcome.stderr.find("Please review the fields above--they currently have other managers.") {
        outcome.stderr.truncate(at);
    }
}

/// What the records do not hold of kubectl's output: the template and the whole object beside a failing template, the
/// numbers of a diff's directories.
pub fn cut(outcome: &mut Outcome) {
    const DUMP: &str = " Printing more information for debugging the template:";
    if let Some(at) = outcome.stderr.find(DUMP) {
        outcome.stderr.truncate(at);
        outcome.stderr.push('\n');
    }
    if let Some(at) = outcome.stdout.find(DUMP) {
        let line = outcome.stdout[..at].rfind("Error executing template:").unwrap_or(at);
        outcome.stdout.truncate(line);
    }
    for mark in ["/LIVE-", "/MERGED-"] {
        let mut parts = outcome.stdout.split(mark);
        let mut kept = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            kept.push_str(mark.trim_end_matches('-'));
            kept.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        outcome.stdout = kept;
    }
}

/// What kubectl has changed in its output between 1.32 and 1.37, taken out: the null timestamp of objects that it made, and
/// the namespace after a deletion.
fn unversioned(text: &str) -> String {
    let text = text.replace(" from {ns} namespace", "").replace(",\"creationTimestamp\":null", "");
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        match line.trim() {
            "creationTimestamp: null" => {}
            "\"creationTimestamp\": null" => {
                // The comma before it goes with it.
                let end = kept.trim_end().trim_end_matches(',').len();
                kept.truncate(end);
                kept.push('\n');
            }
            _ => kept.push_str(line),
        }
    }
    kept
}

/// The Secrets in the namespace, reduced to what a case records of them.
fn left(sandbox: &Sandbox) -> Result<Vec<Json>, Failed> {
    let listed = sandbox.run(&["get", "secrets", "-o", "json", "-n", &sandbox.namespace.clone()]);
    if listed.exit != 0 {
        return Err(format!("listing what is left failed: {}", listed.stderr).into());
    }
    let list: Json = serde_json::from_str(&listed.stdout).map_err(|error| error.to_string())?;
    let mut left = Vec::new();
    for item in list["items"].as_array().into_iter().flatten() {
        let mut kept = Map::new();
        kept.insert("name".to_owned(), item["metadata"]["name"].clone());
        kept.insert("type".to_owned(), item["type"].clone());
        kept.insert("data".to_owned(), item.get("data").cloned().unwrap_or_else(|| Map::new().into()));
        for (name, value) in
            [("labels", &item["metadata"]["labels"]), ("annotations", &item["metadata"]["annotations"])]
        {
            if value.as_object().is_some_and(|map| !map.is_empty()) {
                kept.insert(name.to_owned(), value.clone());
            }
        }
        if let Some(immutable) = item.get("immutable") {
            kept.insert("immutable".to_owned(), immutable.clone());
        }
        left.push(Json::Object(kept));
    }
    left.sort_by_key(|s| s["name"].as_str().unwrap_or_default().to_owned());
    Ok(left)
}

fn shown(left: &[Json]) -> String {
    serde_json::to_string_pretty(left).unwrap_or_default()
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the fixtures") {
        let entry = entry.expect("a fixture");
        let target = to.join(entry.file_name());
        let kind = entry.file_type().expect("its kind");
        if kind.is_symlink() {
            let link = fs::read_link(entry.path()).expect("a link");
            std::os::unix::fs::symlink(link, target).expect("a link in the sandbox");
        } else if kind.is_dir() {
            fs::create_dir_all(&target).expect("a directory in the sandbox");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file in the sandbox");
        }
    }
}
