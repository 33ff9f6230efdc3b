//! Evaluates a template on an object, after client-go's `jsonpath.go`.

use super::compare::compare;
use super::item::Item;
use super::parse::{Filter, Node, Slice};
use crate::limits::{Budget, Limits};
use serde_json::Value as Json;

/// How deep ranges may nest. What they visit is bounded by the limit on steps.
const MAX_DEPTH: usize = 64;

/// A failure, and the results up to it: a filter that only checks whether something is found uses them.
struct Failure<'a> {
    left: Vec<Item<'a>>,
    message: String,
}

type Walk<'a> = Result<Vec<Item<'a>>, Failure<'a>>;

/// The evaluation of a template on an object, and the state of its ranges.
pub(super) struct Evaluation<'a> {
    nodes: &'a [Node],
    allow_missing: bool,
    begin_range: usize,
    in_range: usize,
    end_range: usize,
    /// The position of the latest `{end}`, where evaluation continues after a range.
    last_end: Option<usize>,
    budget: Budget,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(nodes: &'a [Node], allow_missing: bool, limits: Limits) -> Self {
        let budget = Budget::new(limits);
        Self { nodes, allow_missing, begin_range: 0, in_range: 0, end_range: 0, last_end: None, budget }
    }

    pub(super) fn run(mut self, data: &'a Json) -> Result<Vec<Vec<Item<'a>>>, String> {
        self.find(0, Item::Json(data))
    }

    /// Evaluates the nodes from `start` on, to the end of the template or to the `{end}` of the range that called it.
    fn find(&mut self, start: usize, current: Item<'a>) -> Result<Vec<Vec<Item<'a>>>, String> {
        let mut found = Vec::new();
        let nodes = self.nodes;
        let mut at = start;
        while let Some(node) = nodes.get(at) {
            let results = self.walk(vec![current], node).map_err(|failure| failure.message)?;
            if self.end_range > 0 && self.end_range <= self.in_range {
                self.end_range -= 1;
                self.last_end = Some(at);
                break;
            }
            if self.begin_range == 0 {
                found.push(results);
                at += 1;
                continue;
            }
            self.begin_range -= 1;
            self.in_range += 1;
            if self.in_range > MAX_DEPTH {
                return Err(format!("more than {MAX_DEPTH} ranges inside each other"));
            }
            for &item in &results {
                let item = if item.is_nil() { Item::Invalid } else { item };
                found.extend(self.find(at + 1, item)?);
            }
            if results.is_empty() {
                // The nodes of the range are evaluated nevertheless, because that finds its `{end}`.
                self.find(at + 1, Item::Invalid)?;
            }
            self.in_range -= 1;
            at = self.last_end.filter(|&end| end > at).unwrap_or(at) + 1;
        }
        Ok(found)
    }

    fn walk(&mut self, input: Vec<Item<'a>>, node: &'a Node) -> Walk<'a> {
        // Why: results before and after this node are held, and visiting an empty list is a step, too.
        self.spend(1 + input.len())?;
        let found = self.results(input, node)?;
        self.spend(found.len())?;
        Ok(found)
    }

    /// Counts steps.
    ///
    /// # Errors
    /// If the limit is exceeded; without results then.
    fn spend(&mut self, steps: usize) -> Result<(), Failure<'a>> {
        self.budget.step(steps).map_err(|message| Failure { left: Vec::new(), message })
    }

    fn results(&mut self, input: Vec<Item<'a>>, node: &'a Node) -> Walk<'a> {
        match node {
            Node::List(nodes) => self.list(input, nodes),
            Node::Text(text) => Ok(vec![Item::Text(text)]),
            Node::Field(name) => self.field(&input, name),
            Node::Array(slice) => array(input, slice),
            Node::Filter(filter) => self.filter(input, filter),
            Node::Int(int) => Ok(vec![Item::Int(*int); input.len()]),
            Node::Float(float) => Ok(vec![Item::Float(*float); input.len()]),
            Node::Bool(value) => Ok(vec![Item::Bool(*value); input.len()]),
            Node::Wildcard => {
                let mut found = Vec::new();
                for item in input {
                    let children = item.children();
                    self.spend(children.len())?;
                    found.extend(children);
                }
                Ok(found)
            }
            Node::Recursive => {
                let mut found = Vec::new();
                for item in input {
                    self.recursive(&mut found, item)?;
                }
                Ok(found)
            }
            Node::Union(lists) => self.union(input, lists),
            Node::Identifier(name) => self.identifier(input, name),
        }
    }

    fn list(&mut self, mut values: Vec<Item<'a>>, nodes: &'a [Node]) -> Walk<'a> {
        for node in nodes {
            values = self.walk(values, node)?;
        }
        Ok(values)
    }

    fn identifier(&mut self, input: Vec<Item<'a>>, name: &str) -> Walk<'a> {
        match name {
            "range" => {
                self.begin_range += 1;
                Ok(input)
            }
            "end" if self.in_range > 0 => {
                self.end_range += 1;
                Ok(Vec::new())
            }
            "end" => Err(Failure { left: Vec::new(), message: "not in range, nothing to end".to_owned() }),
            _ => Err(Failure { left: input, message: format!("unrecognized identifier {name}") }),
        }
    }

    fn field(&self, input: &[Item<'a>], name: &str) -> Walk<'a> {
        let found: Vec<_> = input
            .iter()
            .filter_map(|item| match item {
                Item::Json(Json::Object(map)) => map.get(name).map(Item::Json),
                _ => None,
            })
            .collect();
        if found.is_empty() && !input.is_empty() && !self.allow_missing {
            return Err(Failure { left: found, message: format!("{name} is not found") });
        }
        Ok(found)
    }

    fn union(&mut self, input: Vec<Item<'a>>, lists: &'a [Vec<Node>]) -> Walk<'a> {
        let mut found = Vec::new();
        for list in lists {
            match self.list(input.clone(), list) {
                Ok(results) => found.extend(results),
                Err(failure) => return Err(Failure { left: input, message: failure.message }),
            }
        }
        Ok(found)
    }

    fn filter(&mut self, input: Vec<Item<'a>>, filter: &'a Filter) -> Walk<'a> {
        let mut found = Vec::new();
        for &item in &input {
            let Item::Json(Json::Array(list)) = item else {
                // Why not kubectl's text: it repeats the value.
                let message = format!("{} is not array or slice and cannot be filtered", item.type_name());
                return Err(Failure { left: input, message });
            };
            for element in list.iter().map(Item::Json) {
                match self.passes(element, filter) {
                    Ok(true) => found.push(element),
                    Ok(false) => {}
                    Err(message) => return Err(Failure { left: input, message }),
                }
            }
        }
        Ok(found)
    }

    /// Collects every non-empty map, list and string below, outer ones first.
    fn recursive(&mut self, found: &mut Vec<Item<'a>>, item: Item<'a>) -> Result<(), Failure<'a>> {
        // Why: the bytes of a string have nothing below them, so they need not be visited.
        let (is_there, children) = match item.text() {
            Some(text) => (!text.is_empty(), Vec::new()),
            None => {
                let children = item.children();
                (!children.is_empty(), children)
            }
        };
        if is_there {
            self.spend(1 + children.len())?;
            found.push(item);
        }
        children.into_iter().try_for_each(|child| self.recursive(found, child))
    }

    fn passes(&mut self, element: Item<'a>, filter: &'a Filter) -> Result<bool, String> {
        let lefts = self.list(vec![element], &filter.left);
        let Some(operator) = &filter.operator else {
            return Ok(!lefts.unwrap_or_else(|failure| failure.left).is_empty());
        };
        let Some(left) = single(lefts)? else { return Ok(false) };
        let Some(right) = single(self.list(vec![element], &filter.right))? else { return Ok(false) };
        compare(&left, operator, &right)
    }
}

/// Returns the only result of a side of a comparison, if there is one.
fn single<'a>(results: Walk<'a>) -> Result<Option<Item<'a>>, String> {
    match results.map_err(|failure| failure.message)?.as_slice() {
        [] => Ok(None),
        [item] => Ok(Some(*item)),
        _ => Err("can only compare one element at a time".to_owned()),
    }
}

fn array<'a>(input: Vec<Item<'a>>, slice: &Slice) -> Walk<'a> {
    let mut found = Vec::new();
    for &item in &input {
        if item.is_nil() {
            continue;
        }
        let Item::Json(Json::Array(list)) = item else {
            return Err(Failure { message: format!("{} is not array or slice", item.type_name()), left: input });
        };
        match bounds(slice, list.len()) {
            Ok(Some((start, end, step))) => {
                found.extend(list.get(start..end).into_iter().flatten().step_by(step).map(Item::Json));
            }
            // The slice is empty: nothing else is evaluated.
            Ok(None) => return Ok(found),
            Err(message) => return Err(Failure { left: input, message }),
        }
    }
    Ok(found)
}

/// Returns start, end and step in a list of `length` elements; `None` if the slice is empty.
fn bounds(slice: &Slice, length: usize) -> Result<Option<(usize, usize, usize)>, String> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let mut start = slice.start.unwrap_or(0);
    if start < 0 {
        start = start.wrapping_add(length);
    }
    let mut end = slice.end.unwrap_or(length);
    if end < 0 || (end == 0 && slice.derived) {
        end = end.wrapping_add(length);
    }
    if start == end {
        return Ok(None);
    }
    if start >= length || start < 0 {
        return Err(format!("array index out of bounds: index {start}, length {length}"));
    }
    if end > length || end < 0 {
        return Err(format!("array index out of bounds: index {}, length {length}", end.wrapping_sub(1)));
    }
    if start > end {
        return Err(format!("starting index {start} is greater than ending index {end}"));
    }
    let step = slice.step.unwrap_or(1);
    if step <= 0 {
        return Err("step must be > 0".to_owned());
    }
    let usize = |value: i64| usize::try_from(value).unwrap_or(usize::MAX);
    Ok(Some((usize(start), usize(end), usize(step))))
}
