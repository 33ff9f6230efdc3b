//! Executes templates, statement by statement, after `text/template/exec.go`. Expressions are in [`eval`].

mod eval;

use super::Template;
use super::ast::{Branch, Invocation, Node, Stmt};
use super::fmt;
use super::sink::Sink;
use super::value::{Reflected, Value};
use crate::{limits::Budget, quote};
use std::borrow::Cow;

/// How deep templates, blocks and parentheses may nest during execution: enough for a template that calls itself for
/// every level of JSON. Go allows 100,000, on a stack that grows; here they must fit on the stack of a thread.
const MAX_DEPTH: usize = 300;

/// Returns how many bytes of a value are in neither an object nor a template.
fn made_bytes(value: &Reflected) -> usize {
    if let Value::Text(Cow::Owned(text)) = &value.value { text.len() } else { 0 }
}

/// Returns how many steps copying a value takes. Why: a string that a function returned is copied byte by byte.
fn copy_steps(value: &Reflected) -> usize {
    made_bytes(value) / 64
}

/// Why a list of statements was left early.
enum Stop {
    Error(String),
    Break,
    Continue,
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

/// The execution of a template on an object.
pub(super) struct Run<'a> {
    template: &'a Template,
    allow_missing: bool,
    out: Sink,
    budget: Budget,
    /// The name of the current template.
    name: &'a str,
    /// The node that an error would refer to.
    node: Option<Node<'a>>,
    vars: Vec<(&'a str, Reflected<'a>)>,
    depth: usize,
}

impl<'a> Run<'a> {
    /// Executes the template; returns its output so far, and the error that ended it, if there was one.
    pub(super) fn run(template: &'a Template, data: Reflected<'a>, allow_missing: bool) -> (Vec<u8>, Option<String>) {
        let vars = vec![("$", data.clone())];
        let name = super::NAME;
        let (out, budget) = (Sink::new(template.limits.bytes), Budget::new(template.limits));
        let mut run = Self { template, allow_missing, out, budget, name, node: None, vars, depth: 0 };
        let root = template.trees.get(name).map(Vec::as_slice).unwrap_or_default();
        match run.walk(&data, root) {
            Err(Stop::Error(message)) => (run.out.into_bytes(), Some(message)),
            // The parser allows break and continue only within a range.
            Ok(()) | Err(Stop::Break | Stop::Continue) => (run.out.into_bytes(), None),
        }
    }

    fn error<T>(&self, message: impl AsRef<str>) -> Result<T, String> {
        Err(self.message(message.as_ref()))
    }

    fn stop<T>(&self, message: String) -> Result<T, Stop> {
        Err(Stop::Error(self.message(&message)))
    }

    fn message(&self, message: &str) -> String {
        let Some(node) = self.node else {
            return format!("template: {}: {message}", self.name);
        };
        let (line, column) = self.template.location(node.pos());
        format!(
            "template: {}:{line}:{column}: executing {} at <{node}>: {message}",
            super::NAME,
            quote::quote(self.name)
        )
    }

    fn deeper(&mut self) -> Result<(), String> {
        if self.depth >= MAX_DEPTH {
            return self.error(format!("exceeded maximum template depth ({MAX_DEPTH})"));
        }
        self.depth += 1;
        Ok(())
    }

    /// Counts steps.
    fn spend(&mut self, steps: usize) -> Result<(), String> {
        self.budget.step(steps).map_err(|message| self.message(&message))
    }

    fn copied(&mut self, value: &Reflected<'a>) -> Result<Reflected<'a>, String> {
        self.spend(copy_steps(value))?;
        Ok(value.clone())
    }

    /// Returns a copy of a value for a variable. It counts as made, because it is held.
    fn kept(&mut self, value: &Reflected<'a>) -> Result<Reflected<'a>, String> {
        self.made(value.clone())
    }

    /// Counts the bytes of a string that a function returned.
    fn made(&mut self, value: Reflected<'a>) -> Result<Reflected<'a>, String> {
        self.budget.make(made_bytes(&value)).map_err(|message| self.message(&message))?;
        Ok(value)
    }

    fn walk(&mut self, dot: &Reflected<'a>, list: &'a [Stmt]) -> Result<(), Stop> {
        self.deeper()?;
        for stmt in list {
            self.spend(1)?;
            match stmt {
                Stmt::Text(text) => self.out.extend_from_slice(text.as_bytes()),
                Stmt::Action(pipe) => {
                    let value = self.pipeline(dot, pipe)?;
                    if pipe.declared.is_empty() {
                        fmt::print_value(&mut self.out, &value.value);
                    }
                }
                Stmt::If(branch) => self.if_or_with(dot, branch, false)?,
                Stmt::With(branch) => self.if_or_with(dot, branch, true)?,
                Stmt::Range(branch) => self.range(dot, branch)?,
                Stmt::Template(invocation) => self.invoke(dot, invocation)?,
                Stmt::Break => return Err(Stop::Break),
                Stmt::Continue => return Err(Stop::Continue),
            }
            if self.out.is_full() {
                return self.stop(self.budget.too_large());
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn if_or_with(&mut self, dot: &Reflected<'a>, branch: &'a Branch, with: bool) -> Result<(), Stop> {
        let mark = self.vars.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        if value.value.truth() {
            self.walk(if with { &value } else { dot }, &branch.list)?;
        } else if let Some(list) = &branch.else_list {
            self.walk(dot, list)?;
        }
        self.vars.truncate(mark);
        Ok(())
    }

    fn range(&mut self, dot: &Reflected<'a>, branch: &'a Branch) -> Result<(), Stop> {
        let mark = self.vars.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let ran = match self.iterate(branch, value.value) {
            Ok(ran) => ran,
            Err(Stop::Break) => true,
            Err(stop) => return Err(stop),
        };
        if let Some(list) = branch.else_list.as_ref().filter(|_| !ran) {
            self.walk(dot, list)?;
        }
        self.vars.truncate(mark);
        Ok(())
    }

    /// Executes the body for each element; returns `true` if there were any.
    fn iterate(&mut self, branch: &'a Branch, value: Value<'a>) -> Result<bool, Stop> {
        match value {
            Value::List(list) => {
                for (i, element) in list.iter().enumerate() {
                    let index = Value::Int(i64::try_from(i).unwrap_or(i64::MAX)).into();
                    self.iteration(branch, index, Reflected::element(element))?;
                }
                Ok(!list.is_empty())
            }
            Value::Map(map) => {
                for (key, element) in map {
                    let key = Value::Text(Cow::Borrowed(key.as_bytes())).into();
                    self.iteration(branch, key, Reflected::element(element))?;
                }
                Ok(!map.is_empty())
            }
            Value::Invalid | Value::Nil => Ok(false),
            value => {
                let Some(count) = value.integer() else {
                    let shown = match &value {
                        // Why not Go's text: it shows the string, which may be a Secret's value.
                        Value::Text(_) => "string".to_owned(),
                        value => {
                            let shown = fmt::sprint(std::slice::from_ref(value), usize::MAX).unwrap_or_default();
                            String::from_utf8_lossy(&shown).into_owned()
                        }
                    };
                    return self.stop(format!("range can't iterate over {shown}"));
                };
                if branch.pipe.declared.len() > 1 {
                    return self.stop(format!("can't use {count} to iterate over more than one variable"));
                }
                for i in 0..count {
                    let element = match value {
                        Value::Int64(_) => Value::Int64(i),
                        Value::Byte(_) => Value::Byte(u8::try_from(i).unwrap_or(u8::MAX)),
                        _ => Value::Int(i),
                    };
                    self.iteration(branch, Reflected::INVALID, element.into())?;
                }
                Ok(count > 0)
            }
        }
    }

    fn iteration(&mut self, branch: &'a Branch, index: Reflected<'a>, element: Reflected<'a>) -> Result<(), Stop> {
        self.spend(1)?;
        let pipe = &branch.pipe;
        // A single variable is the element, two are index and element.
        let values: &[&Reflected<'a>] = if pipe.declared.len() > 1 { &[&index, &element] } else { &[&element] };
        let first = self.vars.len() - pipe.declared.len().min(self.vars.len());
        for (i, (name, value)) in pipe.declared.iter().zip(values).enumerate() {
            if pipe.assign {
                self.set_var(name, value)?;
            } else if let Some(var) = self.vars.get_mut(first + i) {
                var.1 = (*value).clone();
            }
        }
        let mark = self.vars.len();
        let depth = self.depth;
        match self.walk(&element, &branch.list) {
            Err(Stop::Break) => {
                self.depth = depth;
                return Err(Stop::Break);
            }
            Err(Stop::Continue) => self.depth = depth,
            result => result?,
        }
        self.vars.truncate(mark);
        Ok(())
    }

    fn invoke(&mut self, dot: &Reflected<'a>, invocation: &'a Invocation) -> Result<(), Stop> {
        self.node = Some(Node::Template(invocation));
        let Some((name, list)) = self.template.trees.get_key_value(&invocation.name) else {
            let name = quote::quote(&invocation.name);
            return self.stop(format!("template {name} not defined"));
        };
        let dot = match &invocation.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Reflected::INVALID,
        };
        let root = self.copied(&dot)?;
        // A template has only its own variables.
        let vars = std::mem::replace(&mut self.vars, vec![("$", root)]);
        let outer = std::mem::replace(&mut self.name, name);
        let node = self.node;
        self.walk(&dot, list)?;
        self.vars = vars;
        self.name = outer;
        self.node = node;
        Ok(())
    }
}
