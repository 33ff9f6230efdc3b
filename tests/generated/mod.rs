//! `completions/` and `man/` are generated from the command definitions and committed; here they are compared. And what
//! the documents say of tests is true of them.
//!
//! To write them anew: `KSECRET_WRITE_GENERATED=1 cargo test --test e2e generated`.

use std::{collections::BTreeMap, fs, path::Path};

fn generated() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (shell, name) in
        [("bash", "ksecret.bash"), ("zsh", "_ksecret"), ("fish", "ksecret.fish"), ("powershell", "ksecret.ps1")]
    {
        let script = ksecret::commands::completion::script(shell, "ksecret").expect("a script");
        files.insert(format!("completions/{name}"), script.into_bytes());
    }
    let mut tree = ksecret::commands::command();
    tree.build();
    pages(&tree, "ksecret", &mut files);
    files
}

/// One page a command: `ksecret-create-generic.1`. The connection flags stand in the root's alone.
fn pages(command: &clap::Command, name: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let mut page = Vec::new();
    let root = name == "ksecret";
    // What only the short help leaves out stands in the page.
    let shown = command
        .clone()
        .mut_args(|arg| if arg.is_global_set() && !root { arg.hide(true) } else { arg.hide_short_help(false) });
    clap_mangen::Man::new(shown.display_name(name.to_owned()).bin_name(name.replace('-', " ")))
        .title(name.to_uppercase())
        .date("")
        .render(&mut page)
        .expect("a page");
    files.insert(format!("man/{name}.1"), page);
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help" && !sub.is_hide_set()) {
        pages(sub, &format!("{name}-{}", sub.get_name()), files);
    }
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

/// Each line of the security documents names tests that exist, or says why there is none.
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
    assert_eq!(rows.len(), 61, "rows of .github/SECURITY.md");
    let section = readme.split("\n## Security\n").nth(1).and_then(|rest| rest.split("\n## ").next());
    let points = section.expect("the README's section").split("\n- ").skip(1);
    let bare: Vec<&str> = points.filter(|point| named(point).count() == 0).collect();
    assert!(wrong.is_empty() && bare.is_empty(), "{}\npoints without a test: {bare:#?}", wrong.join("\n"));
}

/// The README says of limits what the constants say; it may break lines where it likes.
#[test]
fn the_limits_of_the_readme_are_those_of_the_program() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let limits = words(&ksecret::commands::limits());
    assert!(words(&readme).contains(&limits), "the README has not: {limits}");
}
