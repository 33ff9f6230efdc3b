//! Writes new values of an auth provider into the text of a kubeconfig.

use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::splice::{Set, Step, read, set};
use go::quote::quote;

/// The path of an auth provider's fields below a user.
const CONFIG: [&str; 3] = ["user", "auth-provider", "config"];

/// Returns `text` with fields of the auth provider of `user` set.
///
/// Each field is changed in place. If the text cannot be changed that way, the document is written anew, as client-go
/// always does; then comments are lost, and nothing else.
///
/// # Errors
/// If the text cannot be read, or has no such user with an auth provider.
pub(super) fn amend(text: &str, user: &str, fields: &[(&str, &str)]) -> Result<Zeroizing<String>, String> {
    let gone = || format!("it has no user {} with an auth-provider any more", quote(user));
    let users = read(text)?;
    let users = users.json()["users"].as_array().map(Vec::as_slice).unwrap_or_default();
    let index = users.iter().position(|named| named["name"] == *user).ok_or_else(gone)?;
    let path = [Step::Key("users".to_owned()), Step::Item(index)];
    let path: Vec<Step> = path.into_iter().chain(CONFIG.map(|name| Step::Key(name.to_owned()))).collect();
    let mut text = Zeroizing::new(text.to_owned());
    for (name, value) in fields {
        text = match set(&text, &path, name, &Json::from(*value))?.ok_or_else(gone)? {
            Set::Spliced(text) => text,
            Set::Unsplit(object) => Zeroizing::new(yaml::write::to_string(object.json())),
        };
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &[(&str, &str)] = &[("id-token", "new.id"), ("refresh-token", "new-refresh")];

    fn amended(text: &str) -> String {
        amend(text, "u", NEW).expect("an amended text").to_string()
    }

    #[test]
    fn everything_else_stays() {
        for (old, new) in [
            // As kubectl and kubelogin write it, with what a person added.
            (
                "# mine\napiVersion: v1\nusers:\n- name: other\n  user: {token: x}\n- name: u   # me\n  user:\n    \
                 auth-provider:\n      config:\n        client-id: c\n        id-token: 'ol''d' # note\n        # ü\n        \
                 refresh-token: 'old'\n        idp-issuer-url: https://i\n      name: oidc\ncurrent-context: x\n",
                "# mine\napiVersion: v1\nusers:\n- name: other\n  user: {token: x}\n- name: u   # me\n  user:\n    \
                 auth-provider:\n      config:\n        client-id: c\n        id-token: new.id # note\n        # ü\n        \
                 refresh-token: new-refresh\n        idp-issuer-url: https://i\n      name: oidc\ncurrent-context: x\n",
            ),
            // A field that was not there.
            (
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        client-id: c\n        refresh-token: r\n",
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        id-token: new.id\n        client-id: c\n        \
                 refresh-token: new-refresh\n",
            ),
            // Braces, JSON, another document behind it.
            (
                "users: [{name: u, user: {auth-provider: {config: {client-id: c, refresh-token: \"r\"}}}}] # end\n",
                "users: [{name: u, user: {auth-provider: {config: {\"id-token\": \"new.id\", client-id: c, refresh-token: \
                 \"new-refresh\"}}}}] # end\n",
            ),
            (
                "{\n  \"users\": [{\"name\": \"u\", \"user\": {\"auth-provider\": {\"config\": {\n    \"id-token\": \"o\",\n    \
                 \"refresh-token\":\"r\"}}}}]\n}",
                "{\n  \"users\": [{\"name\": \"u\", \"user\": {\"auth-provider\": {\"config\": {\n    \"id-token\": \"new.id\",\n    \
                 \"refresh-token\":\"new-refresh\"}}}}]\n}",
            ),
            (
                "users: [{name: u, user: {auth-provider: {config: {id-token: a, refresh-token: b}}}}]\n---\nusers: 3\n",
                "users: [{name: u, user: {auth-provider: {config: {id-token: new.id, refresh-token: new-refresh}}}}]\n---\n\
                 users: 3\n",
            ),
            // Of a field that stands twice the last one counts.
            (
                "users: [{name: u, user: {auth-provider: {config: {id-token: a, id-token: b, refresh-token: c}}}}]\n",
                "users: [{name: u, user: {auth-provider: {config: {id-token: a, id-token: new.id, refresh-token: \
                 new-refresh}}}}]\n",
            ),
            // A text of several lines.
            (
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        id-token: >-\n          a.b.c\n        \
                 refresh-token: \"a\\\n          b\" # note\n",
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        id-token: >-\n          new.id\n        \
                 refresh-token: \"new-refresh\" # note\n",
            ),
        ] {
            assert_eq!(amended(old), new);
        }
    }

    #[test]
    fn what_cannot_be_changed_in_place_is_written_anew() {
        for old in [
            "x: &c {client-id: c, id-token: a, refresh-token: b}\nusers: [{name: u, user: {auth-provider: {config: *c}}}]\n",
            "x: &c {id-token: a}\nusers: [{name: u, user: {auth-provider: {config: {<<: *c, refresh-token: b}}}}]\n",
            "users: [{name: u, user: {auth-provider: {config: {id-token: &t a, refresh-token: b}}}}]\ny: *t\n",
        ] {
            let (new, before) = (read(&amended(old)).expect("a document"), read(old).expect("a document"));
            let config = &new.json()["users"][0]["user"]["auth-provider"]["config"];
            assert_eq!((&config["id-token"], &config["refresh-token"]), (&"new.id".into(), &"new-refresh".into()));
            for kept in ["x", "y"] {
                assert_eq!(new.json().get(kept), before.json().get(kept), "{old}");
            }
        }
    }

    #[test]
    fn values_that_look_like_something_else_stay_text() {
        for value in ["yes", "1e3", "a: b", "a #b", "\"", "-", "*x", "a\u{e9}\n", "{", ""] {
            for old in [
                "users: [{name: u, user: {auth-provider: {config: {id-token: a}}}}]",
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        id-token: a\n",
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        client-id: a\n",
            ] {
                let new = amend(old, "u", &[("id-token", value)]).expect("an amended text");
                let read = read(&new).expect("a document");
                assert_eq!(read.json()["users"][0]["user"]["auth-provider"]["config"]["id-token"], *value, "{}", *new);
            }
        }
    }

    /// Texts of pieces that a parser of YAML has rules for: whatever the text, the new values are in it, or it is refused.
    #[test]
    fn any_text_is_amended_or_refused() {
        const VALUES: &[&str] = &[
            "a\n",
            "'a''b' # c\n",
            "\"a\\nb\\u00e9\"\n",
            "|\n          x\n",
            ">-\n          y\n          z\n",
            "[x]\n",
            "{y: z}\n",
            "&t a\n",
            "*t\n",
            "!!str a\n",
            "\n",
            "\u{e9} \u{1f600}\n",
            "a\u{2028}b\n",
            "a\u{85}\n",
            "\u{feff}\n",
            "a\tb\n",
            "'a\n          b'\n",
            "\"a\\\n          b\"\n",
            "a\r\n",
            "~\n",
            "yes\n",
            "a\n          b\n",
            "!x a\n",
            "- a\n",
            "? a\n",
            ": \n",
            "'\n",
            "\"\n",
            "--- a\n",
            "...\n",
        ];
        let keys = [
            "id-token: ",
            "refresh-token: ",
            "client-id: ",
            "\"id-token\": ",
            "'id-token' : ",
            "? id-token\n        : ",
            "# x ",
            "<<: ",
            "\u{e9}: ",
        ];
        let mut amended = 0;
        for seed in 0..3_000 {
            let mut dice = crate::dice::Dice(seed);
            let mut text = dice.pick(&["", "\u{feff}", "# c\n", "---\n", "x: &t {a: b}\n"]).to_owned();
            text.push_str("users:\n- name: u\n  user:\n    auth-provider:\n      config:\n");
            for _ in 0..1 + dice.roll(4) {
                text.push_str(&format!("        {}{}", dice.pick(&keys), dice.pick(VALUES)));
            }
            text.push_str(dice.pick(&["", "      name: oidc\n", "other: *t\n", "  # end"]));
            let Ok(new) = amend(&text, "u", NEW) else { continue };
            let read = read(&new).expect("a document");
            let config = &read.json()["users"][0]["user"]["auth-provider"]["config"];
            let values = (config["id-token"].as_str(), config["refresh-token"].as_str());
            assert_eq!(values, (Some("new.id"), Some("new-refresh")), "{text}\n{}", *new);
            amended += 1;
        }
        assert!(amended > 500, "only {amended} were amended");
    }

    #[test]
    fn a_user_that_is_gone_is_an_error() {
        for text in
            ["", "users: []", "users: [{name: u}]", "users: [{name: v, user: {auth-provider: {config: {}}}}]", "a: ["]
        {
            assert!(amend(text, "u", NEW).is_err(), "{text}");
        }
    }
}
