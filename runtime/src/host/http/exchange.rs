//! One exchange: a request, its redirects, and the whole response.
//!
//! Enters: a prepared request. Leaves: status, headers and bytes of the body. A redirect to another
//! host takes nothing along that says who asks. Hosts that are not allowed are not connected to.
//! Must not know stages.

use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Body as _, Bytes, Incoming},
    header::{AUTHORIZATION, HeaderValue, LOCATION},
};

use crate::{
    base::fault::{ErrorType, Fault, StageError},
    host::{
        clock,
        http::{
            Network,
            address::Address,
            client,
            headers::Headers,
            rooms::Room,
            unpack::{Refused, unpack},
        },
        mask::Mask,
    },
};

const MAX_REDIRECTS: usize = 10;
/// For how many bytes memory is taken before they arrive, whatever length the peer announces.
const FIRST: usize = 1 << 20;

/// A request, and how to send it.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: Method,
    pub(crate) address: Address,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
    /// Whether redirects are followed: `follow_redirects` of an `http-request`, which by default is
    /// true for GET and HEAD. `follow_through` reads it.
    pub(crate) follow: bool,
    /// Whether the server's certificate is checked: `verify_ssl` of an `http-request`, else true.
    /// The choice of the client reads it.
    pub(crate) verify: bool,
    pub(crate) timeout_ms: u64,
    pub(crate) max_bytes: u64,
}

/// The bytes of a response.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// The room in memory that they have.
    pub(crate) room: Option<Room>,
}

/// A response that has been read completely.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// The address it came from, after redirects.
    pub(crate) address: Address,
}

impl Exchange {
    /// Sends the request and reads the response, within the time limit.
    ///
    /// # Errors
    /// `ConnectionError`, `TimeoutError`, or `ConfigError` for a host that is not allowed.
    pub(crate) async fn run(self, network: &Network) -> Result<Answer, Fault> {
        let limit = self.timeout_ms;
        let what = format!("{} {}", self.method, self.address);
        let work = self.follow_through(network);
        match clock::within(limit, work).await {
            Some(result) => result,
            None => Err(StageError::new(
                ErrorType::Timeout,
                format!("`{what}` was not answered within {limit} ms"),
            )),
        }
    }

    async fn follow_through(mut self, network: &Network) -> Result<Answer, Fault> {
        for _ in 0..=MAX_REDIRECTS {
            let allowed = &network.clients.allowed;
            allowed.check(self.address.host(), self.address.port())?;
            self.headers.check_host(&self.address, allowed)?;
            let request = self.request()?;
            let response = network
                .clients
                .send(request, &self.address, self.verify)
                .await?;
            let location = if self.follow {
                location(&response)
            } else {
                None
            };
            self.check_status(response.status())?;
            let Some(location) = location else {
                return self.read(response, network.clients.rooms.room()).await;
            };
            self.redirect(response.status(), &location, &network.mask)?;
        }
        Err(StageError::new(
            ErrorType::Connection,
            format!(
                "`{}` was redirected more than {MAX_REDIRECTS} times",
                self.address
            ),
        ))
    }

    /// Refuses a status that ends no exchange. 1xx announce another one, which 101 never sends in
    /// HTTP; from 600 they mean nothing.
    fn check_status(&self, status: StatusCode) -> Result<(), Fault> {
        if (200..600).contains(&status.as_u16()) {
            return Ok(());
        }
        let message = format!(
            "`{} {}` answered with status {}, expected 200 to 599",
            self.method,
            self.address,
            status.as_u16()
        );
        Err(StageError::new(ErrorType::Connection, message))
    }

    fn request(&self) -> Result<Request<Full<Bytes>>, Fault> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.address.uri().clone();
        *request.headers_mut() = self.headers.map().clone();
        if let Some(basic) = self
            .address
            .basic
            .as_deref()
            .filter(|_| !self.headers.map().contains_key(AUTHORIZATION))
        {
            let value = HeaderValue::from_str(basic)
                .map_err(|_| StageError::config("field `url`: the credentials cannot be sent"))?;
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Ok(request)
    }

    fn redirect(&mut self, status: StatusCode, location: &str, mask: &Mask) -> Result<(), Fault> {
        let next = self.address.redirect(location).map_err(|fault| {
            let message = format!(
                "`{}` redirects to a URL that cannot be used: {}",
                self.address, fault.message
            );
            StageError::new(ErrorType::Connection, message)
        })?;
        // As browsers and curl do: 303 always becomes GET; 301 and 302 become GET if it was POST.
        let becomes_get = match status {
            StatusCode::SEE_OTHER => self.method != Method::HEAD,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            self.body = Bytes::new();
            self.headers.drop_body();
        }
        if let Some(why) = kept_back(&self.address, &next, &self.body, mask) {
            let message = format!("`{} {}` redirects {why}", self.method, self.address);
            return Err(StageError::new(ErrorType::Connection, message));
        }
        if !self.address.is_same_host(&next) {
            self.headers.leave_host(mask);
        }
        self.address = next;
        Ok(())
    }

    async fn read(self, response: Response<Incoming>, mut room: Room) -> Result<Answer, Fault> {
        let (head, mut stream) = response.into_parts();
        let too_large = || {
            let message = format!(
                "`{}` answered with more than {} bytes (`max_response_bytes`)",
                self.address, self.max_bytes
            );
            StageError::new(ErrorType::Connection, message)
        };
        if stream.size_hint().lower() > self.max_bytes {
            return Err(too_large());
        }
        let known = usize::try_from(stream.size_hint().lower()).unwrap_or(0);
        let mut body = Vec::with_capacity(known.min(FIRST));
        while let Some(frame) = stream.frame().await {
            let frame = frame.map_err(|error| client::failed(&self.address, &error))?;
            let Some(data) = frame.data_ref() else {
                continue;
            };
            if (body.len() + data.len()) as u64 > self.max_bytes {
                return Err(too_large());
            }
            room.grow(body.len() + data.len()).await;
            body.extend_from_slice(data);
        }
        let most = usize::try_from(self.max_bytes).unwrap_or(usize::MAX);
        let body = match unpack(body, &head.headers, most, &mut room).await {
            Ok(body) => body,
            Err(Refused::TooLarge) => return Err(too_large()),
            Err(Refused::Wrong(what)) => {
                let message = format!("`{}` answered with a body {what}", self.address);
                return Err(StageError::new(ErrorType::Connection, message));
            }
        };
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: Body {
                bytes: body,
                room: Some(room),
            },
            address: self.address,
        })
    }
}

/// Where a redirect leads that a body must not follow, and why. `None` if it may.
fn kept_back(from: &Address, to: &Address, body: &[u8], mask: &Mask) -> Option<String> {
    if from.is_same_host(to) || body.is_empty() {
        return None;
    }
    let host = to.authority();
    if mask.finds(&String::from_utf8_lossy(body)) {
        return Some(format!(
            "to another host, `{host}`, and the body has a secret, which is sent to no other host"
        ));
    }
    // Whoever chose `https` did so for all that is sent.
    (from.is_secure() && !to.is_secure()).then(|| {
        format!("from `https` to `http://{host}`, where others could read the body on its way")
    })
}

/// The target of a redirect; `None` for any other response.
fn location(response: &Response<Incoming>) -> Option<String> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION).filter(|_| redirects)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

#[cfg(test)]
#[path = "tests/exchange.rs"]
mod tests;
