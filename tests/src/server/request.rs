//! Requests exactly as they were sent.
//!
//! Enters: a connection. Leaves: requests in which nothing is decoded or normalised, so that a test
//! can ask whether a byte was escaped. Must not know how they are answered.

use std::{
    io::{BufRead, Read as _},
    time::Instant,
};

use serde_json::Value;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, as it was sent.
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    /// Names as they were sent, in order.
    pub headers: Vec<(String, String)>,
    /// The body, without the marks of chunked encoding.
    pub body: Vec<u8>,
    /// When its last byte arrived.
    pub at: Instant,
    /// The number of its connection, from 0.
    pub connection: usize,
}

impl Request {
    /// `POST /a?b=c`
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// The part before `?`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The part after `?`; empty when there is none.
    #[must_use]
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The value of a header, ignoring case; of several, the first.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter();
        found
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {:?}", self.line(), self.text()))
    }
}

/// The next request on a connection; `None` when there are no more.
pub(super) fn read(reader: &mut impl BufRead, connection: usize) -> Option<Request> {
    let first = line(reader)?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Request {
        method,
        target,
        headers,
        body: Vec::new(),
        at: Instant::now(),
        connection,
    };
    let chunked = request
        .header("transfer-encoding")
        .is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    request.body = if chunked {
        chunks(reader)?
    } else {
        let length = request.header("content-length");
        bytes(
            reader,
            length.map_or(Some(0), |length| length.parse().ok())?,
        )?
    };
    request.at = Instant::now();
    Some(request)
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|count| *count > 0)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Some(line)
}

fn bytes(reader: &mut impl BufRead, length: usize) -> Option<Vec<u8>> {
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

fn chunks(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = usize::from_str_radix(line(reader)?.split(';').next()?, 16).ok()?;
        reader.take(size as u64).read_to_end(&mut body).ok()?;
        line(reader)?;
        if size == 0 {
            return Some(body);
        }
    }
}
