//! Hostile `fmc.toml` files.
//!
//! Enters: a size. Leaves: texts with their names. Must not know what the file configures.

use super::{Place, Row, repeated};

/// Names of secret variables.
const SECRETS: Place = ("[env]\nsecret = [", "]\n");
/// Hosts that may be called.
const HOSTS: Place = ("[http]\nallow-hosts = [", "]\n");
/// Files that are left out.
const EXCLUDED: Place = ("[project]\nexclude = [", "]\n");
/// Levels of findings.
const LINTS: Place = ("[lints]\n", "");
/// Where nothing is around the pieces.
const ALONE: Place = ("", "");

const SHAPES: &[Row] = &[
    ("toml-secrets", SECRETS, "\"S@\"", ","),
    ("toml-hosts", HOSTS, "\"h@.example\"", ","),
    ("toml-wrong-hosts", HOSTS, "\"h @\"", ","),
    ("toml-globs", EXCLUDED, "\"**/a@*/**\"", ","),
    ("toml-lints", LINTS, "unknown-key@ = \"deny\"", "\n"),
    ("toml-same-lints", LINTS, "unknown-key = \"deny\"", "\n"),
    ("toml-tables", ALONE, "[t@]", "\n"),
    ("toml-unknown-keys", ALONE, "k@ = 1", "\n"),
    ("toml-dotted-key", ("a", " = 1"), ".a", ""),
    ("toml-lists", ("a = ", ""), "[", ""),
    ("toml-no-toml", ALONE, "= ", ""),
    ("toml-a-long-text", ("a = \"", "\""), "§", ""),
];

/// All of them, with about this many bytes each.
pub fn projects(size: usize) -> impl Iterator<Item = (&'static str, String)> {
    let text =
        move |&(name, place, piece, between): &Row| (name, repeated(place, piece, between, size));
    SHAPES.iter().map(text)
}
