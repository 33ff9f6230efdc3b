//! Breaks lines at words, in the two ways that kubectl does.

/// Breaks lines that are longer than `limit` between words (`go-wordwrap`). A word that is longer stays whole.
pub fn words(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut word, mut space) = (String::new(), String::new());
    // Counts of characters: of the line so far, of the current word, of the white space before it.
    let (mut line, mut word_length, mut space_length) = (0, 0, 0);
    for char in text.chars() {
        if char == '\n' {
            if word_length > 0 || line + space_length <= limit {
                out.push_str(&space);
            }
            out.push_str(&word);
            out.push('\n');
            word.clear();
            space.clear();
            (line, word_length, space_length) = (0, 0, 0);
        } else if char.is_whitespace() && char != '\u{a0}' {
            if word_length > 0 {
                line += space_length + word_length;
                out.push_str(&space);
                out.push_str(&word);
                word.clear();
                space.clear();
                (word_length, space_length) = (0, 0);
            }
            space.push(char);
            space_length += 1;
        } else {
            word.push(char);
            word_length += 1;
            if line + word_length + space_length > limit && word_length < limit {
                out.push('\n');
                space.clear();
                (line, space_length) = (0, 0);
            }
        }
    }
    if word_length > 0 || line + space_length <= limit {
        out.push_str(&space);
    }
    out.push_str(&word);
    out
}

/// Puts `amount` spaces before each line.
pub fn indented(text: &str, amount: usize) -> String {
    let pad = " ".repeat(amount);
    format!("{pad}{}", text.replace('\n', &format!("\n{pad}")))
}

/// Fills lines up to `limit` bytes. Empty lines, items of lists, code, and text after a colon begin new lines
/// (kubectl's `wrapString`).
pub fn filled(text: &str, limit: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let (mut line, mut last) = (String::new(), "");
    for given in text.split('\n') {
        let code = given.starts_with("    ");
        let empty = !lines.is_empty() && given.trim().is_empty();
        if (code || empty || last.ends_with(':') || given.trim().is_empty() || is_bullet(given.trim()))
            && !line.is_empty()
        {
            lines.push(std::mem::take(&mut line));
            last = "";
        }
        if code || empty {
            lines.push(if code { given.to_owned() } else { String::new() });
            continue;
        }
        for word in given.split_whitespace() {
            if !line.is_empty() && line.len() + 1 + word.len() > limit {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            last = word;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Returns `true` if a line looks like an item of a list: `1. x`, `- x`, `* x`.
fn is_bullet(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = match line.strip_prefix(['-', '*']) {
        Some(rest) => rest,
        None if digits.len() < line.len() => digits.strip_prefix('.').unwrap_or(digits),
        None => return false,
    };
    rest.starts_with([' ', '\t', '\u{c}', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        for (text, broken) in [
            ("one two three", "one two\nthree"),
            ("one  two", "one  two"),
            ("one    two three", "one\ntwo three"),
            ("aaaaaaaaaaaa b", "aaaaaaaaaaaa\nb"),
            ("a aaaaaaaaaaaa", "a\naaaaaaaaaaaa"),
            ("one\n\ntwo\n", "one\n\ntwo\n"),
            ("one two   ", "one two"),
            ("one two  ", "one two  "),
            ("one two four   ", "one two\nfour   "),
            ("é é é é é é", "é é é é é\né"),
        ] {
            assert_eq!(words(text, 9), broken, "{text:?}");
        }
    }

    #[test]
    fn paragraphs_are_filled() {
        assert_eq!(
            filled("a b\nc d e f\n\ng:\nh\n- i j\n    code  x", 5),
            ["a b c", "d e f", "", "g:", "h", "- i j", "    code  x"]
        );
        assert_eq!(filled("toolongword x", 5), ["toolongword", "x"]);
        assert_eq!(filled("\n\nx", 5), ["x"]);
    }
}
