//! Sends random messages to the language server.
//!
//!   FMC_LSP=path/to/fmc-lsp cargo run --release --bin messages -- SECONDS [SEED]
//!
//! Enters: how long to look, and a seed. Leaves: the messages that broke something; exit status 1
//! then. After each message the server must still answer a request, soon. Must not know what the
//! server does with a message.

use std::{
    env,
    error::Error,
    fs,
    io::{BufReader, Write as _},
    process::{Child, ChildStdin, Command, ExitCode, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use fmc_test_expressions::Random;

/// A message and a request that follows it may take no more processor time than this.
const SLOW: Duration = Duration::from_secs(1);
/// The server may hold no more.
const WIDE_KIB: u64 = 256 << 10;
/// After this long without an answer the server counts as hung.
const HUNG: Duration = Duration::from_secs(20);

const MESSAGES: &[&str] = &[
    r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.json","languageId":"json","version":1,"text":"{\"name\": \"p\", \"stages\": [{\"id\": \"a\", \"component_type\": \"logger\", \"config\": {\"message\": \"{{ upstream.a.x }}\"}}]}"}}}"#,
    r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///a.json","version":2},"contentChanges":[{"text":"{\"stages\":[1,1,1"}]}}"#,
    r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///a.json","version":3},"contentChanges":[{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":9}},"text":"\ud83d"}]}}"#,
    r#"{"jsonrpc":"2.0","id":7,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"file:///a.json"},"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":9}},"context":{"diagnostics":[]}}}"#,
    r#"{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///a.json"}}}"#,
    r#"{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles","params":{"changes":[{"uri":"file:///fmc.toml","type":2}]}}"#,
    r#"{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":{"settings":null}}"#,
    r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":7}}"#,
];

const WORDS: &[&str] = &[
    "\\ud83d",
    "\\ud800\\u0041",
    "\u{FEFF}",
    "{{ ",
    " }}",
    "\\\"stages\\\": [",
    "[1,",
    "{\\\"a\\\":",
    "null",
    "-1",
    "4294967296",
    "1e400",
    "\"id\":null,",
    "\"id\":[],",
    "\"method\":\"shutdow\",",
    "\"uri\":\"untitled:x\"",
    "\"uri\":\"file://%\"",
    "é",
    "\u{1F600}",
    "\\u0000",
    "}",
    "]",
    "\"",
    "\\",
    ",",
    "\u{85}",
    "'",
    "(",
    ")",
    "\\\"depends_on\\\": [\\\"a\\\"]",
    "upstream.a.",
    " == ",
    "for x in ",
    "textDocument/",
    "//",
];

/// A running server, and the messages that it sends.
struct Server {
    process: Child,
    input: ChildStdin,
    answers: Receiver<serde_json::Value>,
    id: u64,
}

impl Server {
    fn start() -> Result<Self, Box<dyn Error>> {
        let program = env::var_os("FMC_LSP").ok_or("set FMC_LSP to the path of fmc-lsp")?;
        let mut process = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = receive(&mut output) {
                let _ = sender.send(message);
            }
        });
        let input = process.stdin.take().ok_or("no input")?;
        let mut server = Self {
            process,
            input,
            answers,
            id: 1_000_000,
        };
        server.ask("initialize", r#"{"capabilities":{}}"#)?;
        server.send(br#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#)?;
        Ok(server)
    }

    fn send(&mut self, message: &[u8]) -> std::io::Result<()> {
        write!(self.input, "Content-Length: {}\r\n\r\n", message.len())?;
        self.input.write_all(message)?;
        self.input.flush()
    }

    /// Sends a request and waits for its answer.
    fn ask(&mut self, method: &str, params: &str) -> Result<(), Box<dyn Error>> {
        self.id += 1;
        let id = self.id;
        let text =
            format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#);
        self.send(text.as_bytes())?;
        while self.answers.recv_timeout(HUNG)?["id"] != id {}
        Ok(())
    }

    /// Sends a message and then a request: what went wrong, or nothing.
    fn wrong(&mut self, message: &[u8]) -> Option<String> {
        let before = fmc_fuzz::taken(self.process.id());
        let answered = self
            .send(message)
            .map_err(Into::into)
            .and_then(|()| self.ask("textDocument/codeAction", r#"{"textDocument":{"uri":"file:///none.json"},"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"context":{"diagnostics":[]}}"#));
        if let Err(error) = answered {
            return Some(format!("the server does not answer: {error}"));
        }
        let (Some((before, _)), Some((after, kib))) = (before, fmc_fuzz::taken(self.process.id()))
        else {
            return None;
        };
        let worked = after.saturating_sub(before);
        if worked > SLOW {
            return Some(format!("the server worked for {worked:?}"));
        }
        (kib > WIDE_KIB).then(|| format!("the server held {kib} KiB"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The next message; `None` at the end of the output.
fn receive(output: &mut impl std::io::BufRead) -> Option<serde_json::Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok());
    let seed = arguments.next().and_then(|text| text.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(60));
    let mut random = Random::new(seed.unwrap_or(1));
    let messages: Vec<_> = MESSAGES
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
    let mut server = Server::start()?;
    let (mut tried, mut broken) = (0_u64, 0_u32);
    while Instant::now() < end {
        let message = &messages[random.below(messages.len())];
        let mut message = fmc_fuzz::changed(&mut random, message, &messages, WORDS);
        // A longer one only takes longer to send.
        message.truncate(1 << 20);
        // Each open document is checked again when `fmc.toml` changes: there must not be many.
        if tried % 100 == 99 {
            server = Server::start()?;
        }
        tried += 1;
        let Some(wrong) = server.wrong(&message) else {
            continue;
        };
        broken += 1;
        let kept = env::temp_dir().join(format!("message-{broken}.json"));
        fs::write(&kept, &message)?;
        println!("BROKEN: {wrong}, by {}", kept.display());
        server = Server::start()?;
    }
    println!("{tried} messages, {broken} broke something");
    Ok(ExitCode::from(u8::from(broken > 0)))
}
