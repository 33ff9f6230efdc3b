//! The queue of tokens, in which one may still turn out to begin a simple key, and the indentation that opens and
//! closes block collections.

use super::{
    limits::MAX_DEPTH,
    problem::Problem,
    scanner::{Kind, Mark, Scanner, SimpleKey, Token},
};

type Result<T> = std::result::Result<T, Problem>;

impl Scanner<'_> {
    pub(super) fn push(&mut self, kind: Kind, start: Mark) {
        self.tokens.push_back(Token { kind, start });
    }

    pub(super) fn insert(&mut self, number: usize, kind: Kind, start: Mark) {
        let at = number.saturating_sub(self.tokens_parsed).min(self.tokens.len());
        self.tokens.insert(at, Token { kind, start });
    }

    /// Fetches tokens until the first one of the queue is final, because no simple key can begin with it any more.
    pub(super) fn fetch_more_tokens(&mut self) -> Result<()> {
        while (self.tokens.is_empty() || self.head_may_be_key()?) && !self.ended {
            self.fetch_next_token()?;
        }
        Ok(())
    }

    /// Returns `true` if the first token of the queue may begin a simple key. Keys are in the order of their tokens.
    pub(super) fn head_may_be_key(&mut self) -> Result<bool> {
        let head = self.tokens_parsed;
        let first = self.simple_keys.partition_point(|key| key.token_number < head);
        for at in first..self.simple_keys.len() {
            if self.simple_keys.get(at).is_none_or(|key| key.token_number != head) {
                break;
            }
            if self.key_is_valid(at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns `true` if a simple key is still possible: it must be on one line and have at most 1024 characters.
    pub(super) fn key_is_valid(&mut self, at: usize) -> Result<bool> {
        let now = self.mark;
        let Some(key) = self.simple_keys.get_mut(at).filter(|key| key.possible) else { return Ok(false) };
        if key.mark.line < now.line || key.mark.index + 1024 < now.index {
            if key.required {
                return Err(Problem::scanner("could not find expected ':'", key.mark, now));
            }
            key.possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    pub(super) fn save_simple_key(&mut self) -> Result<()> {
        if self.simple_key_allowed {
            let required = self.flow_level == 0 && self.indent == self.mark.column as isize;
            self.remove_simple_key()?;
            let token_number = self.tokens_parsed + self.tokens.len();
            if let Some(last) = self.simple_keys.last_mut() {
                *last = SimpleKey { possible: true, required, token_number, mark: self.mark };
            }
        }
        Ok(())
    }

    pub(super) fn remove_simple_key(&mut self) -> Result<()> {
        let now = self.mark;
        if let Some(key) = self.simple_keys.last_mut() {
            if key.possible && key.required {
                return Err(Problem::scanner("could not find expected ':'", key.mark, now));
            }
            key.possible = false;
        }
        Ok(())
    }

    /// Opens a block collection if the column is deeper than the current indentation.
    pub(super) fn roll_indent(&mut self, column: usize, number: Option<usize>, kind: Kind, mark: Mark) -> Result<()> {
        if self.flow_level == 0 && self.indent < column as isize {
            self.indents.push(self.indent);
            self.indent = column as isize;
            if self.indents.len() > MAX_DEPTH {
                return Err(Problem::too_deep(self.mark));
            }
            match number {
                Some(number) => self.insert(number, kind, mark),
                None => self.push(kind, mark),
            }
        }
        Ok(())
    }

    /// Closes the block collections that are indented deeper than the column.
    pub(super) fn unroll_indent(&mut self, column: isize) {
        while self.flow_level == 0 && self.indent > column {
            self.push(Kind::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
