//! `completions/`, `man/` and the README's picture are generated and committed; here they are compared. And what
//! the documents say of tests is true of them.
//!
//! To write them anew: `KSECRET_WRITE_GENERATED=1 cargo test --test e2e generated`.

pub mod pages;
mod picture;
mod roff;
mod texts;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn generated() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (shell, name) in
        [("bash", "ksecret.bash"), ("zsh", "_ksecret"), ("fish", "ksecret.fish"), ("powershell", "ksecret.ps1")]
    {
        let script = ksecret::commands::completion::script(shell, "ksecret").expect("a script");
        files.insert(format!("completions/{name}"), script.into_bytes());
    }
    files.extend(pages::pages().into_iter().map(|(name, page)| (format!("man/{name}.1"), page.into_bytes())));
    files.insert(".github/terminal.svg".to_owned(), picture::picture().into_bytes());
    files
}

#[test]
fn committed_files_are_what_the_commands_generate() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = generated();
    if std::env::var_os("KSECRET_WRITE_GENERATED").is_some() {
        for dir in ["completions", "man"] {
            let _ = fs::remove_dir_all(top.join(dir));
            fs::create_dir_all(top.join(dir)).expect("a directory");
        }
        for (name, content) in &files {
            fs::write(top.join(name), content).expect("a generated file");
        }
    }
    let mut stale: Vec<String> = files
        .iter()
        .filter(|(name, content)| fs::read(top.join(name)).ok().as_ref() != Some(content))
        .map(|(name, _)| name.clone())
        .collect();
    for dir in ["completions", "man"] {
        for entry in fs::read_dir(top.join(dir)).into_iter().flatten().flatten() {
            let name = format!("{dir}/{}", entry.file_name().to_string_lossy());
            if !files.contains_key(&name) {
                stale.push(name);
            }
        }
    }
    assert!(
        stale.is_empty(),
        "not what the commands generate: {stale:?}\nto mend: KSECRET_WRITE_GENERATED=1 cargo test --test e2e generated"
    );
}

/// In a page an option is three lines: `.TP`, its name, its description.
#[test]
fn every_option_of_a_page_is_described() {
    let mut options = 0;
    let mut bare = Vec::new();
    for (name, content) in generated().iter().filter(|(name, _)| name.starts_with("man/")) {
        let page = String::from_utf8_lossy(content);
        let lines: Vec<&str> = page.lines().collect();
        for at in (0..lines.len()).filter(|at| lines[*at] == ".TP") {
            options += 1;
            let described = lines.get(at + 2).is_some_and(|line| !line.is_empty() && !line.starts_with(".TP"));
            if !described {
                bare.push(format!("{name}: {}", lines.get(at + 1).unwrap_or(&"")));
            }
        }
    }
    assert!(options > 200, "only {options} options were found");
    assert!(bare.is_empty(), "{} options of pages without a description:\n{}", bare.len(), bare.join("\n"));
}

#[test]
fn every_page_has_its_sections_and_a_header() {
    let pages = pages::pages();
    assert!(pages.len() > 45, "{} pages", pages.len());
    for (name, page) in &pages {
        let title = format!(".TH {} 1 ", name.to_uppercase().replace('-', "\\-"));
        assert!(page.contains(&title) && page.contains(env!("CARGO_PKG_VERSION")), "{name}");
        let sections: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix(".SH "))
            .filter(|section| *section != "COMMANDS")
            .collect();
        assert_eq!(sections, pages::SECTIONS, "{name}");
        for (at, line) in page.lines().enumerate() {
            let next = page.lines().nth(at + 1).unwrap_or(".SH");
            let begins = [".SH", ".SS", ".EX"].iter().any(|head| line.starts_with(head));
            let is_empty = begins && (next.starts_with(".SH") || next == ".EE");
            assert!(!is_empty, "{name}: nothing below {line}");
        }
    }
    let whole = pages.values().cloned().collect::<String>();
    for hidden in ["reap\\-server", "\\-\\-record", "\\-\\-kuberc", "\\-\\-profile"] {
        assert!(!whole.contains(hidden), "{hidden} is hidden");
    }
}

/// Every variable that the program reads stands in its page.
#[test]
fn the_page_names_every_variable_that_is_read() {
    let mut files = Vec::new();
    crate::dependencies::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let page = pages::pages().remove("ksecret").expect("the page");
    let mut read = 0;
    // The build's script is no part of the program.
    let of_program =
        |file: &&PathBuf| !file.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "link.rs");
    for file in files.iter().filter(of_program) {
        let text = fs::read_to_string(file).expect("a file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let quoted = code.split('"').skip(1).step_by(2);
        let before: Vec<&str> = code.split('"').step_by(2).collect();
        for (at, name) in quoted.enumerate() {
            let is_name = name.len() > 3 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            let reads = before
                .get(at)
                .is_some_and(|code| ["var(", "var_os(", "non_empty("].iter().any(|call| code.ends_with(call)));
            let is_ours = ["KSECRET_", "KUBE"].iter().any(|start| name.starts_with(start)) && name.contains('_');
            if is_name && (reads || is_ours) && !name.starts_with("KSECRET_TEST_") && name != "KUBERNETES_EXEC_INFO" {
                read += 1;
                assert!(page.contains(name), "{}: {name} is read, and not in ksecret(1)", file.display());
            }
        }
    }
    assert!(read > 20, "only {read} were found");
}

/// A test that a document names as `FILE::FUNCTION`.
fn named(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split('`').skip(1).step_by(2).filter_map(|word| word.split_once(".rs::"))
}

/// Returns whether the file has a function of that name which a test runner runs: one with an attribute, or one of a
/// suite's table.
fn has_test(file: &Path, function: &str) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    let head = format!("fn {function}(");
    let attributed = text.split("#[").skip(1).any(|rest| {
        let is_test = rest.starts_with("test]") || rest.starts_with("tokio::test");
        is_test && rest.lines().skip(1).find(|line| line.contains("fn ")).is_some_and(|line| line.contains(&head))
    });
    attributed || text.contains(&format!("(\"{function}\","))
}

/// Each line of the list of security names tests that exist, or says why there is none.
#[test]
fn tests_that_documents_name_exist() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(top.join("README.md")).expect("the README");
    let table = fs::read_to_string(top.join(".github/SECURITY.md")).expect("the table");
    let mut wrong = Vec::new();
    for line in readme.lines().chain(table.lines()) {
        for (file, function) in named(line) {
            if !has_test(&top.join(format!("{file}.rs")), function) {
                wrong.push(format!("there is no test {file}.rs::{function}"));
            }
        }
    }
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #")).collect();
    let rows: Vec<&str> = rows.into_iter().filter(|line| !line.starts_with("| -")).collect();
    for (at, row) in rows.iter().enumerate() {
        if !row.starts_with(&format!("| {} |", at + 1)) {
            wrong.push(format!("row {} is missing: {row}", at + 1));
        }
        if named(row).count() == 0 && !row.contains("| No test: ") {
            wrong.push(format!("it names no test: {row}"));
        }
    }
    assert_eq!(rows.len(), 64, "rows of .github/SECURITY.md");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The README says of limits what the constants say; it may break lines where it likes.
#[test]
fn the_limits_of_the_readme_are_those_of_the_program() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let limits = words(&ksecret::commands::limits());
    assert!(words(&readme).contains(&limits), "the README has not: {limits}");
}
