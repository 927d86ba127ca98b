//! Answers of the scripted server, correct and broken ones.
//!
//! Enters: what a test wants a pipeline to receive. Leaves: bytes on a connection. Must not know
//! requests.

use std::{
    io::{self, Write},
    net::TcpStream,
    sync::Arc,
    thread,
    time::Duration,
};

use serde_json::Value;

use super::Meeting;

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    delay: Duration,
    meeting: Option<Arc<Meeting>>,
}

#[derive(Clone, Debug)]
enum Body {
    Whole(Vec<u8>),
    /// Announces more bytes than it sends, then closes the connection.
    Cut {
        body: Vec<u8>,
        announced: usize,
    },
    /// Pauses before every byte.
    Slow {
        body: Vec<u8>,
        pause: Duration,
    },
    /// A body without a length, which ends with the connection.
    Unannounced(Vec<u8>),
    /// Closes the connection without an answer.
    Nothing,
}

impl Answer {
    fn new(status: u16, content_type: &str, body: Body) -> Self {
        let headers = match content_type {
            "" => Vec::new(),
            kind => vec![("content-type".to_owned(), kind.to_owned())],
        };
        Self {
            status,
            headers,
            body,
            delay: Duration::ZERO,
            meeting: None,
        }
    }

    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(status, "", Body::Whole(Vec::new()))
    }

    /// A JSON document.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        let body = Body::Whole(body.to_string().into_bytes());
        Self::new(status, "application/json", body)
    }

    /// Plain text.
    #[must_use]
    pub fn text(status: u16, body: &str) -> Self {
        let body = Body::Whole(body.as_bytes().to_vec());
        Self::new(status, "text/plain; charset=utf-8", body)
    }

    /// Any bytes of any content type.
    #[must_use]
    pub fn bytes(content_type: &str, body: Vec<u8>) -> Self {
        Self::new(200, content_type, Body::Whole(body))
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::status(status).header("location", to)
    }

    /// Closes the connection without an answer.
    #[must_use]
    pub fn hang_up() -> Self {
        Self::new(0, "", Body::Nothing)
    }

    /// A body that ends before its announced length.
    #[must_use]
    pub fn cut(body: &str, announced: usize) -> Self {
        let body = body.as_bytes().to_vec();
        Self::new(200, "text/plain", Body::Cut { body, announced })
    }

    /// A body that arrives byte by byte.
    #[must_use]
    pub fn slow(body: &str, pause: Duration) -> Self {
        let body = body.as_bytes().to_vec();
        Self::new(200, "text/plain", Body::Slow { body, pause })
    }

    /// A body that does not say how long it is.
    #[must_use]
    pub fn unannounced(body: Vec<u8>) -> Self {
        Self::new(200, "text/plain", Body::Unannounced(body))
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Waits before it is sent.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Is sent only when everyone has come to the meeting; otherwise the status is 599.
    #[must_use]
    pub fn at(mut self, meeting: &Arc<Meeting>) -> Self {
        self.meeting = Some(Arc::clone(meeting));
        self
    }

    /// Writes it. False when the connection must be closed.
    pub(super) fn write(&self, stream: &mut TcpStream, head: bool) -> bool {
        if self.meeting.as_ref().is_some_and(|meeting| !meeting.join()) {
            let alone = Self::text(599, "the others did not come");
            return alone.write(stream, head);
        }
        thread::sleep(self.delay);
        self.send(stream, head).unwrap_or(false)
    }

    fn send(&self, stream: &mut TcpStream, head: bool) -> io::Result<bool> {
        let length = match &self.body {
            Body::Nothing => return Ok(false),
            Body::Whole(body) | Body::Slow { body, .. } => Some(body.len()),
            Body::Cut { announced, .. } => Some(*announced),
            Body::Unannounced(_) => None,
        };
        let mut start = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        for (name, value) in &self.headers {
            start.push_str(&format!("{name}: {value}\r\n"));
        }
        match length {
            Some(length) => start.push_str(&format!("content-length: {length}\r\n\r\n")),
            None => start.push_str("connection: close\r\n\r\n"),
        }
        stream.write_all(start.as_bytes())?;
        if head {
            return Ok(true);
        }
        match &self.body {
            Body::Nothing => {}
            Body::Whole(body) => stream.write_all(body)?,
            Body::Cut { body, .. } => {
                stream.write_all(body)?;
                return Ok(false);
            }
            Body::Slow { body, pause } => {
                for byte in body {
                    thread::sleep(*pause);
                    stream.write_all(std::slice::from_ref(byte))?;
                }
            }
            Body::Unannounced(body) => {
                stream.write_all(body)?;
                return Ok(false);
            }
        }
        Ok(true)
    }
}
