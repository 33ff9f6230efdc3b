//! Masks values in a diff, so that it shows which ones changed.

use serde_json::{Map, Value as Json};

use crate::secret::{LAST_APPLIED, wipe};

const SAME: &str = "***";
const BEFORE: &str = "*** (before)";
const AFTER: &str = "*** (after)";

/// Replaces the values of both sides (kubectl's `Masker`): `***` where they are equal or only one side has the key,
/// else `*** (before)` and `*** (after)`. kubectl masks `data` alone.
pub fn both(live: &mut Json, merged: &mut Json) {
    for path in ["/data", "/stringData"] {
        let before = live.pointer_mut(path).and_then(Json::as_object_mut);
        let after = merged.pointer_mut(path).and_then(Json::as_object_mut);
        let (mut none, mut nothing) = (Map::new(), Map::new());
        maps(before.unwrap_or(&mut none), after.unwrap_or(&mut nothing), |_| true);
    }
    let path = "/metadata/annotations";
    let before = live.pointer_mut(path).and_then(Json::as_object_mut);
    let after = merged.pointer_mut(path).and_then(Json::as_object_mut);
    let (mut none, mut nothing) = (Map::new(), Map::new());
    maps(before.unwrap_or(&mut none), after.unwrap_or(&mut nothing), |key| key == LAST_APPLIED);
}

fn maps(before: &mut Map<String, Json>, after: &mut Map<String, Json>, secret: impl Fn(&str) -> bool) {
    for (_, value) in after.iter_mut().filter(|(key, _)| secret(key) && !before.contains_key(*key)) {
        mask(value, SAME);
    }
    for (key, old) in before.iter_mut().filter(|(key, _)| secret(key)) {
        match after.get_mut(key) {
            Some(new) if new == old => {
                mask(new, SAME);
                mask(old, SAME);
            }
            Some(new) => {
                mask(new, AFTER);
                mask(old, BEFORE);
            }
            None => mask(old, SAME),
        }
    }
}

fn mask(value: &mut Json, mark: &str) {
    wipe(value);
    *value = mark.into();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_of_a_value_is_left() {
        let note = |text: &str| json!({LAST_APPLIED: text, "note": "plain"});
        let mut live = json!({"data": {"same": "x", "changed": "x", "gone": "x"}, "stringData": {"s": "x"},
            "metadata": {"annotations": note("x")}});
        let mut merged =
            json!({"data": {"same": "x", "changed": "y", "new": "y"}, "metadata": {"annotations": note("y")}});
        both(&mut live, &mut merged);
        assert_eq!(
            live,
            json!({"data": {"same": "***", "changed": "*** (before)", "gone": "***"}, "stringData": {"s": "***"},
                "metadata": {"annotations": note("*** (before)")}})
        );
        assert_eq!(
            merged,
            json!({"data": {"same": "***", "changed": "*** (after)", "new": "***"},
                "metadata": {"annotations": note("*** (after)")}})
        );
    }

    #[test]
    fn a_new_object_is_masked_too() {
        let (mut live, mut merged) = (Json::Null, json!({"data": {"k": "x"}}));
        both(&mut live, &mut merged);
        assert_eq!((live, merged), (Json::Null, json!({"data": {"k": "***"}})));
    }
}
