//! What is wanted where the cursor stands.

use crate::{cli::pflag::Choice, client::kubeconfig::List, secret::resource::Resource};

/// What can stand where the cursor stands.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Question {
    /// What stands before each candidate and belongs to it.
    pub lead: String,
    /// The beginning that candidates must have.
    pub stem: String,
    /// Candidates that are known: text and description.
    pub known: Vec<(String, String)>,
    /// Candidates that must be asked for.
    pub wanted: Wanted,
}

/// Candidates that must be asked for.
#[derive(Debug, PartialEq, Eq, Default)]
pub enum Wanted {
    /// None.
    #[default]
    Nothing,
    /// Files, which the shell has.
    Files,
    /// Directories, which the shell has.
    Directories,
    /// Names of a list of the kubeconfig.
    Kubeconfig(List),
    /// Names of objects.
    Objects(Objects),
    /// Keys of a Secret.
    Keys(String),
    /// Keys of labels; `true` for those of all namespaces.
    LabelKeys(bool),
}

/// Names of objects, and what goes with them.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Objects {
    /// Of these kinds.
    pub kinds: Vec<Resource>,
    /// What stands before each name.
    pub slash: Option<String>,
    /// Whether the name stands alone, so that one which is also a kind needs its kind before it.
    pub bare: bool,
    /// Those that were named already.
    pub named: Vec<String>,
    /// Whether keys of labels can stand there too, as `KEY=`.
    pub label_keys: bool,
}

impl Question {
    /// Returns a question whose candidates are commands or flags.
    pub fn known(stem: &str, choices: Vec<Choice>) -> Self {
        let known = choices.into_iter().map(|choice| (choice.text, choice.about)).collect();
        Self { stem: stem.to_owned(), known, ..Self::default() }
    }

    /// Returns a question whose candidates are these texts.
    pub fn fixed(stem: &str, texts: &[&str]) -> Self {
        let known = texts.iter().map(|text| ((*text).to_owned(), String::new())).collect();
        Self { stem: stem.to_owned(), known, ..Self::default() }
    }

    /// Returns a question whose candidates must be asked for.
    pub fn wanted(stem: &str, wanted: Wanted) -> Self {
        Self { stem: stem.to_owned(), wanted, ..Self::default() }
    }
}
