//! Indents JSON as Go's `json.Indent`: adds white space; the order of members and the escapes of strings stay.

/// Returns `text`, which must be JSON, with a line for each element; text after the last bracket stays.
pub fn indent(text: &str, step: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    // Whether the latest bracket was an opening one.
    let mut empty = false;
    let end = text.trim_end().len();
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str(step));
    };
    for c in text.get(..end).unwrap_or_default().chars() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        if c.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(c, '}' | ']');
        if closes {
            depth = depth.saturating_sub(1);
        }
        if closes != empty {
            line(depth, &mut out);
        }
        empty = matches!(c, '{' | '[');
        out.push(c);
        match c {
            '{' | '[' => depth += 1,
            ',' => line(depth, &mut out),
            ':' => out.push(' '),
            '"' => in_string = true,
            _ => {}
        }
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_element_has_its_line() {
        assert_eq!(
            indent("{\"b\":{\"x\\\"{\":[1, 2]},\"a\":{},\"c\":[ ],\"d\":\"\\u003c\\\\\"}\n", "  "),
            "{\n  \"b\": {\n    \"x\\\"{\": [\n      1,\n      2\n    ]\n  },\n  \"a\": {},\n  \"c\": [],\n  \"d\": \"\\u003c\\\\\"\n}\n"
        );
        assert_eq!(indent("\"text\"", "  "), "\"text\"");
    }
}
