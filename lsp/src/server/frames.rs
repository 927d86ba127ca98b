//! The stream of the editor, cleaned before the protocol reads it.
//!
//! Enters: any bytes. Leaves: messages that the protocol can read, framed anew. What cannot be read
//! becomes a request that [`super::exit::Watched`] answers with an error, so that one bad message
//! does not end the session. Must not know what messages mean.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::io::{AsyncWriteExt, BufReader};

use super::message::{self, Refusal};

/// The longest message. A longer one is passed over: nothing that a person edits is so large.
const LONGEST: usize = 256 << 20;
/// The longest line of a header.
const HEADER: usize = 4 << 10;
/// What comes before the length of a message.
const LENGTH: &[u8] = b"content-length:";

/// Copies messages until the input ends.
pub(super) async fn clean(
    input: impl AsyncRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut input = BufReader::new(input);
    loop {
        let message = match header(&mut input).await? {
            Header::End => return Ok(()),
            Header::Bad(why) => message::refused(Refusal::parse(why)),
            Header::Length(length) => {
                let mut body = Vec::new();
                let read = (&mut input)
                    .take(length as u64)
                    .read_to_end(&mut body)
                    .await?;
                if read < length {
                    return Ok(());
                }
                message::clean(&body)
            }
        };
        let head = format!("Content-Length: {}\r\n\r\n", message.len());
        output.write_all(head.as_bytes()).await?;
        output.write_all(message.as_bytes()).await?;
        output.flush().await?;
    }
}

/// What the lines before a message say.
enum Header {
    /// The input has ended.
    End,
    /// The number of its bytes.
    Length(usize),
    /// Why its length is not known. What follows is passed over up to the next header.
    Bad(&'static str),
}

/// Reads the lines before a message. Text before the length is passed over: it is what is left of
/// a message whose length was wrong.
async fn header(input: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Header> {
    let mut length = None;
    let mut wrong = None;
    let mut missing = None;
    loop {
        let mut line = Vec::new();
        let read = (&mut *input)
            .take(HEADER as u64)
            .read_until(b'\n', &mut line)
            .await?;
        if read == 0 {
            return Ok(Header::End);
        }
        let line = line.trim_ascii();
        if let Some(at) = place_of_length(line) {
            missing = None;
            wrong = None;
            let text = line.get(at..).unwrap_or_default();
            let number = std::str::from_utf8(text).unwrap_or_default().trim();
            match number.parse::<usize>() {
                Ok(number) if number <= LONGEST => length = Some(number),
                Ok(_) => wrong = Some("the message is too long"),
                Err(_) => wrong = Some("`Content-Length` is a number of bytes"),
            }
        } else if !line.is_empty() && length.is_some() {
            // Another header.
        } else if !line.is_empty() {
            // Before a length, another header or what is left of a message.
            missing = Some("there is no `Content-Length` before the message");
        } else if let Some(why) = wrong.or(missing) {
            return Ok(Header::Bad(why));
        } else if let Some(length) = length {
            return Ok(Header::Length(length));
        }
    }
}

/// Where the number behind `Content-Length:` starts in a line.
fn place_of_length(line: &[u8]) -> Option<usize> {
    let windows = line.windows(LENGTH.len());
    let mut found = windows
        .enumerate()
        .filter(|(_, part)| part.eq_ignore_ascii_case(LENGTH));
    Some(found.next_back()?.0 + LENGTH.len())
}

#[cfg(test)]
mod tests {
    use super::clean;

    /// What leaves for an input, as messages.
    fn cleaned(input: &[u8]) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let mut output = Vec::new();
        runtime.block_on(clean(input, &mut output)).unwrap();
        let text = String::from_utf8(output).unwrap();
        let parts = text.split("Content-Length: ").skip(1);
        parts
            .map(|part| {
                let (length, body) = part.split_once("\r\n\r\n").unwrap();
                assert_eq!(length.parse::<usize>().unwrap(), body.len());
                body.to_owned()
            })
            .collect()
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    const GOOD: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

    #[test]
    fn good_messages_pass_unchanged() {
        let input = framed(GOOD).repeat(3);
        assert_eq!(cleaned(input.as_bytes()), [GOOD; 3]);
        let input = format!(
            "Content-Type: application/json\r\ncontent-length:  {}\n\n{GOOD}",
            GOOD.len()
        );
        assert_eq!(cleaned(input.as_bytes()), [GOOD]);
    }

    #[test]
    fn after_a_bad_header_the_next_message_is_found() {
        let bad = [
            "Content-Length: -1\r\n\r\n{}",
            "Content-Length: 99999999999999999999\r\n\r\n{}",
            "Content-Length: 9999999999999\r\n\r\n{}",
            "Content-Length: abc\r\n\r\n",
            "X-Other: 3\r\n\r\n{}\r\n",
            "{\"jsonrpc\":\"2.0\"}\r\n\r\n",
        ];
        for bad in bad {
            let found = cleaned(format!("{bad}{}", framed(GOOD)).as_bytes());
            assert_eq!(found.last().unwrap(), GOOD, "{bad:?} gives {found:?}");
            assert!(found[0].contains("-32700"), "{bad:?} gives {found:?}");
        }
    }

    #[test]
    fn a_wrong_length_costs_one_message() {
        let short = format!("Content-Length: 10\r\n\r\n{GOOD}\r\n");
        let found = cleaned(format!("{short}{}", framed(GOOD)).as_bytes());
        assert!(found[0].contains("-32700"), "{found:?}");
        assert_eq!(found.last().unwrap(), GOOD);
        assert_eq!(cleaned(b"Content-Length: 10\r\n\r\n{}"), [""; 0]);
    }
}
