//! The parsed template. Each node has its position and can be formatted as Go does, for errors.

use super::number::Number;
use crate::quote;
use std::fmt;

/// A statement.
pub(super) enum Stmt {
    Text(String),
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    Template(Invocation),
    Break,
    Continue,
}

/// `if`, `with` or `range`.
pub(super) struct Branch {
    pub(super) pipe: Pipe,
    pub(super) list: Vec<Stmt>,
    pub(super) else_list: Option<Vec<Stmt>>,
}

/// `{{template "name" pipe}}`.
pub(super) struct Invocation {
    pub(super) pos: usize,
    pub(super) name: String,
    pub(super) pipe: Option<Pipe>,
}

/// Commands, each of which gets the result of the one before as its last argument.
pub(super) struct Pipe {
    pub(super) pos: usize,
    /// Whether `declared` are assigned (`=`), not declared (`:=`).
    pub(super) assign: bool,
    /// Variables, with their dollar sign.
    pub(super) declared: Vec<String>,
    pub(super) commands: Vec<Command>,
}

/// A function and its arguments, or one operand. Never empty.
pub(super) struct Command {
    pub(super) pos: usize,
    pub(super) args: Vec<Expr>,
}

/// An operand.
pub(super) struct Expr {
    pub(super) pos: usize,
    pub(super) kind: ExprKind,
}

pub(super) enum ExprKind {
    Bool(bool),
    Nil,
    Dot,
    Number(Number),
    Text(Quoted),
    /// `.a.b`
    Field(Vec<String>),
    /// `$x.a.b`: the variable first.
    Variable(Vec<String>),
    /// A function.
    Identifier(String),
    /// Fields of the result of a function or of a pipeline in parentheses.
    Chain(Box<Expr>, Vec<String>),
    Pipe(Box<Pipe>),
}

/// A string constant: as written, and its bytes, which need not be UTF-8.
pub(super) struct Quoted {
    pub(super) quoted: String,
    pub(super) value: Vec<u8>,
}

/// A node that an error can refer to.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    Template(&'a Invocation),
    Pipe(&'a Pipe),
    Command(&'a Command),
    Expr(&'a Expr),
}

impl Node<'_> {
    pub(super) fn pos(&self) -> usize {
        match self {
            Self::Template(node) => node.pos,
            Self::Pipe(node) => node.pos,
            Self::Command(node) => node.pos,
            Self::Expr(node) => node.pos,
        }
    }
}

impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(node) => node.fmt(f),
            Self::Pipe(node) => node.fmt(f),
            Self::Command(node) => node.fmt(f),
            Self::Expr(node) => node.fmt(f),
        }
    }
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", quote::quote(&self.name))?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.declared.is_empty() {
            f.write_str(&self.declared.join(", "))?;
            f.write_str(if self.assign { " = " } else { " := " })?;
        }
        for (i, command) in self.commands.iter().enumerate() {
            if i > 0 {
                f.write_str(" | ")?;
            }
            command.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, arg) in self.args.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            arg.write_operand(f)?;
        }
        Ok(())
    }
}

impl Expr {
    /// A pipeline is in parentheses if it is an operand, and not if it is alone.
    fn write_operand(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Pipe(pipe) => write!(f, "({pipe})"),
            _ => fmt::Display::fmt(self, f),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Bool(value) => value.fmt(f),
            ExprKind::Nil => f.write_str("nil"),
            ExprKind::Dot => f.write_str("."),
            ExprKind::Number(number) => f.write_str(&number.text),
            ExprKind::Text(text) => f.write_str(&text.quoted),
            ExprKind::Field(names) => names.iter().try_for_each(|name| write!(f, ".{name}")),
            ExprKind::Variable(names) => f.write_str(&names.join(".")),
            ExprKind::Identifier(name) => f.write_str(name),
            ExprKind::Chain(term, names) => {
                term.write_operand(f)?;
                names.iter().try_for_each(|name| write!(f, ".{name}"))
            }
            ExprKind::Pipe(pipe) => pipe.fmt(f),
        }
    }
}
