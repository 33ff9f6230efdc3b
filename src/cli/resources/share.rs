//! Divides resource words between this program and another one, which handles the other kinds.

use super::{is_kind, resource_word, unique};

/// How the words after a verb are divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// All name kinds of this program, or are not valid.
    Ours,
    /// One word that may be the name of a Secret, or a kind that the cluster adds.
    Bare,
    /// All name other kinds.
    Theirs,
    /// Both are named. Each part is complete by itself.
    Both {
        /// The words for the kinds of this program.
        ours: Vec<String>,
        /// The words for the other kinds.
        theirs: Vec<String>,
        /// Whether the first word is one of `ours`.
        ours_first: bool,
    },
}

/// Divides resource words, which are read as [`super::parse`] reads them.
pub fn share(words: &[String]) -> Share {
    if words.iter().any(|word| word.contains('/')) {
        let kind = |word: &str| word.split_once('/').map(|(kind, _)| kind.to_owned()).unwrap_or_default();
        if words.iter().any(|word| word.matches('/').count() != 1 || kind(word).is_empty() || kind(word).contains(','))
        {
            return Share::Ours;
        }
        return divide(words.to_vec(), |word| resource_word(&kind(word)).is_some(), <[String]>::to_vec);
    }
    let Some((first, names)) = words.split_first() else { return Share::Ours };
    if names.is_empty() && !is_kind(first) && !first.contains(',') {
        return if first.is_empty() { Share::Ours } else { Share::Bare };
    }
    let kinds = unique(first).into_iter().map(str::to_owned).collect();
    let spell = |kinds: &[String]| [&[kinds.join(",")], names].concat();
    divide(kinds, |kind| resource_word(kind).is_some(), spell)
}

fn divide(all: Vec<String>, is_ours: impl Fn(&str) -> bool, spell: impl Fn(&[String]) -> Vec<String>) -> Share {
    let ours_first = all.first().is_some_and(|first| is_ours(first));
    let (ours, theirs): (Vec<String>, Vec<String>) = all.into_iter().partition(|word| is_ours(word));
    match (ours.as_slice(), theirs.as_slice()) {
        (_, []) => Share::Ours,
        ([], _) => Share::Theirs,
        (ours, theirs) => Share::Both { ours: spell(ours), theirs: spell(theirs), ours_first },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> String {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        match share(&words) {
            Share::Ours => "ours".to_owned(),
            Share::Bare => "bare".to_owned(),
            Share::Theirs => "theirs".to_owned(),
            Share::Both { ours, theirs, ours_first } => {
                let (ours, theirs) = (ours.join(" "), theirs.join(" "));
                if ours_first { format!("{ours} | {theirs}") } else { format!("{theirs} ! {ours}") }
            }
        }
    }

    #[test]
    fn words_divide_by_their_kinds() {
        for line in ["", "secret", "secret a", "secret,ns a b", "secret/a ns/b", "secret/a/b", "deploy web/a"] {
            assert_eq!(of(line), "ours", "{line}");
        }
        for line in ["deploy", "deployment web", "certificates a", "all", "po/a deploy/b", "x.example.com/y", "cm,foo"]
        {
            assert_eq!(of(line), "theirs", "{line}");
        }
        for line in ["db", "certificates", "db.example.com"] {
            assert_eq!(of(line), "bare", "{line}");
        }
        for (line, divided) in [
            ("secret,configmap", "secret | configmap"),
            ("cm,secret,svc,ns", "cm,svc ! secret,ns"),
            ("secret,cm a b", "secret a b | cm a b"),
            ("deploy/web secret/db ns/x", "deploy/web ! secret/db ns/x"),
            ("secret,all", "secret | all"),
        ] {
            assert_eq!(of(line), divided, "{line}");
        }
    }
}
