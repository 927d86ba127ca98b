//! Gives random bodies to a built binary that fetches one and looks at it.
//!
//!   FMC=path/to/fmc cargo run --release --bin bodies -- SECONDS [SEED]
//!
//! Enters: how long to look, and a seed. Leaves: the bodies that broke something; exit status 1
//! then. A binary must end by itself with status 0 or 1, soon, without much memory and without a
//! panic. Must not know what a body means.

use std::{
    env,
    error::Error,
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use fmc_test_expressions::Random;

/// No run may take more processor time. (Other work on the machine does not count.)
const SLOW: Duration = Duration::from_secs(1);
/// No run may take longer, even on a machine that does other work.
const HUNG: Duration = Duration::from_secs(20);
/// No run may hold more: 256 MiB of values, a body of 16 MiB twice, and the process itself.
const WIDE_KIB: f64 = 400.0 * 1024.0;

/// Reads what a body holds in many ways, and evaluates text of it as a condition.
const PIPELINE: &str = r#"{"id": "bodies", "name": "Bodies", "stages": [
  {"id": "fetch", "component_type": "http-request", "timeout_ms": 2000,
   "config": {"url": "{{env.BODIES_URL}}", "method": "GET"}},
  {"id": "look", "component_type": "json-transform", "depends_on": ["fetch"], "timeout_ms": 2000,
   "config": {"data": "{{upstream.fetch.body}}", "template": {
     "items": "{{ len(unique(data.items or [])) }}", "all": "{{ str(data) }}",
     "found": "{{ re.findall('.*[^A-Z]|[A-Z]', str(data.text or '')) }}",
     "wide": "{{ f'{data.number or 0:>{data.width or 0}}' }}",
     "at": "{{ format_date(data.at or 0, data.format or '%Y') }}"}}},
  {"id": "judge", "component_type": "filter", "depends_on": ["fetch"], "timeout_ms": 2000,
   "config": {"data": "{{upstream.fetch.body}}", "condition": "{{upstream.fetch.body.condition}}"}},
  {"id": "say", "component_type": "logger", "depends_on": ["fetch"],
   "config": {"message": "{{upstream.fetch.body}}"}}]}"#;

const BODIES: &[&str] = &[
    r#"{"items": [1, "a", null, {"b": [1.5, true]}], "text": "AAAA", "number": 1.5, "width": 8}"#,
    r#"{"condition": "data.items[0] == 1 and len(data.text) > 2", "items": [{"a": 1}, {"a": 1.0}]}"#,
    r#"{"condition": "[y2 == y2 for y0 in [1] for y1 in [[y0,y0]] for y2 in [[y1,y1]]]"}"#,
    r#"{"condition": "f'{1.5:.70f}' and sum(range(2500)) > 0 and set([[0, i] for i in range(30)])"}"#,
    r#"{"at": "2026-01-01T00:00:00Z", "format": "%Y-%m-%d %#z", "number": 18446744073709551616}"#,
    r#"[[[0]], [], {}, {"": 0}, "\ud800", "\u0000", 1e400, -0, 1E-400]"#,
];

const WORDS: &[&str] = &[
    "{}",
    "[]",
    "[0],",
    "{\"\":0},",
    "{\"a\":",
    "\"condition\":",
    "\"items\":",
    "\"text\":",
    "\"number\":",
    "\"width\":",
    "\"format\":",
    "\"at\":",
    "\"\\ud800\"",
    "\\u0000",
    "1e400",
    "-0",
    "9223372036854775808",
    "99999999",
    ":.70000f",
    ":0100000,",
    "%#z",
    "%",
    "'A'*100000",
    "range(2500000)",
    "for x in range(9)",
    " for y1 in [[y0,y0]]",
    "re.search('(?:a?b?){1000}[cd]', 'ab'*500000)",
    "unique(",
    "urlencode(",
    " in ",
    " == ",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\\",
    "\n",
    "é",
    "\u{1F600}",
    "\u{FEFF}",
    "'",
    "{{",
    "}}",
    "env.PATH",
];

/// Answers every request with the body of the moment.
fn serve(listener: TcpListener, body: Arc<Mutex<Vec<u8>>>) {
    for stream in listener.incoming().flatten() {
        let body = Arc::clone(&body);
        thread::spawn(move || answer(stream, &body));
    }
}

fn answer(mut stream: TcpStream, body: &Mutex<Vec<u8>>) -> std::io::Result<()> {
    let (mut request, mut piece) = (Vec::new(), [0; 4_096]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut piece)?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&piece[..read]);
    }
    let body = body.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}

fn build(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let fmc = env::var_os("FMC").ok_or("set FMC to the path of a release build of fmc")?;
    fs::write(folder.join("bodies.json"), PIPELINE)?;
    let built = Command::new(fmc)
        .args(["build", "bodies.json", "-o", "bodies", "--quiet"])
        .current_dir(folder)
        .status()?;
    if !built.success() {
        return Err("the build failed".into());
    }
    Ok(folder.join("bodies"))
}

/// What a run did that it must not do.
fn wrong(binary: &Path, url: &str) -> Result<Option<String>, Box<dyn Error>> {
    let start = Instant::now();
    let output = Command::new("/usr/bin/time")
        .args(["-q", "-f", "%U %S %M"])
        .arg(binary)
        .env_clear()
        .env("BODIES_URL", url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()?;
    let took = start.elapsed();
    let said = String::from_utf8_lossy(&output.stderr);
    let row = said.lines().last().unwrap_or_default();
    let mut row = row.split_whitespace().map(str::parse::<f64>);
    let (Some(Ok(user)), Some(Ok(system)), Some(Ok(kib))) = (row.next(), row.next(), row.next())
    else {
        return Err(format!("`time` said nothing: {said}").into());
    };
    let worked = Duration::from_secs_f64(user + system);
    Ok(match output.status.code() {
        Some(0 | 1) if said.contains("panicked") => Some("it panicked".to_owned()),
        Some(0 | 1) if took > HUNG => Some(format!("it took {took:?}")),
        Some(0 | 1) if worked > SLOW => Some(format!("it worked for {worked:?}")),
        Some(0 | 1) if kib > WIDE_KIB => Some(format!("it held {kib} KiB")),
        Some(0 | 1) => None,
        _ => Some(format!("it ended with {}: {said}", output.status)),
    })
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok());
    let seed = arguments.next().and_then(|text| text.parse().ok());
    let mut random = Random::new(seed.unwrap_or(1));
    let folder = tempfile::tempdir()?;
    let binary = build(folder.path())?;
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(60));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}/", listener.local_addr()?);
    let now = Arc::new(Mutex::new(Vec::new()));
    let served = Arc::clone(&now);
    thread::spawn(move || serve(listener, served));
    let mut bodies: Vec<_> = BODIES.iter().map(|body| body.as_bytes().to_vec()).collect();
    let (mut tried, mut broken) = (0_u32, 0_u32);
    while Instant::now() < end {
        let body = &bodies[random.below(bodies.len())];
        let body = fmc_fuzz::changed(&mut random, body, &bodies, WORDS);
        now.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&body);
        tried += 1;
        if let Some(wrong) = wrong(&binary, &url)? {
            broken += 1;
            let kept = env::temp_dir().join(format!("body-{broken}.json"));
            fs::write(&kept, &body)?;
            println!("BROKEN: {wrong}, by {}", kept.display());
        }
        // What a few changes made is changed again, so that mistakes of two kinds meet.
        if body.len() < 4_096 && random.below(4) == 0 {
            let at = random.below(200).max(BODIES.len());
            match bodies.get_mut(at) {
                Some(place) => *place = body,
                None => bodies.push(body),
            }
        }
    }
    println!("{tried} bodies, {broken} broke something");
    Ok(ExitCode::from(u8::from(broken > 0)))
}
