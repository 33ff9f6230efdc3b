//! Prints findings one after the other: as text, JSON, SARIF, or annotations of GitHub.

use super::{
    location::{Location, message},
    members::{Members, list},
    repairs, sarif,
};
use crate::{
    context::{
        Context,
        color::{BAD, DIM, HINT, KEY, WARNING, paint},
    },
    error::Result,
    findings::{Finding, Level, Remedy, Rule},
    secret::sanitize,
};

/// The version of the JSON. Invariant: under one version fields are only added.
pub(super) const VERSION: &str = "ksecret/findings/v1";

/// The output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

/// How findings are reported.
pub(super) struct Manner {
    pub(super) format: Format,
    /// The program as it was called, with the flags that select the server.
    pub(super) called: String,
    /// The least level that fails the command.
    pub(super) fail_on: Option<Level>,
    pub(super) skipped: Vec<&'static Rule>,
}

/// The counts so far. Findings are not kept, since there may be many.
pub(super) struct Report {
    manner: Manner,
    objects: usize,
    counts: [usize; 3],
    fixable: usize,
    failed: bool,
}

impl Report {
    /// Begins the report.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub(super) fn begin(manner: Manner, ctx: &mut Context) -> Result<Self> {
        match manner.format {
            Format::Json => {
                ctx.put(format!("{{\"apiVersion\":\"{VERSION}\",\"kind\":\"FindingList\",\"findings\":["))?
            }
            Format::Sarif => ctx.put(sarif::head())?,
            Format::Text | Format::Github => {}
        }
        Ok(Self { manner, objects: 0, counts: [0; 3], fixable: 0, failed: false })
    }

    /// Counts an object that was checked.
    pub(super) fn looked(&mut self) {
        self.objects += 1;
    }

    /// Returns the rules whose findings are left out.
    pub(super) fn skipped(&self) -> &[&'static Rule] {
        &self.manner.skipped
    }

    /// Returns whether findings of this rule are left out.
    pub(super) fn skips(&self, rule: &'static Rule) -> bool {
        self.manner.skipped.contains(&rule)
    }

    /// Prints a finding. `line` is the line of its field, in files.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub(super) fn add(&mut self, finding: &Finding, place: &Location, line: usize, ctx: &mut Context) -> Result<()> {
        // An object that was built has lines that are in no file.
        let line = if place.file.as_ref().is_some_and(|file| file.is_built) { 1 } else { line };
        if self.skips(finding.rule) {
            return Ok(());
        }
        let separator = if self.counts.iter().sum::<usize>() == 0 { "\n" } else { ",\n" };
        if let Some(count) = self.counts.get_mut(finding.rule.level as usize) {
            *count += 1;
        }
        self.fixable += usize::from(finding.remedy == Remedy::Fix && place.is_repairable());
        self.failed |= self.manner.fail_on.is_some_and(|least| finding.rule.level >= least);
        let remedy = repairs::command(finding, place, line, &self.manner.called);
        match self.manner.format {
            Format::Text => text(finding, place, line, remedy, ctx),
            Format::Github => ctx.put(github(finding, place, line)),
            Format::Json => {
                ctx.put(separator)?;
                ctx.put(one(finding, place, line, remedy.as_deref()))
            }
            Format::Sarif => {
                ctx.put(separator)?;
                ctx.put(sarif::result(finding, place, line))
            }
        }
    }

    /// Ends the report. Returns whether a finding fails the command.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub(super) fn end(self, ctx: &mut Context) -> Result<bool> {
        let [infos, warnings, errors] = self.counts;
        match self.manner.format {
            Format::Json => {
                let [objects, errors, warnings, infos] =
                    [self.objects, errors, warnings, infos].map(|count| count.to_string());
                let mut summary = Members::new();
                summary.json("objects", &objects).json("errors", &errors).json("warnings", &warnings);
                let summary = summary.json("infos", &infos).end();
                ctx.put(format!("\n],\"summary\":{summary}}}\n"))?;
            }
            Format::Sarif => ctx.put(sarif::TAIL)?,
            Format::Text | Format::Github => {
                let objects = counted(self.objects, "object");
                let found = [(errors, "error"), (warnings, "warning"), (infos, "info")];
                let found: Vec<String> =
                    found.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
                let mut line = match found.as_slice() {
                    [] => format!("{objects} looked at: no findings"),
                    found => format!("{objects} looked at: {}", found.join(", ")),
                };
                if self.fixable > 0 {
                    line.push_str(&format!("; --fix can fix {} of them", self.fixable));
                }
                ctx.say(line);
            }
        }
        Ok(self.failed)
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn text(finding: &Finding, place: &Location, line: usize, remedy: Option<String>, ctx: &mut Context) -> Result<()> {
    let (level, code) = (finding.rule.level, finding.rule.code);
    let at = match &place.file {
        Some(file) => sanitize::line(&format!("{}:{line}", file.path)).into_owned() + ": " + &place.shown(),
        None => place.shown(),
    };
    let message = message(finding);
    let remedy = remedy.map(|remedy| sanitize::line(&remedy).into_owned());
    if !ctx.color {
        let remedy = remedy.map(|remedy| format!("  fix: {remedy}\n")).unwrap_or_default();
        return ctx.put(format!("{at}: {}: {message} [{code}]\n{remedy}", level.as_str()));
    }
    let level = match level {
        Level::Error => paint(BAD, "error:"),
        Level::Warning => paint(WARNING, "warning:"),
        Level::Info => paint(HINT, "info:"),
    };
    let message = match message.split_once(": ").filter(|_| !finding.field.is_empty()) {
        Some((field, rest)) => format!("{} {rest}", paint(KEY, &format!("{field}:"))),
        None => message,
    };
    let remedy = remedy.map(|remedy| format!("  {}\n", paint(DIM, &format!("fix: {remedy}")))).unwrap_or_default();
    ctx.put_styled(&format!("{at}: {level} {message} {}\n{remedy}", paint(DIM, &format!("[{code}]"))))
}

fn one(finding: &Finding, place: &Location, line: usize, remedy: Option<&str>) -> String {
    let mut members = Members::new();
    members.text("code", finding.rule.code).text("level", finding.rule.level.as_str()).text("kind", &place.kind);
    if !place.namespace.is_empty() {
        members.text("namespace", &place.namespace);
    }
    members.text("name", &place.name);
    if let Some(file) = &place.file {
        members.text("file", &file.path).json("document", &file.document.to_string()).json("line", &line.to_string());
    }
    members.json("field", &list(&finding.field)).text("message", &finding.sentence);
    if let Some(remedy) = remedy {
        members.text("fix", remedy);
    }
    let is_fixable = finding.remedy == Remedy::Fix && place.is_repairable();
    members.json("fixable", if is_fixable { "true" } else { "false" }).end()
}

/// Returns a workflow command of GitHub Actions, which shows the finding at its line.
fn github(finding: &Finding, place: &Location, line: usize) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let word = match finding.rule.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let file = place.file.as_ref().map(|file| format!("file={},line={line},", property(&file.path)));
    let text = data(&format!("{}: {}", place.shown(), message(finding)));
    let (code, name) = (finding.rule.code, finding.rule.name);
    format!("::{word} {}title={code} {name}::{text}\n", file.unwrap_or_default())
}
