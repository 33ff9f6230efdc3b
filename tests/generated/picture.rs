//! The picture of a terminal in the README: commands as they were run, with what they printed in colour.

use std::fmt::Write as _;

use crate::support::Sandbox;

/// The commands, on an embedded server of their own.
const COMMANDS: [&[&str]; 5] = [
    &["create", "generic", "db", "--from-literal=user=admin", "--from-file=password.txt"],
    &[
        "create",
        "docker-registry",
        "registry",
        "--docker-server=registry.example",
        "--docker-username=tiger",
        "--docker-password=pass113",
    ],
    &["get", "secrets"],
    &["decode", "db"],
    &["describe", "registry", "--details"],
];

/// Height of a line, in pixels.
const LINE: usize = 20;
/// Width of a character of the font.
const CHARACTER: usize = 9;

/// Runs the commands and draws them.
pub fn picture() -> String {
    let sandbox = Sandbox::bare();
    sandbox.write("password.txt", "correct horse battery staple");
    let store = format!("--local={}", sandbox.root().join("store/picture.db").display());
    let mut lines = Vec::new();
    for words in COMMANDS {
        let typed: Vec<&str> = words.iter().copied().filter(|word| *word != "--details").collect();
        lines.push(format!("\x1b[2m$\x1b[0m ksecret {}", typed.join(" ")));
        let shown = sandbox.ok(&[words, &["--color=always", &store]].concat());
        // Why: how long ago something was made depends on how busy the machine is.
        lines.extend(shown.lines().map(aged));
        lines.push(String::new());
    }
    lines.pop();
    svg(&lines)
}

/// Sets an age of seconds at the end of a line to one.
fn aged(line: &str) -> String {
    match line.rsplit_once(' ') {
        Some((rest, age)) if age.strip_suffix('s').is_some_and(|number| number.parse::<u32>().is_ok()) => {
            format!("{rest} 1s")
        }
        _ => line.to_owned(),
    }
}

fn svg(lines: &[String]) -> String {
    let plain = |line: &String| spans(line).iter().map(|(_, text)| text.chars().count()).sum::<usize>();
    let columns = lines.iter().map(plain).max().unwrap_or_default();
    let (width, height) = ((columns + 4) * CHARACTER, (lines.len() + 2) * LINE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>ksecret on a terminal</title>\n\
         <style>text {{ font: 15px ui-monospace, Menlo, Consolas, monospace; fill: #d7dae0; white-space: pre }} \
         .b {{ font-weight: bold; fill: #fff }} .k {{ fill: #56b6c2 }} .d {{ fill: #7f848e }}</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1e2127\"/>\n"
    );
    for (index, line) in lines.iter().enumerate() {
        let _ = write!(out, "<text xml:space=\"preserve\" x=\"{}\" y=\"{}\">", 2 * CHARACTER, (index + 2) * LINE - 5);
        for (class, text) in spans(line) {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let _ = match class {
                "" => write!(out, "{text}"),
                class => write!(out, "<tspan class=\"{class}\">{text}</tspan>"),
            };
        }
        out.push_str("</text>\n");
    }
    out + "</svg>\n"
}

/// The parts of a line, each with the class of its colour.
fn spans(line: &str) -> Vec<(&'static str, String)> {
    let mut parts = line.split("\x1b[");
    let mut spans = vec![("", parts.next().unwrap_or_default().to_owned())];
    for part in parts {
        let (code, text) = part.split_once('m').expect("the end of a colour");
        let class = match code {
            "0" => "",
            "1" => "b",
            "2" => "d",
            "36" => "k",
            other => panic!("a colour that the picture has not: {other}"),
        };
        spans.push((class, text.to_owned()));
    }
    spans.retain(|(_, text)| !text.is_empty());
    spans
}
