//! Parses pipelines, commands, operands and terms.

use super::Parser;
use crate::template::ast::{Command, Expr, ExprKind, Pipe, Quoted};
use crate::template::funcs::Function;
use crate::template::lex::{Kind, Token};
use crate::template::number::Number;
use crate::{quote, strconv};

impl Parser<'_> {
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe, String> {
        let pos = self.peek_non_space().pos;
        let mut pipe = Pipe { pos, assign: false, declared: Vec::new(), commands: Vec::new() };
        while self.declaration(&mut pipe, context)? {}
        loop {
            let token = self.next_non_space();
            match token.kind {
                kind if kind == end => {
                    self.check_pipeline(&pipe, context)?;
                    return Ok(pipe);
                }
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                _ => return self.unexpected(&token, context),
            }
        }
    }

    /// Parses a variable that is declared or assigned; returns `true` if another one follows.
    fn declaration(&mut self, pipe: &mut Pipe, context: &str) -> Result<bool, String> {
        let variable = self.peek_non_space();
        if variable.kind != Kind::Variable {
            return Ok(false);
        }
        self.next();
        // White space is a token, so three tokens are needed to see that "$x foo" is not a declaration.
        let after = self.peek();
        let next = self.peek_non_space();
        let comma = next.kind == Kind::Char && next.text == ",";
        if comma || matches!(next.kind, Kind::Assign | Kind::Declare) {
            self.next_non_space();
            let name = variable.text.into_owned();
            self.scope.vars.push(name.clone());
            pipe.declared.push(name);
            if !comma {
                pipe.assign = next.kind == Kind::Assign;
                return Ok(false);
            }
            if context != "range" || pipe.declared.len() >= 2 {
                return self.error(format!("too many declarations in {context}"));
            }
            return match self.peek_non_space().kind {
                Kind::Variable | Kind::RightDelim | Kind::RightParen => Ok(true),
                _ => self.error("range can only initialize variables"),
            };
        }
        if after.kind == Kind::Space {
            self.tokens[1] = after;
            self.tokens[2] = variable;
            self.peeked = 3;
        } else {
            self.tokens[1] = variable;
            self.peeked = 2;
        }
        Ok(false)
    }

    fn check_pipeline(&self, pipe: &Pipe, context: &str) -> Result<(), String> {
        if pipe.commands.is_empty() {
            return self.error(format!("missing value for {context}"));
        }
        // Only the first command may be a constant.
        for (i, command) in pipe.commands.iter().enumerate().skip(1) {
            if let Some(ExprKind::Bool(_) | ExprKind::Dot | ExprKind::Nil | ExprKind::Number(_) | ExprKind::Text(_)) =
                command.args.first().map(|arg| &arg.kind)
            {
                return self.error(format!("non executable command in pipeline stage {}", i + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command, String> {
        let mut command = Command { pos: self.peek_non_space().pos, args: Vec::new() };
        loop {
            self.peek_non_space();
            command.args.extend(self.operand()?);
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.backup(),
                Kind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if command.args.is_empty() {
            return self.error("empty command");
        }
        Ok(command)
    }

    /// Parses a term and the fields after it; returns `None` if the next token begins none.
    fn operand(&mut self) -> Result<Option<Expr>, String> {
        let Some(term) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            fields.push(field_name(&self.next()));
        }
        let kind = match term.kind {
            ExprKind::Field(mut names) => {
                names.append(&mut fields);
                ExprKind::Field(names)
            }
            ExprKind::Variable(mut names) => {
                names.append(&mut fields);
                ExprKind::Variable(names)
            }
            ExprKind::Identifier(_) | ExprKind::Chain(..) | ExprKind::Pipe(_) => {
                ExprKind::Chain(Box::new(term), fields)
            }
            _ => {
                let term = quote::quote_bytes(term.to_string().as_bytes(), false);
                return self.error(format!("unexpected . after term {term}"));
            }
        };
        Ok(Some(Expr { pos: first.pos, kind }))
    }

    fn term(&mut self) -> Result<Option<Expr>, String> {
        let token = self.next_non_space();
        let kind = match token.kind {
            Kind::Identifier => {
                if Function::named(&token.text).is_none() {
                    let name = quote::quote(&token.text);
                    return self.error(format!("function {name} not defined"));
                }
                ExprKind::Identifier(token.text.into_owned())
            }
            Kind::Dot => ExprKind::Dot,
            Kind::Nil => ExprKind::Nil,
            Kind::Variable => {
                if !self.scope.vars.iter().any(|name| *name == token.text) {
                    let name = quote::quote(&token.text);
                    return self.error(format!("undefined variable {name}"));
                }
                ExprKind::Variable(vec![token.text.into_owned()])
            }
            Kind::Field => ExprKind::Field(vec![field_name(&token)]),
            Kind::Bool => ExprKind::Bool(token.text == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => match Number::parse(&token.text, token.kind) {
                Ok(number) => ExprKind::Number(number),
                Err(message) => return self.error(message),
            },
            Kind::LeftParen => {
                let pipe = self.descend(|parser| parser.pipeline("parenthesized pipeline", Kind::RightParen))?;
                ExprKind::Pipe(Box::new(pipe))
            }
            Kind::String | Kind::RawString => match strconv::unquote(&token.text) {
                Some(value) => ExprKind::Text(Quoted { quoted: token.text.into_owned(), value }),
                None => return self.error(strconv::SYNTAX),
            },
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        // A pipeline in parentheses has the position of its first token.
        let pos = match &kind {
            ExprKind::Pipe(pipe) => pipe.pos,
            _ => token.pos,
        };
        Ok(Some(Expr { pos, kind }))
    }
}

fn field_name(token: &Token) -> String {
    token.text.strip_prefix('.').unwrap_or(&token.text).to_owned()
}
