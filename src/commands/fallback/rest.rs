//! The fallback's part of a shared command: its command line, its documents, its result.

use std::ffi::OsString;

use rustix::process::Signal;
use serde_json::Value as Json;

use super::{
    builder::builder,
    child::{self, INTERRUPTED, Input, Output},
    program::Program,
    rule::Rule,
};
use crate::{
    cli::pflag::Parts,
    commands::interrupt::interrupted,
    context::{Build, Context, Foreign},
    error::{Error, Result},
    manifest::kustomize::LoadRestrictions,
    secret::Object,
};

/// Flags that kubectl does not have.
const OWN_FLAGS: [&str; 6] = ["color", "fallback", "journal", "local", "parallel", "receipt"];

/// Flags that name files.
const FILES: [&str; 3] = ["filename", "kustomize", "recursive"];

/// The fallback's part of a shared command.
pub struct Rest {
    program: Program,
    parts: Parts,
    /// The words that name its objects; `None` if files do.
    words: Option<Vec<OsString>>,
    /// Its documents.
    documents: Vec<Object>,
    /// Whether its output comes first.
    first: bool,
    /// The result, once it has run.
    outcome: Option<Result<()>>,
}

impl Rest {
    /// Returns a part with these words.
    pub fn of_words(program: Program, parts: Parts, words: Vec<OsString>, first: bool) -> Self {
        Self { program, parts, words: Some(words), documents: Vec::new(), first, outcome: None }
    }

    /// Returns a part whose documents are found while files are read.
    pub fn of_documents(program: Program, parts: Parts) -> Self {
        Self { program, parts, words: None, documents: Vec::new(), first: false, outcome: None }
    }

    /// Returns whether SIGINT ended it.
    pub fn was_interrupted(&self) -> bool {
        matches!(&self.outcome, Some(Err(error)) if error.signal().is_some())
    }

    fn line(&self, flags: &[&str], without: &[&str]) -> Vec<OsString> {
        let own = |flag: &&str| OWN_FLAGS.contains(flag) && !(*flag == "local" && self.parts.names_files());
        let by_files = self.words.is_none();
        let kept = |flag: &str| !(own(&flag) || by_files && FILES.contains(&flag) || without.contains(&flag));
        let words = self.words.as_ref().unwrap_or(&self.parts.words);
        let mut line = self.parts.spell(kept, words);
        let at = self.parts.path.len();
        let more = flags.iter().chain(by_files.then_some(&"--filename=-"));
        line.splice(at..at, more.map(OsString::from));
        line
    }

    fn run(&self, flags: &[&str], without: &[&str], output: Output<'_>, ctx: &mut Context) -> Result<()> {
        let command = self.program.command(&self.line(flags, without), &ctx.env)?;
        let input = if self.words.is_none() { Input::Documents(&self.documents) } else { Input::Inherited };
        match child::run(&self.program, command, input, output, ctx)? {
            0 => Ok(()),
            // The fallback has printed the error.
            INTERRUPTED => Err(interrupted(Error::silent(INTERRUPTED), Signal::INT)),
            status => Err(Error::silent(status)),
        }
    }
}

impl Foreign for Rest {
    fn documents(&mut self) -> Option<&mut Vec<Object>> {
        self.words.is_none().then_some(&mut self.documents)
    }

    fn is_there(&self) -> bool {
        self.words.is_some() || !self.documents.is_empty()
    }

    fn is_first(&self) -> bool {
        self.first
    }

    fn print(&mut self, ctx: &mut Context) {
        if self.outcome.is_some() || !self.is_there() {
            return;
        }
        let rule = Rule::of(&self.parts);
        ctx.stdout.separate(rule.between);
        let flags = rule.flags(ctx.stdout.wrote() || self.first);
        let output = if rule.between.is_empty() { Output::Inherited } else { Output::Passed };
        self.outcome = Some(self.run(flags, &[], output, ctx));
    }

    fn objects(&mut self, ctx: &mut Context) -> Result<Vec<Object>> {
        if self.outcome.is_some() || !self.is_there() || !Rule::of(&self.parts).is_whole {
            return Ok(Vec::new());
        }
        let mut bytes = Vec::new();
        let without = ["output", "template", "sort-by", "allow-missing-template-keys"];
        self.outcome = Some(self.run(&["--output=json"], &without, Output::Kept(&mut bytes), ctx));
        let mut objects = Vec::new();
        for read in serde_json::Deserializer::from_slice(&bytes).into_iter::<Json>() {
            let mut read = read.map_err(|_| Error::new("the fallback's output is not JSON"))?;
            match read.get_mut("items").map(Json::take) {
                Some(Json::Array(items)) => objects.extend(items.into_iter().map(Object::new)),
                _ => objects.push(Object::new(read)),
            }
        }
        Ok(objects)
    }

    fn kustomize(&self, ctx: &Context) -> Build {
        builder(Some(&self.program), LoadRestrictions::RootOnly, ctx)
    }

    fn outcome(&mut self) -> Option<Result<()>> {
        self.outcome.take()
    }
}
