//! Selects the style of a string: plain if its type and characters allow that, otherwise quoted or a block.

use super::implicit;

/// The styles of a scalar. libyaml's folded style is never selected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

impl Style {
    /// Returns the style that go-yaml's `stringv` selects, as corrected by libyaml's `analyze_scalar` and
    /// `select_scalar_style`.
    pub fn of(text: &str, simple_key: bool) -> Self {
        let wanted = if text.contains('\n') {
            Style::Literal
        } else if implicit::is_string(text) && !(simple_key && text == "<<") {
            Style::Plain
        } else {
            Style::Double
        };
        let allowed = Allowed::of(text);
        match wanted {
            // A simple key is on one line, so it is never literal.
            Style::Literal if allowed.block => Style::Literal,
            Style::Plain if allowed.plain => Style::Plain,
            Style::Plain if allowed.single => Style::Single,
            _ => Style::Double,
        }
    }
}

pub fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// The styles that can represent a string outside of flow collections (libyaml's `analyze_scalar`).
struct Allowed {
    plain: bool,
    single: bool,
    block: bool,
}

impl Allowed {
    fn of(text: &str) -> Self {
        let (mut special, mut break_space, mut space_break, mut line_breaks) = (false, false, false, false);
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut after_space, mut after_break, mut after_white) = (false, false, true);
        let mut chars = text.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            let before_white = chars.peek().is_none_or(|next| is_blank(*next));
            indicators |= match c {
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => first,
                '#' => first || after_white,
                '?' | '-' => first && before_white,
                ':' => before_white,
                _ => false,
            };
            special |= !is_printable(c);
            if c == ' ' {
                break_space |= after_break;
            } else if is_break(c) {
                line_breaks = true;
                space_break |= after_space;
            }
            (after_space, after_break) = (c == ' ', is_break(c));
            after_white = is_blank(c) || is_break(c) || c == '\0';
            first = false;
        }
        let edge = |c: Option<char>| c.is_some_and(|c| c == ' ' || is_break(c));
        let at_edges = edge(text.chars().next()) || edge(text.chars().next_back());
        let single = !break_space && !space_break && !special;
        Self {
            plain: single && !at_edges && !line_breaks && !indicators,
            single,
            block: !text.ends_with(' ') && !space_break && !special,
        }
    }
}
