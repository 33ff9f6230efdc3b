//! More objects than are held: what is read again is what was read first, and a change is noticed.

use std::{cell::Cell, fs, io, path::Path, rc::Rc};

use super::{
    super::{
        Document, Filenames, Options, load, load_with,
        tests::{context, names, secret},
    },
    *,
};

/// More than are held.
const MANY: usize = OBJECTS + 500;

fn many(range: std::ops::Range<usize>) -> String {
    range.map(|at| format!("{}---\n", secret(&format!("s{at}")))).collect()
}

/// The name and the place of an object, or the error in its position and its hints.
fn shown(result: Result<Document>) -> String {
    match result {
        Ok(document) => {
            let Document { origin, object, .. } = &document;
            let item = document.item().map(|item| format!(", item {item}")).unwrap_or_default();
            let name_line = document.line_of(&["metadata", "name"]);
            format!("{} at {}.{}{item}, its name at {name_line}", object.name(), origin.document, origin.line)
        }
        Err(error) => format!("{error} ({:?})", error.hints()),
    }
}

/// Loads what is expected to need a second reading.
fn queue(filenames: &[&str], directory: &Path, stdin: &str) -> Queue {
    let queue = load(&names(filenames), &mut context(directory, stdin)).expect("documents");
    assert!(!queue.rest.is_empty() && queue.held.len() < queue.len(), "all are held");
    queue
}

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        fs::write(directory.path().join(name), text).expect("a file");
    }
    directory
}

/// Reads the same text as one document after the other, which holds nothing.
fn expected(text: &str) -> Vec<String> {
    let mut reader = Reader::new(Input::new(text.as_bytes()), Place::default(), "f".to_owned(), true);
    let mut found = Found::default();
    while reader.next(&mut found) {}
    found.documents.into_iter().map(shown).collect()
}

#[test]
fn all_objects_in_order_and_how_many_are_left() {
    let text = many(0..MANY);
    let directory = directory(&[("f", &text)]);
    let mut queue = queue(&["f"], directory.path(), "");
    assert_eq!((queue.held.len(), queue.len()), (OBJECTS, MANY));
    let mut read = Vec::new();
    while let Some(result) = queue.next() {
        read.push(shown(result));
        assert_eq!(queue.len(), MANY - read.len());
        assert!(queue.held.len() < OBJECTS);
    }
    assert_eq!(read[MANY - 1], format!("s{} at {MANY}.{}, its name at {}", MANY - 1, 4 * MANY - 3, 4 * MANY - 1));
    assert_eq!(read, expected(&text));
    assert!(queue.next().is_none());
}

#[test]
fn few_objects_are_all_held() {
    let directory = directory(&[("f", &many(0..OBJECTS)), ("g", "# nothing\n")]);
    let queue = load(&names(&["f", "g"]), &mut context(directory.path(), "")).expect("documents");
    assert_eq!((queue.held.len(), queue.rest.len()), (OBJECTS, 0));
    // Few are held of those that are large.
    let large = format!("stringData: {{k: {}}}\n---\n", "v".repeat(1 << 18));
    let text: String = (0..10).map(|at| secret(&format!("s{at}")) + &large).collect();
    let queue = self::queue(&["-"], directory.path(), &text);
    assert_eq!((queue.held.len(), queue.len()), (8, 10));
    assert_eq!(queue.map(shown).collect::<Vec<_>>(), expected(&text));
}

#[test]
fn lists_and_errors_in_their_positions() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n\
                - {apiVersion: v1, kind: Nonsense, metadata: {name: b}}\n\
                - {apiVersion: v1, kind: Secret, metadata: {name: c}}\n---\n";
    let text = [
        &many(0..MANY),
        list,
        "# empty\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {a: 1}}\n---\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n---\n",
        "apiVersion: v1\nkind: SecretList\nitems: []\n---\n",
        &many(0..3),
        "a: [\n",
    ]
    .concat();
    let directory = directory(&[("f", &text)]);
    let queue = queue(&["f"], directory.path(), "");
    assert_eq!(queue.len(), MANY + 9);
    assert_eq!(queue.map(shown).collect::<Vec<_>>(), expected(&text));
    // The list that the last object is held of is held whole.
    let text = many(0..OBJECTS - 1) + list + &many(0..1);
    let directory = self::directory(&[("f", &text)]);
    let queue = self::queue(&["f"], directory.path(), "");
    assert_eq!((queue.held.len(), queue.len()), (OBJECTS + 2, OBJECTS + 3));
    assert_eq!(queue.map(shown).collect::<Vec<_>>(), expected(&text));
    // An error of validation ends its source.
    let text = many(0..MANY) + "kind: Secret\n---\n" + &many(0..1);
    let directory = self::directory(&[("f", &text)]);
    assert_eq!(self::queue(&["f"], directory.path(), "").map(shown).collect::<Vec<_>>(), expected(&text));
}

#[test]
fn sources_of_every_kind() {
    let yaml = many(0..MANY);
    let object = |at| format!("{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{{\"name\":\"s{at}\"}}}}\n");
    let json: String = (0..MANY).map(object).collect();
    let utf16: Vec<u8> = format!("\u{FEFF}{yaml}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows = yaml.replace('\n', "\r\n");
    for text in [&yaml, &json, &windows, &format!("\u{FEFF}{yaml}"), &(object(0) + "---\n" + &yaml)] {
        let directory = directory(&[("f", text)]);
        let expected: Vec<_> = expected(text);
        assert_eq!(queue(&["f"], directory.path(), "").map(shown).collect::<Vec<_>>(), expected, "{text:.100}");
        assert_eq!(queue(&["-"], directory.path(), text).map(shown).collect::<Vec<_>>(), expected, "{text:.100}");
    }
    let directory = directory(&[]);
    fs::write(directory.path().join("f"), utf16).expect("a file");
    assert_eq!(queue(&["f"], directory.path(), "").map(shown).collect::<Vec<_>>(), expected(&yaml));
    // What was fetched, what was decrypted, and what has no length, as a file of /proc.
    let mut fetch = |_: &str| Ok(yaml.clone().into_bytes());
    let mut decrypt = |_, _: &str| Ok(guard::Value::new(yaml.as_bytes()));
    fs::write(directory.path().join("encrypted"), "x").expect("a file");
    let files = Filenames { decrypt: true, ..names(&["http://h/f", "encrypted"]) };
    let options = Options { fetch: Some(&mut fetch), decrypt: Some(&mut decrypt), ..Options::default() };
    let queue = load_with(&files, options, &mut context(directory.path(), "")).expect("documents");
    assert_eq!(queue.len(), 2 * MANY);
    assert_eq!(queue.map(shown).collect::<Vec<_>>(), [expected(&yaml), expected(&yaml)].concat());
}

#[test]
fn several_files_and_what_cannot_be_read() {
    let directory = directory(&[("a", &many(0..OBJECTS)), ("b", &many(1..3)), ("c", "# nothing"), ("e", &many(4..5))]);
    fs::create_dir(directory.path().join("d.yaml")).expect("a directory");
    std::os::unix::fs::symlink("d.yaml", directory.path().join("d")).expect("a link");
    let queue = queue(&["a", "b", "c", "d", "e"], directory.path(), "");
    assert_eq!(queue.len(), OBJECTS + 4);
    let rest: Vec<_> = queue.skip(OBJECTS).map(shown).collect();
    let failed = "error: error parsing d: read d: is a directory ([\"d, document 1, line 1\"])";
    assert_eq!(rest[..2], ["s1 at 1.1, its name at 3", "s2 at 2.5, its name at 7"]);
    assert_eq!(rest[2..], [failed, "s4 at 1.1, its name at 3"]);
}

#[test]
fn a_stream_that_fails_ends_with_its_error() {
    let mut ctx = context(Path::new("/"), "");
    let torn = io::Error::from_raw_os_error(5);
    let mut pieces = Pieces::default();
    pieces.add(format!("{}{}", many(0..MANY), secret("torn")).as_bytes());
    pieces.fail(torn);
    ctx.stdin = Box::new(pieces);
    let mut queue = load(&names(&["-"]), &mut ctx).expect("documents");
    assert_eq!(queue.len(), MANY + 1);
    let last = queue.nth(MANY).and_then(Result::err).expect("an error");
    assert_eq!(last.to_string(), "error: error parsing STDIN: input/output error");
}

#[test]
fn selection_and_other_kinds() {
    let odd = |at: usize| format!("metadata: {{name: s{at}, labels: {{odd: '{}'}}}}", at % 2);
    let text: String = (0..3 * MANY)
        .map(|at| format!("apiVersion: v1\nkind: {}\n{}\n---\n", ["Secret", "Pod"][usize::from(at % 10 == 9)], odd(at)))
        .collect();
    let others = Cell::new(0);
    let mut foreign = |_: Document| others.set(others.get() + 1);
    let select = |document: &Document| document.object.json()["metadata"]["labels"]["odd"] == "1";
    let options = Options { foreign: Some(&mut foreign), select: Some(Rc::new(select)), ..Options::default() };
    let directory = directory(&[("f", &text)]);
    let queue = load_with(&names(&["f"]), options, &mut context(directory.path(), "")).expect("documents");
    // Of ten four are odd and Secrets, one is a Pod.
    assert_eq!((queue.len(), queue.excluded(), queue.rest.len()), (12 * MANY / 10, 15 * MANY / 10, 1));
    let read: Vec<_> = queue.map(|result| result.expect("a document").object.name().to_owned()).collect();
    let expected: Vec<_> = (0..3 * MANY).filter(|at| at % 2 == 1 && at % 10 != 9).map(|at| format!("s{at}")).collect();
    assert_eq!(read, expected);
    assert_eq!(others.get(), 3 * MANY / 10, "each is passed on once");
}

/// A change to a file, and its name.
type Change<'a> = (&'a str, &'a dyn Fn(&Path));

#[test]
fn a_file_that_has_changed_is_one_error() {
    let text = many(0..MANY);
    let change = |path: &Path, text: &str| fs::write(path, text).expect("a file");
    let later = |path: &Path| {
        let file = fs::File::options().write(true).open(path).expect("the file");
        file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(9)).expect("its time");
    };
    let changes: [Change<'_>; 6] = [
        ("longer", &|path| change(path, &many(0..MANY + 1))),
        ("shorter", &|path| change(path, &many(0..OBJECTS))),
        ("empty", &|path| change(path, "")),
        ("touched", &later),
        ("replaced", &|path| {
            let other = path.with_extension("new");
            change(&other, &text);
            fs::rename(&other, path).expect("the new one in its place");
        }),
        ("removed", &|path| fs::remove_file(path).expect("it is gone")),
    ];
    for (how, change) in changes {
        // Before the second reading begins, and while it goes on.
        for taken in [0, OBJECTS + 7] {
            let directory = directory(&[("f", &text), ("g", &many(7..9))]);
            let mut queue = queue(&["f", "g"], directory.path(), "");
            let mut read: Vec<_> = queue.by_ref().take(taken).map(shown).collect();
            change(&directory.path().join("f"));
            read.extend(queue.by_ref().map(shown));
            let good = taken.max(OBJECTS);
            let left = format!("its last {} objects are left alone ([])", MANY - good);
            let error = match how {
                "removed" => format!("error: open f: no such file or directory: {left}"),
                _ => format!("error: f has changed since it was first read: {left}"),
            };
            assert_eq!(queue.len(), 0);
            if taken > 0 && ["replaced", "removed"].contains(&how) {
                // The old one is still open.
                assert_eq!(read.len(), MANY + 2, "{how}");
                continue;
            }
            assert_eq!(read[..good], expected(&text)[..good], "{how}");
            assert_eq!(
                read[good..],
                [&error, "s7 at 1.1, its name at 3", "s8 at 2.5, its name at 7"],
                "{how}, {taken}"
            );
        }
    }
}

#[test]
fn objects_that_were_not_counted_are_noticed() {
    let text = many(0..MANY);
    let stream = |text: String| {
        let mut pieces = Pieces::default();
        pieces.add(text.as_bytes());
        pieces
    };
    for (other, is_more) in [(many(OBJECTS..MANY + 1), true), (many(OBJECTS..MANY - 1), false)] {
        let mut queue = queue(&["-"], Path::new("/"), &text);
        queue.rest[0].again = Again::Text(stream(other));
        let read: Vec<_> = queue.skip(OBJECTS).map(shown).collect();
        let expected = expected(&text)[OBJECTS..].to_vec();
        assert_eq!(read[..MANY - OBJECTS - 1], expected[..MANY - OBJECTS - 1], "{is_more}");
        let error = "error: STDIN has changed since it was first read: its last object is left alone ([])";
        assert_eq!(read[MANY - OBJECTS - 1..], [error], "{is_more}");
    }
}
