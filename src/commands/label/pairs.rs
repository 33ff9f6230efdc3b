//! The words of `label` and `annotate`: resources first, then `KEY=VALUE` and `KEY-`.

use go::quote::quote;

use super::field::Field;
use crate::{
    error::{Error, Result},
    secret::validate,
};

/// The keys to set and to remove.
#[derive(Default)]
pub struct Change {
    /// Keys with their values. Of equal keys the last one counts.
    pub set: Vec<(String, String)>,
    pub removed: Vec<String>,
}

impl Change {
    /// Returns whether there is neither.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.removed.is_empty()
    }

    /// Refuses an annotation that is both set and removed (kubectl's `validateAnnotations`).
    ///
    /// # Errors
    /// One error that names all of them.
    pub fn check(&self) -> Result<()> {
        let both: Vec<&str> = self.removed.iter().map(String::as_str).filter(|key| self.sets(key)).collect();
        match both.is_empty() {
            true => Ok(()),
            false => Err(Error::new(format!(
                "can not both modify and remove the following annotation(s) in the same command: {}",
                both.join(", ")
            ))),
        }
    }

    fn sets(&self, key: &str) -> bool {
        self.set.iter().any(|(set, _)| set == key)
    }
}

/// Returns whether the word is `KEY=VALUE` or `KEY-`.
pub fn is_change(word: &str) -> bool {
    (word.contains('=') && !word.starts_with('=')) || (word.ends_with('-') && word != "-")
}

/// Splits the words (kubectl's `GetResourcesAndPairs`, `parseLabels` and `ParsePairs`).
///
/// # Errors
/// A resource after a change, a label with an invalid value, a label that is both set and removed.
pub fn split(words: &[String], map: Field) -> Result<(Vec<String>, Change)> {
    let first = words.iter().position(|word| is_change(word)).unwrap_or(words.len());
    let (resources, pairs) = words.split_at(first);
    if let Some(word) = pairs.iter().find(|word| !is_change(word)) {
        let noun = map.noun();
        return Err(Error::new(format!("all resources must be specified before {noun} changes: {word}")));
    }
    let mut change = Change::default();
    for pair in pairs {
        match pair.split_once('=') {
            Some((key, value)) => {
                if map == Field::Labels {
                    check_label(pair, value)?;
                }
                change.set.retain(|(set, _)| set != key);
                change.set.push((key.to_owned(), value.to_owned()));
            }
            None => change.removed.push(pair.strip_suffix('-').unwrap_or(pair).to_owned()),
        }
    }
    if map == Field::Labels && change.removed.iter().any(|key| change.sets(key)) {
        return Err(Error::new("can not both modify and remove a label in the same command"));
    }
    Ok((resources.to_vec(), change))
}

fn check_label(pair: &str, value: &str) -> Result<()> {
    if value.contains('=') {
        return Err(Error::new(format!("invalid label spec: {pair}")));
    }
    let wrong = validate::names::label_value(value);
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!("invalid label value: {}: {}", quote(pair), wrong.join(";"))))
}
