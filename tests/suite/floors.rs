//! Floors: in each of these crates, imports run one way, and no files import each other in a cycle.
//!
//! Enters: the source files of a crate and the order of its modules. Leaves: nothing, or every
//! import in the wrong direction and every cycle. Must not know how anything works.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::{code, nothing, of_tests, rust};

/// A crate and its modules, lowest first: each may use those before it.
struct Floors {
    /// The folder of its `lib.rs`.
    folder: &'static str,
    /// Whether a file may use what the `mod.rs` above it defines, although that `mod.rs` declares
    /// the file. This is needed when a type is defined in `mod.rs` and its methods are in the files
    /// beside it. When false, such types must be in files of their own. Set for each crate below.
    uses_parents: bool,
    modules: &'static [&'static str],
}

/// Values, then operators on them, then builtins; beside them text and trees, and last what
/// evaluates trees.
const EXPRESSIONS: Floors = Floors {
    folder: "runtime/expr/src/",
    uses_parents: false,
    modules: &[
        "outside",
        "hosts",
        "str",
        "collections",
        "kinds",
        "value",
        "error",
        "cx",
        "room",
        "builder",
        "elements",
        "json",
        "text",
        "ops",
        "format",
        "builtins",
        "ast",
        "precedence",
        "print",
        "template",
        "parse",
        "interp",
        "condition",
    ],
};

/// Text, then what was written, then what it means, then checks of it, then what is made of it.
const COMPILER: Floors = Floors {
    folder: "compiler/src/",
    uses_parents: true,
    modules: &[
        "source",
        "trust",
        "diagnostics",
        "syntax",
        "catalogue",
        "types",
        "ast",
        "schema",
        "ir",
        "resolve",
        "infer",
        "facts",
        "model",
        "understand",
        "analysis",
        "check",
        "mend",
        "codegen",
        "driver",
        "cli",
        "main",
    ],
};

/// What belongs to no run, what a run gets from outside, a run, what its expressions can read, what
/// its stages do, tables of stages, what runs them, and the command line.
const RUNTIME: Floors = Floors {
    folder: "runtime/src/",
    uses_parents: false,
    modules: &[
        "base",
        "host",
        "run",
        "scope",
        "dynamic",
        "component",
        "plan",
        "executor",
        "entry",
    ],
};

/// Open texts, positions as editors count them, what is known about a document, what is answered
/// from it, and the protocol.
const LANGUAGE_SERVER: Floors = Floors {
    folder: "lsp/src/",
    uses_parents: true,
    modules: &["overlay", "utf16", "analysis", "features", "server", "main"],
};

#[test]
fn the_language_server_has_floors_and_no_circles() {
    LANGUAGE_SERVER.hold();
}

#[test]
fn the_runtime_has_floors_and_no_circles() {
    RUNTIME.hold();
}

#[test]
fn the_compiler_has_floors_and_no_circles() {
    COMPILER.hold();
}

#[test]
fn the_expression_crate_has_floors_and_no_circles() {
    EXPRESSIONS.hold();
}

impl Floors {
    fn hold(&self) {
        let imports = self.imports();
        assert!(imports.len() > 10, "only {} files", imports.len());
        let mut wrong = self.upwards(&imports);
        wrong.extend(circles(&match self.uses_parents {
            true => without_parents(imports),
            false => imports,
        }));
        nothing(&wrong);
    }

    /// The files of its crate that each file names.
    fn imports(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut files = BTreeMap::new();
        for path in rust() {
            if let Some(file) = path.strip_prefix(self.folder)
                && !of_tests(&path)
            {
                files.insert(module(file), code(&path));
            }
        }
        let known: BTreeSet<_> = files.keys().cloned().collect();
        let named = |(own, code): (&Vec<String>, &String)| {
            let named = paths(code, own, &known).into_iter();
            let named = named.filter_map(|path| file_of(&path, &known));
            let others: BTreeSet<_> = named.filter(|other| other != own).collect();
            (
                own.join("::"),
                others.iter().map(|path| path.join("::")).collect(),
            )
        };
        files.iter().map(named).collect()
    }

    fn upwards(&self, imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
        let floor = |path: &str| {
            let top = path.split("::").next().unwrap();
            self.modules.iter().position(|module| *module == top)
        };
        let mut wrong = Vec::new();
        for (file, used) in imports.iter().filter(|(file, _)| !file.is_empty()) {
            let Some(own) = floor(file) else {
                wrong.push(format!("{}{file} stands on no floor", self.folder));
                continue;
            };
            let above = used.iter().filter(|used| floor(used) > Some(own));
            wrong.extend(above.map(|used| format!("{}: `{file}` uses `{used}`", self.folder)));
        }
        wrong
    }
}

/// The module of a file: `ops/mod.rs` is `ops`, `lib.rs` is the empty path.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").split('/');
    let path = path.filter(|part| !["lib", "mod"].contains(part));
    path.map(str::to_owned).collect()
}

/// The file that defines what a path names: the longest prefix that is a module.
fn file_of(path: &[String], known: &BTreeSet<Vec<String>>) -> Option<Vec<String>> {
    let beginnings = (0..=path.len()).rev().map(|length| path[..length].to_vec());
    beginnings.into_iter().find(|path| known.contains(path))
}

/// Every path into its own crate that a file names, from the root of the crate.
fn paths(code: &str, own: &[String], known: &BTreeSet<Vec<String>>) -> Vec<Vec<String>> {
    let words = words(code);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let child = [own, &[(*word).to_owned()]].concat();
        let behind = at.checked_sub(1).map_or("", |before| words[before]);
        let start = match *word {
            _ if words.get(at + 1) != Some(&"::") || ["::", "mod"].contains(&behind) => None,
            "crate" => Some(Vec::new()),
            "self" | "super" => Some(below(own, word)),
            _ => known.contains(&child).then_some(child),
        };
        at = match start {
            Some(start) => branch(&words, at + 1, start, &mut found),
            None => at + 1,
        };
    }
    found
}

/// Reads `::a::{b, c::d}` after a path. Returns the position behind it.
fn branch(words: &[&str], at: usize, path: Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    if words.get(at) != Some(&"::") {
        found.push(path);
        return at;
    }
    let Some(next) = words.get(at + 1) else {
        found.push(path);
        return at + 1;
    };
    if *next != "{" {
        return branch(words, at + 2, below(&path, next), found);
    }
    let mut at = at + 2;
    while let Some(word) = words.get(at).filter(|word| **word != "}") {
        if *word == "," {
            at += 1;
            continue;
        }
        at = branch(words, at + 1, below(&path, word), found);
        // `a as b`
        while words.get(at).is_some_and(|word| ![",", "}"].contains(word)) {
            at += 1;
        }
    }
    at + 1
}

/// The path that a word after another path leads to.
fn below(path: &[String], word: &str) -> Vec<String> {
    match word {
        "self" => path.to_vec(),
        "super" => path[..path.len().saturating_sub(1)].to_vec(),
        name => [path, &[name.to_owned()]].concat(),
    }
}

/// Words, `::`, and every other character on its own. String literals are left out.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let length = match first {
            _ if name != Some(0) => name.unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            '"' => literal(rest),
            _ => first.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        if !word.trim().is_empty() && first != '"' {
            words.push(word);
        }
        rest = behind;
    }
    words
}

/// The length in bytes of the string literal at the start of a text.
fn literal(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == '"' && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// The imports, without those of a file above the importing one.
fn without_parents(
    mut imports: BTreeMap<String, BTreeSet<String>>,
) -> BTreeMap<String, BTreeSet<String>> {
    for (file, used) in &mut imports {
        used.retain(|other| !other.is_empty() && !file.starts_with(&format!("{other}::")));
    }
    imports
}

/// The files that import themselves through others, one sentence for each cycle.
fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let reached = |from: &str| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<_> = imports[from].iter().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file.clone()) {
                next.extend(&imports[file]);
            }
        }
        seen
    };
    let reached: BTreeMap<_, _> = imports.keys().map(|file| (file, reached(file))).collect();
    let circle = |file: &String| {
        let others = reached[file].iter();
        let around: Vec<_> = others
            .filter(|other| reached[other].contains(file))
            .cloned()
            .collect();
        around
    };
    let found: BTreeSet<_> = imports.keys().map(circle).collect();
    let found = found.into_iter().filter(|circle| !circle.is_empty());
    found
        .map(|circle| format!("a circle: {}", circle.join(", ")))
        .collect()
}

#[test]
fn paths_and_circles_are_found() {
    let module = |path: &str| path.split("::").map(str::to_owned).collect::<Vec<_>>();
    let known = ["a", "a::b", "a::c", "d"].map(module).into();
    let code = "use super::{c::X, super::d::W, Y};\nuse crate::{\nd::{self, Z},\na,\n};\nlet x = crate::Q; \"crate::no\"";
    let named = paths(code, &module("a::b"), &known);
    let named: Vec<_> = named.iter().map(|path| path.join("::")).collect();
    assert_eq!(named, ["a::c::X", "d::W", "a::Y", "d", "d::Z", "a", "Q"]);
    let named = paths("mod b;\npub use b::T;", &module("a"), &known);
    assert_eq!(named, [module("a::b::T")]);
    assert_eq!(file_of(&module("a::b::T"), &known), Some(module("a::b")));
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let imports = [
        ("a".to_owned(), set(&["b"])),
        ("b".to_owned(), set(&["a", "c"])),
        ("c".to_owned(), set(&[])),
    ];
    assert_eq!(circles(&imports.into()), ["a circle: a, b"]);
}
