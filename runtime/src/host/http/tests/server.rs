//! A scripted HTTP server on the loopback interface, for tests.
//!
//! Enters: the answers to its requests, in order. Leaves: its address, and the requests that it
//! got, byte for byte.

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// One answer.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Sends these bytes, which are the whole response.
    Raw(Vec<u8>),
    /// Sends nothing for this many milliseconds, then closes the connection.
    Silence(u64),
}

/// A status with a JSON body.
pub(crate) fn json(status: u16, body: &str) -> Answer {
    answer(status, &["Content-Type: application/json"], body.as_bytes())
}

/// A status with headers and a body.
pub(crate) fn answer(status: u16, headers: &[&str], body: &[u8]) -> Answer {
    let mut head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        head.push_str(&format!("{header}\r\n"));
    }
    let mut raw = format!("{head}\r\n").into_bytes();
    raw.extend_from_slice(body);
    Answer::Raw(raw)
}

/// A running server.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// `127.0.0.1:port`
    pub(crate) host: String,
    requests: Rc<RefCell<Vec<String>>>,
    connections: Rc<RefCell<usize>>,
}

impl Server {
    /// Starts a server that gives these answers; the last one repeats. Must be called inside a
    /// `LocalSet`.
    pub(crate) async fn start(answers: Vec<Answer>) -> Self {
        Self::listen(answers, None).await
    }

    /// The same with TLS. Nobody trusts its certificate, which is for `localhost`.
    pub(crate) async fn start_tls(answers: Vec<Answer>) -> Self {
        let pem = include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/testdata/localhost.pem"
        ));
        let certificate = CertificateDer::from_pem_slice(pem).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate],
                PrivateKeyDer::from_pem_slice(pem).unwrap(),
            )
            .unwrap();
        Self::listen(answers, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn listen(answers: Vec<Answer>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            host: listener.local_addr().unwrap().to_string(),
            requests: Rc::default(),
            connections: Rc::default(),
        };
        let (all, mine) = (Rc::new(RefCell::new(answers)), server.clone());
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *mine.connections.borrow_mut() += 1;
                let (server, answers, tls) = (mine.clone(), Rc::clone(&all), tls.clone());
                tokio::task::spawn_local(async move {
                    match tls {
                        None => server.serve(stream, answers).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                server.serve(stream, answers).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    /// The requests so far: the head in lower case, a blank line, the body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.borrow().clone()
    }

    /// First lines of the requests.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |request: &String| {
            request
                .lines()
                .next()
                .unwrap_or_default()
                .replace(" HTTP/1.1", "")
        };
        self.requests().iter().map(line).collect()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.borrow()
    }

    async fn serve(
        self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        answers: Rc<RefCell<Vec<Answer>>>,
    ) {
        let mut bytes = Vec::new();
        loop {
            let Some((head, length)) = head(&bytes) else {
                if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                    return;
                }
                continue;
            };
            while bytes.len() < head + length {
                if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                    return;
                }
            }
            let request: Vec<u8> = bytes.drain(..head + length).collect();
            self.requests
                .borrow_mut()
                .push(String::from_utf8_lossy(&request).into_owned());
            let answer = {
                let mut answers = answers.borrow_mut();
                if answers.len() > 1 {
                    answers.remove(0)
                } else {
                    answers[0].clone()
                }
            };
            match answer {
                Answer::Raw(raw)
                    if stream.write_all(&raw).await.is_ok() && stream.flush().await.is_ok() => {}
                Answer::Raw(_) => return,
                Answer::Silence(ms) => return tokio::time::sleep(Duration::from_millis(ms)).await,
            }
        }
    }
}

/// The end of the head, and the length of the body.
fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    Some((end, length.unwrap_or(0)))
}

/// Runs a test with servers on one thread.
pub(crate) fn with<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, test)
}
