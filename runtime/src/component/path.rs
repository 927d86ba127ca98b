//! Dotted paths into values: `user.name`, `items[0].id`.
//!
//! Enters: a value and a path. Leaves: the part, none where it is missing. For the settings
//! that FlowMason defines as paths (`mapping`, `extract_path`); expressions do not use it.

use fmc_expr::Value;

/// The part a path leads to; none where it is missing or null.
pub(crate) fn find<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut current = value;
    for step in path.split('.') {
        let mut pieces = step.split('[');
        if let Some(key) = pieces.next().filter(|key| !key.is_empty()) {
            current = current.get(key)?;
        }
        for index in pieces {
            let index: usize = index.strip_suffix(']')?.trim().parse().ok()?;
            current = current.as_list()?.get(index)?;
        }
    }
    Some(current).filter(|found| !found.is_null())
}

#[cfg(test)]
mod tests {
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
}
