//! What the word under the cursor can be.

use crate::{cli::pflag::Choice, client::kubeconfig::List, secret::resource::Resource};

/// What the word under the cursor can be.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Question {
    /// Text that precedes each candidate and is part of it.
    pub lead: String,
    /// The beginning that candidates must have.
    pub stem: String,
    /// Candidates that need no lookup: text and description.
    pub known: Vec<(String, String)>,
    /// Candidates to look up.
    pub wanted: Wanted,
}

/// Candidates to look up.
#[derive(Debug, PartialEq, Eq, Default)]
pub enum Wanted {
    /// None.
    #[default]
    Nothing,
    /// Files, which the shell finds itself.
    Files,
    /// Directories, which the shell finds itself.
    Directories,
    /// Names in a list of the kubeconfig.
    Kubeconfig(List),
    /// Names of objects.
    Objects(Objects),
    /// Keys of a Secret.
    Keys(String),
    /// Keys of labels; of all namespaces if `true`.
    LabelKeys(bool),
}

/// Names of objects, and in which form.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Objects {
    /// The kinds.
    pub kinds: Vec<Resource>,
    /// Text before each name, such as `secret/`.
    pub slash: Option<String>,
    /// Whether names are typed without a kind. A name that is also a kind then needs one.
    pub bare: bool,
    /// Names that were typed already.
    pub named: Vec<String>,
    /// Whether keys of labels, as `KEY=`, are possible too.
    pub label_keys: bool,
}

impl Question {
    /// Returns a question answered by commands or flags.
    pub fn known(stem: &str, choices: Vec<Choice>) -> Self {
        let known = choices.into_iter().map(|choice| (choice.text, choice.about)).collect();
        Self { stem: stem.to_owned(), known, ..Self::default() }
    }

    /// Returns a question answered by fixed texts.
    pub fn fixed(stem: &str, texts: &[&str]) -> Self {
        let known = texts.iter().map(|text| ((*text).to_owned(), String::new())).collect();
        Self { stem: stem.to_owned(), known, ..Self::default() }
    }

    /// Returns a question that needs a lookup.
    pub fn wanted(stem: &str, wanted: Wanted) -> Self {
        Self { stem: stem.to_owned(), wanted, ..Self::default() }
    }
}
