//! A scripted HTTP/1.1 server on loopback.
//!
//! Enters: rules, each with a method, a path and answers. Leaves: the answers in turn, and a record
//! of every request in order of arrival. A request that fits no rule is answered with 404 and
//! recorded too. Must not know HTTP clients or pipelines.

mod answer;

mod meeting;

mod request;

use std::{
    io::{BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

pub use answer::Answer;
pub use meeting::Meeting;
pub use request::Request;

/// A running server; it stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    rules: Mutex<Vec<Rule>>,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    stopped: AtomicBool,
}

#[derive(Debug)]
struct Rule {
    method: String,
    path: String,
    answers: Vec<Answer>,
    given: usize,
}

impl Rule {
    /// `*` fits any method and, at the end of a path, any rest of the path.
    fn fits(&self, request: &Request) -> bool {
        let path = match self.path.strip_suffix('*') {
            Some(start) => request.path().starts_with(start),
            None => request.path() == self.path,
        };
        path && (self.method == "*" || self.method == request.method)
    }
}

impl Server {
    /// Starts a server on a free port of 127.0.0.1.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let shared = Arc::clone(&accepting);
                thread::spawn(move || shared.serve(stream));
            }
        });
        Self { address, shared }
    }

    /// Adds a rule. Rules are tried in the order in which they were added. The answers of a rule
    /// are given one after the other; the last one is repeated.
    #[must_use]
    pub fn on(self, method: &str, path: &str, answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers: Vec<_> = answers.into_iter().collect();
        assert!(!answers.is_empty(), "{method} {path}: no answers");
        locked(&self.shared.rules).push(Rule {
            method: method.to_owned(),
            path: path.to_owned(),
            answers,
            given: 0,
        });
        self
    }

    /// `http://127.0.0.1:PORT`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same server under another host name: `http://localhost:PORT`.
    #[must_use]
    pub fn url_by_name(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        locked(&self.shared.requests).clone()
    }

    /// `METHOD target` of every request so far, in order of arrival.
    #[must_use]
    pub fn sequence(&self) -> Vec<String> {
        let requests = locked(&self.shared.requests);
        requests.iter().map(Request::line).collect()
    }

    /// The only request with this method and path.
    #[must_use]
    pub fn only(&self, method: &str, path: &str) -> Request {
        let mut found = self.requests();
        found.retain(|request| request.method == method && request.path() == path);
        assert_eq!(found.len(), 1, "{method} {path} of {:#?}", self.sequence());
        found.remove(0)
    }

    /// Waits until this many requests have arrived.
    pub fn wait_for(&self, count: usize) {
        for _ in 0..1_000 {
            if locked(&self.shared.requests).len() >= count {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!(
            "{count} requests were expected, there were {:#?}",
            self.sequence()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, which then sees that it must stop.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        let connection = self.connections.fetch_add(1, Ordering::SeqCst);
        let Ok(mut writer) = stream.try_clone() else {
            return;
        };
        let mut reader = BufReader::new(stream);
        while let Some(request) = request::read(&mut reader, connection) {
            let head = request.method == "HEAD";
            let answer = self.answer(&request);
            locked(&self.requests).push(request);
            // A client that hung up wants no more answers.
            if !answer.write(&mut writer, head) || writer.flush().is_err() {
                let _ = writer.shutdown(std::net::Shutdown::Both);
                return;
            }
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        let mut rules = locked(&self.rules);
        let Some(rule) = rules.iter_mut().find(|rule| rule.fits(request)) else {
            return Answer::text(404, "no rule of the scripted server fits");
        };
        let at = rule.given.min(rule.answers.len() - 1);
        rule.given += 1;
        rule.answers[at].clone()
    }
}

/// An address on which nothing listens.
#[must_use]
pub fn refused_url() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A test that failed while it held a lock must not make others fail.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
