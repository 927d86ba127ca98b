//! `fmc check` and its like in a folder that somebody else wrote: they read regular files of a bounded
//! size, show nothing of other files, and say what they did not look at.

use std::{
    fs,
    io::Read as _,
    os::unix::fs::{PermissionsExt as _, chown, symlink},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::support::folder;

const CLEAN: &str = r#"{"name": "P", "stages": [{"id": "s", "component_type": "logger", "config": {"message": "m"}}]}"#;
const BROKEN: &str = r#"{"name": "P", "stages": [{"id": "s", "component_type": "logger", "config": {"message": "m",}}]}"#;
const SECRET: &str = "DB_PASSWORD=hunter2\n";

/// How long a command may take. None of them needs a second; one that waits for a pipe or reads a
/// device never ends.
const PATIENCE: Duration = Duration::from_secs(60);

struct Run {
    status: i32,
    /// Both outputs.
    said: String,
}

/// Runs `fmc` with a gigabyte of memory.
fn fmc(folder: &Path, arguments: &[&str]) -> Run {
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -v 1000000; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_fmc"))
        .args(arguments)
        .current_dir(folder)
        .env("FMC_CACHE_DIR", folder.join("no-cache"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let number = child.id().to_string();
    let (done, waiting) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if waiting.recv_timeout(PATIENCE).is_err() {
            let _ = Command::new("kill").args(["-KILL", &number]).status();
        }
    });
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    let status = child.wait().unwrap().code().unwrap_or(-1);
    let _ = done.send(());
    watch.join().unwrap();
    Run { status, said }
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

/// What may be at a path instead of a regular file.
fn put(kind: &str, path: &Path) {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).unwrap();
    }
    match kind {
        "a pipe" => pipe(path),
        "a socket" => drop(std::os::unix::net::UnixListener::bind(path).unwrap()),
        target => symlink(target, path).unwrap(),
    }
}

const KINDS: [&str; 6] = [
    "a pipe",
    "a socket",
    "/dev/zero",
    "/dev/tty",
    "/proc/self/environ",
    "nowhere",
];

#[test]
fn settings_are_regular_files() {
    for file in ["fmc.toml", ".gitignore", ".git/info/exclude"] {
        for kind in KINDS {
            let here = folder(&[("p.json", CLEAN)]);
            put(kind, &here.path().join(file));
            let run = fmc(here.path(), &["check"]);
            assert_eq!(run.status, 2, "{file} {kind}: {}", run.said);
            assert_eq!(run.said.lines().count(), 1, "{}", run.said);
            let name = file.rsplit('/').next().unwrap();
            assert!(
                run.said.contains(&format!("{name}`: it is a")),
                "{}",
                run.said
            );
            if file == "fmc.toml" {
                for verb in ["build", "run", "env"] {
                    assert_eq!(fmc(here.path(), &[verb, "p.json"]).status, 2);
                }
            }
        }
    }
}

#[test]
fn named_pipelines_are_regular_files() {
    for kind in KINDS {
        let here = folder(&[("good.json", CLEAN)]);
        put(kind, &here.path().join("p.json"));
        for verb in ["check", "build", "run", "env"] {
            let run = fmc(here.path(), &[verb, "p.json"]);
            assert_eq!(run.status, 2, "{verb} {kind}: {}", run.said);
            assert_eq!(run.said.lines().count(), 1, "{}", run.said);
            assert!(run.said.contains("cannot read `p.json`"), "{}", run.said);
        }
        // In a folder they are not looked at.
        let run = fmc(here.path(), &["check"]);
        assert_eq!(run.status, 0, "{kind}: {}", run.said);
    }
}

#[test]
fn large_files_are_refused_before_they_are_read() {
    let here = folder(&[("p.json", CLEAN)]);
    for (name, length) in [
        ("fmc.toml", 2 << 20),
        (".gitignore", 2 << 20),
        ("p.json", 3 << 30),
    ] {
        let mut options = fs::File::options();
        options.create(true).append(true);
        let file = options.open(here.path().join(name)).unwrap();
        file.set_len(length).unwrap();
        let run = fmc(here.path(), &["check"]);
        assert_eq!(run.status, 2, "{}", run.said);
        assert!(
            run.said.contains(name) && run.said.contains("larger than"),
            "{}",
            run.said
        );
        if name != "p.json" {
            fs::remove_file(here.path().join(name)).unwrap();
        }
    }
}

#[test]
fn nothing_of_a_file_that_is_not_a_pipeline_is_shown() {
    let outer = folder(&[
        ("home/.env", SECRET),
        ("home/config.json", r#"{"auths": {"x": "hunter2",}}"#),
        ("ws/p.json", CLEAN),
        ("ws/.env", SECRET),
        ("ws/own.json", BROKEN),
        ("elsewhere/linked.json", BROKEN),
    ]);
    let here = outer.path().join("ws");
    let link = |target: &str, name: &str| symlink(target, here.join(name)).unwrap();
    link("../home/.env", "fmc.toml");
    for verb in ["check", "build", "run", "env"] {
        let run = fmc(&here, &[verb, "p.json"]);
        assert_eq!(run.status, 2, "{}", run.said);
        assert!(!run.said.contains("hunter2"), "{}", run.said);
    }
    fs::remove_file(here.join("fmc.toml")).unwrap();
    link("../home/.env", "a.json");
    link("../home/config.json", "b.json");
    link("../elsewhere/linked.json", "c.json");
    link("/proc/self/environ", "d.json");
    for name in ["a.json", "b.json", "d.json", ".env", "/proc/self/environ"] {
        for format in ["human", "json", "oneline", "github", "sarif"] {
            let run = fmc(&here, &["check", name, "--format", format]);
            assert_eq!(run.status, 2, "{name}: {}", run.said);
            assert!(!run.said.contains("hunter2"), "{}", run.said);
            assert!(!run.said.contains("PATH="), "{}", run.said);
        }
        let run = fmc(&here, &["env", name]);
        assert_eq!(run.status, 2, "{name}: {}", run.said);
        assert!(!run.said.contains("hunter2"), "{}", run.said);
    }
    // A link to a pipeline is followed when a person names it; `--fix` leaves the pipeline alone.
    let run = fmc(&here, &["check", "c.json", "--fix"]);
    assert_eq!(run.status, 1, "{}", run.said);
    assert!(run.said.contains("FMC0102"), "{}", run.said);
    let text = fs::read_to_string(outer.path().join("elsewhere/linked.json"));
    assert_eq!(text.unwrap(), BROKEN);
    assert!(
        fs::symlink_metadata(here.join("c.json"))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn a_folder_cannot_switch_its_check_off() {
    let outer = folder(&[
        (".gitignore", "*\n"),
        (".ignore", "*\n"),
        ("ws/.git/HEAD", ""),
        ("ws/.ignore", "*\n"),
        ("ws/.rgignore", "*\n"),
        ("ws/bad.json", BROKEN),
        ("ws/.hidden.json", BROKEN),
        ("ws/.folder/bad.json", BROKEN),
        ("ws/.git/not-ours.json", BROKEN),
    ]);
    let here = outer.path().join("ws");
    fs::write(
        here.join(".git/config"),
        "[core]\n\texcludesFile = ../all\n",
    )
    .unwrap();
    fs::write(here.join("all"), "*\n").unwrap();
    let run = fmc(&here, &["check", "--format", "oneline"]);
    let names: Vec<_> = run
        .said
        .lines()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(names, [".folder/bad.json", ".hidden.json", "bad.json"]);
    assert_eq!(run.status, 1);
}

#[test]
fn a_check_of_nothing_is_not_a_success() {
    let here = folder(&[
        (".gitignore", "# drafts\n*.json\n"),
        ("bad.json", BROKEN),
        ("sub/bad.json", BROKEN),
    ]);
    for format in ["human", "json", "oneline", "github", "sarif"] {
        let run = fmc(here.path(), &["check", "--format", format]);
        assert_eq!(run.status, 2, "{}", run.said);
        let says = "no pipelines found among 0 JSON files (left out: 2 JSON files by .gitignore:2)";
        assert!(run.said.contains(says), "{}", run.said);
    }
    let run = fmc(here.path(), &["check", "--allow-empty"]);
    assert_eq!(run.status, 0, "{}", run.said);
    let config = "[project]\nexclude = [\"**\"]\n";
    let here = folder(&[("fmc.toml", config), ("bad.json", BROKEN)]);
    let run = fmc(here.path(), &["check"]);
    assert_eq!(run.status, 2, "{}", run.said);
    assert!(run.said.contains("1 JSON file by fmc.toml"), "{}", run.said);
}

#[test]
fn what_is_left_out_is_said() {
    let here = folder(&[
        (".gitignore", "drafts/\n!x\n"),
        ("sub/.gitignore", "b*.json\n!better.json\n"),
        ("drafts/bad.json", BROKEN),
        ("sub/bad.json", BROKEN),
        ("sub/better.json", CLEAN),
        ("p.json", CLEAN),
        ("fmc.toml", "[project]\nexclude = [\"p.json\"]\n"),
    ]);
    let run = fmc(here.path(), &["check"]);
    assert_eq!(
        run.said,
        "checked 1 file: 0 errors, 0 warnings; left out: 1 folder by .gitignore:1, \
         1 JSON file by fmc.toml, 1 JSON file by sub/.gitignore:1\n"
    );
    let run = fmc(here.path(), &["check", "--format", "github"]);
    assert!(run.said.starts_with("left out: 1 folder"), "{}", run.said);
}

#[test]
fn a_configuration_of_others_does_not_count() {
    let allow = "[lints]\nunknown-key = \"allow\"\n[project]\nexclude = [\"**\"]\n";
    let outer = folder(&[("fmc.toml", allow), ("ws/p.json", BROKEN)]);
    let here = outer.path().join("ws");
    // Found upwards, as long as it is the user's.
    assert_eq!(fmc(&here, &["check"]).status, 2);
    // In a folder to which everybody may write, like `/tmp`.
    fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o1777)).unwrap();
    let run = fmc(&here, &["check"]);
    assert_eq!(run.status, 1, "{}", run.said);
    assert!(
        run.said.contains("is not used: every user may write"),
        "{}",
        run.said
    );
    fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o755)).unwrap();
    // Only the administrator can give a file away, so this part needs one.
    if chown(outer.path().join("fmc.toml"), Some(65_534), None).is_ok() {
        let run = fmc(&here, &["check"]);
        assert_eq!(run.status, 1, "{}", run.said);
        assert!(run.said.contains("belongs to another user"), "{}", run.said);
    }
    // Above the repository.
    fs::create_dir(here.join(".git")).unwrap();
    let run = fmc(&here, &["check"]);
    assert_eq!(run.status, 1, "{}", run.said);
    assert!(!run.said.contains("is not used"), "{}", run.said);
}

#[test]
fn a_file_that_git_tracks_is_checked_whatever_gitignore_says() {
    let here = folder(&[
        ("sub/.gitignore", "*.json\nfolder/\n"),
        ("sub/tracked.json", BROKEN),
        ("sub/other.json", BROKEN),
        ("sub/folder/tracked.json", BROKEN),
        ("sub/folder/other.json", BROKEN),
        ("sub/real/a.json", BROKEN),
    ]);
    symlink("real", here.path().join("sub/link")).unwrap();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(here.path());
        git.output().is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        eprintln!("git is not here: nothing is tested");
        return;
    }
    assert!(git(&[
        "add",
        "-f",
        "sub/tracked.json",
        "sub/folder/tracked.json"
    ]));
    for version in ["2", "3", "4"] {
        assert!(git(&["update-index", "--index-version", version]));
        for folder in [".", "sub"] {
            let run = fmc(here.path(), &["check", "--format", "oneline", folder]);
            let mut lines = run.said.lines();
            let names: Vec<_> = lines
                .by_ref()
                .take(2)
                .filter_map(|line| line.split(':').next())
                .collect();
            assert_eq!(names, ["sub/folder/tracked.json", "sub/tracked.json"]);
            let last = "left out: 2 JSON files by sub/.gitignore:1, 1 folder by sub/.gitignore:2";
            assert_eq!(lines.next(), Some(last), "{}", run.said);
        }
    }
}
