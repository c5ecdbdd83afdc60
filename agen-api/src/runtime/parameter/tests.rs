use serde_json::{Value, json};

use super::*;

fn pairs(style: Style, value: &impl Serialize) -> Result<String, String> {
    let mut query = String::new();
    append_styled(&mut query, "&", "color", style, value).map(|()| query)
}

fn path(style: Style, value: &Value) -> String {
    let text = expand("color", style, value, encode).unwrap();
    text.unwrap_or_default()
}

/// The table "Style Examples" of OpenAPI 3.0.4, with the members of the object in the order of their names.
#[test]
fn the_examples_of_the_specification_are_written_as_it_says() {
    let values = || {
        let list = json!(["blue", "black", "brown"]);
        let object = json!({"R": 100, "G": 200, "B": 150});
        [json!(""), json!("blue"), list, object]
    };
    for (style, expected) in [
        (
            Style::Matrix { explode: false },
            [
                ";color",
                ";color=blue",
                ";color=blue,black,brown",
                ";color=B,150,G,200,R,100",
            ],
        ),
        (
            Style::Matrix { explode: true },
            [
                ";color",
                ";color=blue",
                ";color=blue;color=black;color=brown",
                ";B=150;G=200;R=100",
            ],
        ),
        (
            Style::Label { explode: false },
            [".", ".blue", ".blue,black,brown", ".B,150,G,200,R,100"],
        ),
        (
            Style::Label { explode: true },
            [".", ".blue", ".blue.black.brown", ".B=150.G=200.R=100"],
        ),
        (
            Style::Simple { explode: false },
            ["", "blue", "blue,black,brown", "B,150,G,200,R,100"],
        ),
        (
            Style::Simple { explode: true },
            ["", "blue", "blue,black,brown", "B=150,G=200,R=100"],
        ),
    ] {
        let written = values().map(|value| path(style, &value));
        assert_eq!(written, expected, "{style:?}");
    }
    for (style, expected) in [
        (
            Style::Form { explode: false },
            [
                "color=",
                "color=blue",
                "color=blue,black,brown",
                "color=B,150,G,200,R,100",
            ],
        ),
        (
            Style::Form { explode: true },
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "B=150&G=200&R=100",
            ],
        ),
        (
            Style::SpaceDelimited,
            [
                "color=",
                "color=blue",
                "color=blue%20black%20brown",
                "color=B%20150%20G%20200%20R%20100",
            ],
        ),
        (
            Style::PipeDelimited,
            [
                "color=",
                "color=blue",
                "color=blue%7Cblack%7Cbrown",
                "color=B%7C150%7CG%7C200%7CR%7C100",
            ],
        ),
        (
            Style::DeepObject,
            [
                "color=",
                "color=blue",
                "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown",
                "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100",
            ],
        ),
    ] {
        let written = values().map(|value| pairs(style, &value).unwrap());
        assert_eq!(written, expected, "{style:?}");
    }
}

#[test]
fn what_is_not_there_is_not_sent_in_any_style() {
    let none = [
        json!(null),
        json!([]),
        json!({}),
        json!([null]),
        json!({"a": null}),
    ];
    for value in &none {
        for style in [
            FORM,
            Style::Form { explode: false },
            Style::SpaceDelimited,
            Style::PipeDelimited,
            Style::DeepObject,
        ] {
            assert_eq!(pairs(style, value).unwrap(), "", "{value} {style:?}");
        }
        for style in [
            SIMPLE,
            Style::Label { explode: true },
            Style::Matrix { explode: false },
        ] {
            assert_eq!(
                expand("color", style, value, encode).unwrap(),
                None,
                "{value} {style:?}"
            );
        }
    }
    assert_eq!(pairs(Style::Json, &none[0]).unwrap(), "");
    assert_eq!(pairs(Style::Json, &none[1]).unwrap(), "color=%5B%5D");
}

#[test]
fn what_separates_values_is_no_part_of_one() {
    let list = json!(["a,b", "c|d", "e f"]);
    let commas = Style::Form { explode: false };
    assert_eq!(pairs(commas, &list).unwrap(), "color=a%2Cb,c%7Cd,e%20f");
    assert_eq!(path(SIMPLE, &list), "a%2Cb,c%7Cd,e%20f");
    let space = pairs(Style::SpaceDelimited, &list).unwrap_err();
    assert!(space.starts_with("holds ` `"), "{space}");
    let pipe = pairs(Style::PipeDelimited, &json!({"a|b": 1})).unwrap_err();
    assert!(pipe.starts_with("holds `|`"), "{pipe}");
    assert_eq!(pairs(Style::PipeDelimited, &"a|b").unwrap(), "color=a%7Cb");
    let label = Style::Label { explode: true };
    assert_eq!(path(label, &json!("1.5")), ".1.5");
    assert!(expand("color", label, &["1.5"], encode).is_err());
}

#[test]
fn nested_values_have_a_form_in_every_style() {
    let nested = json!({"a": {"b": [1, {"c": "x y"}]}, "d": [1, 2]});
    assert_eq!(
        pairs(Style::DeepObject, &nested)
            .unwrap()
            .replace("%5B", "[")
            .replace("%5D", "]"),
        "color[a][b][0]=1&color[a][b][1][c]=x%20y&color[d][0]=1&color[d][1]=2"
    );
    assert_eq!(
        pairs(FORM, &nested).unwrap(),
        "a=%7B%22b%22%3A%5B1%2C%7B%22c%22%3A%22x%20y%22%7D%5D%7D&d=1&d=2"
    );
    assert_eq!(
        pairs(FORM, &json!([{"a": 1}, [2]])).unwrap(),
        "color=%7B%22a%22%3A1%7D&color=%5B2%5D"
    );
    assert_eq!(path(SIMPLE, &json!([[1, 2], 3])), "%5B1%2C2%5D,3");
    assert_eq!(
        pairs(Style::Json, &json!([{"a": 1}])).unwrap(),
        "color=%5B%7B%22a%22%3A1%7D%5D"
    );
    assert_eq!(pairs(Style::Json, &"x").unwrap(), "color=%22x%22");
}

#[test]
fn reserved_characters_stay_where_they_may() {
    let text = "a/b?c:d@e,f&g=h+i#j[k]%20%zz%C3%A9é";
    assert_eq!(
        pairs(Style::Reserved(&FORM), &text).unwrap(),
        "color=a/b?c:d@e,f%26g%3Dh%2Bi%23j%5Bk%5D%20%25zz%C3%A9%C3%A9"
    );
    let commas = Style::Reserved(&Style::Form { explode: false });
    assert_eq!(pairs(commas, &["a/b,c", "d"]).unwrap(), "color=a/b%2Cc,d");
    assert_eq!(
        pairs(Style::Reserved(&Style::DeepObject), &json!({"a": "b/c"})).unwrap(),
        "color%5Ba%5D=b/c"
    );
    assert_eq!(
        pairs(Style::Reserved(&Style::Json), &["a"]).unwrap(),
        "color=%5B%22a%22%5D"
    );
    assert_eq!(encode_reserved("%é%"), "%25%C3%A9%25");
}

#[test]
fn a_query_explodes_arrays_and_objects() {
    assert_eq!(
        pairs(FORM, &"a b&c=d+é").unwrap(),
        "color=a%20b%26c%3Dd%2B%C3%A9"
    );
    assert_eq!(pairs(FORM, &0.1_f32).unwrap(), "color=0.1");
    assert_eq!(pairs(FORM, &true).unwrap(), "color=true");
    assert_eq!(
        pairs(FORM, &json!([1, null, "x"])).unwrap(),
        "color=1&color=x"
    );
    assert_eq!(
        pairs(FORM, &json!({"a": 1, "b": null, "c&": "d"})).unwrap(),
        "a=1&c%26=d"
    );
}

#[test]
fn a_form_has_a_field_per_member() {
    let form = |body: &Value| form_body(body).unwrap().unwrap();
    assert_eq!(
        form(&json!({"a": "x y", "b": [1, 2], "c": null})),
        "a=x%20y&b=1&b=2"
    );
    assert_eq!(
        form(&json!({"a": {"b": 1}, "c": [{"d": 2}]})),
        "a=%7B%22b%22%3A1%7D&c=%7B%22d%22%3A2%7D"
    );
    let floats = std::collections::BTreeMap::from([("f", 0.1_f32)]);
    assert_eq!(form_body(&floats).unwrap().unwrap(), "f=0.1");
    assert_eq!(form_body(&None::<u8>).unwrap(), None);
    assert!(
        form_body(&json!([1]))
            .unwrap_err()
            .contains("is not an object")
    );
    let styles = [
        ("a", Style::DeepObject),
        ("b", Style::PipeDelimited),
        ("c", FORM),
    ];
    let body = json!({"a": {"x": [1]}, "b": ["y", "z"], "c": {"w": 1}, "d": {"v": 1}});
    assert_eq!(
        form_body_styled(&body, &styles).unwrap().unwrap(),
        "a%5Bx%5D%5B0%5D=1&b=y%7Cz&w=1&d=%7B%22v%22%3A1%7D"
    );
    let error = form_body_styled(&json!({"b": ["|"]}), &styles).unwrap_err();
    assert!(error.contains("in `b`"), "{error}");
}
