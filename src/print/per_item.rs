//! Recognises templates over a list that can run on one item after the other, because they are one pass over `.items`.
//! Then the list need not be held. All other templates run on the whole list.

/// How the outputs for single items are joined to the output for the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerItem {
    /// Concatenated: the template is a loop.
    Concatenated,
    /// With a space between results: the template is one expression.
    Joined,
}

/// Recognises a jsonpath template: `{.items[*].a.b}`, `{.items[?(@.a=="b")].c}`, `{range .items[*]}…{end}`.
pub fn of_jsonpath(text: &str) -> Option<PerItem> {
    let mut actions = Actions { rest: text, open: "{", close: "}", quotes: &['"', '\''] };
    let first = actions.next()?;
    if let Some(path) = first.strip_prefix("range ") {
        let path = after_items(path.trim())?;
        let looped = is_plain(path)
            && ends_with_its_end(actions, |action| {
                let keyword = action.split(' ').next().unwrap_or_default();
                let step = i32::from(keyword == "range") - i32::from(action == "end");
                (!unquoted(action, &['"', '\'']).contains('$')).then_some(step)
            });
        return looped.then_some(PerItem::Concatenated);
    }
    (actions.rest.is_empty() && is_plain(after_items(first)?)).then_some(PerItem::Joined)
}

/// Recognises a Go template: `{{range .items}}…{{end}}`.
pub fn of_gotemplate(text: &str) -> Option<PerItem> {
    let mut actions = Actions { rest: text, open: "{{", close: "}}", quotes: &['"', '`', '\''] };
    let first = without_trim_markers(actions.next()?);
    if first.strip_prefix("range ")?.trim() != ".items" {
        return None;
    }
    let mut depth = 1;
    let looped = ends_with_its_end(actions, |action| {
        let bare = unquoted(without_trim_markers(action), &['"', '`', '\'']);
        let keyword = bare.split([' ', '(']).next().unwrap_or_default();
        let step = match keyword {
            "if" | "with" | "range" => 1,
            "end" => -1,
            "break" | "define" | "template" | "block" => return None,
            "else" if depth == 1 => return None,
            _ if bare.contains('$') || bare.contains("/*") => return None,
            _ => 0,
        };
        depth += step;
        (!bare.contains('$')).then_some(step)
    });
    looped.then_some(PerItem::Concatenated)
}

/// Returns an action of a Go template without its trim markers (`-`).
fn without_trim_markers(action: &str) -> &str {
    let action = action.strip_prefix("- ").unwrap_or(action);
    action.strip_suffix(" -").unwrap_or(action).trim()
}

/// Returns the part of a path after `.items[*]` or `.items[?(…)]`.
fn after_items(path: &str) -> Option<&str> {
    let path = path.strip_prefix(['$', '@']).unwrap_or(path).strip_prefix(".items[")?;
    if let Some(rest) = path.strip_prefix("*]") {
        return Some(rest);
    }
    let (filter, rest) = path.strip_prefix("?(")?.split_once(")]")?;
    (!filter.contains(['$', '{', '}', '['])).then_some(rest)
}

/// Returns `true` if no part of a path visits several values in an order of its own.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|b| {
        b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'\\' | b'*' | b'[' | b']' | b':' | b'/')
    })
}

/// Returns `true` if the loop that was just opened ends at the end of the template. `step` returns by how much an
/// action changes the depth, or `None` if it must not occur.
fn ends_with_its_end(mut actions: Actions, mut step: impl FnMut(&str) -> Option<i32>) -> bool {
    let mut depth = 1;
    while depth > 0 {
        let Some(change) = actions.find_in_text().and_then(&mut step) else { return false };
        depth += change;
    }
    actions.rest.is_empty()
}

fn unquoted(action: &str, quotes: &[char]) -> String {
    let mut out = String::new();
    let mut rest = action;
    while let Some(at) = rest.find(quotes) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = end_of_quotes(rest) else { break };
        rest = &rest[end..];
    }
    out + rest
}

/// Returns the length of the quoted text at the beginning of `text`.
fn end_of_quotes(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            _ if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The actions of a template, one after the other.
struct Actions<'t> {
    rest: &'t str,
    open: &'static str,
    close: &'static str,
    quotes: &'static [char],
}

impl<'t> Actions<'t> {
    /// Returns the next action if it follows directly.
    fn next(&mut self) -> Option<&'t str> {
        let body = self.rest.strip_prefix(self.open)?;
        let mut at = 0;
        loop {
            let here = &body[at..];
            let close = here.find(self.close)?;
            match here.find(self.quotes).filter(|quote| *quote < close) {
                Some(quote) => at += quote + end_of_quotes(&here[quote..])?,
                None => {
                    self.rest = &here[close + self.close.len()..];
                    return Some(body[..at + close].trim());
                }
            }
        }
    }

    /// Returns the next action, skipping text before it.
    fn find_in_text(&mut self) -> Option<&'t str> {
        self.rest = &self.rest[self.rest.find(self.open)?..];
        self.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jsonpath_that_goes_over_the_items_once() {
        use PerItem::{Concatenated, Joined};
        for (text, want) in [
            ("{.items[*].metadata.name}", Some(Joined)),
            ("{ $.items[*].data.tls\\.crt }", Some(Joined)),
            ("{.items[?(@.type==\"Opaque\")].metadata.name}", Some(Joined)),
            ("{.items[*]}", Some(Joined)),
            ("{range .items[*]}{.metadata.name}={.type};{end}", Some(Concatenated)),
            ("{range .items[*]}{.metadata.name}{\"}\\n\"}{range .a[*]}x{end}{end}", Some(Concatenated)),
            ("{.items[0].metadata.name}", None),
            ("{.items[*]['a','b']}", None),
            ("{.items[*].a}{.items[*].b}", None),
            ("{.items[*].a} ", None),
            ("x{.items[*].a}", None),
            ("{.items}", None),
            ("{..name}", None),
            ("{range .items[*]}{$.kind}{end}", None),
            ("{range .items[*]}{.a}{end}{.kind}", None),
            ("{range .items[*]}{.a}", None),
            ("{range .items[*]}{.a}{end}\n", None),
            ("plain", None),
        ] {
            assert_eq!(of_jsonpath(text), want, "{text}");
        }
    }

    #[test]
    fn go_templates_that_go_over_the_items_once() {
        for (text, want) in [
            ("{{range .items}}{{.metadata.name}}\n{{end}}", true),
            ("{{- range .items -}} {{ .metadata.name }} {{- end -}}", true),
            ("{{range .items}}{{if .data}}a{{else}}b{{end}}{{\"}}$\"}}{{end}}", true),
            ("{{range .items}}{{with .a}}{{.}}{{end}}{{else}}none{{end}}", false),
            ("{{range $i, $s := .items}}x{{end}}", false),
            ("{{range .items}}{{$.kind}}{{end}}", false),
            ("{{range .items}}{{if $}}{{end}}{{end}}", false),
            ("{{range .items}}{{break}}{{end}}", false),
            ("{{range .items}}x{{end}} ", false),
            ("{{range .items}}x{{end}}{{end}}", false),
            ("{{range .items}}x", false),
            ("{{.kind}}", false),
        ] {
            assert_eq!(of_gotemplate(text).is_some(), want, "{text}");
        }
    }
}
