//! Evaluates pipelines, commands and operands.

use super::{Run, copy_steps};
use crate::quote;
use crate::template::ast::{Command, Expr, ExprKind, Node, Pipe};
use crate::template::funcs::{Function, Param};
use crate::template::number::Constant;
use crate::template::value::{Reflected, Value};
use std::borrow::Cow;

type Eval<'a> = Result<Reflected<'a>, String>;

impl<'a> Run<'a> {
    pub(super) fn set_var(&mut self, name: &str, value: &Reflected<'a>) -> Result<(), String> {
        let value = self.kept(value)?;
        match self.vars.iter_mut().rev().find(|(var, _)| *var == name) {
            Some(var) => {
                var.1 = value;
                Ok(())
            }
            None => self.error(format!("undefined variable: {name}")),
        }
    }

    pub(super) fn pipeline(&mut self, dot: &Reflected<'a>, pipe: &'a Pipe) -> Eval<'a> {
        self.deeper()?;
        self.node = Some(Node::Pipe(pipe));
        let mut value = None;
        for command in &pipe.commands {
            value = Some(self.command(dot, command, value)?.elem());
        }
        let value = value.unwrap_or(Reflected::INVALID);
        for name in &pipe.declared {
            if pipe.assign {
                self.set_var(name, &value)?;
            } else {
                let kept = self.kept(&value)?;
                self.vars.push((name, kept));
            }
        }
        self.depth -= 1;
        Ok(value)
    }

    /// Evaluates a command; `last` is the result of the command before, which becomes the last argument.
    fn command(&mut self, dot: &Reflected<'a>, command: &'a Command, last: Option<Reflected<'a>>) -> Eval<'a> {
        let Some(word) = command.args.first() else { return Ok(Reflected::INVALID) };
        self.spend(1)?;
        match &word.kind {
            ExprKind::Identifier(name) => {
                return self.function(dot, word, name, Node::Command(command), &command.args, last);
            }
            ExprKind::Pipe(pipe) => {
                self.not_a_function(&command.args, last.as_ref())?;
                return self.pipeline(dot, pipe);
            }
            ExprKind::Field(_) | ExprKind::Chain(..) | ExprKind::Variable(_) => {
                return self.fields(dot, word, command.args.len() > 1 || last.is_some(), &command.args, last.as_ref());
            }
            _ => {}
        }
        self.node = Some(Node::Expr(word));
        self.not_a_function(&command.args, last.as_ref())?;
        match &word.kind {
            ExprKind::Dot => self.copied(dot),
            ExprKind::Nil => self.error("nil is not a command"),
            _ => self.constant(word),
        }
    }

    fn not_a_function(&self, args: &[Expr], last: Option<&Reflected<'a>>) -> Result<(), String> {
        match args.first() {
            Some(first) if args.len() > 1 || last.is_some() => {
                self.error(format!("can't give argument to non-function {first}"))
            }
            _ => Ok(()),
        }
    }

    /// Returns the value of a constant, for a parameter of any type.
    fn constant(&mut self, expr: &'a Expr) -> Eval<'a> {
        self.node = Some(Node::Expr(expr));
        let value = match &expr.kind {
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Text(text) => Value::Text(Cow::Borrowed(&text.value)),
            ExprKind::Number(number) => match number.value {
                Constant::Int(int) => Value::Int(int),
                Constant::Float(float) => Value::Float(float),
                Constant::Complex(re, im) => Value::Complex(re, im),
                Constant::Overflow => return self.error(format!("{} overflows int", number.text)),
            },
            _ => return self.error(format!("can't handle assignment of {expr} to empty interface argument")),
        };
        Ok(value.into())
    }

    /// Evaluates a field, a variable or a chain, and the fields after it.
    fn fields(
        &mut self,
        dot: &Reflected<'a>,
        expr: &'a Expr,
        has_args: bool,
        args: &'a [Expr],
        last: Option<&Reflected<'a>>,
    ) -> Eval<'a> {
        self.node = Some(Node::Expr(expr));
        let (receiver, names) = match &expr.kind {
            ExprKind::Field(names) => (dot.clone(), names.as_slice()),
            ExprKind::Variable(names) => {
                let (variable, names) = match names.split_first() {
                    Some((variable, names)) => (variable.as_str(), names),
                    None => ("$", names.as_slice()),
                };
                let Some((_, value)) = self.vars.iter().rev().find(|(name, _)| *name == variable) else {
                    return self.error(format!("undefined variable: {variable}"));
                };
                let value = value.clone();
                self.spend(copy_steps(&value))?;
                if names.is_empty() {
                    if has_args {
                        self.not_a_function(args, last)?;
                    }
                    return Ok(value);
                }
                (value, names)
            }
            ExprKind::Chain(term, names) => (self.argument(dot, None, term)?, names.as_slice()),
            _ => (Reflected::INVALID, &[][..]),
        };
        let mut value = receiver;
        for (i, name) in names.iter().enumerate() {
            value = self.field(value, name, has_args && i + 1 == names.len())?;
        }
        Ok(value)
    }

    fn field(&self, receiver: Reflected<'a>, name: &str, has_args: bool) -> Eval<'a> {
        match receiver.value {
            Value::Invalid if self.allow_missing => Ok(Reflected::INVALID),
            Value::Invalid => self.error(format!("nil data; no entry for key {}", quote::quote(name))),
            Value::Nil => self.error(format!("nil pointer evaluating interface {{}}.{name}")),
            Value::Map(_) if has_args => self.error(format!("{name} is not a method but has arguments")),
            Value::Map(map) => match map.get(name) {
                Some(element) => Ok(Reflected::element(element)),
                None if self.allow_missing => Ok(Reflected::INVALID),
                None => self.error(format!("map has no entry for key {}", quote::quote(name))),
            },
            _ => self.error(format!("can't evaluate field {name} in type {}", receiver.type_name())),
        }
    }

    /// Calls a function. `args`, if there are any, begin with its name; errors of the function refer to `node`.
    fn function(
        &mut self,
        dot: &Reflected<'a>,
        expr: &'a Expr,
        name: &'a str,
        node: Node<'a>,
        args: &'a [Expr],
        last: Option<Reflected<'a>>,
    ) -> Eval<'a> {
        self.node = Some(Node::Expr(expr));
        let Some(function) = Function::named(name) else {
            return self.error(format!("{} is not a defined function", quote::quote(name)));
        };
        let args = args.get(1..).unwrap_or_default();
        let (fixed, variadic) = function.signature();
        let count = args.len() + usize::from(last.is_some());
        if variadic.is_some() && count < fixed.len() {
            let message = format!("wrong number of args for {name}: want at least {} got {}", fixed.len(), args.len());
            return self.error(message);
        }
        if variadic.is_none() && count != fixed.len() {
            return self.error(format!("wrong number of args for {name}: want {} got {count}", fixed.len()));
        }
        let param = |i: usize| fixed.get(i).copied().or(variadic).unwrap_or(Param::Any);
        if matches!(function, Function::And | Function::Or) {
            let mut value = Reflected::INVALID;
            for arg in args {
                value = self.argument(dot, Some(Param::Value), arg)?;
                if value.value.truth() == (function == Function::Or) {
                    return Ok(value);
                }
            }
            return Ok(last.unwrap_or(value));
        }
        let mut values = Vec::with_capacity(count);
        for (i, arg) in args.iter().enumerate() {
            values.push(self.argument(dot, Some(param(i)), arg)?);
        }
        let callee = match (function, args.first(), &last) {
            (Function::Call, Some(arg), _) => Node::Expr(arg).to_string(),
            // Why not Go's text: it shows a string itself.
            (Function::Call, None, Some(last)) => format!("<{} Value>", last.value.type_name()),
            _ => String::new(),
        };
        if let Some(last) = last {
            values.push(self.checked(last, Some(param(args.len())))?);
        }
        match function.call(values, &callee, &self.budget) {
            Ok(value) => self.made(value),
            Err(message) => {
                self.node = Some(node);
                self.error(format!("error calling {name}: {message}"))
            }
        }
    }

    /// Evaluates an argument for a parameter; without one, any type is accepted.
    fn argument(&mut self, dot: &Reflected<'a>, param: Option<Param>, expr: &'a Expr) -> Eval<'a> {
        self.node = Some(Node::Expr(expr));
        self.spend(1)?;
        let value = match &expr.kind {
            ExprKind::Dot => self.copied(dot)?,
            ExprKind::Nil if param == Some(Param::Text) => return self.error("cannot assign nil to string"),
            ExprKind::Nil => return Ok(Reflected::INVALID),
            ExprKind::Field(_) | ExprKind::Variable(_) | ExprKind::Chain(..) => {
                self.fields(dot, expr, false, &[], None)?
            }
            ExprKind::Pipe(pipe) => self.pipeline(dot, pipe)?,
            ExprKind::Identifier(name) => self.function(dot, expr, name, Node::Expr(expr), &[], None)?,
            ExprKind::Bool(_) | ExprKind::Number(_) if param == Some(Param::Text) => {
                return self.error(format!("expected string; found {expr}"));
            }
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text(_) => return self.constant(expr),
        };
        self.checked(value, param)
    }

    /// Checks that a value fits a parameter.
    fn checked(&self, value: Reflected<'a>, param: Option<Param>) -> Eval<'a> {
        if param != Some(Param::Text) {
            return Ok(value);
        }
        match value.value {
            Value::Text(_) => Ok(value.elem()),
            Value::Invalid => self.error("invalid value; expected string"),
            value => self.error(format!("wrong type for value; expected string; got {}", value.type_name())),
        }
    }
}
