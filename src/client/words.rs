//! Others' words, made fit for a terminal.

/// Text of somebody else without what a terminal would obey: control characters (lines and tabs may stay) and those that
/// change the direction of writing.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            // As terminals show them: ^[ for escape.
            '\0'..='\u{1f}' => out.extend(['^', char::from(u32::from(c) as u8 + b'@')]),
            '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_terminal_obeys_nobody_else() {
        assert_eq!(super::printable("a\u{1b}[31m\r\n\tb\u{202e}\u{9b}ü"), "a^[[31m^M\n\tb\\u202e\\u009bü");
    }
}
