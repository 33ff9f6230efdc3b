//! Generated command lines by the real kubectl and by ksecret, each on its own server with the same state: exit status, standard
//! output and what is left must be equal, and standard error must be of one class.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use libtest_mimic::Failed;
use serde_json::Value as Json;

use super::{
    known::{Both, KNOWN},
    line::{self, Line},
    peer::{self, Peer},
};
use crate::support::{KSECRET, Outcome, dice::Dice};

/// How many differing lines a shard reports before it stops, where `KSECRET_DIFFERENCES` does not say.
const ENOUGH: usize = 5;

/// What all shards counted.
#[derive(Default)]
pub struct Counts {
    /// Lines that were played.
    pub lines: usize,
    /// Of them those that changed something.
    pub changing: usize,
    /// Lines with the same words in standard error.
    pub same_words: usize,
    /// Differences on purpose, by name.
    pub known: BTreeMap<&'static str, usize>,
}

/// Plays `count` lines.
///
/// # Errors
/// The lines in which both differ, each with the fewest words that differ still.
pub fn play(kubectl: &str, seed: u64, count: usize, counts: &Mutex<Counts>) -> Result<(), Failed> {
    let mut dice = Dice(seed);
    let mut pair = Pair::start(kubectl)?;
    let enough = std::env::var("KSECRET_DIFFERENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(ENOUGH);
    let mut wrong: Vec<String> = Vec::new();
    for number in 0..count {
        let line = line::line(&mut dice);
        let found = pair.compare(&line)?;
        {
            let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            counts.lines += 1;
            counts.changing += usize::from(found.changed);
            counts.same_words += usize::from(found.same_words);
            if let Verdict::Known(name) = found.verdict {
                *counts.known.entry(name).or_default() += 1;
            }
        }
        if let Verdict::Differs(_) = found.verdict {
            let line = pair.shortened(line)?;
            let text = pair.compare(&line)?.verdict.text();
            wrong.push(format!("line {number} of KSECRET_SEED={seed}\n{}\n{text}", line.shown()));
            if wrong.len() == enough {
                break;
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n{}", wrong.join("\n"), script()).into())
}

/// Plays one line that was given as text.
///
/// # Errors
/// What differs.
pub fn play_one(kubectl: &str, text: &str) -> Result<(), Failed> {
    let words = shell_words::split(text).map_err(|error| error.to_string())?;
    let stdin = std::env::var("KSECRET_STDIN").unwrap_or_default();
    let mut pair = Pair::start(kubectl)?;
    let found = pair.compare(&Line { words, stdin })?;
    println!("{}", found.both);
    match found.verdict {
        Verdict::Differs(text) => Err(text.into()),
        _ => Ok(()),
    }
}

struct Pair {
    ours: Peer,
    theirs: Peer,
}

enum Verdict {
    Same,
    Known(&'static str),
    Differs(String),
}

impl Verdict {
    fn text(self) -> String {
        match self {
            Self::Differs(text) => text,
            Self::Same | Self::Known(_) => "(it differs no more when it is run again)".to_owned(),
        }
    }
}

struct Found {
    verdict: Verdict,
    changed: bool,
    same_words: bool,
    both: String,
}

impl Pair {
    fn start(kubectl: &str) -> Result<Self, Failed> {
        let pair = Self { ours: Peer::start(KSECRET)?, theirs: Peer::start(kubectl)? };
        if pair.ours.before() != pair.theirs.before() {
            return Err("the servers do not begin with the same state".into());
        }
        Ok(pair)
    }

    fn compare(&mut self, line: &Line) -> Result<Found, Failed> {
        let (ours, theirs) = (self.ours.run(line), self.theirs.run(&line.in_full()));
        let (left, kept) = (self.ours.left()?, self.theirs.left()?);
        let changed = left != *self.ours.before() || kept != *self.theirs.before();
        let mut parts = Vec::new();
        if ours.exit != theirs.exit {
            parts.push("exit");
        }
        if named(&timeless(&ours.stdout)) != named(&timeless(&theirs.stdout)) {
            parts.push("stdout");
        }
        if left != kept {
            parts.push("left");
        }
        if class(&ours) != class(&theirs) && !share_words(&ours, &theirs) {
            parts.push("class of stderr");
        }
        let same_words = ours.stderr.lines().filter(|l| !added(l)).eq(theirs.stderr.lines());
        let mut text =
            format!("  differs: {}\n  ours:    {}\n  kubectl: {}", parts.join(", "), shown(&ours), shown(&theirs));
        if left != kept {
            let _ = write!(text, "\n  {}", differing("", &left, &kept).join("\n  "));
        }
        let both = Both { words: line.words.clone(), ours, theirs, same_left: left == kept };
        let verdict = if parts.is_empty() {
            Verdict::Same
        } else if let Some(known) = KNOWN.iter().find(|known| (known.is)(&both)) {
            Verdict::Known(known.name)
        } else {
            Verdict::Differs(text.clone())
        };
        if changed {
            self.ours.reset()?;
            self.theirs.reset()?;
        }
        Ok(Found { verdict, changed, same_words, both: text })
    }

    /// The line without every word that is not needed for a difference.
    fn shortened(&mut self, mut line: Line) -> Result<Line, Failed> {
        let mut at = 1;
        while at < line.words.len() {
            let mut shorter = line.clone();
            shorter.words.remove(at);
            if matches!(self.compare(&shorter)?.verdict, Verdict::Differs(_)) {
                line = shorter;
            } else {
                at += 1;
            }
        }
        Ok(line)
    }
}

/// Lines that ours may add.
fn added(line: &str) -> bool {
    line.starts_with("warning:") || line.starts_with("hint:")
}

/// What kind of words stand in standard error: what the server refused for, an error of another kind, a warning, or none.
fn class(outcome: &Outcome) -> String {
    let lines = || outcome.stderr.lines().filter(|line| !added(line) && !line.is_empty());
    let refused = lines().find_map(|line| line.strip_prefix("Error from server")?.split_once(':'));
    match refused {
        Some((reason, _)) => format!("Error from server{reason}"),
        None if outcome.exit != 0 => "error".to_owned(),
        None if lines().any(|line| line.starts_with("Warning:")) => "warning".to_owned(),
        None if lines().next().is_some() => "words".to_owned(),
        None => String::new(),
    }
}

/// Whether both say the same somewhere: kubectl leaves the prefix out where it prints several errors at once.
fn share_words(ours: &Outcome, theirs: &Outcome) -> bool {
    let plain = |line: &str| match line.strip_prefix("Error from server") {
        Some(rest) => rest.split_once(": ").map_or(rest, |(_, text)| text).to_owned(),
        None => line.strip_prefix("error: ").unwrap_or(line).to_owned(),
    };
    let said: Vec<String> = theirs.stderr.lines().filter(|line| !line.is_empty()).map(plain).collect();
    ours.exit == theirs.exit && ours.stderr.lines().map(plain).any(|line| said.contains(&line))
}

fn shown(outcome: &Outcome) -> String {
    format!("{} {:?} {:?}", outcome.exit, outcome.stdout, outcome.stderr)
}

/// Output without uids, times, versions and ages, which differ from one server to another.
fn timeless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ':';
    while !rest.is_empty() {
        let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        let shape: String = word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let is_uid = word.len() == 36 && word.match_indices('-').map(|(at, _)| at).eq([8, 13, 18, 23]);
        let is_age = matches!(shape.trim_start_matches('0'), "s" | "m" | "h") && shape.starts_with('0');
        if is_uid {
            plain.push_str("{uid}");
        } else if shape == "0000-00-00T00:00:00Z" {
            plain.push_str("{time}");
        } else if is_age {
            plain.push_str("{age}");
            // The columns behind it move with it.
            rest = rest.trim_start_matches(' ');
        } else if !word.is_empty()
            && plain.trim_end_matches(['"', ' ', ':']).ends_with("resourceVersion")
            && shape.trim_matches('0').is_empty()
        {
            plain.push_str("{rv}");
        } else {
            plain.push_str(word);
        }
        if let Some(other) = rest.chars().next() {
            plain.push(other);
            rest = &rest[other.len_utf8()..];
        }
    }
    plain
}

/// Output in which last-applied annotations are as [`peer::names`] has them, in YAML and in JSON.
fn named(text: &str) -> String {
    let yaml = |line: &str| peer::names(line.trim()).map(|names| names.to_string());
    let json = |line: &str| {
        let (name, value) = line.trim().split_once(": ")?;
        let text: String = serde_json::from_str(value.trim_end_matches(',')).ok()?;
        name.contains(peer::LAST_APPLIED).then(|| peer::names(&text)).flatten().map(|names| names.to_string())
    };
    text.lines().map(|line| yaml(line).or_else(|| json(line)).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

/// Where two states differ.
fn differing(path: &str, ours: &Json, theirs: &Json) -> Vec<String> {
    match (ours, theirs) {
        (Json::Object(a), Json::Object(b)) => {
            let mut names: Vec<&String> = a.keys().chain(b.keys()).collect();
            names.sort();
            names.dedup();
            let part = |name: &String| {
                let (ours, theirs) = (a.get(name).unwrap_or(&Json::Null), b.get(name).unwrap_or(&Json::Null));
                differing(&format!("{path}/{name}"), ours, theirs)
            };
            names.into_iter().flat_map(part).collect()
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.flat_map(|(number, (a, b))| differing(&format!("{path}/{number}"), a, b)).collect()
        }
        (a, b) if a == b => Vec::new(),
        (a, b) => vec![format!("left {path}: ours {a}, kubectl's {b}")],
    }
}

/// How to make by hand the state in which every line begins.
fn script() -> String {
    let mut script = String::from("# before each line, in the namespace `here` of the current context:\n");
    for (name, content) in line::FILES {
        let _ = writeln!(script, "# {name}: {content:?}");
    }
    for namespace in peer::NAMESPACES {
        for secret in peer::state(namespace) {
            let _ = writeln!(script, "echo '{secret}' | kubectl create -n {namespace} -f -");
        }
    }
    script
}
