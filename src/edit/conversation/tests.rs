//! The flow of a conversation, played without an editor or a server.

use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use super::*;
use crate::edit::view::Plain;

fn secret(name: &str, data: Json) -> Object {
    Object::new(json!({
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": data,
        "metadata": {"name": name, "namespace": "ns", "uid": format!("uid-{name}"), "resourceVersion": "7",
            "managedFields": [{}]},
    }))
}

struct Play {
    talk: Conversation,
    next: Next,
    said: Vec<String>,
}

impl Play {
    fn of(objects: Vec<Object>) -> Self {
        Self::with(objects, Settings::default())
    }

    fn with(objects: Vec<Object>, settings: Settings) -> Self {
        let settings = Settings { namespace: "ns".into(), ..settings };
        let (talk, next) = Conversation::begin(Box::new(Plain { json: false }), settings, objects);
        Self { talk, next, said: Vec::new() }
    }

    fn text(&self) -> String {
        match &self.next {
            Next::Open(text) => String::from_utf8(text.to_vec()).unwrap(),
            _ => panic!("the editor is not open"),
        }
    }

    fn on(&mut self, event: Event) {
        let step = self.talk.on(event);
        self.said.extend(step.output.into_iter().map(|output| match output {
            Output::Say(line) | Output::Print(line) => line,
            Output::Show(object, verb) => format!("{} {verb}", object.name()),
        }));
        self.next = step.next;
    }

    fn save(&mut self, text: &str) {
        self.on(Event::Saved(Zeroizing::new(text.as_bytes().to_vec())));
    }

    fn replace(&mut self, from: &str, to: &str) {
        let text = self.text().replace(from, to);
        self.save(&text);
    }

    fn patch(&self) -> Json {
        match &self.next {
            Next::Patch { body, .. } => body.json().clone(),
            _ => panic!("nothing is sent"),
        }
    }

    fn end(&self) -> (Result<(), Vec<String>>, bool) {
        match &self.next {
            Next::Finish(result, kept) => (result.clone().map_err(|error| error.lines().to_vec()), kept.is_some()),
            _ => panic!("not the end"),
        }
    }
}

#[test]
fn a_change_becomes_a_patch_with_the_version_it_was_made_on() {
    let mut play = Play::of(vec![secret("s", json!({"a": "MQ==", "b": "MQ=="}))]);
    assert!(play.text().starts_with("# Please edit the object below.") && !play.text().contains("managedFields"));
    play.replace("a: MQ==", "a: Mg==");
    assert_eq!(play.patch(), json!({"data": {"a": "Mg=="}, "metadata": {"resourceVersion": "7"}}));
    play.on(Event::Done(secret("s", json!({}))));
    assert_eq!((play.said.join("|"), play.end()), ("s edited".into(), (Ok(()), false)));
}

#[test]
fn nothing_changed_nothing_done() {
    let mut play = Play::of(vec![secret("s", json!({"a": "MQ=="}))]);
    play.replace("#\n", "# a comment\n");
    assert_eq!((play.said.join("|"), play.end()), ("Edit cancelled, no changes made.".into(), (Ok(()), false)));
}

#[test]
fn a_mistake_reopens_with_its_line_and_a_second_time_ends() {
    let mut play = Play::of(vec![secret("s", json!({"a": "MQ=="}))]);
    play.replace("a: MQ==", "a: null");
    let text = play.text();
    assert!(text.contains("# secrets \"s\" was not valid:\n# * line 10: data.a is null"), "{text}");
    assert_eq!(text.lines().nth(9), Some("  a: null"));
    play.save(&text.clone());
    assert_eq!(play.said, ["error: secrets \"s\" is invalid"]);
    assert_eq!(play.end(), (Err(vec!["error: Edit cancelled, no valid changes were saved.".into()]), true));
}

#[test]
fn an_emptied_file_is_invalid_or_a_way_out() {
    let mut play = Play::of(vec![secret("s", json!({}))]);
    play.save("# only a comment\n");
    assert!(play.text().contains("# * kind not set"));
    let mut play = Play::with(vec![secret("s", json!({}))], Settings { lenient: true, ..Settings::default() });
    play.save("# only a comment\n");
    assert_eq!(play.said, ["Edit cancelled, saved file was empty."]);
}

#[test]
fn a_refusal_reopens_without_values_and_can_be_mended() {
    let mut play = Play::of(vec![secret("s", json!({"a": "MQ=="}))]);
    play.replace("a: MQ==", "a b: c2VjcmV0");
    let echo = "Invalid value: \"map[data:map[a b:c2VjcmV0]]\": no c2VjcmV0, no \"secret\"".to_owned();
    play.on(Event::Refused(Refusal::Invalid(vec![("patch".into(), echo)])));
    let text = play.text();
    assert!(
        text.contains("# * patch: Invalid value: <redacted>: no <redacted>, no \"<redacted>\"\n#\napiVersion"),
        "{text}"
    );
    play.replace("a b:", "ab:");
    assert_eq!(play.patch()["data"], json!({"a": null, "ab": "c2VjcmV0"}));
}

#[test]
fn several_are_skipped_or_saved_in_their_order() {
    let mut play = Play::of(vec![secret("x", json!({"a": "MQ=="})), secret("y", json!({})), secret("z", json!({}))]);
    let edited = play.text().replace("a: MQ==", "a: Mg==");
    let edited = edited.replacen(
        "kind: Secret\n  metadata:\n    name: z",
        "kind: Secret\n  metadata:\n    labels: {l: v}\n    name: z",
        1,
    );
    play.save(&edited);
    play.on(Event::Done(secret("x", json!({}))));
    assert_eq!(play.patch()["metadata"]["labels"], json!({"l": "v"}));
    // The last is refused; what was saved is not sent or said again.
    play.on(Event::Refused(Refusal::Invalid(vec![("metadata.labels".into(), "bad".into())])));
    play.replace("l: v", "l: w");
    assert_eq!(play.patch()["metadata"]["labels"], json!({"l": "w"}));
    play.on(Event::Done(secret("z", json!({}))));
    assert_eq!(play.said, ["x edited", "y skipped", "error: secrets \"z\" is invalid", "y skipped", "z edited"]);
}

#[test]
fn renaming_and_moving_are_refused_before_anything_is_sent() {
    let mut play = Play::of(vec![secret("s", json!({}))]);
    play.replace("name: s", "name: other");
    assert_eq!(play.end(), (Err(vec!["error: At least one of apiVersion, kind and name was changed".into()]), true));
    let mut play = Play::of(vec![secret("s", json!({}))]);
    play.replace("namespace: ns", "namespace: elsewhere");
    assert!(play.end().0.unwrap_err()[0].contains("does not match the namespace \"ns\""));
}

#[test]
fn a_change_by_others_is_merged_and_sent_again() {
    let mut play = Play::of(vec![secret("s", json!({"a": "MQ==", "b": "MQ=="}))]);
    play.replace("a: MQ==", "a: Mg==");
    play.on(Event::Refused(Refusal::Conflict("changed".into())));
    assert!(matches!(&play.next, Next::Fetch(name) if name == "s"));
    let mut theirs = secret("s", json!({"a": "MQ==", "b": "Mw=="}));
    theirs.json_mut()["metadata"]["resourceVersion"] = json!("8");
    play.on(Event::Fetched(theirs));
    assert_eq!(play.patch(), json!({"data": {"a": "Mg=="}, "metadata": {"resourceVersion": "8"}}));
}

#[test]
fn a_clash_is_shown_and_never_decided_by_silence() {
    let start = || {
        let mut play = Play::of(vec![secret("s", json!({"a": "MQ==", "b": "MQ=="}))]);
        play.replace("a: MQ==", "a: Mg==");
        play.on(Event::Refused(Refusal::Conflict("changed".into())));
        let mut theirs = secret("s", json!({"a": "Mw==", "b": "MQ=="}));
        theirs.json_mut()["metadata"]["resourceVersion"] = json!("8");
        play.on(Event::Fetched(theirs));
        play
    };
    let mut play = start();
    let text = play.text();
    assert!(text.contains("# * data.a: yours is below; there it is now Mw==\n") && text.contains("a: Mg=="), "{text}");
    play.save(&text);
    assert_eq!(play.end(), (Err(vec!["error: Edit cancelled, no valid changes were saved.".into()]), true));

    let mut play = start();
    play.replace("# * data.a: yours is below; there it is now Mw==\n", "");
    assert_eq!(play.patch(), json!({"data": {"a": "Mg=="}, "metadata": {"resourceVersion": "8"}}));

    let mut play = start();
    play.replace("a: Mg==", "a: Mw==");
    assert_eq!(play.end(), (Ok(()), false));
}

#[test]
fn what_cannot_be_saved_is_kept() {
    let edited = || {
        let mut play = Play::of(vec![secret("s", json!({"a": "MQ=="}))]);
        play.replace("a: MQ==", "a: Mg==");
        play
    };
    let mut play = edited();
    play.on(Event::Refused(Refusal::Other("secrets \"s\" is forbidden".into())));
    assert_eq!(play.said, ["error: secrets \"s\" could not be patched: secrets \"s\" is forbidden"]);
    assert_eq!(play.end(), (Err(vec![]), true));
    let mut play = edited();
    play.on(Event::Refused(Refusal::NotFound(String::new())));
    assert_eq!(play.said, ["error: secrets \"s\" could not be found on the server"]);
    assert_eq!(play.end(), (Err(vec![]), true));
    let mut play = Play::of(vec![secret("s", json!({"a": "MQ=="}))]);
    let text = play.text().replace("MQ==", "Mg==").into_bytes();
    play.on(Event::EditorFailed(Error::new("x"), Some(Zeroizing::new(text))));
    assert!(play.end().1);
    let mut play = Play::of(vec![secret("s", json!({"a": "MQ=="}))]);
    let text = play.text().into_bytes();
    play.on(Event::EditorFailed(Error::new("x"), Some(Zeroizing::new(text))));
    assert!(!play.end().1);
}

#[test]
fn asked_first_when_told_to() {
    let settings = Settings { confirm: true, output_patch: true, ..Settings::default() };
    let mut play = Play::with(vec![secret("s", json!({"a": "MQ=="}))], settings);
    play.replace("a: MQ==", "a: MTI=");
    assert!(matches!(&play.next, Next::Confirm(text) if text == "secret/s: changed a (1 → 2 bytes)"));
    play.on(Event::Confirmed(true));
    assert_eq!(play.said, ["Patch: {\"data\":{\"a\":\"MTI=\"}}"]);
    let mut play =
        Play::with(vec![secret("s", json!({"a": "MQ=="}))], Settings { confirm: true, ..Settings::default() });
    play.replace("a: MQ==", "a: MTI=");
    play.on(Event::Confirmed(false));
    assert_eq!(play.end(), (Ok(()), true));
}

#[test]
fn windows_line_endings_and_save_config() {
    let settings = Settings { windows_line_endings: true, save_config: true, ..Settings::default() };
    let mut play = Play::with(vec![secret("s", json!({"a": "MQ=="}))], settings);
    assert!(
        play.text().lines().count() > 5 && play.text().matches('\n').count() == play.text().matches("\r\n").count()
    );
    play.replace("a: MQ==", "a: Mg==");
    let note = play.patch()["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"].clone();
    assert!(note.as_str().unwrap().contains("\"a\":\"\"") && note.as_str().unwrap().ends_with("}\n"));
}

#[test]
fn a_script_that_makes_it_worse_each_time_comes_to_an_end() {
    let mut play = Play::of(vec![secret("s", json!({"a": "MQ=="}))]);
    while let Next::Open(_) = &play.next {
        let text = play.text() + "broken: [\n";
        play.save(&text);
    }
    assert_eq!(play.end(), (Err(vec!["error: Edit cancelled, no valid changes were saved.".into()]), true));
}
