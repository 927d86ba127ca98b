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
#[path = "tests/path.rs"]
mod tests;
