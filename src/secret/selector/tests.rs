use serde_json::json;

use super::*;

fn matches(selector: &str, labels: Json) -> bool {
    let labels_of = super::labels(selector).expect("a selector").into_iter().collect();
    let selector = Selector { labels: labels_of, fields: Fields::default() };
    selector.matches(&json!({"metadata": {"labels": labels}}))
}

#[test]
fn labels_match_as_the_operators_say() {
    assert!(matches("a", json!({"a": null})) && matches("a=", json!({"a": null})), "a null is an empty value");
    for selector in ["a=b", "a==b", "a in (x,b)", "a", "!c", "c!=d", "c notin (d)", "a=b,!c", "n>1,n<3", "a!=c"] {
        assert!(matches(selector, json!({"a": "b", "n": "2"})), "{selector}");
    }
    for selector in ["a in (x,b),a=b,a!=c,a notin (d,e)", "n>0,n>1,n<9,n<3", "a,a=b,!c,!d", "n>1,n=2,n"] {
        assert!(matches(selector, json!({"a": "b", "n": "2"})), "{selector}");
    }
    for selector in ["a=c", "a!=b", "!a", "c", "a notin (b)", "n>2", "a>1", "c=d"] {
        assert!(!matches(selector, json!({"a": "b", "n": "2"})), "{selector}");
    }
    for selector in ["a=b,a=c", "a in (b,c),a in (c,d)", "a,!a", "!a,a!=c", "a!=c,a!=b", "n>1,n>2", "n<3,n<2", "a,c"] {
        assert!(!matches(selector, json!({"a": "b", "n": "2"})), "{selector}");
    }
    assert!(matches("a!=b,!a,c notin (d)", json!({})) && !matches("a!=b,a", json!({})));
}

#[test]
fn fields_match_as_all_terms_say() {
    let secret = json!({"metadata": {"name": "a", "namespace": "n"}, "type": "Opaque"});
    let matches = |text: &str| {
        let fields = super::fields(Resource::Secrets, text).expect("a selector").into_iter().collect();
        Selector { labels: Labels::default(), fields }.matches(&secret)
    };
    for text in ["", "metadata.name=a", "metadata.name==a,metadata.name!=b,type!=x", "metadata.name=a,metadata.name=a"]
    {
        assert!(matches(text), "{text}");
    }
    for text in ["metadata.name=b", "metadata.name=a,metadata.name=b", "type!=x,type!=Opaque", "metadata.name=a,type=x"]
    {
        assert!(!matches(text), "{text}");
    }
}

/// The least time that `work` takes, of some runs.
fn least(mut work: impl FnMut()) -> std::time::Duration {
    let times = (0..5).map(|_| {
        let begun = std::time::Instant::now();
        work();
        begun.elapsed()
    });
    times.min().expect("a time")
}

#[test]
fn a_hundred_times_as_many_terms_are_matched_in_about_the_same_time() {
    let object = json!({"metadata": {"name": "s", "labels": {"k5": "v", "a": "b", "c": "d"}}});
    let terms = |count: usize, term: fn(usize) -> String| (0..count).map(term).collect::<Vec<_>>().join(",");
    let label = |count, term| {
        let labels = super::labels(&terms(count, term)).expect("a selector").into_iter().collect();
        Selector { labels, fields: Fields::default() }
    };
    let field = |count, term| {
        let fields = super::fields(Resource::Secrets, &terms(count, term)).expect("a selector");
        Selector { labels: Labels::default(), fields: fields.into_iter().collect() }
    };
    let asked: [&dyn Fn(usize) -> Selector; 3] =
        [&|count| label(count, |n| format!("k{n}!=x")), &|count| label(count, |n| format!("a!=v{n}")), &|count| {
            field(count, |n| format!("metadata.name!=n{n}"))
        }];
    for of in asked {
        let (few, many) = (of(60), of(6_000));
        let time = |selector: &Selector| least(|| (0..2_000).for_each(|_| assert!(selector.matches(&object))));
        let (few, many) = (time(&few), time(&many));
        assert!(many < 20 * few, "{few:?} and {many:?}");
    }
}

#[test]
fn bad_selectors_are_refused_in_the_servers_words() {
    let error = |text| labels(text).err().unwrap_or_default();
    assert_eq!(error("a===b"), "unable to parse requirement: found '=', expected: identifier");
    assert_eq!(error("a in b"), "unable to parse requirement: found 'b' expected: '('");
    assert_eq!(error("a,"), "found '', expected: identifier after ','");
    assert_eq!(error("a b"), "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
    assert_eq!(
        error("n>x"),
        "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an \
         integer"
    );
    let error = |text| fields(Resource::Secrets, text).err().unwrap_or_default();
    assert_eq!(error("!!"), "invalid selector: '!!'; can't understand '!!'");
    assert_eq!(error("data=x"), "field label not supported: data");
    assert_eq!(error("=x"), "field label not supported: ");
    assert_eq!(error("b=x,a=y"), "field label not supported: a");
    assert_eq!(error("a=y,b"), "invalid selector: 'a=y,b'; can't understand 'b'");
}

#[test]
fn a_field_term_without_label_and_value_is_no_condition() {
    for text in ["", "=", "==", "!=", ",", "=,!="] {
        assert_eq!(fields(Resource::Secrets, text).map(|fields| fields.len()), Ok(0), "{text:?}");
    }
    assert_eq!(fields(Resource::Secrets, "=,type=Opaque").map(|fields| fields.len()), Ok(1));
}

#[test]
fn what_can_be_no_label_is_no_condition() {
    let error = |text: &str| labels(text).err().unwrap_or_default();
    let key = |key: &str, why: &str| {
        assert!(
            error(key).starts_with("unable to parse requirement: <nil>: Invalid value: ") && error(key).contains(why),
            "{key}: {}",
            error(key)
        );
    };
    for text in ["-bad-=x", "!-bad-", "-bad- in (x)", "é=1", "a\u{a0}=1", "a\0"] {
        key(text, "name part must consist of alphanumeric characters");
    }
    key("a/b/c", "a valid label key must consist of");
    key("UPPER.com/x=1", "prefix part a lowercase RFC 1123 subdomain");
    key(&"k".repeat(64), "name part must be no more than 63 bytes");
    let value = |text: &str, at: &str, why: &str| {
        let begin = format!("unable to parse requirement: values{at}: Invalid value: ");
        assert!(error(text).starts_with(&begin) && error(text).contains(why), "{text}: {}", error(text));
    };
    let form = "a valid label must be an empty string or consist of";
    value("a=-x", "[0][a]", form);
    value("app!=foo_", "[0][app]", form);
    value("app notin (z,foo_,a,a)", "[1][app]", form);
    value("n>-5", "[0][n]", form);
    value(&format!("a={}", "v".repeat(64)), "[0][a]", "must be no more than 63 bytes");
    assert_eq!(error("a=,example.com/b in (,c),!d,n<5"), "");
}
