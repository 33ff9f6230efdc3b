//! Converts tokens to statements, after `text/template/parse/parse.go`. The content of actions is in [`pipeline`].

mod pipeline;

use super::ast::{Branch, Invocation, Stmt};
use super::lex::{Kind, Lexer, Token};
use crate::{quote, strconv};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep parentheses and blocks may nest. Go allows more of the former and any number of the latter, on a stack that
/// grows; here they must fit on the stack of a thread.
const MAX_DEPTH: usize = 100;

/// The templates of a text by name: itself, and those that it defines.
pub(super) type Trees = BTreeMap<String, Vec<Stmt>>;

/// Parses a text.
///
/// # Errors
/// Go's text, and the offset of the token that it is about.
pub(super) fn parse(name: &str, text: &str) -> Result<Trees, (String, usize)> {
    let mut parser = Parser {
        name,
        lexer: Lexer::new(text),
        tokens: std::array::from_fn(|_| Token { kind: Kind::Eof, pos: 0, text: Cow::Borrowed(""), line: 0 }),
        peeked: 0,
        scope: Scope::new(),
        trees: Trees::new(),
        depth: 0,
    };
    match parser.root().and_then(|root| parser.add(name, root)) {
        Ok(()) => Ok(parser.trees),
        Err(message) => Err((message, parser.tokens[0].pos)),
    }
}

/// The state of one template while it is parsed.
struct Scope {
    /// The variables that are defined here.
    vars: Vec<String>,
    range_depth: usize,
    /// The line of the current action, 0 outside.
    action_line: usize,
}

impl Scope {
    fn new() -> Self {
        Self { vars: vec!["$".to_owned()], range_depth: 0, action_line: 0 }
    }
}

/// What ends a list of statements.
enum Item {
    Stmt(Stmt),
    End,
    /// With the word that follows it in the same action.
    Else(Option<Kind>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    If,
    With,
    Range,
}

impl Control {
    fn name(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }

    /// Returns the keyword that may follow `else`.
    fn chained(self) -> Option<Kind> {
        match self {
            Self::If => Some(Kind::If),
            Self::With => Some(Kind::With),
            Self::Range => None,
        }
    }
}

struct Parser<'a> {
    name: &'a str,
    lexer: Lexer<'a>,
    /// Three tokens of lookahead, the latest first.
    tokens: [Token<'a>; 3],
    peeked: usize,
    scope: Scope,
    trees: Trees,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Token<'a> {
        if self.peeked > 0 {
            self.peeked -= 1;
        } else {
            self.tokens[0] = self.lexer.next_token();
        }
        self.tokens[self.peeked.min(2)].clone()
    }

    fn backup(&mut self) {
        self.peeked += 1;
    }

    fn peek(&mut self) -> Token<'a> {
        if self.peeked == 0 {
            self.peeked = 1;
            self.tokens[0] = self.lexer.next_token();
        }
        self.tokens[(self.peeked - 1).min(2)].clone()
    }

    fn next_non_space(&mut self) -> Token<'a> {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_non_space(&mut self) -> Token<'a> {
        let token = self.next_non_space();
        self.backup();
        token
    }

    fn error<T>(&self, message: impl AsRef<str>) -> Result<T, String> {
        self.error_at(self.tokens[0].line, message)
    }

    fn error_at<T>(&self, line: usize, message: impl AsRef<str>) -> Result<T, String> {
        Err(format!("template: {}:{line}: {}", self.name, message.as_ref()))
    }

    fn unexpected<T>(&self, token: &Token, context: &str) -> Result<T, String> {
        if token.kind != Kind::Error {
            return self.error(format!("unexpected {} in {context}", token.describe()));
        }
        let line = self.scope.action_line;
        if line == 0 || line == token.line {
            return self.error(token.describe());
        }
        // So that it does not say "action in action".
        let what = if token.text.ends_with(" action") { "" } else { " in action" };
        self.error(format!("{}{what} started at {}:{line}", token.describe(), self.name))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token<'a>, String> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { self.unexpected(&token, context) }
    }

    fn descend<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth >= MAX_DEPTH {
            return self.error("max expression depth exceeded");
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// Adds a template. An empty one is replaced by another of the same name; two that are not empty are an error.
    fn add(&mut self, name: &str, list: Vec<Stmt>) -> Result<(), String> {
        if self.trees.get(name).is_none_or(|old| is_empty(old)) {
            self.trees.insert(name.to_owned(), list);
            return Ok(());
        }
        if is_empty(&list) {
            return Ok(());
        }
        let name = quote::quote(name);
        self.error(format!("template: multiple definition of template {name}"))
    }

    /// Parses the text: a list of statements that may contain definitions.
    fn root(&mut self) -> Result<Vec<Stmt>, String> {
        let mut list = Vec::new();
        while self.peek().kind != Kind::Eof {
            if self.peek().kind == Kind::LeftDelim {
                let delim = self.next();
                if self.next_non_space().kind == Kind::Define {
                    self.definition()?;
                    continue;
                }
                self.tokens[1] = delim;
                self.peeked = 2;
            }
            match self.text_or_action()? {
                Item::Stmt(stmt) => list.push(stmt),
                Item::End => return self.error("unexpected {{end}}"),
                Item::Else(_) => return self.error("unexpected {{else}}"),
            }
        }
        Ok(list)
    }

    fn definition(&mut self) -> Result<(), String> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.scope, Scope::new());
        let token = self.next_non_space();
        let name = self.template_name(&token, CONTEXT)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        let list = match self.list()? {
            (list, Item::End) => list,
            _ => return self.error(format!("unexpected {{{{else}}}} in {CONTEXT}")),
        };
        self.add(&name, list)?;
        self.scope = outer;
        Ok(())
    }

    fn list(&mut self) -> Result<(Vec<Stmt>, Item), String> {
        let mut list = Vec::new();
        while self.peek_non_space().kind != Kind::Eof {
            match self.text_or_action()? {
                Item::Stmt(stmt) => list.push(stmt),
                end => return Ok((list, end)),
            }
        }
        self.error("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Result<Item, String> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Text => Ok(Item::Stmt(Stmt::Text(token.text.into_owned()))),
            Kind::LeftDelim => {
                self.scope.action_line = token.line;
                let item = self.action()?;
                self.scope.action_line = 0;
                Ok(item)
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    fn action(&mut self) -> Result<Item, String> {
        let token = self.next_non_space();
        let stmt = match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => self.loop_control("break", Stmt::Break)?,
            Kind::Continue => self.loop_control("continue", Stmt::Continue)?,
            Kind::Else => return self.else_control(),
            Kind::End => return self.expect(Kind::RightDelim, "end").map(|_| Item::End),
            Kind::If => Stmt::If(self.control(Control::If)?),
            Kind::Range => Stmt::Range(self.control(Control::Range)?),
            Kind::Template => self.template()?,
            Kind::With => Stmt::With(self.control(Control::With)?),
            _ => {
                self.backup();
                self.peek();
                Stmt::Action(self.pipeline("command", Kind::RightDelim)?)
            }
        };
        Ok(Item::Stmt(stmt))
    }

    fn loop_control(&mut self, word: &str, stmt: Stmt) -> Result<Stmt, String> {
        self.expect(Kind::RightDelim, &format!("{{{{{word}}}}}"))?;
        if self.scope.range_depth == 0 {
            return self.error(format!("{{{{{word}}}}} outside {{{{range}}}}"));
        }
        Ok(stmt)
    }

    fn else_control(&mut self) -> Result<Item, String> {
        // "else if" and "else with" leave their second word in the input.
        let next = self.peek_non_space().kind;
        if matches!(next, Kind::If | Kind::With) {
            return Ok(Item::Else(Some(next)));
        }
        self.expect(Kind::RightDelim, "else")?;
        Ok(Item::Else(None))
    }

    fn control(&mut self, control: Control) -> Result<Branch, String> {
        self.descend(|parser| parser.branch(control))
    }

    fn branch(&mut self, control: Control) -> Result<Branch, String> {
        let mark = self.scope.vars.len();
        let pipe = self.pipeline(control.name(), Kind::RightDelim)?;
        if control == Control::Range {
            self.scope.range_depth += 1;
        }
        let (list, end) = self.list()?;
        if control == Control::Range {
            self.scope.range_depth -= 1;
        }
        let else_list = match end {
            // {{else if x}}…{{end}} is {{else}}{{if x}}…{{end}}{{end}}: the last end is implied.
            Item::Else(Some(word)) if control.chained() == Some(word) => {
                self.next_non_space();
                let inner = self.control(control)?;
                Some(vec![if control == Control::If { Stmt::If(inner) } else { Stmt::With(inner) }])
            }
            Item::Else(_) => match self.list()? {
                (list, Item::End) => Some(list),
                _ => return self.error("expected end; found {{else}}"),
            },
            Item::End | Item::Stmt(_) => None,
        };
        self.scope.vars.truncate(mark);
        Ok(Branch { pipe, list, else_list })
    }

    fn block(&mut self) -> Result<Stmt, String> {
        const CONTEXT: &str = "block clause";
        let token = self.next_non_space();
        let name = self.template_name(&token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelim)?;
        let outer = std::mem::replace(&mut self.scope, Scope::new());
        let line = self.tokens[0].line;
        let list = match self.descend(Self::list)? {
            (list, Item::End) => list,
            // Go's error has the line of the block here.
            _ => return self.error_at(line, format!("unexpected {{{{else}}}} in {CONTEXT}")),
        };
        self.add(&name, list)?;
        self.scope = outer;
        Ok(Stmt::Template(Invocation { pos: token.pos, name, pipe: Some(pipe) }))
    }

    fn template(&mut self) -> Result<Stmt, String> {
        const CONTEXT: &str = "template clause";
        let token = self.next_non_space();
        let name = self.template_name(&token, CONTEXT)?;
        let mut pipe = None;
        if self.next_non_space().kind != Kind::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(CONTEXT, Kind::RightDelim)?);
        }
        Ok(Stmt::Template(Invocation { pos: token.pos, name, pipe }))
    }

    fn template_name(&mut self, token: &Token, context: &str) -> Result<String, String> {
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return self.unexpected(token, context);
        }
        match strconv::unquote(&token.text).and_then(|name| String::from_utf8(name).ok()) {
            Some(name) => Ok(name),
            None => self.error(strconv::SYNTAX),
        }
    }
}

/// Returns `true` if there is only white space.
fn is_empty(list: &[Stmt]) -> bool {
    list.iter().all(|stmt| matches!(stmt, Stmt::Text(text) if text.trim().is_empty()))
}
