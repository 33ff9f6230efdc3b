//! What a selector asks of an object, arranged by label and field: however many terms it has, an object is looked at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{Field, Operator, Requirement};

/// What is asked of labels.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    by_key: BTreeMap<String, Label>,
    /// How many of them an object must have.
    present: usize,
}

/// All that is asked of one label: what several terms say of it, together.
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
        for (key, value) in labels.filter_map(|(key, value)| Some((key, value.as_str()?))) {
            let Some(label) = self.by_key.get(key) else { continue };
            if !label.accepts(value) {
                return false;
            }
            present += usize::from(label.present);
        }
        present == self.present
    }
}

/// What is asked of fields, by their place in the object.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(BTreeMap<&'static str, Value>);

/// All that is asked of one field.
#[derive(Debug, Clone, Default)]
struct Value {
    is: Option<String>,
    is_not: BTreeSet<String>,
    /// Two terms want two values.
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

    /// The value that the field must have, the first if terms want several.
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
