use super::*;
use serde_json::json;

fn page() -> Json {
    let row = |name: &str, type_: &str, data: i64, labels: Json| {
        json!({ "cells": [name, type_, data, "5s", "extra"],
                "object": { "metadata": { "name": name, "namespace": "ns", "labels": labels } } })
    };
    json!({
        "columnDefinitions": [
            { "name": "Name", "type": "string", "format": "name", "priority": 0 }, { "name": "Type", "type": "string" },
            { "name": "Data", "type": "string" }, { "name": "Age", "type": "string" },
            { "name": "Extra", "type": "string", "priority": 1 },
        ],
        "rows": [
            row("a", "example.com/t", 2, json!({ "app": "y", "env": "prod" })),
            row("b", "Opaque", 0, json!({ "env": "dev" })),
            row("c", "Opaque", 2, json!({ "app": "x" })),
        ],
    })
}

fn print(options: Options, page: &Json) -> String {
    let (mut table, mut out) = (Table::new(options, Style::default()), Vec::new());
    table.page(page);
    table.flush(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn columns_are_aligned() {
    let want = "NAME   TYPE            DATA   AGE\na      example.com/t   2      5s\nb      Opaque          0      5s\nc      Opaque          2      5s\n";
    assert_eq!(print(Options::default(), &page()), want);
}

#[test]
fn without_headers_columns_are_at_least_six_wide() {
    let options = Options { no_headers: true, ..Options::default() };
    let want = "a     example.com/t   2     5s\nb     Opaque          0     5s\nc     Opaque          2     5s\n";
    assert_eq!(print(options, &page()), want);
}

#[test]
fn labels_namespaces_kinds_and_wide_columns() {
    let options = Options {
        wide: true,
        with_namespace: true,
        with_kind: true,
        label_columns: vec!["x.org/app".into(), "app".into()],
        show_labels: true,
        ..Options::default()
    };
    let want = "\
NAMESPACE   NAME       TYPE            DATA   AGE   EXTRA   APP   APP   LABELS
ns          secret/a   example.com/t   2      5s    extra         y     app=y,env=prod
ns          secret/b   Opaque          0      5s    extra               env=dev
ns          secret/c   Opaque          2      5s    extra         x     app=x
";
    assert_eq!(print(options, &page()), want);
}

#[test]
fn an_empty_last_cell_leaves_the_padding_before_it() {
    let options = Options { label_columns: vec!["app".into(), "env".into()], ..Options::default() };
    assert!(print(options, &page()).ends_with("c      Opaque          2      5s    x     \n"));
}

#[test]
fn headers_come_once_and_widths_only_grow() {
    let (mut table, mut out) = (Table::new(Options::default(), Style::default()), Vec::new());
    table.event("ADDED", &page());
    table.flush(&mut out).unwrap();
    table.event(
        "DELETED",
        &json!({ "columnDefinitions": [], "rows": [{ "cells": ["longer-name", "t", 1, "1s", ""] }] }),
    );
    table.flush(&mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(
        out.starts_with("EVENT      NAME   TYPE            DATA   AGE\nADDED      a      example.com/t   2      5s\n"),
        "{out}"
    );
    assert!(out.ends_with("DELETED    longer-name   t               1      1s\n"), "{out}");
    assert_eq!(out.matches("NAME").count(), 1);
}

#[test]
fn nothing_is_printed_for_no_rows() {
    let mut empty = page();
    empty["rows"] = json!([]);
    assert_eq!(print(Options::default(), &empty), "");
}

#[test]
fn rows_can_be_reordered() {
    let (mut table, mut out) =
        (Table::new(Options { no_headers: true, ..Options::default() }, Style::default()), Vec::new());
    table.page(&page());
    assert_eq!(table.rows(), 3);
    table.reorder(&[2, 0, 1]);
    table.flush(&mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "c     Opaque          2     5s\na     example.com/t   2     5s\nb     Opaque          0     5s\n"
    );
}

#[test]
fn rows_made_here_have_name_and_age() {
    let (mut table, mut out) = (Table::new(Options::default(), Style::default()), Vec::new());
    let now = "2026-01-01T00:10:00Z".parse().unwrap();
    table.object(&json!({ "metadata": { "name": "a", "creationTimestamp": "2026-01-01T00:00:00Z" } }), now, None);
    table.object(&json!({ "metadata": { "name": "b\x1b[2J\nc" } }), now, None);
    table.flush(&mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "NAME        AGE\na           10m\nb^[[2J...   <unknown>\n");
}

#[test]
fn colour_does_not_move_columns() {
    let style = Style { color: true, terminal: true };
    let (mut table, mut out) = (Table::new(Options::default(), style), Vec::new());
    table.page(&page());
    table.flush(&mut out).unwrap();
    let colored = String::from_utf8(out).unwrap();
    let plain = [HEADER, DIM, PLAIN].iter().fold(colored.clone(), |text, code| text.replace(code, ""));
    assert_eq!(plain, print(Options::default(), &page()));
    assert!(colored.starts_with("\x1b[1mNAME\x1b[0m   \x1b[1mTYPE"));
}

#[test]
fn other_columns_begin_another_table() {
    let options = Options { with_kind: true, ..Options::default() };
    let (mut table, mut out) = (Table::new(options, Style::default()), Vec::new());
    table.page(&page());
    table.kind("namespace");
    let columns = json!([{ "name": "Name", "type": "string", "format": "name" }, { "name": "Status" }]);
    table.page(&json!({ "columnDefinitions": columns, "rows": [{ "cells": ["default", "Active"] }] }));
    table.flush(&mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.starts_with("NAME       TYPE            DATA   AGE\nsecret/a   example.com/t   2      5s\n"), "{out}");
    assert!(
        out.ends_with(
            "secret/c   Opaque          2      5s\n\nNAME                STATUS\nnamespace/default   Active\n"
        ),
        "{out}"
    );
}
