//! Texts of `fmc.toml`: what is read from them, and the findings about their mistakes.

use super::{FileId, Globs, Path, Project, load};

/// Code, guilty text and message of each finding.
fn findings(text: &str) -> Vec<String> {
    let (_, findings) = load(FileId(0), text);
    let shown = findings.iter().map(|found| {
        let span = found.primary.span;
        let guilty = text.get(span.start as usize..span.end as usize).unwrap();
        format!("{} {guilty:?} {}", found.code.code(), found.message)
    });
    shown.collect()
}

#[test]
fn a_whole_file() {
    let text = r#"
        [project]
        pipelines = ["pipelines/*.json"]
        exclude = ["**/old/**"]
        [lints]
        unknown-key = "allow"
        warnings = "error"
        [env]
        secret = ["PAGER"]
        optional = ["REGION"]
        [build]
        profile = "dev"
        out-dir = "bin"
        [http]
        allow-hosts = ["api.example.com"]
    "#;
    let (project, findings) = load(FileId(0), text);
    assert_eq!(findings, []);
    insta::assert_debug_snapshot!(project);
}

#[test]
fn every_mistake_has_its_place() {
    let text = "[projekt]\n[project]\npipeline = []\nexclude = 'x'\n[lints]\nunknown-kei = 'allow'\n\
                unknown-stage = 'allow'\nunknown-key = 'off'\nrubbish-word = 'warn'\n[build]\nprofile = 3\n[env]\nsecret = [1, 'é']\n";
    insta::assert_snapshot!(format!("{text}---\n{}", findings(text).join("\n")));
}

#[test]
fn allowed_hosts_are_read_as_hosts() {
    let text = "[http]\nallow-hosts = ['API.corp', '*.B.corp:80', '0x7f.1', '::1']\n";
    let (project, found) = load(FileId(0), text);
    assert_eq!(found, []);
    let hosts = project.settings.allow_hosts.unwrap();
    assert_eq!(hosts, ["api.corp", "*.b.corp:80", "127.0.0.1", "[::1]"]);
    let wrong = "[http]\nallow-hosts = ['https://api.corp', '[::1', '']\n";
    let found = findings(wrong);
    assert_eq!(found.len(), 3, "{found:?}");
    let first = "FMC0002 \"'https://api.corp'\" `https://api.corp` has more than a host and a port";
    assert!(
        found.iter().any(|found| found.starts_with(first)),
        "{found:?}"
    );
}

#[test]
fn broken_toml_is_one_finding() {
    let found = findings("[project\npipelines = 3\n[build]\nx");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found.iter().all(|found| found.starts_with("FMC0002")));
}

#[test]
fn a_file_of_mistakes_has_a_bounded_list() {
    for (head, line) in [
        ("", "kay{} = 1\n"),
        ("", "[tabel{}]\n"),
        ("[lints]\n", "unknown-kei{} = 'allow'\n"),
    ] {
        let lines = (0..500).map(|number| line.replace("{}", &number.to_string()));
        let text = head.to_owned() + &lines.collect::<String>();
        let (_, found) = load(FileId(0), &text);
        assert_eq!(found.len(), 100);
        let last = found[99].help.last().unwrap();
        assert_eq!(last, "400 more mistakes of this file are not shown");
    }
    let long = format!("[build]\nout-dir = \"{}\"\n", "a/".repeat(400_000));
    assert_eq!(findings(&long).len(), 1);
}

#[test]
fn a_list_of_globs_has_room_for_so_many() {
    let list = |globs: &[String]| format!("[project]\nexclude = {globs:?}\n");
    let numbered = |count: usize| (0..count).map(|number| format!("a{number}"));
    let many: Vec<String> = numbered(1_000).collect();
    assert_eq!(findings(&list(&many)), [""; 0]);
    // The first that is too many is told, and no other one.
    let more: Vec<String> = numbered(1_003).collect();
    let told = "a list of globs holds at most 1000 globs of 65536 bytes together; this one and \
                those after it do not count";
    assert_eq!(
        findings(&list(&more)),
        [format!("FMC0002 \"\\\"a1000\\\"\" {told}")]
    );
    let long: Vec<String> = numbered(70).map(|name| name + &"b".repeat(990)).collect();
    let found = findings(&list(&long));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("FMC0002 \"\\\"a66bb"), "{found:?}");
}

#[test]
fn a_wrong_glob_has_its_place() {
    let found = findings("[project]\npipelines = ['a', 'b[', 'c']\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("FMC0002 \"'b['\" `b[` is not"),
        "{found:?}"
    );
}

#[test]
fn globs_select() {
    let globs = |glob: &str| Globs::new(vec![glob.to_owned()]);
    let project = Project {
        pipelines: globs("pipelines/*.json"),
        exclude: globs("old*"),
        ..Project::default()
    };
    let project = project.below(Path::new("/p"));
    for (path, selected) in [
        ("/p/pipelines/a.json", true),
        ("/p/a.json", false),
        ("/p/pipelines/old-a.json", false),
        ("/elsewhere/a.json", true),
    ] {
        assert_eq!(project.selects(Path::new(path)), Ok(selected), "{path}");
    }
}
