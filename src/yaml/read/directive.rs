//! Scans directives (`%YAML`, `%TAG`) and tags (`!!str`), as go-yaml v2 does.

use super::{
    problem::Problem,
    scanner::{Kind, Mark, Scanner},
};

type Result<T> = std::result::Result<T, Problem>;

impl Scanner<'_> {
    /// Scans a directive, from its `%` to the end of its line.
    pub(super) fn scan_directive(&mut self, start: Mark) -> Result<Kind> {
        self.skip();
        let mut name = String::new();
        while self.is_alpha() {
            self.read(&mut name);
        }
        if name.is_empty() {
            return self.fail(start, "could not find expected directive name");
        }
        if !self.is_blankz(0) {
            return self.fail(start, "found unexpected non-alphabetical character");
        }
        let kind = match name.as_str() {
            "YAML" => {
                self.skip_blanks();
                let major = self.scan_version_number(start)?;
                if self.byte(0) != b'.' {
                    return self.fail(start, "did not find expected digit or '.' character");
                }
                self.skip();
                Kind::VersionDirective { major, minor: self.scan_version_number(start)? }
            }
            "TAG" => {
                self.skip_blanks();
                let handle = self.scan_tag_handle(start, true)?;
                if !self.is_blank(0) {
                    return self.fail(start, "did not find expected whitespace");
                }
                self.skip_blanks();
                let prefix = self.scan_tag_uri(start, "")?;
                if !self.is_blankz(0) {
                    return self.fail(start, "did not find expected whitespace or line break");
                }
                Kind::TagDirective { handle, prefix }
            }
            _ => return self.fail(start, "found unknown directive name"),
        };
        self.skip_rest_of_line(start)?;
        Ok(kind)
    }

    fn scan_version_number(&mut self, start: Mark) -> Result<u8> {
        let mut value = 0;
        let mut length = 0;
        while self.byte(0).is_ascii_digit() {
            length += 1;
            if length > 2 {
                return self.fail(start, "found extremely long version number");
            }
            value = value * 10 + (self.byte(0) - b'0');
            self.skip();
        }
        if length == 0 {
            return self.fail(start, "did not find expected version number");
        }
        Ok(value)
    }

    /// Scans a tag: `!<uri>`, `!handle!suffix`, `!suffix` or `!`.
    pub(super) fn scan_tag(&mut self, start: Mark) -> Result<Kind> {
        let (handle, suffix) = if self.byte(1) == b'<' {
            self.skip();
            self.skip();
            let suffix = self.scan_tag_uri(start, "")?;
            if self.byte(0) != b'>' {
                return self.fail(start, "did not find the expected '>'");
            }
            self.skip();
            (String::new(), suffix)
        } else {
            let handle = self.scan_tag_handle(start, false)?;
            if handle.len() > 1 && handle.ends_with('!') {
                let suffix = self.scan_tag_uri(start, "")?;
                (handle, suffix)
            } else {
                let suffix = self.scan_tag_uri(start, &handle)?;
                if suffix.is_empty() { (String::new(), "!".to_owned()) } else { ("!".to_owned(), suffix) }
            }
        };
        if !self.is_blankz(0) {
            return self.fail(start, "did not find expected whitespace or line break");
        }
        Ok(Kind::Tag { handle, suffix })
    }

    fn scan_tag_handle(&mut self, start: Mark, directive: bool) -> Result<String> {
        if self.byte(0) != b'!' {
            return self.fail(start, "did not find expected '!'");
        }
        let mut handle = String::new();
        self.read(&mut handle);
        while self.is_alpha() {
            self.read(&mut handle);
        }
        if self.byte(0) == b'!' {
            self.read(&mut handle);
        } else if directive && handle != "!" {
            return self.fail(start, "did not find expected '!'");
        }
        Ok(handle)
    }

    /// Scans the rest of a tag after `head`, which is a `!` and perhaps letters that turned out not to be a handle.
    fn scan_tag_uri(&mut self, start: Mark, head: &str) -> Result<String> {
        let mut uri = head.get(1..).unwrap_or_default().as_bytes().to_vec();
        let mut found = !head.is_empty();
        loop {
            match self.byte(0) {
                b'%' => self.scan_uri_escapes(start, &mut uri)?,
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => self.take(&mut uri),
                byte if b"_-;/?:@&=+$,.!~*'()[]".contains(&byte) => self.take(&mut uri),
                _ => break,
            }
            found = true;
        }
        if !found {
            return self.fail(start, "did not find expected tag URI");
        }
        String::from_utf8(uri).or_else(|_| self.fail(start, "found an incorrect trailing UTF-8 octet"))
    }

    fn take(&mut self, uri: &mut Vec<u8>) {
        uri.push(self.byte(0));
        self.skip();
    }

    /// Scans the escaped octets (`%C3%A4`) of one character.
    fn scan_uri_escapes(&mut self, start: Mark, uri: &mut Vec<u8>) -> Result<()> {
        let mut left = None;
        while left != Some(0) {
            let digits = [self.byte(1), self.byte(2)].map(|byte| char::from(byte).to_digit(16));
            let [Some(high), Some(low)] = digits else {
                return self.fail(start, "did not find URI escaped octet");
            };
            if self.byte(0) != b'%' {
                return self.fail(start, "did not find URI escaped octet");
            }
            let octet = (high * 16 + low) as u8;
            left = match left {
                None => Some(match octet {
                    0x00..=0x7F => 0,
                    0xC0..=0xDF => 1,
                    0xE0..=0xEF => 2,
                    0xF0..=0xF7 => 3,
                    _ => return self.fail(start, "found an incorrect leading UTF-8 octet"),
                }),
                Some(_) if octet & 0xC0 != 0x80 => {
                    return self.fail(start, "found an incorrect trailing UTF-8 octet");
                }
                Some(left) => Some(left - 1),
            };
            uri.push(octet);
            for _ in 0..3 {
                self.skip();
            }
        }
        Ok(())
    }
}
