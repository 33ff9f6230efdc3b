//! Suggestions for a command or a flag that does not exist.

use clap::Command;
use strsim::damerau_levenshtein;

use super::find::Found;

/// Verbs of other programs, and the verb to suggest.
const KNOWN: [(&str, &str); 11] = [
    ("add", "create"),
    ("cat", "decode"),
    ("del", "delete"),
    ("list", "get"),
    ("ls", "get"),
    ("new", "create"),
    ("remove", "delete"),
    ("reveal", "decode"),
    ("rm", "delete"),
    ("show", "get"),
    ("view", "decode"),
];

/// Flags of other programs, and the flag to suggest.
const KNOWN_FLAGS: [(&str, &str); 6] = [
    ("file", "filename"),
    ("format", "output"),
    ("label", "selector"),
    ("labels", "selector"),
    ("lable", "selector"),
    ("ns", "namespace"),
];

/// The number of wrong letters up to which a name is suggested.
const MOST: usize = 2;

/// Returns advice for a word that names no command.
pub(super) fn command(found: &Found, word: &str) -> Option<String> {
    let is_top = found.path.is_empty();
    if is_top && matches!(word, "secret" | "secrets") {
        return Some(format!("the verb comes first: '{} get {word}'", found.called().next().unwrap_or_default()));
    }
    let known = KNOWN.iter().find(|(other, _)| is_top && *other == word).map(|(_, verb)| (*verb).to_owned());
    let verbs = found.command().get_subcommands().filter(|verb| !verb.is_hide_set()).map(Command::get_name);
    // Why: `decode` prints values, so it is not suggested if another verb is nearly as close.
    known.or_else(|| nearest(word, verbs, |verb| usize::from(verb == "decode"))).map(|verb| did_you_mean(&verb))
}

/// Returns advice for a name, without its dashes, that no flag has.
pub(super) fn flag(found: &Found, name: &str) -> Option<String> {
    let shown = || found.scope().flags().filter(|flag| !flag.is_hide_set());
    let flags = || shown().filter_map(|flag| flag.get_long()).chain(["help"]);
    let known = KNOWN_FLAGS.iter().find(|(other, _)| *other == name).map(|(_, flag)| *flag);
    let known = known.filter(|known| flags().any(|flag| flag == *known)).map(str::to_owned);
    known.or_else(|| nearest(name, flags(), |_| 0)).map(|flag| did_you_mean(&format!("--{flag}")))
}

fn did_you_mean(word: &str) -> String {
    format!("did you mean '{word}'?")
}

fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>, farther: impl Fn(&str) -> usize) -> Option<String> {
    let most = MOST.min(word.chars().count() / 3);
    let near = names.filter_map(|name| {
        let distance = damerau_levenshtein(word, name);
        (distance <= most).then(|| (distance + farther(name), name))
    });
    near.min().map(|(_, name)| name.to_owned())
}
