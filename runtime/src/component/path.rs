//! Reads a part of a value by a path like `user.name` or `items[0].id`.
//!
//! Enters: a value and a path. Leaves: the part, or `None` when it is missing. For settings that
//! FlowMason defines as paths (`mapping`, `extract_path`). Must not know expressions, which do not
//! use this.

use fmc_expr::Value;

/// The part at a path; `None` when it is missing or null.
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
