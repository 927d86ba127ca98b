//! What `.gitignore` leaves out of a folder: the same as git does, in a bounded time, and never what git
//! tracks.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use fmc::driver::walk::json_files;
use fmc_test_expressions::Random;
use tempfile::TempDir;

use crate::support::folder;

/// Runs git without any configuration but that of the repository. `None` without git.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .ok()?;
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn found(folder: &Path) -> BTreeSet<String> {
    let listing = json_files(folder).unwrap();
    let below = |path: PathBuf| {
        let path = path.strip_prefix(folder).unwrap();
        path.to_str().unwrap().to_owned()
    };
    listing.files.into_iter().map(below).collect()
}

/// Folders and files whose names are near each other.
fn crowded() -> TempDir {
    let here = folder(&[]);
    for folder in [
        "", "a", "b", "ab", "a/b", "a/a", "b/a/b", "a/b/a/b", "#a", "!",
    ] {
        let folder = here.path().join(folder);
        fs::create_dir_all(&folder).unwrap();
        for name in [
            "a.json", "b.json", "ab.json", "a b.json", "[a].json", "!a.json",
        ] {
            fs::write(folder.join(name), "{}").unwrap();
        }
    }
    here
}

/// Patterns of short pieces, always the same ones.
fn patterns() -> Vec<String> {
    const PIECES: [&str; 22] = [
        "a",
        "b",
        "*",
        "**",
        "/",
        "/",
        "?",
        ".json",
        "[ab]",
        "[!a]",
        "[",
        "]",
        "\\",
        "!",
        "#",
        " ",
        "*.json",
        "**/",
        "/**",
        "[^b-]",
        "[[:alpha:]]",
        "{a,b}",
    ];
    let mut random = Random::new(7);
    let mut all = Vec::new();
    for _ in 0..300 {
        let lines: Vec<String> = (0..=random.below(3))
            .map(|_| {
                let pieces = 0..=random.below(5);
                pieces.map(|_| PIECES[random.below(PIECES.len())]).collect()
            })
            .collect();
        all.push(lines.join("\n"));
    }
    all
}

#[test]
fn the_same_files_as_with_git() {
    let here = crowded();
    if git(here.path(), &["init", "-q"]).is_none() {
        eprintln!("git is not here: nothing is compared");
        return;
    }
    for patterns in patterns() {
        fs::write(here.path().join(".gitignore"), &patterns).unwrap();
        let arguments = ["ls-files", "-z", "--others", "--exclude-standard"];
        let listed = git(here.path(), &arguments).unwrap();
        let listed: BTreeSet<_> = listed
            .split('\0')
            .filter(|name| name.ends_with(".json"))
            .map(str::to_owned)
            .collect();
        assert_eq!(found(here.path()), listed, "{patterns:?}");
    }
}

#[test]
fn patterns_that_need_too_long_are_refused() {
    let many = |line: fn(usize) -> String| -> String {
        (0..30_000).map(|number| line(number) + "\n").collect()
    };
    for patterns in [
        many(|number| format!("*{number}*")),
        many(|number| format!("*{number}/")),
        many(|number| format!("**/a/*{number}")),
        "*a".repeat(300_000),
        "?".repeat(1_000_000),
    ] {
        let here = folder(&[(".gitignore", &patterns), ("p.json", "{}")]);
        let deep = here.path().join("a".repeat(200)).join("a".repeat(200));
        fs::create_dir_all(&deep).unwrap();
        for number in 0..50 {
            fs::write(deep.join(format!("{number}.json")), "{}").unwrap();
        }
        // Either is an answer; both come at once.
        match json_files(here.path()) {
            Ok(listing) => assert_eq!(listing.files.len(), 51),
            Err(error) => {
                let error = error.to_string();
                assert!(
                    error.contains(".gitignore`: its patterns are too many"),
                    "{error}"
                );
            }
        }
    }
    // Many usual lines are fine.
    let lines = many(|number| format!("name-{number}")) + &"*.tmp\n".repeat(2_000);
    let here = folder(&[
        (".gitignore", &lines),
        ("p.json", "{}"),
        ("name-7/q.json", "{}"),
    ]);
    assert_eq!(found(here.path()), BTreeSet::from(["p.json".to_owned()]));
    // Those of the folders above count too.
    let large = "# a\n".repeat(100_000);
    let names = (0..3).map(|depth| format!("{}.gitignore", "a/".repeat(depth)));
    let files: Vec<_> = names.map(|name| (name, large.as_str())).collect();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    let error = json_files(folder(&files).path()).unwrap_err().to_string();
    assert!(error.contains("a/a/.gitignore`: it and those"), "{error}");
}

#[test]
fn a_repository_inside_has_its_own_rules() {
    let here = folder(&[
        (".git/HEAD", ""),
        (".git/info/exclude", "everywhere.json\n"),
        (".gitignore", "a.json\n"),
        ("a.json", "{}"),
        ("everywhere.json", "{}"),
        ("inner/.git/info/exclude", "b.json\n"),
        ("inner/a.json", "{}"),
        ("inner/b.json", "{}"),
        ("inner/everywhere.json", "{}"),
    ]);
    let expected = ["inner/a.json", "inner/everywhere.json"].map(str::to_owned);
    assert_eq!(found(here.path()), BTreeSet::from(expected));
}

#[test]
fn a_folder_called_git_does_not_hide_what_is_tracked() {
    let here = folder(&[("sub/.gitignore", "*\n"), ("sub/p.json", "{}")]);
    if git(here.path(), &["init", "-q"]).is_none() {
        return;
    }
    git(here.path(), &["add", "-f", "sub/p.json"]);
    // Git itself would not take this into a commit, but an archive may hold it.
    fs::create_dir(here.path().join("sub/.git")).unwrap();
    let expected = BTreeSet::from(["sub/p.json".to_owned()]);
    assert_eq!(found(here.path()), expected);
    // A repository inside has its own list of files.
    fs::remove_dir(here.path().join("sub/.git")).unwrap();
    git(here.path(), &["rm", "-q", "--cached", "-f", "sub/p.json"]);
    assert_eq!(found(here.path()), BTreeSet::new());
    git(&here.path().join("sub"), &["init", "-q"]);
    git(&here.path().join("sub"), &["add", "-f", "p.json"]);
    assert_eq!(found(here.path()), expected);
}

#[test]
fn an_index_that_is_none_is_named() {
    for kind in ["a pipe", "a link", "too large", "a folder", "cut"] {
        let here = folder(&[
            (".git/HEAD", ""),
            (".gitignore", "p.json\n"),
            ("p.json", "{}"),
        ]);
        let index = here.path().join(".git/index");
        match kind {
            "a pipe" => drop(Command::new("mkfifo").arg(&index).status().unwrap()),
            "a link" => symlink("/dev/zero", &index).unwrap(),
            "a folder" => fs::create_dir(&index).unwrap(),
            "cut" => fs::write(&index, b"DIRC\0\0\0\x02\0\0\x7F\xFF").unwrap(),
            _ => fs::File::create(&index).unwrap().set_len(1 << 40).unwrap(),
        }
        if kind == "cut" {
            assert_eq!(found(here.path()), BTreeSet::new());
            continue;
        }
        let error = json_files(here.path()).unwrap_err().to_string();
        assert!(
            error.starts_with("`.git/index`, git's list of files: it is "),
            "{error}"
        );
    }
}

#[test]
fn a_link_to_a_folder_is_followed_when_it_is_named() {
    let here = folder(&[("real/p.json", "{}"), ("real/sub/q.json", "{}")]);
    symlink("real", here.path().join("link")).unwrap();
    symlink("..", here.path().join("real/sub/up")).unwrap();
    symlink("loop", here.path().join("loop")).unwrap();
    let all = ["p.json", "sub/q.json"].map(str::to_owned);
    assert_eq!(found(&here.path().join("link")), BTreeSet::from(all));
    // In a folder, no link is followed, so none can lead in circles.
    assert_eq!(found(here.path()).len(), 2);
    assert!(json_files(&here.path().join("loop")).is_err());
}
