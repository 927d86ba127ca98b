//! Tests of `path`.

use super::*;

#[test]
fn paths_lead_through_objects_and_lists() {
    let value = Value::from_json(br#"{"a":{"b":[{"c":1},[2,3]]},"n":null}"#).unwrap();
    let found = |path| find(&value, path).map(Value::to_json);
    assert_eq!(found("a.b[0].c").as_deref(), Some("1"));
    assert_eq!(found("a.b[1][0]").as_deref(), Some("2"));
    assert_eq!(found("a.b[7]"), None);
    assert_eq!(found("a.x.y"), None);
    assert_eq!(found("n"), None);
    assert_eq!(found("a.b[x]"), None);
}
