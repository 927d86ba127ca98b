//! An editor that talks to the real language server.
//!
//! Enters: messages to send. Leaves: the messages of the server, in order. The server is a separate
//! process; the editor uses its standard input and output. Must not know what is asserted.

use std::{
    io::{BufRead, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
};

use serde_json::{Value, json};

use crate::fmc;

/// A running language server.
pub struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    id: u64,
}

impl Editor {
    /// Starts a server and initializes it like an editor that accepts versioned edits. Also returns
    /// the server's capabilities.
    #[must_use]
    pub fn start() -> (Self, Value) {
        Self::start_with(&json!({"workspace": {"workspaceEdit": {"documentChanges": true}}}))
    }

    /// Starts a server and initializes it like an editor with these capabilities.
    #[must_use]
    pub fn start_with(capabilities: &Value) -> (Self, Value) {
        let mut server = Command::new(fmc::language_server())
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut editor = Self {
            input: server.stdin.take().unwrap(),
            output: BufReader::new(server.stdout.take().unwrap()),
            server,
            id: 0,
        };
        let answer = editor.request("initialize", &json!({"capabilities": capabilities}));
        editor.notify("initialized", &json!({}));
        (editor, answer)
    }

    /// Sends bytes unchanged.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).unwrap();
        self.input.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and returns the whole answer, `result` or `error`.
    pub fn request(&mut self, method: &str, params: &Value) -> Value {
        self.id += 1;
        let id = self.id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.receive();
            if message["id"] == id {
                return message;
            }
        }
    }

    /// The next message from the server.
    pub fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).unwrap();
            assert!(read > 0, "the server is gone");
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", number)) => length = number.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The parameters of the next published findings.
    pub fn published(&mut self) -> Value {
        loop {
            let message = self.receive();
            if message["method"] == "textDocument/publishDiagnostics" {
                return message["params"].clone();
            }
        }
    }

    /// Opens a document.
    pub fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "json", "version": 1, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": document}));
    }

    /// Replaces the text of an open document.
    pub fn change(&mut self, uri: &str, version: i64, text: &str) {
        let params = json!({
            "textDocument": {"uri": uri, "version": version},
            "contentChanges": [{"text": text}],
        });
        self.notify("textDocument/didChange", &params);
    }

    /// The code actions offered for a range.
    #[must_use]
    pub fn actions(&mut self, uri: &str, range: &Value) -> Vec<Value> {
        let params = json!({
            "textDocument": {"uri": uri},
            "range": range,
            "context": {"diagnostics": [], "only": ["quickfix"]},
        });
        let answer = self.request("textDocument/codeAction", &params);
        answer["result"].as_array().unwrap().clone()
    }

    /// Says goodbye as the protocol wants, leaves the input open, and waits for the server to end.
    pub fn stop(mut self) -> ExitStatus {
        self.request("shutdown", &Value::Null);
        self.exit()
    }

    /// Says `exit` and waits for the server to end.
    pub fn exit(mut self) -> ExitStatus {
        self.notify("exit", &Value::Null);
        self.server.wait().unwrap()
    }
}

/// The URI of a file.
#[must_use]
pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
