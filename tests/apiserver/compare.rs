//! An answer against a recorded one, field by field.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Expected, door::Answer, template::Bindings};

/// A place where the embedded server answers otherwise on purpose.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// `group/name`.
    pub scenario: String,
    /// The step, counted from 1.
    pub step: usize,
    /// JSON pointers in the answer that are not compared.
    pub ignore: Vec<String>,
    /// Why.
    #[allow(dead_code)]
    pub reason: String,
}

/// One comparison, and what it found.
pub struct Comparison<'a> {
    bindings: &'a mut Bindings,
    ignored: Vec<&'a str>,
    /// Places of `ignored` that do differ.
    differing: Vec<&'a str>,
    findings: Vec<String>,
}

const HEADERS: [&str; 4] = ["content-type", "warning", "allow", "retry-after"];

impl<'a> Comparison<'a> {
    /// A comparison that leaves out some places.
    pub fn new(bindings: &'a mut Bindings, ignored: Vec<&'a str>) -> Self {
        Self { bindings, ignored, differing: Vec::new(), findings: Vec::new() }
    }

    /// What was found, unless it was nothing. A place that is left out although it is as recorded is a finding.
    pub fn report(mut self) -> Option<String> {
        for place in std::mem::take(&mut self.ignored) {
            if !self.differing.contains(&place) {
                self.find(format!("no difference any more: {place} is as recorded"));
            }
        }
        (!self.findings.is_empty()).then(|| self.findings.join("\n"))
    }

    /// Compares a whole answer.
    pub fn answer(&mut self, expected: &Expected, actual: &Answer) {
        if actual.status != expected.status {
            self.find(format!("status {} instead of {}", actual.status, expected.status));
        }
        self.headers(expected, actual);
        let text = String::from_utf8_lossy(&actual.body).into_owned();
        if let Some(body) = &expected.body {
            match serde_json::from_str(&text) {
                Ok(json) => self.json("", body, &json, expected.loose.is_some()),
                Err(_) => self.find(format!("no JSON: {text}")),
            }
        } else if let Some(expected) = &expected.text {
            // The recorded YAML has its placeholders quoted; UIDs need no quotes.
            let bare = expected.replace("\"{{uid:1}}\"", "{{uid:1}}");
            if !self.bindings.matches(&bare, &text) {
                self.find(format!("text {text:?} instead of {expected:?}"));
            }
        } else if let Some(events) = &expected.events {
            let lines = text.lines().collect::<Vec<_>>();
            if lines.len() != events.len() {
                self.find(format!("{} events instead of {}: {text}", lines.len(), events.len()));
            }
            for (index, (event, line)) in events.iter().zip(lines).enumerate() {
                match serde_json::from_str(line) {
                    Ok(json) => self.json(&format!("/{index}"), event, &json, false),
                    Err(_) => self.find(format!("event {index} is no JSON: {line}")),
                }
            }
        }
    }

    fn headers(&mut self, expected: &Expected, actual: &Answer) {
        for name in HEADERS {
            let wanted = expected.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v).collect::<Vec<_>>();
            let found = actual.headers.get_all(name).iter().map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
            let found = found.collect::<Vec<_>>();
            let same = wanted.len() == found.len()
                && wanted.iter().zip(&found).all(|(wanted, found)| self.bindings.matches(wanted, found));
            if !same {
                self.find(format!("header {name} {found:?} instead of {wanted:?}"));
            }
        }
    }

    fn json(&mut self, at: &str, expected: &Json, actual: &Json, loose: bool) {
        if let Some(place) = self.ignored.iter().copied().find(|place| *place == at) {
            let before = self.findings.len();
            self.ignored.retain(|other| *other != place);
            self.json(at, expected, actual, loose);
            self.ignored.push(place);
            if self.findings.len() > before {
                self.findings.truncate(before);
                self.differing.push(place);
            }
            return;
        }
        match (expected, actual) {
            (Json::Object(wanted), Json::Object(found)) => {
                for (name, value) in wanted {
                    match found.get(name) {
                        Some(other) => self.json(&format!("{at}/{name}"), value, other, loose),
                        None => self.find_at(&format!("{at}/{name}"), "is missing"),
                    }
                }
                for (name, value) in found.iter().filter(|(name, _)| !loose && !wanted.contains_key(*name)) {
                    self.find_at(&format!("{at}/{name}"), &format!("is too much: {value}"));
                }
            }
            (Json::Array(wanted), Json::Array(found)) => {
                if wanted.len() != found.len() {
                    self.find(format!("{at} has {} items instead of {}: {actual}", found.len(), wanted.len()));
                    return;
                }
                let (mut wanted, mut found) = (wanted.clone(), found.clone());
                if at.ends_with("/causes") {
                    wanted.sort_by_key(Json::to_string);
                    found.sort_by_key(Json::to_string);
                }
                for (index, (wanted, found)) in wanted.iter().zip(&found).enumerate() {
                    self.json(&format!("{at}/{index}"), wanted, found, loose);
                }
            }
            (Json::String(wanted), Json::String(found)) => {
                if !self.bindings.matches(wanted, found) {
                    self.find(format!("{at} is {found:?}\n  instead of {wanted:?}"));
                }
            }
            (wanted, found) if wanted == found => {}
            (wanted, found) => self.find(format!("{at} is {found} instead of {wanted}")),
        }
    }

    /// Notes what is wrong at a place, unless the place is left out.
    fn find_at(&mut self, at: &str, text: &str) {
        match self.ignored.iter().copied().find(|place| *place == at) {
            Some(place) => self.differing.push(place),
            None => self.find(format!("{at} {text}")),
        }
    }

    fn find(&mut self, text: String) {
        self.findings.push(text.chars().take(3_000).collect());
    }
}
