//! The answer, as cobra's scripts read it: one candidate a line, its description after a tab, and a directive at the
//! end.

use std::collections::HashSet;

/// Of cobra's `ShellCompDirective`: add no space after a candidate.
const NO_SPACE: u8 = 2;
/// Of cobra's `ShellCompDirective`: offer no files if there is no candidate.
const NO_FILES: u8 = 4;
/// Of cobra's `ShellCompDirective`: offer directories.
const DIRECTORIES: u8 = 16;

/// The candidates for the word under the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Texts and descriptions.
    pub candidates: Vec<(String, String)>,
    /// What the shell offers itself.
    pub shell: Shell,
}

/// Candidates that the shell finds itself.
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
    /// Parses the answer of another program.
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

    /// Adds those candidates of another answer that this one does not have.
    pub fn add(&mut self, other: Self) {
        let known: HashSet<String> = self.candidates.iter().map(|(text, _)| text.clone()).collect();
        if known.is_empty() && self.shell == Shell::Nothing {
            self.shell = other.shell;
        }
        self.candidates.extend(other.candidates.into_iter().filter(|(text, _)| !known.contains(text)));
    }

    /// Returns the answer as lines.
    pub fn lines(&self, describes: bool) -> String {
        let mut lines = String::new();
        // Invariant: no name of a kubeconfig or a server contains a control character here, so none can add a line to
        // the answer or send an escape sequence to the terminal.
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
