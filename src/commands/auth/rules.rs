//! The table of `auth can-i --list`: rules split up, those about the same subject merged, sorted (kubectl's
//! `rbacutil`).

use serde_json::Value as Json;

use go::tabwriter;

/// A rule: verbs, and what they apply to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    verbs: Vec<String>,
    /// Group and resource; `None` for a rule about a path.
    resource: Option<(String, String)>,
    name: Option<String>,
    path: Option<String>,
}

/// Lays out the `status` of a `SelfSubjectRulesReview`.
pub fn table(status: &Json, no_headers: bool) -> String {
    let mut text = String::new();
    if !no_headers {
        text.push_str("Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
    }
    for rule in rules(status) {
        let list = |texts: &[String]| format!("[{}]", texts.join(" "));
        let paths = list(rule.path.as_slice());
        let names = list(rule.name.as_slice());
        text.push_str(&format!("{}\t{paths}\t{names}\t{}\n", rule.subject(), list(&rule.verbs)));
    }
    tabwriter::TABLE.align(&text)
}

fn rules(status: &Json) -> Vec<Rule> {
    let each = |json: &Json, field: &str| -> Vec<String> {
        let texts = json[field].as_array().into_iter().flatten().filter_map(Json::as_str);
        texts.map(str::to_owned).collect()
    };
    let mut rules: Vec<Rule> = Vec::new();
    for json in status["resourceRules"].as_array().into_iter().flatten() {
        let (verbs, resources, names) = (each(json, "verbs"), each(json, "resources"), each(json, "resourceNames"));
        let names: Vec<Option<String>> =
            if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() };
        for group in each(json, "apiGroups") {
            for resource in &resources {
                for (verb, name) in verbs.iter().flat_map(|verb| names.iter().map(move |name| (verb, name))) {
                    let resource = Some((group.clone(), resource.clone()));
                    add(&mut rules, Rule { verbs: vec![verb.clone()], resource, name: name.clone(), path: None });
                }
            }
        }
    }
    for json in status["nonResourceRules"].as_array().into_iter().flatten() {
        for path in each(json, "nonResourceURLs") {
            let of = |verb| Rule { verbs: vec![verb], resource: None, name: None, path: Some(path.clone()) };
            rules.extend(each(json, "verbs").into_iter().map(of));
        }
    }
    rules.sort_by_cached_key(Rule::in_go);
    rules
}

/// Adds a rule, or its verb to the rule about the same subject.
fn add(rules: &mut Vec<Rule>, new: Rule) {
    match rules.iter_mut().find(|rule| rule.resource == new.resource && rule.name == new.name) {
        Some(rule) => {
            rule.verbs.extend(new.verbs.into_iter().filter(|verb| !rule.verbs.contains(verb)).collect::<Vec<_>>())
        }
        None => rules.push(new),
    }
}

impl Rule {
    /// Returns `RESOURCE.GROUP/SUBRESOURCE` (kubectl's `CombineResourceGroup`).
    fn subject(&self) -> String {
        let Some((group, resource)) = &self.resource else { return String::new() };
        let (resource, subresource) = resource.split_once('/').map_or((resource.as_str(), None), |(a, b)| (a, Some(b)));
        let mut text = resource.to_owned();
        if !group.is_empty() {
            text.push_str(&format!(".{group}"));
        }
        if let Some(subresource) = subresource {
            text.push_str(&format!("/{subresource}"));
        }
        text
    }

    /// Returns the rule as Go prints a `PolicyRule`: the sort key.
    fn in_go(&self) -> String {
        let (group, resource) = self.resource.clone().unzip();
        let list = |text: &Option<String>| text.clone().unwrap_or_default();
        format!(
            "&PolicyRule{{Verbs:[{}],APIGroups:[{}],Resources:[{}],ResourceNames:[{}],NonResourceURLs:[{}],}}",
            self.verbs.join(" "),
            list(&group),
            list(&resource),
            list(&self.name),
            list(&self.path)
        )
    }
}
