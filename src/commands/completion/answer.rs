//! The answer, as the scripts of cobra read it: a candidate a line, its description behind a tab, and last a directive.

use std::collections::HashSet;

/// Directives of cobra's `ShellCompDirective`: no space behind a candidate.
const NO_SPACE: u8 = 2;
/// See [`NO_SPACE`]: where there is no candidate, no file is one.
const NO_FILES: u8 = 4;
/// See [`NO_SPACE`]: the shell has the candidates, and they are directories.
const DIRECTORIES: u8 = 16;

/// Candidates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Texts and descriptions.
    pub candidates: Vec<(String, String)>,
    /// What the shell has to add.
    pub shell: Shell,
}

/// Candidates that the shell has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shell {
    /// None.
    #[default]
    Nothing,
    /// Files.
    Files,
    /// Directories.
    Directories,
}

impl Answer {
    /// Reads the answer of another program.
    pub fn read(text: &str) -> Self {
        let mut answer = Self::default();
        for line in text.lines() {
            match line.strip_prefix(':').map(str::parse::<u8>) {
                Some(Ok(directive)) if directive & DIRECTORIES != 0 => answer.shell = Shell::Directories,
                Some(Ok(directive)) if directive & NO_FILES == 0 => answer.shell = Shell::Files,
                Some(Ok(_)) => {}
                _ if line.is_empty() || line.starts_with("_activeHelp_ ") => {}
                _ => {
                    let (text, about) = line.split_once('\t').unwrap_or((line, ""));
                    answer.candidates.push((text.to_owned(), about.to_owned()));
                }
            }
        }
        answer
    }

    /// Adds the candidates of another answer that this one does not have.
    pub fn add(&mut self, other: Self) {
        let known: HashSet<String> = self.candidates.iter().map(|(text, _)| text.clone()).collect();
        if known.is_empty() && self.shell == Shell::Nothing {
            self.shell = other.shell;
        }
        self.candidates.extend(other.candidates.into_iter().filter(|(text, _)| !known.contains(text)));
    }

    /// Returns the lines.
    pub fn lines(&self, describes: bool) -> String {
        let mut lines = String::new();
        // Invariant: what a kubeconfig or a server calls a thing begins no line and moves no cursor.
        for (text, about) in self.candidates.iter().filter(|(text, _)| !text.contains(char::is_control)) {
            lines.push_str(text);
            if describes && !about.is_empty() {
                lines.push('\t');
                lines.push_str(about);
            }
            lines.push('\n');
        }
        let goes_on = |(text, _): &(String, String)| text.ends_with(['=', '/', ',', '.']);
        let space = if !self.candidates.is_empty() && self.candidates.iter().all(goes_on) { NO_SPACE } else { 0 };
        let directive = match self.shell {
            Shell::Nothing => NO_FILES | space,
            Shell::Files => space,
            Shell::Directories => DIRECTORIES,
        };
        lines.push_str(&format!(":{directive}\n"));
        lines
    }
}
