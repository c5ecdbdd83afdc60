use serde_json::json;

use reqwest::Method;

use super::*;

static OPERATION: Operation = Operation {
    id: "op",
    method: Method::POST,
    path: "/a/{one}.{two}/b",
    idempotent: false,
};

fn client() -> Client {
    Client::builder()
        .api_key("key")
        .base_url("http://127.0.0.1:1")
        .build()
        .unwrap()
}

fn call<'a>(client: &'a Client, operation: &'a Operation<'a>) -> Call<'a> {
    Call::new(client, operation, CallSettings::default())
}

/// What becomes of a call whose path is in order.
fn request(make: impl FnOnce(Call<'_>) -> Call<'_>) -> Result<Request, String> {
    let client = client();
    let call = call(&client, &OPERATION).path("one", &1).path("two", &"x");
    make(call).request("*/*").map_err(|error| error.to_string())
}

/// The type and the text of a body.
fn body(request: &Request) -> Option<(&str, &str)> {
    let content_type = request
        .headers
        .get(CONTENT_TYPE)
        .map(|value| value.to_str().unwrap());
    let body = request
        .body
        .as_ref()
        .map(|body| std::str::from_utf8(body).unwrap());
    content_type.zip(body)
}

#[test]
fn a_path_is_filled_in_and_its_values_stay_in_their_segment() {
    assert_eq!(
        request(|call| call).unwrap().url.as_str(),
        "http://127.0.0.1:1/a/1.x/b"
    );
    let client = client();
    for (one, two, text) in [("", ".", "`one` is empty"), ("a", "", "`two` is empty")] {
        let mut call = call(&client, &OPERATION)
            .path("one", &one)
            .path("two", &two);
        let error = call.request("*/*").err().unwrap().to_string();
        assert!(
            error.starts_with(&format!(
                "op: refused before sending: path parameter {text}"
            )),
            "{error}"
        );
    }
    let error = call(&client, &OPERATION)
        .path("one", &1)
        .request("*/*")
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.ends_with("path parameter `two` is not set"),
        "{error}"
    );
    static DOTS: Operation = Operation {
        id: "op",
        method: Method::GET,
        path: "/{one}{two}/b",
        idempotent: true,
    };
    let mut call = call(&client, &DOTS).path("one", &".").path("two", &".");
    assert!(
        call.request("*/*")
            .err()
            .unwrap()
            .to_string()
            .contains("is `..`")
    );
}

#[test]
fn a_header_is_sent_unless_it_is_null_or_breaks_the_line() {
    let headers = request(|call| call.header("x-a", &["b", "c"]).header("x-n", &None::<u8>))
        .unwrap()
        .headers;
    assert_eq!(headers["x-a"], "b,c");
    assert!(!headers.contains_key("x-n"));
    let error = request(|call| call.header("x-a", &"b\r\nx-c: d"))
        .err()
        .unwrap();
    assert!(error.contains("header `x-a` holds a character"), "{error}");
}

#[test]
fn every_form_of_body_has_its_type() {
    let form = "application/x-www-form-urlencoded";
    for (made, expected) in [
        (
            request(|call| call.json(&json!({"a": null}))),
            Some(("application/json", r#"{"a":null}"#)),
        ),
        (request(|call| call.json(&None::<u8>)), None),
        (
            request(|call| call.form(&json!({"a": ["b c", 1]}))),
            Some((form, "a=b%20c&a=1")),
        ),
        (request(|call| call.form(&None::<u8>)), None),
        (
            request(|call| call.text("é".to_owned())),
            Some(("text/plain; charset=utf-8", "é")),
        ),
        (request(|call| call.text(None)), None),
        (
            request(|call| call.bytes(Bytes::from("b"))),
            Some(("application/octet-stream", "b")),
        ),
        (request(|call| call.bytes(None)), None),
        (
            request(|call| call.json(&1).content_type("application/x+json")),
            Some(("application/x+json", "1")),
        ),
        (
            request(|call| call.content_type("application/x+json").json(&1)),
            Some(("application/x+json", "1")),
        ),
        (
            request(|call| call.content_type("application/x+json")),
            None,
        ),
    ] {
        assert_eq!(body(&made.unwrap()), expected);
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let long = "é".repeat(3);
    let error = request(|call| {
        call.max_length("long", &long, 2)
            .max_length("fits", &long, 3)
            .min_length("short", Some("é"), 2)
            .min_length("absent", None, 2)
            .query_styled("nested", Style::PipeDelimited, &json!(["a|b"]))
            .json(&std::collections::BTreeMap::from([((), ())]))
    });
    let error = error.err().unwrap();
    for part in [
        "`long` has 3 characters",
        "`short` has 1 characters",
        "`nested` holds `|`",
        "body does not serialize",
    ] {
        assert!(error.contains(part), "{error}");
    }
}
