//! Differences on purpose: in which lines ours does something else than kubectl, and why.

use crate::support::Outcome;

/// What both gave for a line.
pub struct Both {
    /// The words of the line.
    pub words: Vec<String>,
    /// What ksecret gave.
    pub ours: Outcome,
    /// What kubectl gave.
    pub theirs: Outcome,
    /// Whether they left the same.
    pub same_left: bool,
}

/// A difference on purpose.
pub struct Known {
    /// Its name, for the counts.
    pub name: &'static str,
    /// Why ours is right; printed beside the count.
    pub reason: &'static str,
    /// Whether a line's difference is this one.
    pub is: fn(&Both) -> bool,
}

/// Every difference on purpose.
pub const KNOWN: &[Known] = &[
    Known {
        name: "force",
        reason: "of the documents of a replace --force that can be created each is; kubectl creates none when one cannot be \
                 deleted, and those that were deleted are gone",
        is: |both| {
            let theirs = both.theirs.stdout.as_str();
            both.ours.exit != 0
                && both.theirs.exit != 0
                && (theirs.contains(" deleted from ") || both.theirs.stderr.contains("error when deleting"))
                && !theirs.contains(" replaced\n")
                && both.ours.stdout.starts_with(theirs)
        },
    },
    Known {
        name: "standard input",
        reason: "standard input is read once: a second - is an error; kubectl's replace --force takes it, and deletes",
        is: |both| {
            let has = |word: &str| both.words.iter().any(|typed| typed.starts_with(word));
            has("replace")
                && has("--force")
                && both.ours.stderr == "error: standard input cannot be used for multiple arguments\n"
        },
    },
    Known {
        name: "printer",
        reason: "an output format that is none is refused before a request; kubectl applies first, and looks only if it prints",
        is: |both| {
            both.ours.exit != 0
                && both.ours.stderr.starts_with("error: unable to match a printer")
                && (both.theirs.stderr.contains("unable to match a printer")
                    || both.theirs.exit != 0
                    || both.theirs.stdout.is_empty())
        },
    },
    Known {
        name: "nameless",
        reason: "an object without a name that can be one is refused before a request; kubectl lists the collection in its place",
        is: |both| {
            let refused = [
                "resource name may not be empty",
                "invalid resource name",
                "invalid namespace",
                "Resource=secrets \"\"\n",
            ];
            both.ours.exit != 0
                && refused.iter().any(|words| {
                    let says_more = both.theirs.stdout.contains(" not found.\n");
                    both.ours.stderr.contains(words) && (says_more || !both.theirs.stderr.contains(words))
                })
                && both.same_left
        },
    },
    Known {
        name: "local",
        reason: "--local names the embedded server; without -f it is not kubectl's flag of that name",
        is: |both| both.words.iter().any(|word| word.starts_with("--local")),
    },
    Known {
        name: "empty value",
        reason: "a flag with a closed set of values has no empty one",
        is: |both| {
            both.words.iter().any(|word| word == "--type=")
                && both.ours.exit == 1
                && both.ours.stderr.contains("--type must be one of")
        },
    },
    Known {
        name: "field selector of files",
        reason: "--field-selector narrows what files name, too: what it excludes was not meant; kubectl ignores it there",
        is: |both| {
            let has = |flags: &[&str]| both.words.iter().any(|word| flags.iter().any(|flag| word.starts_with(flag)));
            has(&["--field-selector"]) && has(&["-f", "--filename"])
        },
    },
    Known {
        name: "selector of files",
        reason: "get -f with a selector shows what has such labels on the server, in every format; kubectl's table has no labels, \
                 so each object matches, or none",
        is: |both| {
            let has = |flags: &[&str]| both.words.iter().any(|word| flags.iter().any(|flag| word.starts_with(flag)));
            both.words.first().is_some_and(|verb| verb == "get")
                && has(&["-l", "--selector"])
                && has(&["-f", "--filename"])
                && !has(&["-o", "--output"])
                && both.same_left
        },
    },
    Known {
        name: "stringData",
        reason: "an apply of what is there says unchanged, with stringData too; kubectl always patches that",
        is: |both| {
            both.words.first().is_some_and(|verb| verb == "apply")
                && both.same_left
                && both.ours.stdout.replace(" unchanged", " configured") == both.theirs.stdout
        },
    },
    Known {
        name: "manager",
        reason: "an empty --field-manager is the default one; with kubectl the server takes the program's name for it",
        is: |both| both.words.iter().any(|word| word == "--field-manager=") && both.ours.stdout == both.theirs.stdout,
    },
    Known {
        name: "sort-by",
        reason: "a field that no object has is an error; kubectl says that there are no objects, or takes the error for names \
                 whose objects have the field",
        is: |both| {
            let words = "couldn't find any field with path";
            both.words.iter().any(|word| word.starts_with("--sort-by="))
                && both.same_left
                && (both.ours.stderr.contains(words) || both.theirs.stderr.contains(words))
        },
    },
    Known {
        name: "order",
        reason: "labels are listed in the order of their names; kubectl lists them in the random order of Go's maps",
        is: |both| {
            let sorted = |text: &str| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            both.words.iter().any(|word| word.starts_with("--list"))
                && both.same_left
                && both.ours.exit == both.theirs.exit
                && sorted(&both.ours.stdout) == sorted(&both.theirs.stdout)
        },
    },
    Known {
        name: "capitals",
        reason: "one bare word that can be no name of a Secret, such as one in capitals, is a kind that the server does not have",
        is: |both| {
            both.ours.exit == both.theirs.exit
                && both.same_left
                && both.ours.stderr.contains("hint: the name of a Secret has lower-case letters")
        },
    },
    Known {
        name: "patched",
        reason: "what patch -f left as it was is said to have no change; kubectl compares with the file",
        is: |both| {
            both.words.first().is_some_and(|verb| verb == "patch")
                && both.same_left
                && both.ours.exit == both.theirs.exit
                && both.ours.stdout.replace(" (no change)", "") == both.theirs.stdout
        },
    },
];
