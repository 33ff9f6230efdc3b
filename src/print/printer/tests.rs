use super::*;
use crate::{Allowed, Flags};

fn format(output: &str) -> Format {
    let flags = Flags { output: Some(output), template: None, allow_missing_keys: true, no_headers: false };
    Format::parse(flags, Allowed::Get, &|_| Err(String::new())).unwrap()
}

fn objects() -> Vec<Json> {
    ["c", "a", "b"]
        .into_iter()
        .map(|name| {
            json!({
                "metadata": { "name": name, "managedFields": [{ "manager": "m" }] }, "type": "Opaque",
                "data": { "k": if name == "c" { "MQ==" } else { "Mg==" } },
            })
        })
        .collect()
}

fn list(output: &str, options: Options, objects: Vec<Json>) -> (String, Result<usize>) {
    let (mut printer, mut out) = (Printer::of_list(format(output), options), Vec::new());
    for mut object in objects {
        if let Err(error) = printer.object(&mut object, &mut out) {
            return (String::from_utf8(out).unwrap(), Err(error));
        }
    }
    let end = printer.end(&mut out);
    (String::from_utf8(out).unwrap(), end)
}

fn singles(output: &str, options: Options) -> String {
    let (mut printer, mut out) = (Printer::new(format(output), options), Vec::new());
    objects().iter_mut().for_each(|object| printer.object(object, &mut out).unwrap());
    printer.end(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn sorted_by(field: &str) -> Options {
    Options { sort_by: Some(SortBy::parse(field).unwrap()), ..Options::default() }
}

#[test]
fn items_of_a_list_have_kinds_and_no_managed_fields() {
    let items: Vec<Json> = objects()
        .into_iter()
        .map(|mut item| {
            item["apiVersion"] = json!("v1");
            item["kind"] = json!("Secret");
            item["metadata"].as_object_mut().unwrap().remove("managedFields");
            item
        })
        .collect();
    let whole = json!({ "apiVersion": "v1", "items": items, "kind": "List", "metadata": { "resourceVersion": "" } });
    assert_eq!(list("yaml", Options::default(), objects()).0, yaml::write::to_string(&whole));
    assert_eq!(list("json", Options::default(), objects()).0, go::json_write::to_string(&whole, Order::Sorted));
    assert_eq!(list("kyaml", Options::default(), objects()).0, yaml::kyaml::to_string(&whole));
    assert_eq!(
        list("yaml", Options { list_version: None, ..Options::default() }, vec![]).0,
        "apiVersion: v1\nitems: []\nkind: List\nmetadata: {}\n"
    );
    let shown = Options { show_managed_fields: true, ..Options::default() };
    assert!(list("json", shown, objects()).0.contains("managedFields"));
}

#[test]
fn single_objects_are_separate_documents() {
    assert_eq!(singles("yaml", Options::default()).matches("---\napiVersion").count(), 2);
    assert_eq!(singles("kyaml", Options::default()).matches("---\n{\n").count(), 3);
    let typed = singles("json", Options { order: Order::Typed, ..Options::default() });
    assert!(typed.starts_with("{\n    \"kind\": \"Secret\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {"));
    assert_eq!(singles("name", Options::default()), "secret/c\nsecret/a\nsecret/b\n");
    assert_eq!(singles("jsonpath={.metadata.name};", Options::default()), "c;a;b;");
}

#[test]
fn templates_see_the_whole_list() {
    assert_eq!(list("jsonpath={.kind} {.items[*].metadata.name}", Options::default(), objects()).0, "List c a b");
    assert_eq!(list("jsonpath-as-json={.items[0].type}", Options::default(), objects()).0, "[\n    \"Opaque\"\n]\n");
    assert_eq!(list("jsonpath={.items}", Options::default(), vec![]).0, "[]");
}

#[test]
fn failing_templates_show_nothing_of_the_object() {
    let (out, end) = list("jsonpath={.items[5]}", Options::default(), objects());
    assert_eq!(out, "");
    assert_eq!(
        end.unwrap_err().to_string(),
        "error: error executing jsonpath \"{.items[5]}\": Error executing template: array index out of bounds: index 5, length 3."
    );
}

#[test]
fn custom_columns_have_headers_even_for_nothing() {
    let columns = "custom-columns=N:.metadata.name,K:.data.k";
    assert_eq!(list(columns, Options::default(), objects()).0, "N     K\nc     MQ==\na     Mg==\nb     Mg==\n");
    assert_eq!(list(columns, Options::default(), vec![]).0, "N     K\n");
    let (out, end) = list("custom-columns=N:.items[", Options::default(), objects());
    assert_eq!((out.as_str(), end.unwrap_err().to_string().as_str()), ("N\n", "error: unterminated array"));
}

#[test]
fn every_format_can_be_sorted() {
    assert_eq!(list("name", sorted_by(".metadata.name"), objects()).0, "secret/a\nsecret/b\nsecret/c\n");
    assert_eq!(list("jsonpath={.items[*].metadata.name}", sorted_by("{.data.k}"), objects()).0, "c a b");
    assert_eq!(list("custom-columns=N:.metadata.name", sorted_by("metadata.name"), objects()).0, "N\na\nb\nc\n");
    assert!(list("name", sorted_by(".nope"), objects()).1.unwrap_err().to_string().contains("{.nope}"));
    assert!(list("name", sorted_by(".data"), objects()).1.unwrap_err().to_string().contains("{.data}"));
}

#[test]
fn pages_of_tables_are_one_table() {
    let page = |names: &[&str], definitions: Json| {
        let rows: Vec<Json> = names
            .iter()
            .map(|name| json!({ "cells": [name, 1], "object": { "metadata": { "name": name } } }))
            .collect();
        json!({ "kind": "Table", "columnDefinitions": definitions, "rows": rows })
    };
    let definitions = json!([{ "name": "Name" }, { "name": "Data" }]);
    for (options, want) in [
        (Options::default(), "NAME          DATA\nb             1\na-long-name   1\n"),
        (sorted_by("metadata.name"), "NAME          DATA\na-long-name   1\nb             1\n"),
    ] {
        let (mut printer, mut out) = (Printer::of_list(format(""), options), Vec::new());
        printer.page(&page(&["b"], definitions.clone())).unwrap();
        printer.page(&page(&["a-long-name"], json!([]))).unwrap();
        assert_eq!(printer.end(&mut out).unwrap(), 2);
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}

#[test]
fn watch_events_carry_their_type() {
    let event = |output: &str| {
        let (mut printer, mut out) = (Printer::new(format(output), Options::default()), Vec::new());
        let mut object = json!({ "kind": "Secret", "metadata": { "name": "<a>", "managedFields": [] } });
        printer.event("ADDED", &mut object, &mut out).unwrap();
        printer.flush(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(
        event("json"),
        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Secret\",\"metadata\":{\"name\":\"\\u003ca\\u003e\"}}}\n"
    );
    assert_eq!(event("yaml"), "object:\n  kind: Secret\n  metadata:\n    name: <a>\ntype: ADDED\n");
    assert_eq!(event("jsonpath={.type}"), "ADDED");
    assert_eq!(event(""), "EVENT      NAME   AGE\nADDED      <a>    <unknown>\n");
}

#[test]
fn messages_say_what_was_done() {
    let done = |format| {
        let (mut printer, mut out) = (Printer::new(format, Options::default()), Vec::new());
        printer.done(&mut objects()[0], "created (dry run)", &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(done(Format::Message), "secret/c created (dry run)\n");
    assert_eq!(done(Format::Name), "secret/c\n");
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let error = output_error(std::io::ErrorKind::BrokenPipe.into());
    assert_eq!((error.exit_status(), error.lines().len()), (0, 0));
}

#[test]
fn templates_over_the_items_print_the_same_one_by_one() {
    let mut many = objects();
    many.push(json!({ "metadata": { "name": "d", "labels": { "empty": "", "l": "x y" } }, "type": "t" }));
    many.push(json!({ "metadata": { "name": "e", "labels": { "empty": "" } }, "type": "t" }));
    for template in [
        "{.items[*].metadata.name}",
        "{.items[*].metadata.labels.empty}",
        "{.items[*].metadata.labels.*}",
        "{.items[?(@.type==\"Opaque\")].metadata.name}",
        "{.items[*]..name}",
        "{.items[*].data}",
        "{range .items[*]}{.metadata.name}: {.data.k}{\"\\n\"}{end}",
        "{range .items[?(@.type==\"t\")]}[{range .metadata.labels}{.empty}{end}]{end}",
    ] {
        let (one_by_one, _) = list(&format!("jsonpath={template}"), Options::default(), many.clone());
        assert!(per_item::of_jsonpath(template).is_some(), "{template}");
        let whole = json!({ "apiVersion": "v1", "items": many, "kind": "List", "metadata": { "resourceVersion": "" } });
        let mut whole = whole.clone();
        whole["items"].as_array_mut().unwrap().iter_mut().for_each(|item| {
            item["apiVersion"] = json!("v1");
            item["kind"] = json!("Secret");
        });
        let path = jsonpath::JsonPath::parse(template).unwrap().allow_missing(true);
        assert_eq!(one_by_one, path.execute(&whole).unwrap(), "{template}");
    }
    let (out, end) = list("jsonpath={.items[*].metadata.name[0]}", Options::default(), objects());
    assert!(out.is_empty() && end.is_err());
}

#[test]
fn a_server_without_tables_sends_objects() {
    let (mut printer, mut out) = (Printer::of_list(format(""), sorted_by("metadata.name")), Vec::new());
    printer.page(&json!({ "kind": "SecretList", "items": objects() })).unwrap();
    assert_eq!(printer.end(&mut out).unwrap(), 3);
    assert_eq!(String::from_utf8(out).unwrap(), "NAME   AGE\na      <unknown>\nb      <unknown>\nc      <unknown>\n");
}
