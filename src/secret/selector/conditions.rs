//! The conditions of a selector, indexed by label and field, so that an object is visited once however many conditions
//! there are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{Field, Operator, Requirement};

/// The conditions on labels.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    by_key: BTreeMap<String, Label>,
    /// How many of the labels an object must have.
    present: usize,
}

/// All conditions on one label together.
#[derive(Debug, Clone, Default)]
struct Label {
    present: bool,
    absent: bool,
    within: Option<BTreeSet<String>>,
    without: BTreeSet<String>,
    above: Option<i64>,
    below: Option<i64>,
}

impl Label {
    fn add(&mut self, operator: Operator, values: Vec<String>) {
        let bound = || values.first().and_then(|value| value.parse().ok());
        match operator {
            Operator::NotIn => self.without.extend(values),
            Operator::DoesNotExist => self.absent = true,
            Operator::Exists => self.present = true,
            Operator::In => {
                self.present = true;
                let values = values.into_iter().collect::<BTreeSet<_>>();
                match &mut self.within {
                    Some(within) => within.retain(|value| values.contains(value)),
                    None => self.within = Some(values),
                }
            }
            Operator::GreaterThan => {
                self.present = true;
                self.above = self.above.max(bound());
            }
            Operator::LessThan => {
                self.present = true;
                self.below = self.below.into_iter().chain(bound()).min();
            }
        }
    }

    fn accepts(&self, value: &str) -> bool {
        let number = || value.parse::<i64>().ok();
        !self.absent
            && self.within.as_ref().is_none_or(|within| within.contains(value))
            && !self.without.contains(value)
            && self.above.is_none_or(|above| number().is_some_and(|number| number > above))
            && self.below.is_none_or(|below| number().is_some_and(|number| number < below))
    }
}

impl FromIterator<Requirement> for Labels {
    fn from_iter<I: IntoIterator<Item = Requirement>>(requirements: I) -> Self {
        let mut by_key = BTreeMap::<String, Label>::new();
        for Requirement { key, operator, values } in requirements {
            by_key.entry(key).or_default().add(operator, values);
        }
        let present = by_key.values().filter(|label| label.present).count();
        Self { by_key, present }
    }
}

impl Labels {
    pub(super) fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    pub(super) fn match_object(&self, object: &Json) -> bool {
        if self.is_empty() {
            return true;
        }
        let labels = object["metadata"]["labels"].as_object().into_iter().flatten();
        let mut present = 0;
        for (key, value) in labels.filter_map(|(key, value)| Some((key, label(value)?))) {
            let Some(label) = self.by_key.get(key) else { continue };
            if !label.accepts(value) {
                return false;
            }
            present += usize::from(label.present);
        }
        present == self.present
    }
}

/// Returns the value of a label. A null in a manifest is an empty one (apimachinery's `NestedNullCoercingStringMap`).
fn label(value: &Json) -> Option<&str> {
    if value.is_null() { Some("") } else { value.as_str() }
}

/// The conditions on fields, by the JSON pointer of the field.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(BTreeMap<&'static str, Value>);

/// All conditions on one field.
#[derive(Debug, Clone, Default)]
struct Value {
    is: Option<String>,
    is_not: BTreeSet<String>,
    /// Whether two conditions demand different values.
    never: bool,
}

impl FromIterator<Field> for Fields {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut all = Self::default();
        fields.into_iter().for_each(|field| all.add(field));
        all
    }
}

impl Fields {
    pub(super) fn add(&mut self, Field { pointer, equal, value }: Field) {
        let field = self.0.entry(pointer).or_default();
        match &field.is {
            _ if !equal => drop(field.is_not.insert(value)),
            None => field.is = Some(value),
            Some(is) => field.never |= *is != value,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value that the field must have; the first, if conditions demand several.
    pub(super) fn wanted(&self, pointer: &str) -> Option<&str> {
        self.0.get(pointer)?.is.as_deref()
    }

    pub(super) fn match_object(&self, object: &Json) -> bool {
        self.0.iter().all(|(pointer, field)| {
            let value = object.pointer(pointer).and_then(Json::as_str).unwrap_or_default();
            !field.never && field.is.as_ref().is_none_or(|is| is == value) && !field.is_not.contains(value)
        })
    }
}
