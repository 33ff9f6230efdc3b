use std::io::Read as _;

use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};

use super::{Client, Identity, SECRETS, read};

const AGGREGATED: (&str, &str) =
    ("accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json");

async fn text(response: http::Response<super::Body>) -> (u16, String) {
    let status = response.status().as_u16();
    let Ok(body) = response.into_body().collect().await;
    (status, String::from_utf8_lossy(&body.to_bytes()).into_owned())
}

#[tokio::test]
async fn health_does_not_ask_for_the_method() {
    let client = Client::in_memory();
    for path in ["/healthz", "/livez", "/readyz", "/livez/ping", "/readyz/store"] {
        let (status, answer) = text(client.send("POST", path, &[], "").await).await;
        assert_eq!((status, answer.as_str()), (200, "ok"), "{path}");
        let response = client.send("HEAD", path, &[], "").await;
        assert_eq!((response.status().as_u16(), &response.headers()["content-length"]), (200, &"2".parse().unwrap()));
        assert_eq!(text(response).await.1, "");
    }
    assert_eq!(client.send("HEAD", "/livez/nope", &[], "").await.status(), 404);
    assert_eq!(client.send("HEAD", "/version", &[], "").await.status(), 405);
}

#[tokio::test]
async fn checks_are_listed_and_left_out_on_demand() {
    let client = Client::in_memory();
    let answer = text(client.send("GET", "/readyz?verbose&exclude=store", &[], "").await).await;
    assert_eq!(answer, (200, "[+]ping ok\n[+]store excluded: ok\nreadyz check passed\n".to_owned()));
}

#[tokio::test]
async fn single_checks_are_not_for_everybody() {
    let mut client = Client::in_memory();
    client.identity = Identity::anonymous();
    assert_eq!(client.get("/livez").await.0, 200);
    let (status, answer) = client.get("/livez/ping").await;
    let text = "forbidden: User \"system:anonymous\" cannot get path \"/livez/ping\"";
    assert_eq!((status, answer["message"].as_str()), (403, Some(text)));
}

#[tokio::test]
async fn who_has_a_document_is_told_so() {
    let client = Client::in_memory();
    for (path, accept) in [
        ("/api", AGGREGATED),
        ("/apis", AGGREGATED),
        ("/openapi/v2", ("accept", "*/*")),
        ("/openapi/v3", ("accept", "*/*")),
        ("/openapi/v3/api/v1", ("accept", "*/*")),
    ] {
        let first = client.send("GET", path, &[accept], "").await;
        assert_eq!(first.status(), 200, "{path}");
        let tag = first.headers()["etag"].to_str().expect("a tag").to_owned();
        let again = client.send("GET", path, &[accept, ("if-none-match", &tag)], "").await;
        assert_eq!(again.status(), 304, "{path}");
        let other = client.send("GET", path, &[accept, ("if-none-match", "\"other\"")], "").await;
        assert_eq!(other.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn the_address_with_a_hash_never_changes_what_it_shows() {
    let client = Client::in_memory();
    let (_, paths) = client.get("/openapi/v3").await;
    let address = paths["paths"]["api/v1"]["serverRelativeURL"].as_str().expect("an address").to_owned();
    let response = client.send("GET", &address, &[], "").await;
    assert_eq!(response.headers()["cache-control"], "public, immutable");
    assert!(response.headers()["expires"].to_str().is_ok_and(|time| time.ends_with(" GMT")));
    let old = client.send("GET", "/openapi/v3/api/v1?hash=0AB", &[], "").await;
    assert_eq!((old.status().as_u16(), old.headers()["location"].to_str().ok()), (301, Some(address.as_str())));
}

#[tokio::test]
async fn aggregated_discovery_is_public_and_knows_every_group() {
    let client = Client::in_memory();
    let response = client.send("GET", "/apis", &[AGGREGATED], "").await;
    assert_eq!(response.headers()["cache-control"], "public");
    let (_, list) = read(response).await;
    let names = list["items"].as_array().into_iter().flatten().map(|group| group["metadata"]["name"].clone());
    assert_eq!(names.collect::<Json>(), json!(["authentication.k8s.io", "authorization.k8s.io"]));
}

#[tokio::test]
async fn every_answer_has_an_audit_id() {
    let client = Client::in_memory();
    for path in [SECRETS, "/api/v1/namespaces/default/secrets/none", "/nope", "/livez"] {
        let first = client.send("GET", path, &[], "").await.headers()["audit-id"].clone();
        let second = client.send("GET", path, &[("audit-id", "")], "").await.headers()["audit-id"].clone();
        assert!(first.len() == 36 && second.len() == 36 && first != second, "{path}");
        let given = client.send("GET", path, &[("audit-id", "mine")], "").await;
        assert_eq!(given.headers()["audit-id"], "mine");
        assert_eq!(given.headers()["cache-control"], "no-cache, private");
    }
}

#[tokio::test]
async fn only_those_who_say_just_gzip_get_it() {
    let mut client = Client::in_memory();
    let long = json!({"metadata": {"name": "long"}, "stringData": {"k": "v".repeat(200_000)}});
    assert_eq!(client.ask("POST", SECRETS, &long).await.0, 201);
    client.create("short").await;
    for (name, encoding, compressed) in [
        ("long", "gzip", true),
        ("long", "deflate, gzip ,br", true),
        ("long", "gzip;q=0", false),
        ("long", "gzip;q=1.0", false),
        ("long", "*", false),
        ("short", "gzip", false),
    ] {
        for is_remote in [true, false] {
            client.is_remote = is_remote;
            let path = format!("{SECRETS}/{name}");
            let response = client.send("GET", &path, &[("accept-encoding", encoding)], "").await;
            let is_compressed = response.headers().contains_key("content-encoding");
            assert_eq!(is_compressed, compressed && is_remote, "{name} {encoding}");
            let Ok(body) = response.into_body().collect().await;
            let mut body = body.to_bytes().to_vec();
            if is_compressed {
                let mut plain = Vec::new();
                flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut plain).expect("gzip");
                body = plain;
            }
            let object = serde_json::from_slice::<Json>(&body).expect("JSON");
            assert_eq!(object["metadata"]["name"], name);
        }
    }
}

#[tokio::test]
async fn tables_have_no_other_rows() {
    let client = Client::in_memory();
    let table = ("accept", "application/json;as=Table;g=meta.k8s.io;v=v1");
    for query in ["includeObject=Bogus", "includeObject=Bogus&watch=1"] {
        let (status, answer) = read(client.send("GET", &format!("{SECRETS}?{query}"), &[table], "").await).await;
        let message = "Unable to convert to Table as requested: includeObject: Invalid value: \"Bogus\": must be 'Metadata', \
                       'Object', 'None', or empty";
        assert_eq!((status, answer["message"].as_str()), (400, Some(message)));
    }
    assert_eq!(client.get(&format!("{SECRETS}?includeObject=Bogus")).await.0, 200);
}

#[tokio::test]
async fn an_empty_number_is_none() {
    let client = Client::in_memory();
    for query in ["limit=", "watch=1&timeoutSeconds="] {
        let (status, answer) = client.get(&format!("{SECRETS}?{query}")).await;
        let message = "strconv.ParseInt: parsing \"\": invalid syntax";
        assert_eq!((status, answer["message"].as_str()), (400, Some(message)), "{query}");
    }
}
