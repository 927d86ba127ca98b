//! The language server in a folder that somebody else wrote: whatever is called `fmc.toml` or lies
//! among the pipelines there, it goes on answering.

use std::{fs, os::unix::fs::symlink, process::Command, sync::mpsc, thread, time::Duration};

use fmc_tests::editor::{Editor, uri};
use serde_json::json;

const BROKEN: &str = r#"{"name": "P", "stages": [{"id": "s", "component_type": "logger", "config": {"message": "m",}}]}"#;

/// Names another pipeline, so that the whole folder is read.
const NAMING: &str = r#"{"name": "P", "stages": [{"id": "s", "component_type": "subpipeline", "config": {"pipeline_id": "other"}}]}"#;

fn work() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["pipe", "zero", "secret", "good"] {
        fs::create_dir(at(name)).unwrap();
    }
    let pipe = Command::new("mkfifo").arg(at("pipe/fmc.toml")).status();
    assert!(pipe.unwrap().success());
    symlink("/dev/zero", at("zero/fmc.toml")).unwrap();
    fs::write(at("password"), "PASSWORD=hunter2\n").unwrap();
    symlink("../password", at("secret/fmc.toml")).unwrap();
    fs::write(at("good/fmc.toml"), "").unwrap();
    symlink("/dev/zero", at("good/zero.json")).unwrap();
    let pipe = Command::new("mkfifo").arg(at("good/pipe.json")).status();
    assert!(pipe.unwrap().success());

    let (mut editor, _) = Editor::start();
    for name in ["pipe", "zero", "secret"] {
        let document = uri(&at(&format!("{name}/p.json")));
        editor.open(&document, BROKEN);
        let range =
            json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
        assert!(editor.actions(&document, &range).is_empty());
    }
    let document = uri(&at("good/p.json"));
    editor.open(&document, NAMING);
    let published = editor.published();
    assert_eq!(published["uri"], document);
    assert_eq!(published["diagnostics"][0]["code"], "FMC0311");
    assert!(editor.stop().success());
}

#[test]
fn no_file_of_a_folder_holds_the_editor_up() {
    let (done, waiting) = mpsc::channel();
    let worker = thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    if let Err(mpsc::RecvTimeoutError::Timeout) = waiting.recv_timeout(Duration::from_secs(120)) {
        panic!("the language server does not answer");
    }
    worker.join().unwrap();
}
