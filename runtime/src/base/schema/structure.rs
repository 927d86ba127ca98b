//! Keywords that check the parts of objects and lists.
//!
//! Enters: a schema and the parts of a value. Leaves: the value with defaults filled in. Mistakes
//! go to the checker. Must not know other keywords.

use fmc_expr::{List, Map, Object, Value, value::as_count};

use crate::base::{
    excerpt::short,
    schema::{Checker, assertions, list, path::Path},
};

impl<'s> Checker<'s> {
    /// `properties`, `patternProperties`, `additionalProperties`, `propertyNames`, `required` and
    /// `dependentRequired`; and `default` of properties that are missing.
    pub(super) fn object(&mut self, schema: &'s Value, entries: &Object, path: &Path<'_>) -> Value {
        let object = |keyword: &str| schema.get(keyword).and_then(Value::as_object);
        let (properties, patterns) = (object("properties"), object("patternProperties"));
        let additional = schema.get("additionalProperties");
        let mut filled = Map::with_capacity(entries.len());
        let mut unchanged = true;
        for (name, value) in entries {
            let own = properties.and_then(|properties| properties.get(name));
            let mut schemas: Vec<&'s Value> = own.into_iter().collect();
            for (pattern, schema) in patterns.into_iter().flatten() {
                match self.done(assertions::found(self.cx, pattern, name)) {
                    Some(true) => schemas.push(schema),
                    Some(false) => {}
                    None => return Value::Object(entries.clone()),
                }
            }
            match additional {
                Some(Value::Bool(false)) if schemas.is_empty() => {
                    let name = short(name);
                    self.error(path, &format!("`{name}` is not a property of the schema"));
                }
                Some(other) if schemas.is_empty() => schemas.push(other),
                _ => {}
            }
            let below = path.property(name);
            let given = value;
            let value = schemas.into_iter().fold(given.clone(), |value, schema| {
                self.part(schema, &value, &below)
            });
            unchanged &= value.is_unchanged(given);
            if let Some(names) = schema.get("propertyNames") {
                self.part(names, &Value::from(name.as_str()), &below);
            }
            filled.insert(name.clone(), value);
        }
        for (name, inner) in properties.into_iter().flatten() {
            if let (false, Some(default)) = (entries.contains_key(name), inner.get("default")) {
                filled.insert(name.clone(), default.clone());
                unchanged = false;
            }
        }
        self.required(list(schema, "required"), &filled, path, "");
        for (name, others) in object("dependentRequired").into_iter().flatten() {
            if entries.contains_key(name) {
                let why = format!(" when `{name}` is given");
                let others = others.as_list().unwrap_or_default();
                self.required(others, &filled, path, &why);
            }
        }
        // A value without new defaults is shared, not copied, so a large input is in memory once.
        if unchanged {
            return Value::Object(entries.clone());
        }
        Value::object(filled)
    }

    fn required(&mut self, names: &[Value], entries: &Map, path: &Path<'_>, why: &str) {
        if self.done(self.cx.charge(names.len() as u64)).is_none() {
            return;
        }
        for name in names.iter().filter_map(Value::as_str) {
            if !entries.contains_key(name) {
                self.error(path, &format!("`{name}` is required{why}"));
            }
        }
    }

    /// `prefixItems`, `items`, `contains`.
    pub(super) fn list(&mut self, schema: &'s Value, items: &List, path: &Path<'_>) -> Value {
        let first = list(schema, "prefixItems");
        let rest = schema.get("items");
        let filled = items
            .iter()
            .enumerate()
            .map(|(at, item)| match first.get(at).or(rest) {
                Some(inner) => self.part(inner, item, &path.element(at)),
                None => item.clone(),
            });
        let filled: Vec<_> = filled.collect();
        if let Some(wanted) = schema.get("contains") {
            let fits = |item: &&Value| self.trial(wanted, item, path).is_ok();
            let found = as_count(items.iter().filter(fits).count());
            let limit = |keyword: &str, default: i64| match schema.get(keyword) {
                Some(Value::Int(limit)) => *limit,
                _ => default,
            };
            let (least, most) = (limit("minContains", 1), limit("maxContains", i64::MAX));
            if found < least || found > most {
                let what = format!("{found} items fit `contains` of the schema");
                self.error(path, &what);
            }
        }
        let mut pairs = filled.iter().zip(items);
        if pairs.all(|(filled, given)| filled.is_unchanged(given)) {
            return Value::List(items.clone());
        }
        Value::list(filled)
    }
}
