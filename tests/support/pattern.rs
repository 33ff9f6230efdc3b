//! Comparing text with a recording in which what changes from run to run is written as `{uid}`, `{age}` and so on.

/// What a test knows of its own run.
pub struct Known<'a> {
    /// For `{ns}`.
    pub namespace: &'a str,
    /// For `{ns2}`: the second namespace, where there is one.
    pub second: &'a str,
    /// For `{cwd}`.
    pub cwd: &'a str,
}

enum Piece {
    Text(String),
    /// One or more characters of a class.
    Some(fn(char) -> bool),
    /// A path, or nothing.
    Any,
    Program,
    /// An age in a table cell, with the padding that follows it: padding shrinks when the age grows.
    Age(usize),
}

/// Whether `actual` is what `recorded` describes.
pub fn matches(recorded: &str, actual: &str, known: &Known) -> bool {
    let actual: Vec<char> = actual.chars().collect();
    fits(&pieces(recorded, known), &actual)
}

fn pieces(recorded: &str, known: &Known) -> Vec<Piece> {
    let text = recorded
        .replace("{prog}.kubernetes.io", "kubectl.kubernetes.io")
        .replace("{ns}", known.namespace)
        .replace("{ns2}", known.second)
        .replace("{cwd}", known.cwd);
    let mut pieces = Vec::new();
    let mut rest = text.as_str();
    let marks = ["{uid}", "{rv}", "{time}", "{age}", "{tmp}", "{server}", "{random}", "{long}", "{prog}"];
    while let Some((at, mark)) = marks.iter().filter_map(|m| rest.find(m).map(|at| (at, *m))).min() {
        pieces.push(Piece::Text(rest[..at].to_owned()));
        rest = &rest[at + mark.len()..];
        pieces.push(match mark {
            "{uid}" => Piece::Some(|c| c.is_ascii_hexdigit() || c == '-'),
            "{rv}" => Piece::Some(|c| c.is_ascii_digit()),
            "{time}" => Piece::Some(|c| c.is_ascii_alphanumeric() || "-:.\" +".contains(c)),
            "{random}" => Piece::Some(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
            "{long}" => Piece::Some(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)),
            "{server}" => Piece::Some(|c| !c.is_whitespace() && c != '"'),
            "{prog}" => Piece::Program,
            "{age}" => {
                let spaces = rest.len() - rest.trim_start_matches(' ').len();
                rest = &rest[spaces..];
                Piece::Age(spaces)
            }
            _ => Piece::Any,
        });
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

fn fits(pieces: &[Piece], actual: &[char]) -> bool {
    let Some((first, others)) = pieces.split_first() else { return actual.is_empty() };
    let after = |n: usize| fits(others, &actual[n..]);
    match first {
        Piece::Text(text) => {
            let text: Vec<char> = text.chars().collect();
            actual.starts_with(&text) && after(text.len())
        }
        Piece::Some(class) => {
            let most = actual.iter().take_while(|c| class(**c)).count();
            (1..=most).rev().any(after)
        }
        Piece::Any => (0..=actual.len()).any(after),
        Piece::Program => ["ksecret", "kubectl"].iter().any(|name| {
            let name: Vec<char> = name.chars().collect();
            actual.starts_with(&name) && after(name.len())
        }),
        Piece::Age(spaces) => {
            let age = actual.iter().take_while(|c| c.is_ascii_digit() || "smhdy".contains(**c)).count();
            let padding = actual[age..].iter().take_while(|c| **c == ' ').count();
            // Recorded ages are two characters wide; a longer one eats padding, down to the three between columns.
            let width = if *spaces == 0 { age } else { (2 + spaces).max(age + 3) };
            age > 0 && (age + padding == width) && after(age + padding)
        }
    }
}
