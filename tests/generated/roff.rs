//! Text as `man` reads it.

/// How long a line of a page's source may be.
const WIDTH: usize = 78;

/// A page that is being written.
#[derive(Default)]
pub struct Page(String);

impl Page {
    /// Writes a request with its arguments, as they are.
    pub fn request(&mut self, line: &str) {
        self.0.push_str(&format!(".{line}\n"));
    }

    pub fn section(&mut self, name: &str) {
        self.request(&format!("SH {name}"));
    }

    /// Writes a paragraph; words between backticks are bold.
    pub fn paragraph(&mut self, text: &str) {
        let mut bold = false;
        let mut line = String::new();
        for word in text.split_whitespace() {
            let mut out = String::new();
            for (at, part) in word.split('`').enumerate() {
                if at > 0 {
                    bold = !bold;
                    out.push_str(if bold { "\\fB" } else { "\\fR" });
                }
                out.push_str(&escaped(part));
            }
            self.word(&mut line, &out);
        }
        self.end(line);
    }

    /// Writes a line of words that are escaped and set in fonts already.
    pub fn fonts(&mut self, text: &str) {
        let mut line = String::new();
        for word in text.split(' ') {
            self.word(&mut line, word);
        }
        self.end(line);
    }

    fn word(&mut self, line: &mut String, word: &str) {
        if !line.is_empty() && line.len() + 1 + word.len() > WIDTH {
            self.end(std::mem::take(line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }

    fn end(&mut self, line: String) {
        if line.starts_with(['.', '\'']) {
            self.0.push_str("\\&");
        }
        self.0.push_str(&line);
        self.0.push('\n');
    }

    /// Writes a term, with its fonts, and what it means.
    pub fn entry(&mut self, term: &str, text: &str) {
        self.request("TP");
        self.0.push_str(term);
        self.0.push('\n');
        for (at, paragraph) in text.split("\n\n").enumerate() {
            if at > 0 {
                // Under the same term.
                self.request("IP");
            }
            self.paragraph(paragraph);
        }
    }

    /// Writes lines as they stand.
    pub fn lines(&mut self, lines: &[&str]) {
        self.request("EX");
        for line in lines {
            let line = escaped(line);
            self.end(line);
        }
        self.request("EE");
    }

    /// Returns the source.
    pub fn done(self) -> String {
        self.0
    }
}

/// Returns text without what roff would read as its own, or set as another character.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for char in text.chars() {
        match char {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            '\'' => out.push_str("\\(aq"),
            '`' => out.push_str("\\(ga"),
            '^' => out.push_str("\\(ha"),
            '~' => out.push_str("\\(ti"),
            '\u{2026}' => out.push_str("..."),
            char if char.is_ascii() => out.push(char),
            char => out.push_str(&format!("\\[u{:04X}]", u32::from(char))),
        }
    }
    out
}

pub fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escaped(text))
}

pub fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escaped(text))
}
